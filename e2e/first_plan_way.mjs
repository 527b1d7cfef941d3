// Walking the way of a new office: every page is looked at, and what a hand does is counted.

import { mkdtempSync, rmSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import readline from "node:readline";

import { TODAY } from "./program.mjs";
import { send } from "./desk.mjs";

/** Seconds of somebody who has never seen these pages: to read one, to fill a field, to press what leads on. */
const PAGE = 12;
const FIELD = 8;
const PRESS = 2;

/** What a hand does between two moments, and how long that takes. */
export class Way {
  constructor(t) {
    this.t = t;
    this.seen = new Set();
    this.begun = null;
    this.ended = null;
    this.pages = 0;
    this.fields = 0;
    this.presses = 0;
  }

  /** Counts the pages that come in this tab. */
  follow(page) {
    page.on("response", (response) => {
      const request = response.request();
      const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isPage && this.runs() && ![301, 302, 303].includes(response.status())) this.pages += 1;
    });
    return page;
  }

  runs() {
    return this.begun !== null && this.ended === null;
  }

  begin() {
    this.begun = performance.now();
  }

  end() {
    this.ended = performance.now();
  }

  async fill(page, name, value) {
    if (this.runs()) this.fields += 1;
    await page.fill(`main [name=${name}]`, value);
  }

  /** Sends the form of the button and looks at what comes. */
  async send(page, button) {
    if (this.runs()) this.presses += 1;
    const response = await send(page, button);
    await this.look(page);
    return response;
  }

  /** Follows a link and looks at what comes. */
  async go(page, link, within = "main") {
    if (this.runs()) this.presses += 1;
    const before = page.url();
    await page.locator(within).getByRole("link", { name: link }).first().click();
    await page.waitForURL((url) => String(url) !== before);
    await page.waitForLoadState();
    await this.look(page);
  }

  /** A page on the way: fits a telephone of 320 px, and axe finds nothing. Each address in each of its states once. */
  async look(page) {
    const { t } = this;
    const key = `${new URL(page.url()).pathname.replace(/[0-9a-f]{32}/g, "…")} ${await page.locator("h1").first().innerText()} ${await page.locator("main *").count()}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const size = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 800 });
    await t.fitsWidth(page);
    await page.setViewportSize(size);
    if (!t.withoutJavaScript.has(page)) return t.axe(page);
    // axe itself is a script: the same address once more in a page that runs it.
    this.twin ??= await t.newPage();
    await t.open(this.twin, page.url());
    await t.axe(this.twin);
  }

  /** Minutes from the beginning to the end: of the machine, which looked at every page meanwhile, and of the hand. */
  minutes() {
    const machine = (this.ended - this.begun) / 60_000;
    const hand = (this.pages * PAGE + this.fields * FIELD + this.presses * PRESS) / 60;
    return { machine, hand, whole: machine + hand };
  }
}

/** Runs a command of the program on the data of the run. */
export function command(t, ...args) {
  const database = t.options.database ? ["--database", t.options.database] : [];
  const run = spawnSync(t.options.program, [...args, "--data-dir", t.data, ...database], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`kiban ${args.join(" ")}: ${run.stdout}${run.stderr}`);
  return run.stdout;
}

/** The same installation once more, as in production: TLS 1.3, and offices need the certificate of a terminal. */
export async function serveWithTls(t) {
  const tls = path.join(t.data, "tls");
  const database = t.options.database ? ["--database", t.options.database] : [];
  const args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", t.data, ...database, "--today", TODAY];
  args.push("--tls-cert", path.join(tls, "server.crt"), "--tls-key", path.join(tls, "server.key"), "--require-client-cert");
  const child = spawn(t.options.program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  const stop = async () => {
    const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(killer);
  };
  let limit;
  try {
    const base = await new Promise((resolve, reject) => {
      limit = setTimeout(() => reject(new Error("it did not listen within 60 s")), 60_000);
      child.on("error", reject);
      ended.then((how) => reject(new Error(`it ended (${how})`)));
      readline.createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
      readline.createInterface({ input: child.stdout }).on("line", (line) => {
        const ready = line.match(/^listening (https:\/\/localhost:\d+)/);
        if (ready) resolve(ready[1]);
      });
    });
    return { base, stop };
  } catch (error) {
    if (child.pid) await stop();
    throw new Error(`\`kiban ${args.join(" ")}\`: ${error.message}\n${said.slice(-20).join("\n")}`);
  } finally {
    clearTimeout(limit);
  }
}

/** A folder for the files of the story; it is gone afterwards. */
export function folderOf(t) {
  const folder = mkdtempSync(path.join(t.options.work, "first-plan-"));
  return { folder, clear: () => rmSync(folder, { recursive: true, force: true }) };
}
