// Enhances pages that are complete without it. No words here: they stand in the templates.

/** After a wrong input the keyboard starts at the summary. */
function focusErrors() {
  const summary = document.getElementById("error-summary") ?? document.getElementById("outcome");
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".dads-form-control-label") ?? field).scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}

/** The second press of a button while the first is on its way does nothing. */
function preventDoubleSubmit() {
  for (const form of document.querySelectorAll('form[method="post"]')) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "true";
      event.submitter?.setAttribute("aria-disabled", "true");
    });
  }
  // Coming back with the browser's own button: the form may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll('button[aria-disabled="true"]')) button.removeAttribute("aria-disabled");
  });
}

/** Two minutes before the session ends a line appears; one press keeps the session and what was typed. */
function watchSession() {
  const seconds = Number(document.body.dataset.sessionSeconds);
  const warning = document.getElementById("session-warning");
  if (!seconds || !warning) return;
  let timer;
  const start = () => {
    timer = setTimeout(() => (warning.hidden = false), Math.max(seconds - 120, 1) * 1000);
  };
  warning.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") return location.reload();
    warning.hidden = true;
    clearTimeout(timer);
    start();
  });
  start();
}

/** Buttons that only work with a script appear only with it. */
function offerPrint() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

/** Copies what stands in the page; the button says so in its second word. */
function offerCopy() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const [word, done] = button.querySelectorAll("[data-word]");
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      word.hidden = true;
      done.hidden = false;
    });
  }
}

focusErrors();
watchSession();
preventDoubleSubmit();
offerPrint();
offerCopy();
