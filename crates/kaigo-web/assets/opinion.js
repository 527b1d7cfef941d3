// Saves the form while it is written. The words stand in the template.

const EVERY = 20_000;

/** One form that saves itself: every twenty seconds and when a field is left, if something changed. */
class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[role=status]");
    this.saved = this.content();
    this.isBusy = false;
    this.isBehind = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("focusout", () => this.save());
    form.addEventListener("submit", () => (this.isLeaving = true));
    setInterval(() => this.save(), EVERY);
    addEventListener("pagehide", () => this.leave());
  }

  /** What is typed, without what is not content. */
  content() {
    const data = new FormData(this.form);
    for (const name of ["csrf", "revision", "act"]) data.delete(name);
    return new URLSearchParams(data).toString();
  }

  body() {
    const data = new URLSearchParams(new FormData(this.form));
    data.set("act", "auto");
    return data;
  }

  show(what) {
    for (const word of ["saved", "unsaved", "failed", "ended", "behind"]) {
      this.status.querySelector(`[data-${word}]`).hidden = word !== what;
    }
  }

  changed() {
    if (!this.isBehind && this.content() !== this.saved) this.show("unsaved");
  }

  async save() {
    const now = this.content();
    // Once its session is over the form is off the page, and nothing is saved in the next one's name.
    if (!this.form.isConnected || this.isBusy || this.isBehind || this.isLeaving || now === this.saved) return;
    this.isBusy = true;
    try {
      let answer = await this.post();
      // The session ended, or it is another one after a login in another tab.
      if (this.isOfOldSession(answer) && (await this.renew())) answer = await this.post();
      if (answer.status === 401) return this.show("ended");
      if (answer.status === 409) {
        this.isBehind = true;
        return this.show("behind");
      }
      if (!answer.ok) return this.show("failed");
      const { revision, at } = await answer.json();
      this.form.elements.revision.value = revision;
      this.status.querySelector("[data-at]").textContent = at;
      this.saved = now;
      this.show(this.content() === now ? "saved" : "unsaved");
    } catch {
      this.show("failed");
    } finally {
      this.isBusy = false;
    }
  }

  isOfOldSession(answer) {
    const isPage = !answer.headers.get("content-type")?.startsWith("application/json");
    return answer.status === 401 || (answer.status === 409 && isPage);
  }

  post() {
    return fetch(this.form.action, { method: "POST", body: this.body(), redirect: "manual" });
  }

  /** After a login in another tab the page there has the token of the new session. */
  async renew() {
    const page = await fetch(this.form.action, { redirect: "manual" });
    if (!page.ok) return false;
    const there = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = there.querySelector("#opinion input[name=csrf]")?.value;
    if (token) for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
    return Boolean(token);
  }

  /** The window closes: the last words go without waiting for the answer. */
  leave() {
    if (!this.form.isConnected || this.isLeaving || this.isBehind || this.content() === this.saved) return;
    navigator.sendBeacon(this.form.action, this.body());
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Draft(form);
