// Takes the people off a page that is left open when its session is over. No words here: they stand in the template.

/** How long before the end without use the warning comes (WCAG 2.2.1). */
const WARNING = 120_000;
/** How often a page that is looked at asks whether its session still lasts: somebody else may have ended it. */
const ASKING = 300_000;

/** Holds the warning, and what takes the place of the page once its session is over. */
class Session extends HTMLElement {
  connectedCallback() {
    if (this.tabs) return;
    this.tabs = new BroadcastChannel("kiban-session");
    this.token = this.querySelector("input[name=csrf]").value;
    const { sessionSeconds } = document.body.dataset;
    // A page of nobody: whoever was here in another tab may have logged out.
    if (!sessionSeconds) {
      this.tabs.postMessage({});
      return this.tabs.close();
    }
    [this.warning] = this.getElementsByTagName("section");
    this.typed = new Set();
    this.asked = Date.now();
    this.last(Number(sessionSeconds));
    this.tell();
    this.tabs.addEventListener("message", ({ data }) => (data.token === this.token ? this.last(data.seconds) : this.ask()));
    this.warning.querySelector("form").addEventListener("submit", (event) => this.keep(event));
    document.addEventListener("input", ({ target }) => target.form?.method === "post" && this.typed.add(target.form));
    document.addEventListener("visibilitychange", () => !document.hidden && this.ask());
    addEventListener("pageshow", (event) => event.persisted && this.back());
    // Not one long wait: a computer that slept would be late by its sleep.
    this.ticking = setInterval(() => this.tick(), 5_000);
  }

  /** Until when the session lasts, as far as is known here. */
  last(seconds) {
    this.until = Date.now() + seconds * 1000;
    if (seconds * 1000 > WARNING) this.warning.hidden = true;
  }

  /** The other tabs learn that this use lets the session last. */
  tell() {
    this.tabs.postMessage({ token: this.token, seconds: (this.until - Date.now()) / 1000 });
  }

  async tick() {
    const left = this.until - Date.now();
    if (left <= WARNING && this.warning.hidden) {
      await this.ask();
      if (!this.isOver && this.until - Date.now() <= WARNING) this.warning.hidden = false;
    } else if (left <= 0 || (!document.hidden && Date.now() - this.asked > ASKING)) {
      await this.ask();
    }
  }

  /** Asks how long the session lasts, which does not let it last longer; once at a time. Answers whether there was an answer. */
  ask() {
    return (this.asking ??= this.left().finally(() => (this.asking = null)));
  }

  async left() {
    if (this.isOver) return true;
    this.asked = Date.now();
    try {
      const body = new URLSearchParams({ csrf: this.token });
      const answer = await fetch("/session/left", { method: "POST", body, signal: AbortSignal.timeout(10_000) });
      const { seconds, carries } = await answer.json();
      if (seconds > 0) this.last(seconds);
      else this.end(carries);
      return true;
    } catch {
      // Nobody says that it lasts longer.
      if (Date.now() >= this.until) this.end(true);
      return false;
    }
  }

  async keep(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
    // So old that nothing lets it last longer: the page stays for now, with what was typed.
    if (answer?.status === 409) {
      const said = this.warning.querySelector("p");
      said.textContent = said.dataset.last;
      form.hidden = true;
      return;
    }
    if (await this.ask()) this.tell();
  }

  /** The browser shows the page as it was left: nobody reads it before it is known whose it is. */
  async back() {
    document.body.hidden = true;
    if (!(await this.ask())) return location.reload();
    document.body.hidden = false;
  }

  /** The session is over: nothing of the page stays, on the screen or in the document. */
  end(carries) {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.ticking);
    this.tabs.close();
    const typed = [...this.typed].filter((form) => form.isConnected);
    const form = typed.at(-1);
    const fields = form && carries ? fieldsOf(form) : null;
    const template = this.querySelector("template");
    const cover = template.content.cloneNode(true).firstElementChild;
    const say = (what) => (cover.querySelector(`[data-${what}]`).hidden = false);
    if (fields) say("carried");
    if (form && (!fields || typed.length > 1)) say(fields ? "others" : "lost");
    document.title = template.dataset.title;
    this.replaceChildren(cover);
    document.body.replaceChildren(this);
    document.body.hidden = false;
    cover.addEventListener("close", () => cover.showModal());
    const again = cover.querySelector("form");
    again.elements.again.value = location.pathname + location.search;
    again.addEventListener("submit", () => {
      if (!fields) return;
      again.elements.again.value = new URL(form.action).pathname + new URL(form.action).search;
      for (const [name, value] of fields) again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }, { once: true });
    cover.showModal();
  }
}

/** What a form would send by its harmless button; null if it cannot be carried through a login. */
function fieldsOf(form) {
  if (form.enctype === "multipart/form-data" || form.querySelector("input[type=password]")) return null;
  // Of several acts none is chosen in somebody's place, but saving changes nothing for others.
  const acts = [...form.elements].filter((field) => field.type === "submit" && field.name);
  const act = acts.find((button) => button.value === "save") ?? acts[0];
  if (acts.length > 1 && act.value !== "save") return null;
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf");
  return act ? [...fields, [act.name, act.value]] : fields;
}

customElements.define("kiban-session", Session);
