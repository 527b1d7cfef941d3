// The month's exchange, told twice: with scripts and without. みなと sends a folder, はまなす receives; others see nothing.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { axeInBothColours, mainText, pageOf, send } from "./desk.mjs";
import { MINATO, plannedFiles } from "./exchange.mjs";

const MONTH = "202611";
const HAMANASU = "訪問介護 はまなす";

/** javaScript: whether the browser runs scripts; serial: a 連番 of its own, without the last two digits. */
export async function exchangeStory(t, { javaScript, serial }) {
  const check = async (page) => {
    await t.fitsWidth(page);
    if (javaScript) await axeInBothColours(t, page);
  };
  const sender = await pageOf(t, "izumo", { javaScript });
  const receiver = await pageOf(t, "hamanasu", { javaScript });
  const { files } = plannedFiles(t, { from: MINATO, month: MONTH, serial: `${serial}01` });
  const set = await sendFolder(t, sender, { files, javaScript, check, serial: `${serial}01` });
  await receive(t, receiver, { set, files, javaScript, check });
  await bothKnow(t, sender, { set, check });
  await takeBack(t, sender, receiver, { serial: `${serial}02`, javaScript });
  await strangersSeeNothing(t, { set, javaScript });
}

/** Chooses the files, looks at what was found, confirms once. Answers the address of the set for はまなす. */
async function sendFolder(t, page, { files, javaScript, check, serial }) {
  await t.open(page, "/exchange");
  await check(page);
  await page.locator("main").getByRole("link", { name: "送る" }).last().click();
  await t.see(page, "ここではまだ送りません");
  await t.see(page, "20MB");
  await check(page);
  t.equal((await send(page, "ファイルを確かめる")).status(), 422, "status without files");
  await t.see(page, "ファイルが選ばれていません");
  if (javaScript) await dropped(t, page);
  await choose(page, files);
  if (javaScript) await t.see(page, `選んだファイル：${files.size + 1}個`);
  await send(page, "ファイルを確かめる");
  const draft = new URL(page.url()).pathname;
  t.match(draft, /^\/exchange\/drafts\/[0-9a-f]+$/, "where the upload leads");
  const found = await mainText(page);
  t.match(found, /送る前の確かめ/, "the heading");
  for (const words of [HAMANASU, "通所介護 ひだまり", "予定（第6・7表）", serial, "送るものに入れなかったファイル 1個"]) t.ok(found.includes(words), `the upload says 「${words}」: ${found.slice(0, 800)}`);
  await check(page);

  // A preview of the printed sheets before anything is sent.
  const group = page.locator(".k-group", { hasText: HAMANASU }).first();
  await group.locator("summary", { hasText: "利用者" }).first().click();
  const name = (await group.locator(".k-names a").first().innerText()).trim();
  await group.locator(".k-names a").first().click();
  await page.waitForURL(/\/sets\/\d+\/people\/\d+$/);
  await t.see(page, name);
  await t.open(page, draft);

  // The same files once more are the same upload.
  await t.open(page, "/exchange/send");
  await choose(page, files);
  await send(page, "ファイルを確かめる");
  t.equal(new URL(page.url()).pathname, draft, "where the same files lead");

  await page.getByRole("link", { name: /事業所に送る/ }).first().click();
  await t.see(page, "この内容で送る");
  await check(page);
  await page.getByRole("button", { name: "この内容で送る" }).dblclick();
  await page.waitForURL(/done=set-sent$/);
  await t.see(page, "送った結果");
  await check(page);
  const sent = page.locator(".k-group", { hasText: HAMANASU }).first().getByRole("link", { name: "送ったものを見る" }).first();
  const set = await sent.getAttribute("href");
  await sent.click();
  await t.see(page, "取り下げる");
  await check(page);
  return set;
}

async function choose(page, files) {
  const [first] = files.values();
  const memo = path.join(path.dirname(first), "覚え書き.txt");
  writeFileSync(memo, "memo");
  await page.setInputFiles("#files", [...files.values(), memo]);
}

/** Files that are dropped on the box are chosen; what is too much is told before the upload. */
async function dropped(t, page) {
  await t.see(page, "ドラッグ＆ドロップ");
  const drop = async (sizes) => {
    const transfer = await page.evaluateHandle((all) => {
      const transfer = new DataTransfer();
      all.forEach((size, place) => transfer.items.add(new File([new Uint8Array(size)], `${place}.CSV`)));
      return transfer;
    }, sizes);
    await page.dispatchEvent("kiban-drop", "drop", { dataTransfer: transfer });
  };
  await drop([10, 20]);
  await t.see(page, "選んだファイル：2個");
  await t.dontSee(page, "1回に送れる量をこえています");
  await drop([21 * 1024 * 1024]);
  await t.see(page, "1回に送れる量をこえています");
}

