// What several stories do: come back as somebody, find one of the office's people, check a page in every look.

/** People of the demo, by 被保険者番号. */
export const TOME = "9900000123"; // 久城 トメ: the renewal runs, the certification ends in 9 days
export const KIYOSHI = "9900000456"; // 大谷 清: papers of the renewal have come
export const SADA = "9900000482"; // 三上 サダ: no consent
export const TAKESHI = "9900000494"; // 野々村 武: consent withdrawn
export const YOSHI = "9900000529"; // 髙﨑 ヨシ: a name with variants of characters
export const MASARU = "9900000634"; // 磯部 勝: the insurer has not started

const sessions = new Map();

/** A page of somebody who logged in before: one login a run, because each code is taken once and a new one costs 30 seconds. */
export async function pageOf(t, login, options = {}) {
  if (!sessions.has(login)) {
    const page = await t.newPage();
    await t.login(page, login);
    sessions.set(login, await page.context().storageState());
    await page.context().close();
  }
  return t.newPage({ ...options, storageState: sessions.get(login) });
}

/** Address of one of the office's people, without the tab: `/people/…`. */
export async function addressOf(t, page, number) {
  await t.open(page, `/people?number=${number}`);
  const links = page.locator("tbody th a");
  t.equal(await links.count(), 1, `people with the number ${number}`);
  return (await links.first().getAttribute("href")).replace(/\/certificates$/, "");
}

/** The four items of a certificate, as 本人確認 asks for them. */
export const ITEMS = {
  tome: { insurer_no: "981019", insured_no: TOME, kana: "クシロ トメ", birth: "S13.4.12" },
  kiyoshi: { insurer_no: "981019", insured_no: KIYOSHI, kana: "オオタニ キヨシ", birth: "S16.9.3" },
};

/** Confirms somebody by the certificate and registers the office; nothing to do where it is registered already. */
export async function registered(t, page, items) {
  await t.open(page, `/people?number=${items.insured_no}`);
  if ((await page.locator("tbody th a").count()) > 0) return;
  await t.open(page, "/identity");
  for (const [name, value] of Object.entries(items)) await page.fill(`main [name=${name}]`, value);
  await send(page, "確認する");
  await page.check("#seen");
  await send(page, "担当事業所として登録する");
  await t.see(page, "担当事業所として登録しました");
}

/** axe in the usual look and in forced colours; leaves the page as it was. */
export async function axeInBothColours(t, page) {
  await t.axe(page);
  await page.emulateMedia({ forcedColors: "active" });
  await t.axe(page, `${page.url()} in forced colours`);
  await page.emulateMedia({ forcedColors: null });
}

/** Presses a size of the control in the header: 標準, 大, 特大. */
export async function chooseTextSize(page, word) {
  await page.getByRole("button", { name: word, exact: true }).click();
  await page.locator(`.k-size__button[aria-pressed="true"]`, { hasText: word }).waitFor();
}

/** The text of the main part, spaces folded. */
export async function mainText(page) {
  return (await page.locator("main").innerText()).replace(/\s+/g, " ").trim();
}

/** Sends the form of the button and answers the response of the page that follows. */
export async function send(page, button) {
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && ![301, 302, 303].includes(response.status())),
    page.locator("main").getByRole("button", { name: button }).first().click(),
  ]);
  await page.waitForLoadState();
  return response;
}

/** Follows a tab of the person's page. */
export async function openTab(t, page, word) {
  await page.locator(".k-tabs").getByRole("link", { name: word, exact: true }).click();
  await page.locator(`.k-tabs [aria-current]`, { hasText: word }).waitFor();
}
