// What the stories of the whole circle share: finding one's way, paper, and the story itself, told with scripts and without.

import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";

import { addressOf, mainText, pageOf, registered, send } from "./desk.mjs";

/** The first link on a page that leads to such a place. */
export async function firstLink(t, page, where, pattern) {
  await t.open(page, where);
  const links = await page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href").split("?")[0].split("#")[0]));
  const found = links.find((link) => pattern.test(link));
  t.ok(found, `${where} leads to ${pattern}; it has ${links.slice(0, 20).join(", ")}`);
  return found;
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
 * The whole circle across six logins (the care manager, two of the municipality: its clerk and the secretariat of its board,
 * the doctor, the person; みなと, whose notice ends). items: the four of the certificate of the person whose application it is;
 * citizen: their login; javaScript: whether the browsers run scripts.
 */
export async function circle(t, { items, citizen, javaScript, kind }) {
  const number = items.insured_no;
  const check = async (page) => {
    await t.fitsWidth(page);
    // Other colours are looked at page by page in the walks.
    if (javaScript) await t.axe(page);
  };
  const clerk = await pageOf(t, "shiyakusho", { javaScript });
  const work = `玄関の手すり（${citizen}）`;
  await load(t, clerk, { number, work, check });
  const manager = await pageOf(t, MANAGER, { javaScript });
  await registered(t, manager, items);
  const address = await addressOf(t, manager, number);
  await t.open(manager, `${address}/balances`);
  await t.see(manager, work);
  await check(manager);
  const filing = await file(t, manager, { number, address, check });
  await acceptFiling(t, clerk, { filing, check });
  await filed(t, manager, { filing, address, check });
  const running = await takeIn(t, clerk, { number, kind, check });
  const request = await askForOpinion(t, clerk, { running, check });
  const doctor = await pageOf(t, "umibe", { javaScript });
  await writeOpinion(t, doctor, { request, check });
  await accept(t, clerk, { request, running, check });
  await followed(t, manager, { address, check });
  const board = await pageOf(t, "shinsakai", { javaScript });
  await judge(t, clerk, board, { running, check });

  await told(t, manager, { address, check });
  // The office that was in charge before sees who is now.
  const before = await pageOf(t, "izumo", { javaScript });
  await t.open(before, `${await addressOf(t, before, number)}/certificates`);
  t.ok((await mainText(before)).includes(OFFICE), "the office before sees whose notice stands");

  // The person sees everything, who looked, and takes the consent back: the care manager sees no papers any more.
  const person = await pageOf(t, citizen, { javaScript });
  await t.open(person, "/my/log");
  const log = await mainText(person);
  for (const who of ["市川 恵子", "海部 進", "審 まこと", "白波 恵"]) t.ok(log.includes(who), `the person's log names ${who}: ${log.slice(0, 600)}`);
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

/** The care manager of the story and their office. */
const MANAGER = "kamome";
const OFFICE = "ケアプランセンター かもめ";

/** The municipality sends one more record in the browser: chosen, checked, published by a second word. */
async function load(t, page, { number, work, check }) {
  const folder = mkdtempSync(path.join(t.options.work, "feed-"));
  const header = "insured_no,record_no,history_no,void,state,home_no,started_on,level_at_start,content,covered_cost,applied_on,decided_on,three_step_reset";
  writeFileSync(path.join(folder, "home_modification.csv"), `${header}\n${number},77,1,0,2,1,2026-11-02,22,${work},30000,2026-10-20,2026-11-16,0\n`);
  const file = { name: "home_modification.csv", kind: "home_modification", rows: 1 };
  const manifest = { format: "kaigo-feed/1", insurer_no: "981019", insurer_name: "みなと川市", made_at: "2026-11-22T05:10:00+09:00", mode: "delta", files: [file] };
  writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifest));
  await t.open(page, "/insurer/feed");
  await page.setInputFiles("#files", ["manifest.json", "home_modification.csv"].map((name) => path.join(folder, name)));
  await send(page, "中身を確かめる");
  const upload = new URL(page.url()).pathname;
  await ended(t, page, upload);
  t.match(await mainText(page), /取り込めます.*まだ取り込んでいません/, "what the dry run says");
  await check(page);
  await send(page, "取り込む");
  await ended(t, page, upload);
  t.match(await mainText(page), /取り込みました/, "what publishing says");
  await check(page);
  await t.open(page, "/insurer/feed/loads");
  t.match(await page.locator("tbody tr").first().innerText(), /差分\s+取り込みました\s+市川 恵子/, "the newest load");
}

/** Waits until the job of an upload has ended: its page asks anew by itself while it runs. */
async function ended(t, page, upload) {
  for (let ask = 0; ask < 100; ask += 1) {
    await t.open(page, upload);
    if ((await page.locator("meta[http-equiv=refresh]").count()) === 0) return;
  }
  throw new Error(`the job of ${upload} does not end`);
}

