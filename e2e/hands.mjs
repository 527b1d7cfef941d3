// Hands that count: what a person presses, clicks and reads, and how long that takes at the speed of an ordinary typist.

/** Seconds of a key, of a click (with the way of the hand to the mouse), and of thought at each new page. */
const KEY = 0.2;
const CLICK = 1.2;
const THOUGHT = 1.5;
/** Keys of a character that an input method makes: two of its reading, one to convert and take it. */
const CONVERTED = 3;

export class Hands {
  constructor(t, page) {
    this.t = t;
    this.page = page;
    this.keys = 0;
    this.clicks = 0;
    this.pages = [];
    page.on("response", (response) => {
      const isPage = response.request().isNavigationRequest() && response.request().frame() === page.mainFrame();
      if (isPage && ![301, 302, 303].includes(response.status())) this.pages.push(new URL(response.url()).pathname);
    });
  }

  async press(key) {
    this.keys += key.split("+").length;
    await this.page.keyboard.press(key);
  }

  async type(text) {
    this.keys += [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 128 ? 1 : CONVERTED), 0);
    await this.page.keyboard.type(text);
  }

  async click(locator) {
    this.clicks += 1;
    await locator.click();
  }

  /** Presses Tab until the focus is there. */
  async tabTo(selector) {
    for (let press = 0; press < 60; press += 1) {
      if (await this.page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      await this.press("Tab");
    }
    throw new Error(`Tab does not reach ${selector} on ${this.page.url()}`);
  }

  /** Jumps over the header by the skip link. */
  async skip() {
    await this.press("Tab");
    this.t.equal(await this.page.evaluate(() => document.activeElement.hash), "#main", `the first stop of ${this.page.url()}`);
    await this.press("Enter");
  }

  /** Presses Enter and waits for the page that comes. */
  async enter(where) {
    const before = this.pages.length;
    await this.press("Enter");
    await this.page.waitForURL(where);
    await this.page.waitForLoadState();
    this.t.ok(this.pages.length === before + 1, `Enter on ${this.pages.at(-2)} leads to one page, not to ${this.pages.slice(before)}`);
  }

  /** How long all that takes. */
  seconds() {
    return this.keys * KEY + this.clicks * CLICK + this.pages.length * THOUGHT;
  }

  /** The figures in a line. */
  say() {
    return `${this.pages.length} pages, ${this.keys} keys, ${this.clicks} clicks: ${this.seconds().toFixed(0)} s`;
  }
}
