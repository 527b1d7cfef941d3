// What a story gets (`t`): pages with guards, a login, and a few expectations that say what was wrong.
//
// Guards of every page, checked at the end of the story: no request to another origin, no error on the console, no breach of
// the content security policy, no answer 5xx, no missing part of a page (4xx of anything but the page itself).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { STEP_SECONDS, stepAt, totp } from "./totp.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

// The fields of the login pages.
const FIELDS = {
  login: "main [name=login]",
  password: "main [name=password]",
  code: "main [name=code]",
  submit: "main form button[type=submit]",
};

// Steps of the second factor that were used, per login: the program takes each only once.
const usedSteps = new Map();
/** The last entry of a code of each login, done or not. */
const turns = new Map();

export class Story {
  constructor({ file, browser, program, options }) {
    this.file = file;
    this.browser = browser;
    this.base = program.base;
    this.accounts = program.accounts;
    this.data = program.data;
    this.engine = options.engine;
    this.options = options;
    this.contexts = [];
    this.pages = [];
    this.withoutJavaScript = new Set();
    this.breaches = [];
    this.notes = [];
  }

  /** A figure to print beside the story's result. */
  note(text) {
    this.notes.push(text);
  }

  /**
   * A page in a context of its own (own cookies).
   * javaScript: false as a browser without it. textSize: percent, only the text grows. zoom: percent, as Ctrl-+ does.
   * Everything else goes to Playwright's newContext (viewport, colorScheme, reducedMotion, …).
   */
  async newPage({ javaScript = true, textSize = 100, zoom = 100, viewport = { width: 1280, height: 900 }, ...more } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.base,
      locale: "ja-JP",
      timezoneId: "Asia/Tokyo",
      javaScriptEnabled: javaScript,
      viewport: { width: Math.round((viewport.width * 100) / zoom), height: Math.round((viewport.height * 100) / zoom) },
      deviceScaleFactor: zoom / 100,
      serviceWorkers: "block",
      ...more,
    });
    this.contexts.push(context);
    context.setDefaultTimeout(15_000);
    this.#guard(context);
    const page = await context.newPage();
    this.pages.push(page);
    if (!javaScript) this.withoutJavaScript.add(page);
    if (textSize !== 100) {
      const session = await context.newCDPSession(page);
      const fontSizes = { standard: Math.round((16 * textSize) / 100), fixed: Math.round((13 * textSize) / 100) };
      await session.send("Page.setFontSizes", { fontSizes });
    }
    return page;
  }

  #guard(context) {
    const origin = new URL(this.base).origin;
    const report = (what) => this.breaches.push(what);
    context.on("request", (request) => {
      const url = request.url();
      if (/^(https?|wss?):/.test(url) && new URL(url).origin !== origin) report(`request to another origin: ${url}`);
    });
    context.on("response", (response) => {
      const isPage = response.request().isNavigationRequest();
      const status = response.status();
      if (status >= 500 || (status >= 400 && !isPage)) report(`${status} for ${response.url()}`);
    });
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      // A page that is left while it loads, and a download, end like this.
      if (reason !== "net::ERR_ABORTED") report(`${reason} for ${request.url()}`);
    });
    context.on("console", (message) => {
      // Chromium logs every answer 4xx; the guard on responses judges those.
      const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status of");
      if (message.type() === "error" && !isStatus) report(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (webError) => report(`script: ${webError.error().message}`));
  }

  /** Fails when a guard saw something since the last call. Called at the end of every story. */
  verifyGuards() {
    const breaches = this.breaches.splice(0);
    if (breaches.length > 0) throw new Error(`guards:\n  ${[...new Set(breaches)].join("\n  ")}`);
  }

  /** Opens a path; fails when the status is not the wanted one. */
  async open(page, where, status = 200) {
    const response = await page.goto(where);
    this.equal(response.status(), status, `status of ${where}`);
    return response;
  }

  /** Logs in with password and second factor, as a person of the demo does. */
  async login(page, login) {
    const account = this.accounts.find((account) => account.login === login);
    if (!account) throw new Error(`no demo account "${login}"; there are: ${this.accounts.map((one) => one.login).join(", ")}`);
    if (!page.url().startsWith("http") || new URL(page.url()).pathname !== "/login") await this.open(page, "/login");
    await page.fill(FIELDS.login, account.login);
    await page.fill(FIELDS.password, account.password);
    // The code stands on the same page or on the next one.
    if ((await page.locator(FIELDS.code).count()) === 0) {
      await page.locator(FIELDS.submit).first().click();
      await page.waitForSelector(FIELDS.code);
    }
    await this.inTurn(login, async () => {
      await page.fill(FIELDS.code, await this.code(account));
      await page.locator(FIELDS.submit).first().click();
      await page.waitForURL((url) => !url.pathname.startsWith("/login")).catch(async () => {
        throw new Error(`"${login}" could not log in; the page says: ${await this.#words(page)}`);
      });
    });
    return account;
  }

  /** One after the other for each login: a code is refused once a later one was taken, and stories run side by side. */
  async inTurn(login, work) {
    const mine = (turns.get(login) ?? Promise.resolve()).then(work);
    turns.set(login, mine.catch(() => {}));
    return mine;
  }

  /** A code of the second factor that was not used before. */
  async code(account) {
    const step = Math.max(stepAt(Date.now()), (usedSteps.get(account.login) ?? 0) + 1);
    // The program takes the step after the current one too (clocks differ); further ahead there is only waiting for the clock.
    const opensAt = (step - 1) * STEP_SECONDS * 1000;
    if (opensAt > Date.now()) await new Promise((resolve) => setTimeout(resolve, opensAt - Date.now() + 100));
    usedSteps.set(account.login, step);
    return totp(account.totp_secret, step);
  }

  /** Accessibility by axe-core, WCAG 2.0 to 2.2, A and AA, or some of its rules. Needs a page with JavaScript. */
  async axe(page, where = page.url(), only = null) {
    // Without scripts axe-core would wait for ever.
    this.ok(!this.withoutJavaScript.has(page), `axe on ${where}: open the address in a page with JavaScript`);
    // By evaluation, not as a script element: the content security policy stays as it is.
    if (!(await page.evaluate(() => Boolean(globalThis.axe)))) await page.evaluate(AXE);
    const rules = only ? { type: "rule", values: only } : { type: "tag", values: AXE_RULES };
    const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), rules);
    const lines = found.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${rule.help}: ${node.target.join(" ")}: ${node.failureSummary?.replace(/\s+/g, " ")}`),
    );
    const more = lines.length > 8 ? `\n  and ${lines.length - 8} more` : "";
    if (lines.length > 0) throw new Error(`axe on ${where}:\n  ${lines.slice(0, 8).join("\n  ")}${more}`);
    if (found.passes.length === 0 && !only) throw new Error(`axe checked nothing on ${where}`);
  }

  /** Fails unless the text is visible on the page (waits for it). */
  async see(page, text) {
    await page.getByText(text).first().waitFor({ state: "visible" }).catch(async () => {
      throw new Error(`"${text}" is not on ${page.url()}; the page says: ${await this.#words(page)}`);
    });
  }

  async #words(page) {
    return (await page.locator("body").innerText()).replace(/\s+/g, " ").slice(0, 600);
  }

  /** Fails when the text is visible on the page as it is now. */
  async dontSee(page, text) {
    const seen = await page.getByText(text).filter({ visible: true }).count();
    this.equal(seen, 0, `times that "${text}" is on ${page.url()}`);
  }

  /** Fails when the page must be scrolled sideways. */
  async fitsWidth(page) {
    const { content, window } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      window: document.documentElement.clientWidth,
    }));
    this.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window} px`);
  }

  ok(holds, message) {
    if (!holds) throw new Error(message);
  }

  equal(actual, expected, message) {
    if (!Object.is(actual, expected)) throw new Error(`${message}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }

  match(text, pattern, message) {
    if (!pattern.test(text)) throw new Error(`${message}: ${JSON.stringify(text)} does not match ${pattern}`);
  }

  /** Keeps what the pages show now, for a person who looks into a failure. */
  async keepScreenshots() {
    for (const [index, page] of this.pages.entries()) {
      if (page.isClosed()) continue;
      const name = `${this.options.engine}-${path.basename(this.file, ".mjs")}-${index + 1}.png`;
      await page.screenshot({ path: path.join(this.options.out, name), fullPage: true }).catch(() => {});
    }
  }

  async close() {
    for (const context of this.contexts) await context.close().catch(() => {});
  }
}
