import { KIYOSHI, addressOf, pageOf } from "../desk.mjs";

export const name = "by keyboard alone: log in, skip to the work, open it; the focus is seen and never covered";

export async function run(t) {
  const page = await t.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" });
  const account = t.accounts.find((one) => one.login === "minato-admin");
  await t.open(page, "/login");
  await page.keyboard.press("Tab");
  t.equal(await focused(page, (e) => e.hash), "#main", "the first stop");
  t.ok(await focused(page, (e) => e.getBoundingClientRect().top >= 0), "the skip link is seen when it has the focus");
  await tabTo(t, page, "#login");
  await page.keyboard.type(account.login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(account.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#code");
  await tabTo(t, page, "#code");
  await page.keyboard.type(await t.code(account));
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/");

  // The skip link jumps over the header.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  t.equal(new URL(page.url()).hash, "#main", "where the skip link leads");
  await page.keyboard.press("Tab");
  t.ok(await focused(page, (e) => Boolean(e.closest("main"))), "after the skip link the next stop is in the main part");
  await tabTo(t, page, ".dads-resource-list__item a");
  await seen(t, page);
  const href = await focused(page, (e) => e.getAttribute("href"));
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === href);

  // A long page under the sticky bar, down and up again.
  await t.open(page, `${await addressOf(t, page, KIYOSHI)}/certificates`);
  t.equal(await page.locator(".k-person").evaluate((bar) => getComputedStyle(bar).position), "sticky", "the bar of the person");
  for (const details of await page.locator("details > summary").all()) await details.press("Enter");
  await page.evaluate(() => document.activeElement.blur());
  const stops = await page.locator("a:visible, button:visible, summary:visible, input:visible, select:visible, [tabindex='0']:visible").count();
  for (const key of ["Tab", "Shift+Tab"]) {
    for (let stop = 0; stop < stops; stop += 1) {
      await page.keyboard.press(key);
      if (await focused(page, (e) => e === document.body)) break;
      await seen(t, page);
    }
  }

  // Text so large and a window so low that a sticky bar would leave no room: it scrolls away.
  const low = await pageOf(t, "izumo", { viewport: { width: 1280, height: 720 }, zoom: 200 });
  await t.open(low, `${await addressOf(t, low, KIYOSHI)}/certificates`);
  t.equal(await low.locator(".k-person").evaluate((bar) => getComputedStyle(bar).position), "static", "the bar at 200 %");
  await t.fitsWidth(low);
}

const focused = (page, ask) => page.evaluate(`(${ask})(document.activeElement)`);

async function tabTo(t, page, selector) {
  for (let press = 0; press < 40; press += 1) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${selector} on ${page.url()}`);
}

/** The element with the focus has a ring, lies in the window, and nothing lies over it. */
async function seen(t, page) {
  const at = await page.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const box = element.getClientRects()[0];
    const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 20)];
    const top = document.elementFromPoint(x, y);
    return {
      what: (element.textContent || element.name || element.tagName).trim().replace(/\s+/g, " ").slice(0, 40),
      ring: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
      inWindow: box.top >= -1 && y < innerHeight,
      covered: !(top && (element.contains(top) || top.contains(element) || top.closest("label")?.control === element)),
    };
  });
  t.ok(at.ring, `the focus on 「${at.what}」 is seen (${page.url()})`);
  t.ok(at.inWindow, `「${at.what}」 lies in the window when it has the focus (${page.url()})`);
  t.ok(!at.covered, `「${at.what}」 is covered when it has the focus (${page.url()})`);
}
