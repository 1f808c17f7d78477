// The search box as a combobox: regions, agencies and headings from the server, earlier queries from this browser.
"use strict";

(() => {
  const KEPT = "chadang.queries";
  const MOST = 50;
  const SHOWN = 5;
  const form = document.querySelector("form.search");
  const input = form && form.querySelector("input[type=search]");
  const list = form && form.querySelector(".suggestions");
  if (!input || !list) return;
  const said = form.querySelector("[data-suggest-said]");
  const words = list.dataset;

  const earlier = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  };
  const keep = (queries) => {
    try { localStorage.setItem(KEPT, JSON.stringify(queries.slice(0, MOST))); } catch { /* nothing is kept then */ }
  };

  // What was asked is kept when its results are there.
  if (location.pathname === "/search" && input.defaultValue.trim()) {
    const now = input.defaultValue.trim();
    keep([now, ...earlier().filter((one) => one !== now)]);
  }

  let options = [];
  let chosen = -1;
  let asked = 0;
  let timer = 0;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    asked += 1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (at) => {
    chosen = at;
    options.forEach((option, n) => option.element.setAttribute("aria-selected", String(n === at)));
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", options[at].element.id);
    options[at].element.scrollIntoView({ block: "nearest" });
  };

  const go = (option) => {
    if (option.forget) {
      keep([]);
      close();
    } else if (option.url) {
      location.assign(option.url);
    } else {
      input.value = option.text;
      form.submit();
    }
  };

  const show = (found) => {
    list.textContent = "";
    options = found;
    found.forEach((option, n) => {
      const line = document.createElement("li");
      line.id = `suggestion-${n}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      const kind = document.createElement("small");
      kind.textContent = option.forget ? "" : words[option.kind];
      const text = document.createElement("span");
      text.textContent = option.text;
      line.append(kind, text);
      if (option.detail) {
        const detail = document.createElement("small");
        detail.textContent = option.detail;
        line.append(detail);
      }
      // The press, not the click: by then the box has lost the focus and the list is gone.
      line.addEventListener("mousedown", (event) => {
        event.preventDefault();
        if (event.button === 0) go(option);
      });
      option.element = line;
      list.append(line);
    });
    list.hidden = !found.length;
    chosen = -1;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    said.textContent = found.length ? words.count.replace("{n}", found.length) : "";
  };

  const ask = async () => {
    const typed = input.value.trim();
    const mine = (asked += 1);
    const before = earlier().filter((one) => one !== typed && one.startsWith(typed)).slice(0, SHOWN);
    const own = before.map((text) => ({ kind: "earlier", text }));
    if (own.length) own.push({ forget: true, text: words.forget, detail: words.kept });
    if (!typed) {
      show(own);
      return;
    }
    const params = new URLSearchParams(new FormData(form));
    let found = [];
    try {
      const answer = await fetch(`/suggest?${params}`);
      if (answer.ok) found = (await answer.json()).suggestions;
    } catch { /* without the server there are the earlier queries */ }
    // A slower answer to what was typed before must not replace the one to what stands there now.
    if (mine === asked && document.activeElement === input) show([...found, ...own]);
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  };

  input.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
  input.addEventListener("compositionend", soon);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    // The keys of an input method (Enter takes its word, arrows choose among its words) are its own.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      ask();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: nothing chosen, what was typed.
      const places = options.length + 1;
      choose(((chosen + 1 + step + places) % places) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      go(options[chosen]);
    }
  });
})();
