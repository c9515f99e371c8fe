// Keeps what is typed into a form on the server while one types, for the same official later. Without this
// script a form is as it was: nothing is kept before it is sent.
const WAIT = 2_000; // after the last key
const ENOUGH = 10; // characters that replace a draft which is still offered

for (const form of document.querySelectorAll("form[data-draft]")) watch(form);

function watch(form) {
  const names = form.dataset.draftFields.split(" ");
  const offer = document.querySelector("[data-draft-offer]");
  const status = form.querySelector("[data-draft-status]");
  const spoken = form.querySelector("[data-draft-spoken]");
  const typed = () => names.map((name) => form.elements[name].value);
  let last = typed().join("\n");
  let timer = 0;
  let sending = false;
  let failed = false;
  let sent = false;

  // A draft on offer is not lost to a stray key.
  const worth = (values) => !offer?.isConnected || values[0].trim().length >= ENOUGH;

  const keep = async () => {
    clearTimeout(timer);
    const values = typed();
    const now = values.join("\n");
    if (sent || sending || now === last || !worth(values)) return;
    sending = true;
    try {
      const answer = await fetch(form.dataset.draftKeep, {
        method: "POST",
        body: body(values),
        keepalive: true, // also when the page is being left
        redirect: "manual",
      });
      if (!answer.ok) throw new Error("not kept");
      last = now;
      tell((await answer.json()).said);
    } catch {
      fail();
    }
    sending = false;
    if (!failed && typed().join("\n") !== last) later();
  };

  const body = (values) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("form", form.dataset.draft);
    if (form.dataset.draftInquiry) data.set("inquiry", form.dataset.draftInquiry);
    names.forEach((name, index) => data.set(name, values[index]));
    return data;
  };

  // Seen each time, spoken only the first time and after a failure.
  const tell = (said) => {
    if (said && (failed || !status.textContent)) spoken.textContent = said;
    status.textContent = said;
    failed = false;
    form.toggleAttribute("data-kept", Boolean(said));
    offer?.remove();
  };

  const fail = () => {
    if (!failed) status.textContent = spoken.textContent = status.dataset.failed;
    failed = true;
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  };

  form.addEventListener("input", (event) => {
    if (names.includes(event.target.name)) later();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) keep();
  });
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  document.addEventListener("kelmu-session-ending", keep);
}
