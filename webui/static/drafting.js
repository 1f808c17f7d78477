// What a paragraph offers: copied alone or with its source, and put into the basket without leaving the page.
(() => {
  "use strict";
  const all = [...document.querySelectorAll("details.paragraph-tools")];
  const cite = document.querySelector("details.citation");
  const said = document.querySelector("[data-basket-said]");

  const close = (kept) => all.forEach((each) => { if (each !== kept) each.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("details.paragraph-tools")));
  document.addEventListener("keydown", (event) => {
    const tools = event.key === "Escape" && all.find((each) => each.open);
    if (tools) {
      tools.open = false;
      tools.querySelector("summary").focus();
    }
  });

  const forAWhile = (button, words) => {
    const before = button.dataset.words || button.textContent;
    button.dataset.words = before;
    button.textContent = words;
    setTimeout(() => { button.textContent = before; }, 2000);
  };

  // A click may end the selection: it is remembered while it lies in the report's text.
  let selected = { text: "", paragraph: null };
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const inside = (node) => node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("article.text p[id]");
    const paragraph = inside(selection.anchorNode);
    if (selection.isCollapsed && document.activeElement && document.activeElement.closest(".paragraph-tools")) return;
    const one = paragraph && paragraph === inside(selection.focusNode);
    selected = one ? { text: selection.toString().trim(), paragraph } : { text: "", paragraph: null };
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest(".paragraph-tools")) event.preventDefault();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-take], button.take-one");
    if (!button || !window.fetch) return;
    event.preventDefault();
    const form = button.form;
    const fields = new URLSearchParams(new FormData(form));
    if (button.name) fields.set(button.name, button.value);
    const tools = button.closest("details.paragraph-tools");
    if (tools && button.name === "block" && selected.paragraph && selected.paragraph.id === tools.dataset.of) fields.set("selection", selected.text);
    let words = said.dataset.failed;
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (answer.ok) {
        words = said.dataset.added;
        document.querySelectorAll("[data-basket-count]").forEach((each) => { each.textContent = told.count; each.hidden = !told.count; });
      } else if (told.error) {
        words = told.error;
      }
    } catch { /* the words say that it failed */ }
    said.textContent = "";
    said.textContent = words;
    forAWhile(button, words);
  });

  if (!navigator.clipboard || !cite) return;
  const textOf = (paragraph) => {
    const bare = paragraph.cloneNode(true);
    bare.querySelectorAll(".permalink").forEach((link) => link.remove());
    return bare.textContent.trim();
  };
  const source = async (paragraph) => {
    const part = paragraph.closest("[id^='s-']");
    const answer = await fetch(`${cite.dataset.cite}?section=${encodeURIComponent(part.id.slice(2))}`);
    return answer.ok ? `\n——${(await answer.text()).trim()}` : "";
  };
  all.forEach((tools) => {
    const paragraph = document.getElementById(tools.dataset.of);
    tools.querySelectorAll("button[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const more = button.dataset.copy === "source" ? await source(paragraph) : "";
        await navigator.clipboard.writeText(textOf(paragraph) + more);
        forAWhile(button, button.dataset.done);
      });
    });
  });
})();
