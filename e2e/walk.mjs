// Walks over pages in every look, each loaded once: as usual, in forced colours, in very large text, 320 px wide, on paper.
// Which pages there are stands in walks.mjs.

import { pageOf } from "./desk.mjs";

/** A4 without its margins, in CSS pixels: how wide the text of a sheet is. */
const SHEET = 718;
/** Sheets that a page may need unless its line says otherwise. */
const SHEETS = 8;
/** Pages that are looked at at the same time. */
const TABS = 2;

/** Everything of one area. Comes to its end before it says what is wrong. */
export async function walkAll(t, parts) {
  const problems = [];
  for (const part of parts) await walk(t, part).catch((error) => problems.push(error.message));
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/**
 * Walks as somebody: over a list of lines, or along a way of which each page needs the one before (ways.mjs). Looks at all of them
 * before it says what is wrong.
 */
async function walk(t, { login, lines, along, bind = {} }) {
  if (along) return walkAlong(t, { login, lines, along });
  const bound = new Map(Object.entries(bind));
  const finder = await open(t, login);
  const waiting = [];
  const problems = [];
  for (const line of lines.map(lineOf)) {
    const where = await place(finder, bound, line).catch((error) => problems.push(`${line.route}: ${error.message}`));
    if (typeof where === "string") waiting.push({ ...line, where });
  }
  const looked = waiting.length;
  const tab = async () => {
    const page = await open(t, login);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await look(t, page, next).catch((error) => problems.push(`${next.route} (${next.where}): ${error.message}`));
    }
  };
  await Promise.all(Array.from({ length: TABS }, tab));
  t.ok(looked > 0, `${login} walks over nothing`);
  if (problems.length > 0) throw new Error(`${problems.length} of ${lines.length} pages of ${login || "everybody"}:\n${problems.join("\n")}`);
}

/** `look(route)` looks at the page that is open; the way has to come by all of its lines. */
async function walkAlong(t, { login, lines, along }) {
  const page = await open(t, login);
  const seen = new Set();
  const problems = [];
  const lookAt = async (route, at = page) => {
    const line = lines.map(lineOf).find((line) => line.route === route);
    t.ok(line, `${route} is a line of this way`);
    seen.add(route);
    const where = at.url().slice(t.base.length);
    await look(t, at, { ...line, where }).catch((error) => problems.push(`${route} (${where}): ${error.message}`));
  };
  await along({ t, page, look: lookAt }).catch((error) => problems.push(error.stack));
  const missed = lines.map((line) => lineOf(line).route).filter((route) => !seen.has(route));
  if (missed.length > 0) problems.push(`the way does not come by ${missed.join(" ")}`);
  if (problems.length > 0) throw new Error(`the way of ${login || "somebody without a login"}:\n${problems.join("\n")}`);
}

