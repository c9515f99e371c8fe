// Keys of one character: "/" search, "g" and a letter for pages, 1 to 8 for tabs, "?" for the list.
// Loaded only where the official has not turned them off (WCAG 2.1.4); never with Ctrl, Alt or Meta, never while typing.
const WAIT = 1500;
const TYPING = "input, textarea, select, [contenteditable]";

const list = document.getElementById("kelmu-shortcuts");
const pages = new Map([...list.querySelectorAll("a[data-keys]")].map((link) => [link.dataset.keys, link.href]));
let first = "";
let forget = 0;

const go = (keys) => {
  const address = pages.get(keys);
  if (address) location.assign(address);
  return Boolean(address);
};

const search = () => {
  const field = document.querySelector("main [name=personal_id]");
  if (!field) return go("/");
  field.focus();
  field.select();
  return true;
};

const tab = (number) => {
  const link = document.querySelectorAll(".kelmu-tabs a")[number - 1];
  link?.click();
  return Boolean(link);
};

const act = (key) => {
  if (first) return go(`${first} ${key}`);
  if (key === "/") return search();
  if (key === "?") {
    list.showModal();
    return true;
  }
  if (/^[1-8]$/.test(key)) return tab(Number(key));
  return false;
};

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph");
  if (modified || event.repeat || event.isComposing || event.defaultPrevented) return;
  // The last Shift of "?" or "/" is no key of its own.
  if (event.key.length !== 1 || document.querySelector("dialog[open]") || event.target.closest?.(TYPING)) return;
  const key = event.key.toLowerCase();
  const done = act(key);
  clearTimeout(forget);
  first = !done && !first && key === "g" ? "g" : "";
  if (first) forget = setTimeout(() => { first = ""; }, WAIT);
  if (done) event.preventDefault();
});
