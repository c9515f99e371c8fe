// Copies the text beside a button. Without this script the buttons stay hidden and one click selects the text.
const SHOWN_FOR = 2000;

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = button.parentElement.querySelector("[data-copy-source]");
  if (!source || !navigator.clipboard) continue;
  const label = [...button.childNodes];
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.replaceChildren(button.dataset.copy);
    setTimeout(() => button.replaceChildren(...label), SHOWN_FOR);
  });
}