const open = (t, login) => {
  const options = { viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" };
  return login ? pageOf(t, login, options) : t.newPage(options);
};

/**
 * A line is a route, with a query if need be, or a route with where a link to it stands (`via`: behind one of the pages of that route
 * that are linked there), how many sheets it may need, and whether its heading is printed (a form that was printed before there were
 * computers has its own).
 */
export function lineOf(line) {
  const { open: route, at, via, sheets = SHEETS, status = 200, heading = true } = typeof line === "string" ? { open: line } : line;
  return { route, at, via, sheets, status, heading };
}

/** The address of a route: what stands in its braces is bound already, or found behind a link. */
async function place(page, bound, { route, at, via }) {
  const [path, query] = route.split("?");
  if (at) {
    const start = fill(bound, at);
    let links = await linksTo(page, start, via ?? path);
    if (via) {
      for (const between of links.fit.slice(0, MOST_BETWEEN)) {
        links = await linksTo(page, between, path);
        if (links.fit.length > 0) break;
      }
    }
    const found = links.fit[0];
    if (!found) throw new Error(`${at} has no link to it, only ${[...new Set(links.all)].slice(0, 30).join(" ")}`);
    const segments = path.split("/");
    const parts = found.split(/[?#]/)[0].split("/");
    segments.forEach((segment, at) => segment.startsWith("{") && bound.set(segments.slice(0, at + 1).join("/"), parts.slice(0, at + 1).join("/")));
    if (query === undefined && parts.length === segments.length) return found;
  }
  return fill(bound, path) + (query === undefined ? "" : `?${query}`);
}

/** Pages in between that are opened at most. */
const MOST_BETWEEN = 30;

/** The links of a page that lead to a route or below it, those to itself first; and all of its links. */
async function linksTo(page, where, path) {
  await page.goto(where);
  const all = await page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  const segments = path.split("/");
  const parts = (link) => link.split(/[?#]/)[0].split("/");
  const fits = (link) => parts(link).length >= segments.length && segments.every((segment, at) => (segment.startsWith("{") ? parts(link)[at] !== "new" && /[0-9]|^[a-z0-9-]+$/.test(parts(link)[at]) : parts(link)[at] === segment));
  const exact = (link) => parts(link).length === segments.length;
  return { all, fit: [...new Set(all.filter(fits))].sort((a, b) => Number(exact(b)) - Number(exact(a))) };
}

/** Replaces the longest beginning that is bound. */
function fill(bound, pattern) {
  const start = [...bound.keys()].filter((key) => pattern === key || pattern.startsWith(`${key}/`) || pattern.startsWith(`${key}?`)).sort((a, b) => b.length - a.length)[0];
  const filled = start === undefined ? pattern : bound.get(start) + pattern.slice(start.length);
  if (filled.includes("{")) throw new Error(`nothing is known for ${filled}`);
  return filled;
}

async function look(t, page, { where, status, sheets, heading }) {
  await t.open(page, where, status);
  t.equal(new URL(page.url()).pathname, where.split(/[?#]/)[0], "the page that is looked at");
  await t.axe(page);
  await t.fitsWidth(page);
  await page.emulateMedia({ forcedColors: "active" });
  await t.axe(page, `${where} in forced colours`, LOOKS);
  await page.emulateMedia({ forcedColors: "none" });
  // What the server writes for 特大; that it does is seen in size_and_print.mjs.
  await page.evaluate(() => document.documentElement.classList.replace("k-text-standard", "k-text-huge"));
  await t.axe(page, `${where} in very large text`, LOOKS);
  await t.fitsWidth(page);
  await page.evaluate(() => document.documentElement.classList.replace("k-text-huge", "k-text-standard"));
  await sized(page, { width: 320, height: 640 });
  await t.fitsWidth(page);
  await onPaper(t, page, where, sheets, heading);
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Gives the window a size, and waits until the page has it. */
async function sized(page, size) {
  await page.setViewportSize(size);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Rules that colours and sizes can break. The page was looked at by all others as it is. */
const LOOKS = ["color-contrast", "link-in-text-block", "target-size"];

/** The page on paper: the controls of the screen are gone, the heading is there, nothing is cut, not too many sheets of A4. */
async function onPaper(t, page, where, most, heading) {
  await page.emulateMedia({ media: "print" });
  await sized(page, { width: SHEET, height: 1000 });
  for (const gone of [".k-header", ".k-footer", ".k-skip"]) {
    t.equal(await page.locator(gone).filter({ visible: true }).count(), 0, `${gone} of ${where} on paper`);
  }
  if (heading) t.ok(await page.locator("h1").first().isVisible(), `${where} has its heading on paper`);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("main *")]
      .filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 2 && !e.matches("input, select, textarea") && getComputedStyle(e).overflowX !== "visible" && getComputedStyle(e).display !== "inline")
      .map((e) => `${e.tagName.toLowerCase()}.${e.className} (${e.scrollWidth} in ${e.clientWidth} px)`),
  );
  t.equal(cut.slice(0, 5).join(", "), "", `parts of ${where} that are cut on paper`);
  const pdf = await page.pdf({ preferCSSPageSize: true, format: "A4" });
  const counts = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Pages\b[^]*?\/Count\s+(\d+)/g)].map((match) => Number(match[1]));
  const needed = Math.max(0, ...counts);
  t.ok(needed >= 1 && needed <= most, `${where} needs ${needed} sheets`);
  await page.emulateMedia({ media: null });
}
