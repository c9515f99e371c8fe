// Warns before the session ends, keeps it on while the official works, and covers every tab when it is over.
// Without this script the session ends just the same, and the next page says so.
const WARN_BEFORE = 2 * 60_000; // while being here still extends the session
const WARN_FINAL = 10 * 60_000; // before its longest time is over
const ASK_EVERY = 2 * 60_000; // how often activity is told to the server, at most
const GRACE = 2_000; // the server's clock may lag behind
const SPEAK_EVERY = 15;
const KEEP_BEFORE = 5_000; // when drafts.js is told to keep what is typed

const dialog = document.getElementById("kelmu-session");
const over = document.getElementById("kelmu-session-over");
const tabs = new BroadcastChannel("kelmu-session");

if (over) tabs.postMessage({ over: over.dataset.reason });

if (dialog) {
  const form = dialog.querySelector("form[method=post]");
  const left = dialog.querySelector("[data-left]");
  const spoken = dialog.querySelector("[data-spoken]");
  let ends = 0;
  let final = false;
  let asked = Date.now();
  let closed = false;
  let covered = false;
  let ending = false;

  const set = (until, isFinal) => {
    ends = until;
    ending = false;
    closed &&= final === isFinal;
    final = isFinal;
    for (const part of dialog.querySelectorAll("[data-when]")) {
      part.hidden = part.dataset.when !== (final ? "final" : "idle");
    }
    if (dialog.open && !final && ends - Date.now() > WARN_BEFORE) dialog.close();
  };

  const cover = (reason, tellOthers = true) => {
    if (covered) return;
    covered = true;
    if (tellOthers) tabs.postMessage({ over: reason });
    // Nothing about a client stays on the screen, even if the network is away.
    const draft = document.querySelector("form[data-draft][data-kept]")?.dataset.draft;
    document.body.replaceChildren();
    location.replace(`${dialog.dataset.over}?${told(reason, draft)}`);
  };

  // Why, where to go on, and whether a draft is kept: nothing about a client.
  const told = (reason, draft) => {
    const query = new URLSearchParams({ reason, next: dialog.dataset.next });
    if (draft === "reason") query.set("next", `${dialog.dataset.next}?draft=reason`);
    if (draft) query.set("draft", "1");
    return query;
  };

  const extend = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (answer.status === 401) return cover("ended");
      if (!answer.ok) return;
      const told = await answer.json();
      set(Date.now() + told.seconds * 1000, told.final);
      tabs.postMessage({ ends, final });
    } catch {
      // The network is away: the session goes on towards its end.
    }
  };

  const show = (remaining) => {
    const seconds = Math.max(0, Math.ceil(remaining / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (!dialog.open && !(final && closed)) dialog.showModal();
    if (dialog.open && seconds % SPEAK_EVERY === 0) spoken.textContent = `${spoken.dataset.spoken} ${left.textContent}`;
  };

  const tick = () => {
    const remaining = ends - Date.now();
    if (remaining <= KEEP_BEFORE && !ending) {
      ending = true;
      document.dispatchEvent(new Event("kelmu-session-ending"));
    }
    if (remaining <= -GRACE) cover(final ? "ended" : "idle");
    else if (remaining <= (final ? WARN_FINAL : WARN_BEFORE)) show(remaining);
  };

  const active = () => {
    if (!dialog.open && Date.now() - asked >= ASK_EVERY) extend();
  };

  set(Date.now() + Number(dialog.dataset.seconds) * 1000, "final" in dialog.dataset);
  tabs.postMessage({ ends, final });
  tabs.addEventListener("message", ({ data }) => {
    if (data.over) cover(data.over, false);
    else if (data.ends > ends) set(data.ends, data.final);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    extend();
  });
  dialog.addEventListener("close", () => {
    closed = true;
  });
  // Closing the warning by Escape means: I am here.
  dialog.addEventListener("cancel", () => {
    if (!final) extend();
  });
  for (const type of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    addEventListener(type, active, { passive: true });
  }
  document.addEventListener("visibilitychange", tick);
  // A page brought back by the Back button may be one of a session that is over.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  setInterval(tick, 1000);
}
