import { TOME, addressOf, axeInBothColours } from "../desk.mjs";

export const name = "a page that is left open shows nobody once its session is over";

/** Each code is taken once, and a part of this story logs in twice: it waits for the clock, so it runs beside the others. */
export const waits = true;

const MINUTE = 60_000;

export async function run(t) {
  await Promise.all([otherTab(t), idle(t), endedElsewhere(t)]);
}

/** After a logout in a second tab. */
async function otherTab(t) {
  const page = await t.newPage();
  const context = page.context();
  await t.login(page, "umineko");
  const address = `${await addressOf(t, page, TOME)}/certificates`;
  await t.open(page, address);
  await t.see(page, "9900 000 123");
  const names = await namesOn(page);

  const other = await context.newPage();
  await t.open(other, "/people");
  await other.getByRole("button", { name: "ログアウト" }).click();
  await t.see(other, "ログアウトしました");

  await nobodyIsThere(t, page, names);
  await t.dontSee(page, "消えていません");
  await t.dontSee(page, "残せませんでした");
  await axeInBothColours(t, page);
  // Escape does not take it away, and there is one thing to do.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await t.see(page, "ログインが切れました");
  t.equal(await page.getByRole("button").count(), 1, "buttons");
  await page.getByRole("button", { name: "ログインする" }).click();
  await page.waitForURL((url) => url.pathname === "/login");
  t.equal(new URL(page.url()).searchParams.get("next"), address, "where the login leads");
  // The way back through the history ends at the login too. The demo's own names its accounts.
  for (let back = 0; back < 3; back += 1) {
    await page.goBack().catch(() => null);
    await page.waitForLoadState();
    t.ok(["/login", "/portal"].includes(new URL(page.url()).pathname), `the way back leads to ${page.url()}`);
    await t.dontSee(page, names[1]);
  }
  t.equal(await page.getByText("9900 000 123").count(), 0, "times that the number is there");
}

/** After half an hour without use, with something typed. */
async function idle(t) {
  const page = await t.newPage();
  const context = page.context();
  await t.login(page, "hamanasu");
  await page.clock.install();
  await t.open(page, "/identity");
  const form = page.locator("main form[action='/identity']");
  for (const field of await form.locator("input:not([type=hidden])").all()) await field.fill("1");
  const names = await namesOn(page);

  // The browser's clock can be set, the server's cannot: what it says of the time that is left is said in its place.
  const warning = page.locator("#session-warning");
  await page.route("**/session/left", (route) => route.fulfill({ json: { seconds: 115, carries: true } }));
  t.ok(!(await warning.isVisible()), "no warning at first");
  await page.clock.fastForward(28 * MINUTE + 10_000);
  await warning.waitFor();
  await axeInBothColours(t, page);
  await page.unroute("**/session/left");
  const kept = page.waitForResponse((response) => response.url().endsWith("/session/keep"));
  await warning.getByRole("button", { name: "つづける" }).click();
  t.equal((await kept).status(), 303, "answer to つづける");
  await warning.waitFor({ state: "hidden" });
  t.equal(await form.locator("input:not([type=hidden])").first().inputValue(), "1", "what was typed");
  // The browser says half an hour has passed, and the server that it has not: another tab was used.
  for (const minutes of [31, 6]) {
    const told = page.waitForResponse((response) => response.url().endsWith("/session/left"));
    await page.clock.fastForward(minutes * MINUTE);
    await (await told).finished();
  }
  t.ok(await form.isVisible(), "the page stays while its session lasts");

  // Without its cookie the session is over for this browser, though not long ago: what was typed is carried.
  await context.clearCookies();
  await page.clock.fastForward(31 * MINUTE);
  await nobodyIsThere(t, page, names);
  await t.see(page, "入力した内容は消えていません");
  await t.dontSee(page, "残せませんでした");
  await axeInBothColours(t, page);
  await page.getByRole("button", { name: "ログインする" }).click();
  await t.see(page, "入力した内容は残っています");
  const account = t.accounts.find((account) => account.login === "hamanasu");
  await page.fill('input[name="login"]', account.login);
  await page.fill('input[name="password"]', account.password);
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForSelector('input[name="code"]');
  await t.inTurn("hamanasu", async () => {
    await page.fill('input[name="code"]', await t.code(account));
    await page.locator("main form button[type=submit]").first().click();
    await t.see(page, "前に入力した内容が残っています");
  });
  await page.getByRole("button", { name: "続けて送る" }).click();
  t.equal(new URL(page.url()).pathname, "/identity", "where the form goes");
}

/** Ended elsewhere, so that no tab of this browser tells of it: the page asks now and then. */
async function endedElsewhere(t) {
  const page = await t.newPage();
  await t.login(page, "kamome");
  await page.clock.install();
  await t.open(page, "/identity");
  const names = await namesOn(page);
  await page.locator("main form[action='/identity'] input:not([type=hidden])").first().fill("1");
  const other = await t.newPage({ storageState: await page.context().storageState() });
  await t.open(other, "/people");
  await other.getByRole("button", { name: "ログアウト" }).click();
  await t.see(other, "ログアウトしました");
  await page.clock.fastForward(MINUTE);
  for (const one of names) await t.see(page, one);
  await page.clock.fastForward(5 * MINUTE);
  await nobodyIsThere(t, page, names);
  await t.see(page, "送る前の入力は残せませんでした");
}

/** Who is logged in, and what the page says above all. */
async function namesOn(page) {
  const who = (await page.locator(".k-who__text").innerText()).split("\n").at(-1).replace(/（.*/, "").trim();
  return [who, (await page.locator("h1").innerText()).trim()];
}

/** Neither on the screen nor in the document, its title, or what a screen reader finds. */
async function nobodyIsThere(t, page, names) {
  await t.see(page, "ログインが切れました");
  const document = await page.content();
  const read = await page.locator("body").ariaSnapshot();
  for (const one of names) {
    t.ok(one.length > 1, "a name to look for");
    t.ok(!document.includes(one), `"${one}" is not in the document`);
    t.ok(!read.includes(one), `"${one}" is not read aloud`);
  }
  t.equal(await page.title(), "ログインが切れました - 介護WEBサービス", "title");
  t.equal(await page.locator("main, header, footer").count(), 0, "parts of the page that are left");
}
