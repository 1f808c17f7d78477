// Copies a selected passage with the source of its section; without script the citations stand on the page.
(() => {
  "use strict";
  const box = document.querySelector("details.citation");
  if (!box || !navigator.clipboard) return;
  const line = box.querySelector(".take-out-copy");
  const button = line.querySelector("button");
  const words = button.textContent;
  let passage = "";
  let section = "";
  line.hidden = false;

  // A click on the button may end the selection: it is remembered while it lies in the report's text.
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const node = selection.anchorNode;
    const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    if (!element || !element.closest("article.text")) {
      if (element && !box.contains(element)) passage = section = "";
      return;
    }
    const text = selection.toString().trim();
    const part = element.closest("[id^='s-']");
    passage = text;
    section = text && part ? part.id.slice(2) : "";
  });

  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", async () => {
    const address = box.dataset.cite + (section ? `?section=${encodeURIComponent(section)}` : "");
    const answer = await fetch(address);
    if (!answer.ok) return;
    const source = (await answer.text()).trim();
    await navigator.clipboard.writeText(passage ? `${passage}\n——${source}` : source);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  });
})();
