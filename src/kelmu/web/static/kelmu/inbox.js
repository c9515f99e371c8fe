// The inbox of notices: choosing rows, keys between them, and how many came meanwhile. Without this script the list,
// its choices and its changes work just the same.
const ASK_EVERY = 60_000;
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

const form = document.getElementById("notices");
const boxes = form ? [...form.querySelectorAll("[data-row] input[type=checkbox]")] : [];
const rows = boxes.map((box) => box.closest("[data-row]"));

const panel = document.querySelector("[data-panel]");
if (panel && matchMedia("(max-width: 64rem)").matches && !("wrong" in panel.dataset)) panel.open = false;

if (form) choosing();
if (form && document.getElementById("kelmu-shortcuts")) keys();
for (const place of document.querySelectorAll("[data-news]")) news(place);

function choosing() {
  const all = form.querySelector("#pick-page");
  const count = form.querySelector("[data-count]");
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen + Number(count.dataset.extra);
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const box of boxes) box.closest("[data-row]").toggleAttribute("data-chosen", box.checked);
  };
  form.querySelector("[data-pick-page]").hidden = false;
  form.querySelector("[data-pick-word]").hidden = true;
  form.querySelector("[data-pick-link]")?.toggleAttribute("data-scripted", true);
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  addEventListener("pageshow", show); // a browser may have kept the boxes of the page it comes back to
  show();
  // Back from a notice one lands on its row.
  form.addEventListener("click", (event) => {
    const row = event.target.closest("a[data-open]")?.closest("[data-row]");
    if (row) history.replaceState(null, "", `#${row.id}`);
  });
}

// j and k go from row to row, x chooses, Enter opens. They are of the list, and of the page where nothing else has
// the focus.
function keys() {
  const at = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (step) => {
    const next = at() < 0 ? (step > 0 ? 0 : rows.length - 1) : at() + step;
    rows[next]?.querySelector("[data-open]").focus();
  };
  document.addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    if (modified || event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(TYPING)) return;
    const free = [document.body, document.documentElement, document.getElementById("content")];
    if (at() < 0 && !free.includes(document.activeElement)) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && at() >= 0) boxes[at()].click();
    else if (event.key === "Enter" && document.activeElement.type === "checkbox" && at() >= 0) {
      rows[at()].querySelector("[data-open]").click();
    } else return;
    event.preventDefault();
  });
}

// Says how many came since the page was made. Rows are moved only by the official. The server takes asking for no sign
// that she is there; when it has nothing more to say, or the session is over, the page says so and asks no more.
function news(place) {
  const { news: address, since, show, still } = place.dataset;
  let said = "";
  const tell = (text, link) => {
    if (text === said) return;
    said = text;
    const shown = link ? Object.assign(document.createElement("a"), { href: show, className: "ds-link" }) : place;
    shown.textContent = text;
    if (link) place.replaceChildren(shown);
  };
  const ask = async () => {
    if (document.visibilityState === "hidden") return;
    try {
      const query = new URLSearchParams({ since });
      const answer = await fetch(`${address}?${query}`, { redirect: "manual" });
      if (answer.status === 200) {
        const told = await answer.json();
        if (told.said) tell(told.said, true);
      } else {
        clearInterval(timer);
        tell(still, false);
      }
    } catch {
      // The network is away: asked again in a minute.
    }
  };
  const timer = setInterval(ask, ASK_EVERY);
  document.addEventListener("visibilitychange", ask);
}
