// Copies a paragraph, alone or with its source, from its tools; they close when the reader goes elsewhere.
(() => {
  "use strict";
  const all = [...document.querySelectorAll("details.paragraph-tools")];
  const cite = document.querySelector("details.citation");

  const close = (kept) => all.forEach((each) => { if (each !== kept) each.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("details.paragraph-tools")));
  document.addEventListener("keydown", (event) => {
    const tools = event.target.closest && event.target.closest("details.paragraph-tools[open]");
    if (event.key === "Escape" && tools) {
      tools.open = false;
      tools.querySelector("summary").focus();
    }
  });

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

  if (!navigator.clipboard || !cite) return;
  all.forEach((tools) => {
    const paragraph = document.getElementById(tools.dataset.of);
    tools.querySelectorAll("button[data-copy]").forEach((button) => {
      const words = button.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        const more = button.dataset.copy === "source" ? await source(paragraph) : "";
        await navigator.clipboard.writeText(textOf(paragraph) + more);
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = words; }, 1500);
      });
    });
  });
})();
