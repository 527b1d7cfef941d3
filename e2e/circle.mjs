// What the stories of the whole circle share: finding one's way, paper, and the story itself, told with scripts and without.

import { addressOf, mainText, pageOf, send } from "./desk.mjs";

/** The first link on a page that leads to such a place. */
export async function firstLink(t, page, where, pattern) {
  await t.open(page, where);
  const links = await page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href").split("?")[0].split("#")[0]));
  const found = links.find((link) => pattern.test(link));
  t.ok(found, `${where} leads to ${pattern}; it has ${links.slice(0, 20).join(", ")}`);
  return found;
}

/** The page on paper: the controls of the screen are gone, the heading is there, a few sheets of A4. */
export async function printed(t, page, where, most) {
  await t.open(page, where);
  await page.emulateMedia({ media: "print" });
  for (const gone of [".k-header", ".k-footer", ".k-skip"]) {
    t.equal(await page.locator(gone).filter({ visible: true }).count(), 0, `${gone} of ${where} on paper`);
  }
  t.ok(await page.locator("h1").first().isVisible(), `${where} has its heading on paper`);
  const cut = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX === "hidden").length);
  t.equal(cut, 0, `parts of ${where} that are cut on paper`);
  const pdf = await page.pdf({ preferCSSPageSize: true, format: "A4" });
  const counts = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Pages\b[^]*?\/Count\s+(\d+)/g)].map((match) => Number(match[1]));
  const sheets = Math.max(0, ...counts);
  t.ok(sheets >= 1 && sheets <= most, `${where} needs ${sheets} sheets`);
  await page.emulateMedia({ media: null });
}

const DAY = "2026年11月22日";

/** Boxes that a physician ticks and what is typed, by our numbers of the form. */
const OPINION = [
  ["0-1", "2026年11月18日"],
  ["0-2", "2"],
  ["0-3", "2"],
  ["1-1-1", "アルツハイマー型認知症"],
  ["1-1-1d", "平成30年4月頃"],
  ["1-2", "1"],
  ["1-3", "外来で内服を続けている。"],
  ["3-1-1", "4"],
  ["3-1-2", "3"],
  ["3-2-1", "2"],
  ["3-2-2", "2"],
  ["3-2-3", "1"],
  ["3-3-1", "2"],
  ["3-4-1", "2"],
  ["4-1-1", "2"],
  ["4-1-2", "1"],
  ["4-1-3", "1"],
  ["4-2-1", "1"],
  ["4-2-2", "1"],
  ["4-4", "1"],
  ["4-7", "2"],
];

/**
 * The whole circle across six logins. number: whose application it is, in charge of izumo; citizen: their login; javaScript:
 * whether the browsers run scripts.
 */
export async function circle(t, { number, citizen, javaScript, kind }) {
  const check = async (page) => {
    await t.fitsWidth(page);
    // The colours are looked at page by page in circle_every_page.mjs.
    if (javaScript) await t.axe(page);
  };
  const clerk = await pageOf(t, "shiyakusho", { javaScript });
  const running = await takeIn(t, clerk, { number, kind, check });
  const request = await askForOpinion(t, clerk, { running, check });
  const doctor = await pageOf(t, "umibe", { javaScript });
  await writeOpinion(t, doctor, { request, check });
  await accept(t, clerk, { request, running, check });
  const board = await pageOf(t, "shinsakai", { javaScript });
  await judge(t, clerk, board, { running, check });

  // The care manager sees the result at once.
  const manager = await pageOf(t, "izumo", { javaScript });
  const address = await addressOf(t, manager, number);
  await t.open(manager, `${address}/certification`);
  t.match(await mainText(manager), /要介護2/, "the new level at the care manager's");
  await check(manager);

  // The person sees everything, who looked, and takes the consent back: the care manager sees no papers any more.
  const person = await pageOf(t, citizen, { javaScript });
  await t.open(person, "/my/log");
  const log = await mainText(person);
  for (const who of ["市川 恵子", "海部 進", "審 まこと", "出雲 太郎"]) t.ok(log.includes(who), `the person's log names ${who}: ${log.slice(0, 600)}`);
  await check(person);
  await t.open(person, "/my/consent/withdraw");
  await check(person);
  for (const box of await person.locator("main form input[type=checkbox]").all()) await box.check();
  await send(person, /取り消す|撤回/);
  await check(person);
  await t.open(manager, `${address}/documents`);
  await t.see(manager, "同意");
  await t.open(manager, `${address}/documents/survey-1?purpose=care-plan`, 403);
  t.match(await mainText(manager), /同意を取り消した/, "the care manager is told why");
}

async function takeIn(t, page, { number, kind, check }) {
  await t.open(page, `/insurer/cases/new?number=${number}`);
  await check(page);
  const form = page.locator("form[method=post][action='/insurer/cases/new']");
  await choose(form, "kind", kind);
  await form.locator("[name=applied_on]").fill(DAY);
  const looked = form.locator("[name=looked]");
  if ((await looked.count()) > 0) await looked.first().check();
  await submit(page, form);
  const running = new URL(page.url()).pathname;
  t.match(running, /^\/insurer\/cases\/[0-9a-f]{32}\/\d+$/, "where the new application stands");
  await check(page);
  return running;
}

