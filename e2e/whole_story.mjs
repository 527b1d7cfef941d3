// The story of the ground floor, told twice: with scripts and without.

import { KIYOSHI, TOME, addressOf, axeInBothColours, mainText, openTab, send } from "./desk.mjs";

/**
 * person: who is registered, with what is typed; javaScript: whether the browser runs scripts.
 * Ends as 大谷 清, who finds the looks in his own log.
 */
export async function wholeStory(t, { javaScript, person }) {
  const page = await t.newPage({ javaScript });
  const check = async () => {
    await t.fitsWidth(page);
    if (javaScript) await axeInBothColours(t, page);
  };
  await t.login(page, "izumo");
  await todaysWork(t, page, check);
  await wrongItems(t, page, { check, javaScript, person });
  await register(t, page, { check, javaScript, person });
  await record(t, page, check);
  const opened = await papers(t, page, check);
  await openTab(t, page, "閲覧履歴");
  const history = await mainText(page);
  for (const words of ["出雲 太郎（介護支援専門員）", "認定調査票を開きました", "ケアプランの作成・見直し", "認定調査票の元の書類を開きました"]) {
    t.ok(history.includes(words), `閲覧履歴 says 「${words}」: ${history.slice(0, 400)}`);
  }
  await check();
  await page.getByRole("button", { name: "ログアウト" }).click();
  await t.see(page, "ログアウトしました");
  await t.open(page, opened);
  t.equal(new URL(page.url()).pathname, "/login", "where a page of a person leads after logging out");
  await whoLooked(t, javaScript);
}

async function todaysWork(t, page, check) {
  t.equal(new URL(page.url()).pathname, "/", "first page");
  const part = async (id) => (await page.locator(`section[aria-labelledby=${id}]`).innerText()).replace(/\s+/g, " ");
  const arrived = await part("arrived");
  for (const words of ["認定結果", "高津 ふみ さん：要介護2", "認定書類", "高津 ふみ さん：認定調査票・主治医意見書", "証の変更", "岡 敏子 さん：負担割合証"]) t.ok(arrived.includes(words), `届きました says 「${words}」: ${arrived}`);
  const expiring = await part("expiring");
  t.match(expiring, /あと9日 久城 トメ さん：認定有効期間 .*更新申請 .* 受付済み・審査会 11月26日 予定/, "期限が近いもの, 9 days");
  t.match(expiring, /あと30日 中島 義男 さん：認定有効期間 .*?更新申請がまだありません/, "期限が近いもの, 30 days");
  t.match(await part("pending"), /久城 トメ さん：/, "進行中の申請");
  await check();
}

/** What was typed is kept, and the sentence does not tell whether the person exists. */
async function wrongItems(t, page, { check, javaScript, person }) {
  await page.getByRole("link", { name: "本人確認をして利用者を登録する" }).click();
  await t.see(page, "確認のしかた");
  await check();
  const type = async (items) => {
    for (const [name, value] of Object.entries(items)) await page.fill(`main [name=${name}]`, value);
    return send(page, "確認する");
  };

  const badForms = { insurer_no: "1", insured_no: "12345", kana: "春日", birth: "むかし" };
  t.equal((await type(badForms)).status(), 422, "status of items that cannot be read");
  t.match(await page.title(), /^エラー：/, "title of the page with errors");
  for (const [name, value] of Object.entries(badForms)) {
    t.equal(await page.inputValue(`main [name=${name}]`), value, `${name} as typed`);
    const link = page.locator(`#error-summary a[href="#${name}"]`);
    await link.click();
    if (javaScript) t.equal(await page.evaluate(() => document.activeElement.id), name, `focus after the link to ${name}`);
  }
  await check();

  const wrongBirth = { ...person.plain, birth: "昭和14年3月4日" };
  t.equal((await type(wrongBirth)).status(), 422, "status of a wrong birth date");
  const known = await page.locator("#outcome").innerText();
  t.match(await page.title(), /^エラー：/, "title when nobody was found");
  for (const [name, value] of Object.entries(wrongBirth)) t.equal(await page.inputValue(`main [name=${name}]`), value, `${name} as typed`);
  await check();
  t.equal((await type({ ...person.plain, insured_no: "9900009998" })).status(), 422, "status of a person who does not exist");
  t.equal(await page.locator("#outcome").innerText(), known, "the sentence about a person who does not exist");
}