/** Sees the news, looks without marking, fetches the bytes as they were sent, says that they were imported. */
async function receive(t, page, { set, files, javaScript, check }) {
  await t.open(page, "/");
  const news = page.locator(`main a[href="${set}"]`).first();
  t.match(await news.innerText(), /^居宅介護支援事業所 みなと から 2026年11月分の予定/, "the news at the door");
  await t.open(page, "/exchange/inbox");
  const row = page.locator("tbody tr", { has: page.locator(`a[href="${set}"]`) });
  t.match(await row.innerText(), /未読/, "the state in the list");
  await check(page);
  await row.getByRole("link").click();
  await t.see(page, "ファイルを受け取る（ZIP）");
  await check(page);
  const person = page.locator("section[aria-labelledby=people] tbody th a").first();
  const name = (await person.innerText()).trim();
  await person.click();
  await page.waitForURL(/\/people\/\d+$/);
  await t.see(page, name);
  await t.open(page, set);
  await t.see(page, "未読");

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "ファイルを受け取る（ZIP）" }).click()]);
  t.match(download.suggestedFilename(), /^連携ファイル_\d{8}-\d{4}\.zip$/, "name of the archive");
  const archive = readFileSync(await download.path());
  for (const own of await page.locator("section[aria-labelledby=files] .k-file-name").allInnerTexts()) {
    t.ok(archive.includes(Buffer.from(path.basename(own))), `${own} lies in the archive`);
    t.ok(files.has(own), `${own} was sent`);
  }
  // With scripts the page shows itself anew; without, the person does.
  if (javaScript) await page.locator("h1", { hasText: "受信済" }).waitFor();
  else await t.open(page, set);
  await t.see(page, "受け取りました");
  await send(page, "介護ソフトに取り込んだことを記録する");
  await t.see(page, "取り込んだことを記録しました");
  await check(page);
}

/** The sender sees how far it is, and has a receipt. */
async function bothKnow(t, page, { set, check }) {
  await t.open(page, "/exchange/sent");
  t.match(await page.locator("tbody tr", { has: page.locator(`a[href="${set}"]`) }).innerText(), /取込済/, "the state in the list of the sender");
  await check(page);
  await t.open(page, `${set}/receipt`);
  await t.see(page, "次のファイルを、次のとおり送ったことを証明します");
  await check(page);
  const answer = await page.request.get(`${set}/receipt.json`);
  const receipt = await answer.json();
  t.equal(receipt.format, "kaigo-kiban-receipt/1", "format of the receipt");
  const stated = JSON.parse(receipt.payload);
  t.equal(stated.set_id, set.split("/").pop(), "set of the receipt");
  const shown = (await mainText(page)).replace(/\s/g, "");
  for (const file of stated.files) t.ok(shown.includes(file.sha256), `the page shows the digest of ${file.name}`);
  // Each receipt states when it was made, so its signature is its own; the key is the same.
  t.match(shown, /署名[0-9a-f]{128}公開鍵/, "the signature on the page");
  t.ok(shown.includes(receipt.public_key), "the page shows the public key");
  await t.open(page, `/exchange/board?month=${MONTH}`);
  await t.see(page, "2026年11月のまとめ");
  await check(page);
  await t.open(page, "/exchange/partners?q=%E3%81%AF%E3%81%BE%E3%81%AA%E3%81%99");
  await t.see(page, "連携できます");
  await check(page);
}

/** What was not fetched is taken back: it is gone for the receiver. */
async function takeBack(t, sender, receiver, { serial, javaScript }) {
  const { files } = plannedFiles(t, { from: MINATO, month: MONTH, serial });
  await t.open(sender, "/exchange/send");
  await choose(sender, files);
  await send(sender, "ファイルを確かめる");
  await sender.getByRole("link", { name: /事業所に送る/ }).first().click();
  // Everybody else is left out.
  for (const box of await sender.locator("main input[type=checkbox]").all()) await box.uncheck();
  await sender.locator("tbody tr", { hasText: HAMANASU }).first().locator("input[type=checkbox]").check();
  await send(sender, "この内容で送る");
  await sender.locator(".k-group", { hasText: HAMANASU }).first().getByRole("link", { name: "送ったものを見る" }).first().click();
  const set = new URL(sender.url()).pathname;
  await t.open(receiver, set);
  await sender.getByRole("link", { name: "取り下げる" }).click();
  await t.see(sender, "取り下げますか");
  if (javaScript) await axeInBothColours(t, sender);
  await send(sender, "取り下げる");
  await t.see(sender, "取り下げました");
  await t.open(receiver, set, 404);
  await t.open(receiver, "/exchange/inbox");
  t.equal(await receiver.locator(`a[href="${set}"]`).count(), 0, "lines of what was taken back");
}

async function strangersSeeNothing(t, { set, javaScript }) {
  const stranger = await pageOf(t, "kamome", { javaScript });
  for (const where of [set, `${set}/people/0`, `${set}/receipt`, `${set}/recall`]) {
    await t.open(stranger, where, 404);
    const known = await mainText(stranger);
    await t.open(stranger, where.replace(/[0-9a-f]{32}/, "0".repeat(32)), 404);
    t.equal(await mainText(stranger), known, `the page of a foreign set (${where})`);
  }
}
