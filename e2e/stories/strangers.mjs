// Who is not in charge sees nothing, and each other reason looks and reads differently.

import { MASARU, SADA, TAKESHI, TOME, addressOf, axeInBothColours, mainText, pageOf } from "../desk.mjs";

export const name = "strangers: a foreign person is like nobody; four reasons, four explanations";

export async function run(t) {
  const own = await pageOf(t, "izumo");
  const address = await addressOf(t, own, TOME);
  for (const javaScript of [true, false]) await foreignOffice(t, address, javaScript);

  const said = new Map();
  const reason = async (what, page, place) => {
    const text = (await place.first().innerText()).replace(/\s+/g, " ").trim();
    t.ok(![...said.values()].includes(text), `the reason "${what}" has words of its own: ${text}`);
    said.set(what, text);
    await t.fitsWidth(page);
    await axeInBothColours(t, page);
    return text;
  };

  const state = ".k-documents__item .dads-chip-label";
  await t.open(own, `${await addressOf(t, own, SADA)}/documents`);
  t.equal(await own.locator("main select").count(), 0, "papers to open without consent");
  t.equal(await reason("no consent", own, own.locator(state)), "同意がありません", "word for no consent");
  await t.see(own, "ご本人の同意は、この事業所でも受け付けられます");

  await t.open(own, `${await addressOf(t, own, TAKESHI)}/documents`);
  t.equal(await own.locator("main select").count(), 0, "papers to open after the consent was withdrawn");
  t.equal(await reason("withdrawn", own, own.locator(state)), "同意の取消し", "word for a withdrawn consent");
  await t.see(own, "2026年（令和8年）11月2日に同意を取り消した");

  const service = await pageOf(t, "hamanasu");
  await t.open(service, `${await addressOf(t, service, TOME)}/documents`);
  t.equal(await reason("service office", service, service.locator(state)), "見られません", "word for a service office");
  const where = new URL(service.url()).pathname;
  await t.open(service, `${where}/survey-1?purpose=service`, 403);
  await reason("service office opens a paper", service, service.locator(".k-absence"));

  await t.open(own, `/people?number=${MASARU}`);
  await t.see(own, "市町村の準備中（2027年4月1日から）");
  const notStarted = await own.locator("tbody th a").getAttribute("href");
  await t.open(own, notStarted, 403);
  t.match(await reason("not started", own, own.locator(".k-absence")), /見られるようになる日：2027年4月1日から/, "since when");
  await checkOfNotStarted(t, own);
}

/** The care manager of another office: the address of a foreign person answers as one that was never there. */
async function foreignOffice(t, address, javaScript) {
  const foreign = await pageOf(t, "engawa", { javaScript });
  for (const tab of ["certificates", "certification", "documents", "documents/survey-1?purpose=care-plan", "balances", "history", "charge", "charge/end"]) {
    await t.open(foreign, `${address}/${tab}`, 404);
    const known = await mainText(foreign);
    await t.open(foreign, `/people/nonsense/${tab}`, 404);
    t.equal(known, await mainText(foreign), `the page of a foreign person (${tab})`);
  }
  t.equal(await foreign.title(), "ページが見つかりません - 介護WEBサービス", "title");
  if (javaScript) await axeInBothColours(t, foreign);
  await t.open(foreign, `/people?number=${TOME}`);
  t.equal(await foreign.locator("tbody tr").count(), 0, "foreign people in the list");
}

/** 本人確認 with an insurer that has not started says since when, whoever is asked for. */
async function checkOfNotStarted(t, page) {
  await t.open(page, "/identity");
  for (const [field, value] of Object.entries({ insurer_no: "989012", insured_no: MASARU, kana: "イソベ マサル", birth: "S15.12.1" })) {
    await page.fill(`main [name=${field}]`, value);
  }
  await page.getByRole("button", { name: "確認する" }).click();
  await t.see(page, "しおかぜ広域連合は、まだ情報の共有を始めていません");
  await t.see(page, "2027年4月1日から");
}