async function register(t, page, { check, javaScript, person }) {
  for (const [name, value] of Object.entries(person.otherwise)) await page.fill(`main [name=${name}]`, value);
  t.equal((await send(page, "確認する")).status(), 200, "status of the right items");
  await t.see(page, "この方の担当事業所として登録しますか");
  await t.see(page, person.name);
  await check();
  t.equal((await send(page, "担当事業所として登録する")).status(), 422, "status without the tick");
  t.match(await page.title(), /^エラー：/, "title without the tick");
  await page.locator('#error-summary a[href="#seen"]').click();
  if (javaScript) t.equal(await page.evaluate(() => document.activeElement.id), "seen", "focus on the tick");
  await check();
  await page.check("#seen");
  t.equal((await send(page, "担当事業所として登録する")).status(), 200, "status with the tick");
  t.match(page.url(), /\/people\/[^/]+\/certificates\?done=registered$/, "address after the registration");
  await t.see(page, "担当事業所として登録しました");
  await t.see(page, "介護保険被保険者証");
  await check();
}

/** The tabs of 久城 トメ, whose renewal runs. */
async function record(t, page, check) {
  await t.open(page, `${await addressOf(t, page, TOME)}/certificates`);
  for (const words of ["要介護3", "区分支給限度基準額", "介護保険負担割合証", "2割"]) await t.see(page, words);
  await check();
  await openTab(t, page, "認定");
  await t.see(page, "いまの認定");
  t.match(await mainText(page), /審査会.*11月26日/, "the running application");
  await check();
  await openTab(t, page, "住宅改修・福祉用具");
  t.match(await mainText(page), /残り 82,000円 限度額 200,000円/, "what is left for the home");
  await check();
  await openTab(t, page, "担当");
  await t.see(page, "担当の期限");
  await check();
}

/** The papers of 大谷 清: only for a purpose. Answers the address of the opened one. */
async function papers(t, page, check) {
  await t.open(page, `${await addressOf(t, page, KIYOSHI)}/documents`);
  await check();
  const survey = page.locator(".k-documents__item", { hasText: "認定調査票" }).filter({ has: page.locator("select") }).first();
  const submit = async () => {
    const [response] = await Promise.all([page.waitForNavigation(), survey.getByRole("button", { name: "開く" }).click()]);
    return response;
  };
  t.equal((await submit()).status(), 422, "status without a purpose");
  t.match(await page.title(), /^エラー：/, "title without a purpose");
  await check();
  await survey.locator("select").selectOption({ label: "ケアプランの作成・見直し" });
  t.equal((await submit()).status(), 200, "status of the paper");
  await t.see(page, "目的：ケアプランの作成・見直し");
  await check();
  const file = await page.getByRole("link", { name: "もとの書類を開く" }).getAttribute("href");
  const answer = await page.request.get(file);
  t.equal(answer.headers()["content-type"], "application/pdf", "type of the original");
  t.equal((await answer.body()).subarray(0, 5).toString("latin1"), "%PDF-", "beginning of the original");
  return page.url();
}

/** 大谷 清 reads who looked at his records, when, at what and why. */
async function whoLooked(t, javaScript) {
  const page = await t.newPage({ javaScript });
  await t.login(page, "kiyoshi");
  t.equal(new URL(page.url()).pathname, "/my", "first page of the person");
  await page.getByRole("link", { name: "だれが見たか", exact: true }).click();
  const look = page.locator(".k-log__item", { hasText: "認定調査票を開きました" }).first();
  const said = (await look.innerText()).replace(/\s+/g, " ");
  t.match(said, /^\d{1,2}:\d\d 認定調査票を開きました 出雲 太郎（介護支援専門員） .*みなと 目的：ケアプランの作成・見直し この記録の証明 [^|]*このことを市町村に聞く/, "the look in the person's own log");
  await t.fitsWidth(page);
  if (javaScript) await axeInBothColours(t, page);
}
