// 「本人確認」 → the office's program → a card on a real reader → the person's certificates.

import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { mainText, pageOf, send } from "../desk.mjs";
import { agent, insertCard, startReader } from "../reader.mjs";

export const name = "card: from 本人確認 through the program and a card on a real reader to the person's certificates";

const SHIZUE = "9900000502"; // 松永 静江: みなと is not in charge of her
const MOST_SECONDS = 3;
const PIN = "0471";

export async function run(t) {
  const folder = mkdtempSync(path.join(t.options.work, "card-"));
  const config = path.join(folder, "terminal");
  const { program } = t.options;
  const reader = await startReader(folder);
  let card;
  try {
    await enrol(t, program, config);
    card = insertCard(program, path.join(t.data, "demo-cards/normal.card"), reader.port);
    await seen(program);
    const office = await pageOf(t, "izumo");
    // Another story may have registered her.
    await t.open(office, `/people?number=${SHIZUE}`);
    const registered = office.locator("tbody th a");
    if ((await registered.count()) > 0) {
      await registered.first().click();
      await office.waitForURL(/\/certificates/);
      await leave(t, office);
    }
    const pin = path.join(folder, "pin");
    writeFileSync(pin, PIN, { mode: 0o600 });

    // Another number than the page's: nothing is asked of the card, and the page says why.
    const wrong = await begin(t, office);
    const refused = await agent(program, ["card", "answer", wrong.link, "--config", config, "--pin-from", pin, "--match-code", "00"]);
    t.equal(refused.code, 1, `the program with another number: ${refused.said}`);
    await t.see(office, "番号がちがいました");
    await t.axe(office);

    // The first use of the card: whose it is, the 被保険者証 says.
    const first = await begin(t, office);
    await t.axe(office);
    const said = await agent(program, ["card", "answer", first.link, "--config", config, "--pin-from", pin, "--match-code", first.code]);
    t.equal(said.code, 0, `the program: ${said.said}`);
    t.match(said.said, /担当事業所の登録のための本人確認/, "what the program shows");
    t.ok(!said.said.includes(PIN), "the program prints the PIN");
    await t.see(office, "はじめてのカード");
    await t.axe(office);
    await office.fill("[name=insurer_no]", "981019");
    await office.fill("[name=insured_no]", SHIZUE);
    await office.fill("[name=birth]", "昭和22年5月30日");
    await office.check("[name=seen]");
    await send(office, "このカードを登録して進む");
    await t.see(office, "松永 静江");
    await t.axe(office);
    await send(office, "担当事業所として登録する");
    await t.see(office, "担当事業所として登録しました");
    await leave(t, office);

    // The next time the card alone is enough: from the click to the certificates.
    const started = performance.now();
    const again = await begin(t, office);
    const [answered] = await Promise.all([
      agent(program, ["card", "answer", again.link, "--config", config, "--pin-from", pin, "--match-code", again.code]),
      office.waitForURL(/\/identity\/[0-9a-f]{32}$/),
    ]);
    t.equal(answered.code, 0, `the program: ${answered.said}`);
    await send(office, "担当事業所として登録する");
    await t.see(office, "担当事業所として登録しました");
    const seconds = (performance.now() - started) / 1000;
    console.log(`    card: from the click to the registered person ${seconds.toFixed(2)} s`);
    t.match(await mainText(office), /松永 静江/, "the person's certificates");
    t.ok(seconds < MOST_SECONDS, `from the click to the registered person ${seconds.toFixed(2)} s`);
    await leave(t, office);

    // What was typed and read stands in no file of the terminal.
    for (const file of readdirSync(config)) {
      t.ok(!readFileSync(path.join(config, file), "utf8").includes(`"${PIN}"`), `the PIN stands in ${file}`);
      t.equal(statSync(path.join(config, file)).mode & 0o077, 0, `others may read ${file}`);
    }
  } finally {
    await card?.stop();
    await reader.stop();
  }
}

/** The administrator makes a terminal; the program on the PC enrols with its code. */
async function enrol(t, program, config) {
  const admin = await pageOf(t, "minato-admin");
  await t.open(admin, "/card/terminals");
  await admin.fill("main [name=name]", "受付のパソコン");
  await send(admin, "登録コードを作る");
  await t.axe(admin);
  const code = await admin.locator("tr", { hasText: "受付のパソコン" }).locator(".k-code").first().innerText();
  const { code: exit, said } = await agent(program, ["card", "enrol", "--server", t.base, "--code-from", "-", "--config", config], code);
  t.equal(exit, 0, `enrolment: ${said}`);
  await admin.reload();
  await t.see(admin, "まだ使われていません");
}

/** Waits until the reader sees the card. */
async function seen(program) {
  for (let tries = 0; tries < 100; tries += 1) {
    const { code } = await agent(program, ["card", "readers"]);
    if (code === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no reader with a card after 10 s");
}

/** Begins on the page: the link that the button would open, and the number beside it. */
async function begin(t, page) {
  await t.open(page, "/identity");
  await send(page, "カードを読み取る");
  const link = await page.locator("#open").getAttribute("href");
  t.match(link, /^kiban-card:127\.0\.0\.1:\d+\/[0-9a-f]{32}\/[0-9a-f]{32}$/, "the link");
  return { link, code: (await page.locator(".k-match").innerText()).trim() };
}

/** Ends the registration, so that the next one begins anew. */
async function leave(t, page) {
  const person = new URL(page.url()).pathname.replace(/\/certificates$/, "");
  await t.open(page, `${person}/charge/end`);
  await page.locator("main [name=reason]").first().check();
  await send(page, "担当をやめる");
}