/** The care manager files the notice by proxy. Answers its address. */
async function file(t, page, { number, address, check }) {
  await t.open(page, "/filings");
  await check(page);
  await page.fill("main [name=number]", number);
  await send(page, "届出をはじめる");
  t.equal(new URL(page.url()).pathname, `${address}/filing`, "where a notice begins");
  await t.see(page, "いまの届出は「居宅介護支援事業所 みなと」です");
  await check(page);
  await page.fill("main [name=start]", DAY);
  await send(page, "つぎへ");
  await t.see(page, "事業所を変更する理由");
  await check(page);
  await page.check("main [name=reason][value=wish]");
  await send(page, "つぎへ");
  await t.see(page, "届け出る前の確認");
  await check(page);
  await send(page, "届け出る");
  await t.see(page, "確認待ち");
  await check(page);
  return new URL(page.url()).pathname;
}

/** The municipality looks at the notice in its inbox and accepts it. */
async function acceptFiling(t, page, { filing, check }) {
  await t.open(page, "/insurer/filings");
  const own = `/insurer${filing}`;
  await page.locator(`main a[href='${own}']`).first().click();
  await page.waitForURL((url) => url.pathname === own);
  t.match(await mainText(page), /保険者確認欄.*みなとの届出は、令和8年11月21日で終わります/, "what accepting does");
  await check(page);
  const despite = page.locator("main [name=despite]");
  if ((await despite.count()) > 0) await despite.check();
  await submit(page, page.locator(`form[action='${own}/accept']`));
  await t.see(page, "受理");
  await check(page);
}

/** The care manager sees the state, the notice and the certificate with their office on it. */
async function filed(t, page, { filing, address, check }) {
  await t.open(page, filing);
  await t.see(page, "受理されました");
  await check(page);
  await t.open(page, "/notices");
  t.match(await page.locator("main").innerText(), /届出の受理/, "the news of the acceptance");
  await t.open(page, `${address}/certificates`);
  t.match(await mainText(page), new RegExp(`居宅介護支援事業者 ${OFFICE} 届出 2026年11月22日`), "the office on the certificate");
  await check(page);
}

/** The care manager sees how far the case is, before the board has judged. */
async function followed(t, page, { address, check }) {
  await t.open(page, `${address}/certification`);
  t.match(await mainText(page), /主治医意見書 済み 2026年11月22日 一次判定 済み 2026年11月22日 介護認定審査会（二次判定） いまここ/, "how far the case is");
  await check(page);
  await t.open(page, "/");
  const pending = await page.locator("section[aria-labelledby=pending]").innerText();
  t.ok(pending.includes(await nameOf(page, address)), `きょうの仕事 has the case: ${pending}`);
}

/** The care manager is told of the result without asking, with a mark at what changed, until it was looked at. */
async function told(t, page, { address, check }) {
  const name = await nameOf(page, address);
  await t.open(page, "/notices");
  const news = await mainText(page);
  for (const words of ["認定の結果が出ました", "認定書類が見られるようになりました", "認定の手続きが進みました"]) t.ok(news.includes(`${name} さん：${words}`), `the news say 「${name} さん：${words}」: ${news.slice(0, 900)}`);
  await check(page);
  await t.open(page, "/");
  const arrived = (await page.locator("section[aria-labelledby=arrived]").innerText()).replace(/\s+/g, " ");
  t.ok(arrived.includes(`${name} さん：要介護2（`), `届きました has the result: ${arrived}`);
  await check(page);
  await t.open(page, `${address}/certificates`);
  t.match(await mainText(page), /変更 \d+か所/, "the mark at what changed");
  await check(page);
  await t.open(page, `${address}/certificates`);
  t.match(await mainText(page), /変わったところはありません/, "what changed was looked at");
  await t.open(page, `${address}/certification`);
  t.match(await mainText(page), /に要介護2と認定しました/, "the result of the case");
  await check(page);
  // And reads the new opinion, for a purpose.
  await t.open(page, `${address}/documents`);
  const paper = page.locator(".k-documents__item", { hasText: "主治医意見書" }).filter({ has: page.locator("select") }).first();
  await paper.locator("select").selectOption({ label: "ケアプランの作成・見直し" });
  await paper.getByRole("button", { name: "開く" }).click();
  await t.see(page, "目的：ケアプランの作成・見直し");
  await check(page);
}

const names = new Map();

/** The person's name, as the bar of their pages has it. */
async function nameOf(page, address) {
  if (!names.has(address)) {
    await page.goto(`${address}/certification`);
    names.set(address, (await page.title()).match(/([^ ]+ [^ ]+) さん/)[1]);
  }
  return names.get(address);
}

export async function takeIn(t, page, { number, kind, check }) {
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

export async function askForOpinion(t, page, { running, check }) {
  await t.open(page, `${running}/opinion`);
  await check(page);
  const form = page.locator(`form[action='${running}/opinion']`);
  await form.locator("[name=institution]").selectOption({ label: "浜通り内科医院" });
  await form.locator("[name=count_kind][value=again]").check();
  await form.locator("[name=place_kind][value=home]").check();
  await submit(page, form);
  return firstLink(t, page, new URL(page.url()).pathname, /^\/insurer\/opinions\/[0-9a-f]{32}$/).catch(() => new URL(page.url()).pathname);
}

export async function writeOpinion(t, page, { request, check }) {
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

/** The clerk takes the opinion in. */
export async function acceptOpinion(t, page, { request, check }) {
  await t.open(page, request);
  await check(page);
  await submit(page, page.locator(`form[action='${request}/accept']`));
}

async function accept(t, page, { request, running, check }) {
  await acceptOpinion(t, page, { request, check });
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
