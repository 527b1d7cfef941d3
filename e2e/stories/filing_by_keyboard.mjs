import { addressOf, registered } from "../desk.mjs";
import { Hands } from "../hands.mjs";

export const name = "a notice is filed by keyboard alone, from the login on: at most 8 pages and 2 minutes";

// His first application runs: nobody has filed for him.
const YASUO = { insurer_no: "981019", insured_no: "9910020257", kana: "ヤマシタ ヤスオ", birth: "S16.6.28" };
// The notice of みなと stands.
const FUMI = { insurer_no: "981019", insured_no: "9900000461", kana: "タカツ フミ", birth: "S11.2.20" };
const MOST = { pages: 8, seconds: 120 };

export async function run(t) {
  await way(t, { what: "居宅サービス・新規", login: "shiosai", items: YASUO, questions: home });
  await way(t, { what: "小規模多機能・変更", login: "engawa", items: FUMI, questions: multifunctional });
}

async function way(t, { what, login, items, questions }) {
  const page = await t.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" });
  await page.goto("/login");
  const hands = new Hands(t, page);
  hands.pages.push("/login");
  const account = t.accounts.find((one) => one.login === login);
  await hands.tabTo("#login");
  await hands.type(account.login);
  await hands.press("Tab");
  await hands.type(account.password);
  await hands.enter(/\/login\/code$/);
  await hands.tabTo("#code");
  await hands.type(await t.code(account));
  await hands.enter((url) => url.pathname === "/");

  // A colleague registers the person meanwhile: that is not a part of the way.
  const colleague = await page.context().newPage();
  await registered(t, colleague, items);
  const address = await addressOf(t, colleague, items.insured_no);
  await colleague.close();

  await hands.tabTo(".k-nav a[href='/filings']");
  await hands.enter(/\/filings$/);
  await hands.skip();
  await hands.tabTo("#number");
  await hands.type(items.insured_no);
  await hands.enter((url) => url.pathname === `${address}/filing`);
  await questions(t, hands, address);
  await t.see(page, "届け出る前の確認");
  await hands.skip();
  await hands.tabTo(`form[action='${address}/filing/confirm'] button`);
  await hands.enter(/\/filings\/[0-9a-f]{32}\?done=filed$/);
  await t.see(page, "届け出ました");
  await t.see(page, "受付番号");
  t.match((await page.locator("main").innerText()).replace(/\s+/g, ""), new RegExp(what.split("・")[1]), "the notice is of the kind");
  t.note(`${what}: ${hands.say()}`);
  t.ok(hands.pages.length <= MOST.pages, `${what} takes ${hands.pages.length} pages: ${hands.pages.join(" ")}`);
  t.ok(hands.seconds() < MOST.seconds, `${what} takes ${hands.seconds()} s`);
}

/** The form fits, the day is today's: there is nothing to ask. */
async function home(t, hands, address) {
  await t.see(hands.page, "居宅サービス計画作成依頼（変更）届出書");
  await hands.skip();
  await hands.tabTo("#start");
  await hands.enter((url) => url.pathname === `${address}/filing/confirm`);
}

/** From another day on, no other services in that month, because the person wants it. */
async function multifunctional(t, hands, address) {
  await t.see(hands.page, "小規模多機能型");
  await hands.skip();
  await hands.tabTo("#start");
  await hands.type("2026-12-01");
  await hands.tabTo("#others");
  await hands.press("Space");
  await hands.enter((url) => url.pathname === `${address}/filing/change`);
  await hands.skip();
  await hands.tabTo("#reason");
  await hands.press("Space");
  await hands.enter((url) => url.pathname === `${address}/filing/confirm`);
}
