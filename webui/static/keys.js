// Single keys: move, open, jump, help. They can be switched off, and never act while something is typed.
"use strict";

(() => {
  const SETTING = "chadang.keys";
  const stored = () => {
    try { return localStorage.getItem(SETTING); } catch { return null; }
  };
  const on = () => stored() !== "off";
  const dialog = document.getElementById("keys");

  document.querySelectorAll("[data-keys-on]").forEach((box) => {
    box.checked = on();
    box.addEventListener("change", () => {
      try { localStorage.setItem(SETTING, box.checked ? "on" : "off"); } catch { /* the setting lasts for this page */ }
      document.querySelectorAll("[data-keys-on]").forEach((other) => { other.checked = box.checked; });
    });
  });

  const help = () => {
    if (!dialog || dialog.open) return;
    if (dialog.showModal) dialog.showModal();
  };
  document.querySelectorAll("[data-keys-help]").forEach((link) => {
    link.addEventListener("click", (event) => {
      if (!dialog || !dialog.showModal) return;
      event.preventDefault();
      help();
    });
  });

  // In a result the hits, in a report its paragraphs; those out of sight (a folded outline) aren't stops.
  const stops = () => [...document.querySelectorAll(".hit h3 a, article.text .permalink")];
  const move = (step) => {
    const all = stops();
    if (!all.length) return false;
    let at = all.indexOf(document.activeElement);
    if (at < 0) {
      // Begin where the reader is: at the first stop below the top of the window.
      const below = all.findIndex((stop) => stop.getBoundingClientRect().top > 60);
      at = below < 0 ? all.length - 1 : below - (step > 0 ? 1 : 0);
    }
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
    return true;
  };

  const follow = (selector) => {
    const link = document.querySelector(selector);
    if (!link) return false;
    link.click();
    return true;
  };

  const filters = () => {
    const box = document.getElementById("show-filters");
    if (box && getComputedStyle(box).display !== "none" && !box.checked) box.checked = true;
    const first = document.querySelector(".filters .toggle");
    if (!first) return false;
    first.focus();
    return true;
  };

  const search = () => {
    const box = document.getElementById("q");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  };

  const acts = {
    "/": search,
    j: () => move(1),
    k: () => move(-1),
    f: filters,
    t: () => follow("[data-key='t']"),
    "[": () => follow("[data-beside='previous']"),
    "]": () => follow("[data-beside='next']"),
    "?": () => { help(); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]")) return;
    const act = acts[event.key];
    if (act && on() && act()) event.preventDefault();
  });

  window.chadangKeys = on;
})();
