// Shows the button that opens the browser's print. Without this script the page says to use the browser's own command.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
