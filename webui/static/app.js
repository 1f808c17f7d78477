// The page works without this file; it adds the jumps between matches, and what a keyboard needs on checkbox links.
"use strict";

(() => {
  // A link that acts as a checkbox must answer to the space bar as a checkbox does.
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.('a[role="checkbox"]');
    if (link && event.key === " ") {
      event.preventDefault();
      link.click();
    }
  });

  // Who chooses filters by keyboard goes on where they were, not at the top of the next page.
  const FOCUS = "chadang-filter";
  const nameOf = (link) => `${link.closest("[aria-labelledby]")?.getAttribute("aria-labelledby")} ${link.textContent.trim()}`;
  const toggles = [...document.querySelectorAll(".filters a.toggle")];
  try {
    const last = sessionStorage.getItem(FOCUS);
    sessionStorage.removeItem(FOCUS);
    if (last && !location.hash) toggles.find((link) => nameOf(link) === last)?.focus();
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.(".filters a.toggle");
      if (link && event.detail === 0) sessionStorage.setItem(FOCUS, nameOf(link));
    });
  } catch {
    // Without storage the page works as it does without this.
  }

  // Shift-click a second year and all between them are meant.
  const chosenBars = () => [...document.querySelectorAll(".bars a[aria-current]")].map((bar) => Number(bar.dataset.year));
  document.querySelectorAll(".bars a").forEach((bar) => {
    bar.addEventListener("click", (event) => {
      const years = chosenBars();
      const form = document.querySelector("form.years");
      if (!event.shiftKey || !years.length || !form) return;
      event.preventDefault();
      years.push(Number(bar.dataset.year));
      form.elements.year_from.value = Math.min(...years);
      form.elements.year_to.value = Math.max(...years);
      form.submit();
    });
  });

  // The outline says where the reader is: at the last section whose start is above the upper third of the window.
  const entries = [...document.querySelectorAll(".outline-wide a")]
    .map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
    .filter(([, section]) => section);
  let drawn = false;
  const where = () => {
    drawn = false;
    const line = window.innerHeight / 3;
    let current = entries.findIndex(([, section]) => section.getBoundingClientRect().top > line) - 1;
    if (current === -2) current = entries.length - 1;
    if (current === -1 && entries[0][1].getBoundingClientRect().top < window.innerHeight * 0.7) current = 0;
    entries.forEach(([link], n) => {
      if (n === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    const box = entries[0][0].closest(".outline-wide");
    const link = current >= 0 && entries[current][0];
    if (!link || box.scrollHeight <= box.clientHeight) return;
    // Only the outline scrolls, and only if the entry is out of its sight.
    const place = link.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) box.scrollTop += place.top - frame.top - frame.height / 2;
  };
  if (entries.length > 1) {
    window.addEventListener("scroll", () => {
      if (!drawn) window.requestAnimationFrame(where);
      drawn = true;
    }, { passive: true });
    where();
  }

  const bar = document.querySelector(".jump[data-marks]");
  const total = Number(bar?.dataset.marks ?? 0);
  if (!total) return;

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const shown = bar.querySelector("[data-now]");
  let now = 0;

  const select = (number, scroll) => {
    document.querySelectorAll("mark.current").forEach((mark) => mark.classList.remove("current"));
    now = number;
    document.querySelectorAll(`mark[data-m="${now}"]`).forEach((mark) => mark.classList.add("current"));
    shown.textContent = `${now} /`;
    if (scroll) {
      const behavior = calm.matches ? "instant" : "smooth";
      document.getElementById(`m${now}`).scrollIntoView({ block: "center", inline: "nearest", behavior });
    }
  };

  // Round and round: after the last comes the first.
  const jump = (step) => select(now ? ((now - 1 + step + total) % total) + 1 : step > 0 ? 1 : total, true);

  bar.querySelectorAll("[data-jump]").forEach((button) => {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || !window.chadangKeys?.() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "n") jump(1);
    if (event.key === "p") jump(-1);
  });

  // Coming from a hit, the matches of its paragraph are the first ones meant.
  const start = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const mark = target && (target.matches("mark") ? target : target.querySelector("mark[id]"));
    if (!mark) return;
    select(Number(mark.dataset.m), false);
    // The paragraph may be longer than the screen, or a wide table scrolled aside: the match must be in sight.
    const box = mark.getBoundingClientRect();
    const hidden = box.top < bar.offsetHeight || box.bottom > window.innerHeight;
    if (hidden) mark.scrollIntoView({ block: "center", inline: "nearest" });
    else if (mark.closest(".grid-box")) mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  window.addEventListener("hashchange", start);
  start();
})();
