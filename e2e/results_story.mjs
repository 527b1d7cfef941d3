// A month's results without care software: the 予定 that came is the grid, exceptions are typed, sent, compared by the care manager.

import { axeInBothColours, mainText, pageOf, send } from "./desk.mjs";

/** The month whose results are asked for on the day of the demo. */
const MONTH = "202610";

export async function resultsStory(t, { javaScript }) {
  const page = await pageOf(t, "hamanasu", { javaScript });
  const check = async (page) => {
    await t.fitsWidth(page);
    if (javaScript) await axeInBothColours(t, page);
  };
  await begin(t, page, check);
  const entry = new URL(page.url()).pathname;
  const days = await copyThePlan(t, page);
  await wrongInput(t, page, check, days);
  await exceptions(t, page, { check, days, javaScript });
  const result = await confirmAndSend(t, page, check);
  await compare(t, { javaScript, check, result });
  await strangers(t, { javaScript, entry });
}

async function begin(t, page, check) {
  await t.open(page, "/exchange");
  await page.getByRole("link", { name: "実績の入力" }).click();
  await t.open(page, `/exchange/results?month=${MONTH}`);
  await t.see(page, "2026年10月の実績の入力");
  await check(page);
  t.equal((await send(page, /^始める/)).status(), 200, "status of a begun entry");
  t.match(new URL(page.url()).pathname, /^\/exchange\/results\/[0-9a-f]{32}$/, "address of the entry");
  await check(page);
}

const cells = (page) => page.locator('.k-days--entry tbody:first-of-type td input');

/** Values of the first line by day. */
const values = (page) => cells(page).evaluateAll((inputs) => inputs.map((input) => input.value));

/** 予定をそのまま実績にする; answers the days of the first line. */
async function copyThePlan(t, page) {
  t.ok((await values(page)).every((value) => value === ""), "an entry begins empty");
  t.equal((await send(page, "予定をそのまま実績にする")).status(), 200, "status after copying the plan");
  const days = (await values(page)).flatMap((value, day) => (value ? [day] : []));
  t.ok(days.length >= 3, `the first line is planned on at least three days: ${days}`);
  return days;
}

async function wrongInput(t, page, check, days) {
  await cells(page).nth(days[0]).fill("○");
  t.equal((await send(page, "保存して、あとでつづける")).status(), 422, "status of a count that is no number");
  t.match(await page.title(), /^エラー：/, "title of the page with errors");
  t.equal(await cells(page).nth(days[0]).inputValue(), "○", "what was typed");
  await page.locator("#error-summary a").first().click();
  await check(page);
}

async function exceptions(t, page, { check, days, javaScript }) {
  // Not there on the first day, twice on the second.
  await cells(page).nth(days[0]).fill("");
  if (javaScript) {
    // By keyboard: from cell to cell with the arrows, a number over what stands there.
    await cells(page).nth(days[0]).focus();
    for (let day = days[0]; day < days[1]; day += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.type("2");
    await page.keyboard.press("ArrowUp");
    t.equal(await page.evaluate(() => document.activeElement.value), "2", "the first line has nothing above");
    const sum = page.locator(".k-days--entry tbody:first-of-type tr:last-of-type td").last();
    t.equal(await sum.innerText(), String(days.length), "the sum follows what is typed");
  } else {
    await cells(page).nth(days[1]).fill("2");
  }
  t.equal((await send(page, "保存して、あとでつづける")).status(), 200, "status after saving");
  await t.see(page, "保存しました");
  t.equal((await values(page))[days[1]], "2", "what was saved");

  await page.locator("[name=line]").selectOption({ index: 1 });
  await page.fill("[name=day]", String(days[2] + 1));
  await page.fill("[name=from]", "6:10");
  await page.fill("[name=until]", "0640");
  t.equal((await send(page, "この日の時間をかえる")).status(), 200, "status after another time");
  await t.see(page, `${days[2] + 1}日は 6:10～6:40`);

  await page.fill("[name=code]", "１１７２１１");
  await page.fill("[name=added-day]", "31");
  await page.fill("[name=added-from]", "15:00");
  await page.fill("[name=added-until]", "15:45");
  t.equal((await send(page, "このサービスを足す")).status(), 200, "status after an unplanned service");
  await t.see(page, "足した行");
  await check(page);
}

async function confirmAndSend(t, page, check) {
  t.equal((await send(page, "保存して、確かめへ進む")).status(), 200, "status of the last look");
  const said = await mainText(page);
  for (const words of ["がありません", "1回の予定で 2回でした", "06:10～06:40", "予定にない生活援助2"]) t.ok(said.includes(words), `the last look says 「${words}」: ${said.slice(0, 500)}`);
  await check(page);
  t.equal((await send(page, "この実績を送る")).status(), 200, "status after sending");
  const result = new URL(page.url()).pathname;
  t.match(result, /^\/exchange\/sets\/[0-9a-f]+$/, "where the sent results are");
  await t.see(page, "UPJSK_202610_");
  await t.open(page, `${result}/receipt`);
  await t.see(page, "電子署名");
  await t.open(page, `/exchange/results?month=${MONTH}`);
  await t.see(page, "送りました");
  return result;
}

async function compare(t, { javaScript, check, result }) {
  const page = await pageOf(t, "izumo", { javaScript });
  await t.open(page, `${result}/people/0`);
  await t.see(page, "第6表");
  await check(page);
  await page.getByRole("link", { name: "予定と実績を見くらべる" }).click();
  await t.see(page, "予定とのちがい");
  const said = await mainText(page);
  for (const words of ["がありません", "1回の予定で 2回でした", "06:10～06:40", "予定にない生活援助2", "取りやめ", "予定にない"]) t.ok(said.includes(words), `the comparison says 「${words}」: ${said.slice(0, 500)}`);
  await check(page);
  const all = await page.locator(".k-days tbody").count();
  await page.getByRole("link", { name: "ちがいだけ見る" }).click();
  const differing = await page.locator(".k-days tbody").count();
  t.ok(differing > 0 && differing <= all, `${differing} of ${all} lines differ`);
  await page.emulateMedia({ media: "print" });
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  t.match(pdf, /\/MediaBox \[0 0 84\d\.?\d* 59\d/, "A4 landscape");
  await page.emulateMedia({ media: null });
}

async function strangers(t, { javaScript, entry }) {
  const page = await pageOf(t, "kamome", { javaScript });
  for (const where of [entry, `${entry}/confirm`]) await t.open(page, where, 404);
}