async function askForOpinion(t, page, { running, check }) {
  await t.open(page, `${running}/opinion`);
  await check(page);
  const form = page.locator(`form[action='${running}/opinion']`);
  await form.locator("[name=institution]").selectOption({ label: "浜通り内科医院" });
  await form.locator("[name=count_kind][value=again]").check();
  await form.locator("[name=place_kind][value=home]").check();
  await submit(page, form);
  return firstLink(t, page, new URL(page.url()).pathname, /^\/insurer\/opinions\/[0-9a-f]{32}$/).catch(() => new URL(page.url()).pathname);
}

async function writeOpinion(t, page, { request, check }) {
  const base = `/medical/requests/${request.split("/").pop()}`;
  await t.open(page, "/medical");
  await check(page);
  await t.open(page, `${base}/form`);
  await check(page);
  for (const [field, text] of OPINION) {
    const box = page.locator(`[name='f-${field}'][type=radio][value='${text}']`);
    const tick = page.locator(`[name='f-${field}.${text}'][type=checkbox]`);
    if ((await box.count()) > 0) await box.check();
    else if ((await tick.count()) > 0) await tick.check();
    else await page.locator(`[name='f-${field}']`).first().fill(text);
  }
  await page.locator("button[name=act][value=check]").first().click();
  await page.waitForURL(/\/check$/);
  await check(page);
  await submit(page, page.locator(`form[action='${base}/submit']`));
  t.match(page.url(), /\/receipt/, "where submitting leads");
  await t.see(page, "SHA-256");
  await check(page);
}

async function accept(t, page, { request, running, check }) {
  await t.open(page, request);
  await check(page);
  await submit(page, page.locator(`form[action='${request}/accept']`));
  await t.open(page, `${running}/days`);
  const form = page.locator(`form[action='${running}/days']`);
  for (const day of ["survey-requested", "surveyed", "survey-received", "computed"]) await form.locator(`[name='${day}']`).fill(DAY);
  await form.locator("[name=computed_level]").selectOption("22");
  await submit(page, form);
  await check(page);
}

async function judge(t, clerk, board, { running, check }) {
  await t.open(board, "/board");
  const form = board.locator("form[action='/board/sessions']");
  await form.locator("[name=held_on]").fill(DAY);
  await form.locator("[name=starts_at]").fill("18:00");
  const panel = `臨時 ${running.slice(-8)}`;
  await form.locator("[name=panel]").fill(panel);
  await form.locator("[name=capacity]").fill("5");
  await submit(board, form);
  const session = await board.getByRole("link", { name: new RegExp(panel) }).first().getAttribute("href").catch(() => null);
  const own = session ?? new URL(board.url()).pathname;
  const id = own.split("?")[0].split("/").pop();
  await t.open(clerk, `/insurer/board/${id}`);
  await check(clerk);
  const assign = clerk.locator(`form[action='/insurer/board/${id}/assign']`);
  const [p, n] = running.split("/").slice(-2);
  await assign.locator(`[name='pick-${p}-${n}']`).check();
  await submit(clerk, assign);
  await t.open(board, `/board/sessions/${id}`);
  await check(board);
  const before = await firstLink(t, board, `/board/sessions/${id}`, /^\/board\/cases\/[0-9a-f]{32}$/);
  await t.open(board, before);
  await check(board);
  const said = board.locator(`form[action='${before}']`);
  await said.locator("[name=verdict][value=certified]").check();
  await said.locator("[name=level]").selectOption("22");
  await said.locator("[name=months]").fill("12");
  await submit(board, said);
  await t.open(board, `/board/sessions/${id}`);
  await submit(board, board.locator(`form[action='/board/sessions/${id}/close']`));
  await t.open(clerk, `/insurer/board/${id}`);
  const confirm = clerk.locator(`form[action='/insurer/board/${id}/confirm']`);
  await confirm.locator("input[type=checkbox]").first().check();
  await submit(clerk, confirm);
  await check(clerk);
  await t.open(clerk, running);
  await t.see(clerk, "要介護2");
  await check(clerk);
}

/** Chooses in a select or among circles, whichever the form has. */
async function choose(form, name, value) {
  const circles = form.locator(`[name='${name}'][type=radio][value='${value}']`);
  if ((await circles.count()) > 0) await circles.check();
  else await form.locator(`select[name='${name}']`).selectOption(value);
}

/** Presses the first button of the form, and waits for the page that comes. */
async function submit(page, form) {
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && ![301, 302, 303].includes(response.status())),
    form.locator("button[type=submit], button:not([type])").first().click(),
  ]);
  await page.waitForLoadState();
  if (response.status() >= 400) throw new Error(`${response.url()} answered ${response.status()}: ${(await mainText(page)).slice(0, 400)}`);
}
