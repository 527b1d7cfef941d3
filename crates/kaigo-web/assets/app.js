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
      // The answer to these is a file: the page stays, and may be asked again.
      if (event.defaultPrevented || form.dataset.download) return;
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

/** After files were fetched their marks change: the page is shown anew once the archive is here. */
function fetchArchives() {
  for (const form of document.querySelectorAll("form[data-download]")) {
    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (form.dataset.sent) return;
      form.dataset.sent = "true";
      event.submitter?.setAttribute("aria-disabled", "true");
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
      // What is no archive is a page that says why: the browser's own way shows it.
      if (answer?.headers.get("content-type") !== "application/zip") return form.submit();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition"))?.[1] ?? "");
      link.click();
      setTimeout(() => location.reload(), 500);
    });
  }
}

/** Takes dropped folders, shows what was chosen, and tells before the upload when it is too much. */
class Drop extends HTMLElement {
  connectedCallback() {
    const [chosen] = this.querySelectorAll("input[type=file]");
    this.querySelector("[data-here]").hidden = false;
    this.addEventListener("change", () => this.show());
    for (const name of ["dragenter", "dragover"]) {
      this.addEventListener(name, (event) => {
        event.preventDefault();
        this.dataset.over = "true";
      });
    }
    this.addEventListener("dragleave", () => delete this.dataset.over);
    this.addEventListener("drop", async (event) => {
      event.preventDefault();
      delete this.dataset.over;
      // What was dropped can be asked for only now, not after a pause.
      const dropped = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      const files = dropped.map((item) => {
        const entry = item.webkitGetAsEntry?.();
        return entry ? filesOf(entry) : [item.getAsFile()];
      });
      const found = new DataTransfer();
      for (const file of (await Promise.all(files)).flat()) found.items.add(file);
      chosen.files = found.files;
      this.show();
    });
    // After a step back the browser may still hold the files.
    this.show();
  }

  show() {
    const all = [...this.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const bytes = all.reduce((sum, file) => sum + file.size, 0);
    const most = this.dataset;
    const isOver = bytes > most.mostBytes || all.length > most.mostFiles || all.some((file) => file.size > most.mostFileBytes && !/\.zip$/i.test(file.name));
    this.querySelector("[data-count]").textContent = all.length;
    this.querySelector("[data-size]").textContent = (bytes / 1024 / 1024).toFixed(1);
    this.querySelector("[data-chosen]").hidden = all.length === 0;
    this.querySelector("[data-over]").hidden = !isOver;
  }
}

/** The files of a dropped file or folder, however deep. */
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const inside = [];
  for (;;) {
    // A reader answers a hundred entries at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(filesOf))).flat();
}

/** While a card is read elsewhere the page waits, and is shown anew when something has come of it. */
function waitForCard() {
  const wait = document.querySelector("[data-events]");
  if (!wait) return;
  const events = new EventSource(wait.dataset.events);
  events.addEventListener("message", (event) => {
    if (event.data === wait.dataset.state) return;
    events.close();
    location.reload();
  });
}

customElements.define("kiban-drop", Drop);
waitForCard();
focusErrors();
fetchArchives();
preventDoubleSubmit();
offerPrint();
offerCopy();
