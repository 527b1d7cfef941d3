// The parts of the way from "never heard of it" to the first plan, in their order; stories/first_plan.mjs walks them.

import { readFileSync } from "node:fs";

import { mainText, send } from "./desk.mjs";
import { CLAIM, OFFICE, PARTNER, PERSON, issuedList, openData, papers, planFiles } from "./first_plan_papers.mjs";
import { command } from "./first_plan_way.mjs";

const MONTH = "202611";
const ADMIN = { name: "丘 なぎさ", login: "nagi-kanri", password: "oka no ue no kaze" };
const MANAGER = { name: "丘 さくら", login: "nagi-sakura", password: "kawara no tsukushi" };

/** Somebody hears of it: the portal, without JavaScript. */
export async function hearsOfIt(t, way, page) {
  await t.open(page, "/portal");
  await way.look(page);
  await way.go(page, "介護事業所の方へ");
  await way.go(page, "どのくらい楽になる？");
  await send(page, "計算する");
  await t.see(page, "結果：1年で");
  await way.look(page);
  await way.go(page, "市町村の対応状況", ".p-nav");
  await page.getByRole("searchbox").fill("みなと川市");
  await page.locator("main").getByRole("button", { name: "さがす" }).click();
  await way.look(page);
  await page.locator("section[aria-labelledby=found], section[aria-labelledby=own]").getByRole("link", { name: "みなと川市" }).first().click();
  await page.waitForURL(/\/portal\/readiness\/\d+$/);
  await t.see(page, "みなと川市の対応状況");
  await way.look(page);
  await feedAndMap(t, way, page);
  await t.open(page, "/portal/contact");
  await way.look(page);
  await way.go(page, "問い合わせを書く");
  await way.go(page, "導入の手引き", ".p-nav");
  await way.go(page, "このブラウザーで使えるか調べる");
  await t.see(page, "このブラウザーで使えます");
  await way.go(page, "利用登録をはじめる");
  await t.see(page, "電子請求ログイン情報発行通知書");
}

/** The feed of the readiness and its map load in a page without JavaScript, and say what the page says. */
async function feedAndMap(t, way, page) {
  const feed = await t.open(page, "/portal/readiness.json");
  const stated = JSON.parse(await feed.text());
  const all = JSON.stringify(stated);
  t.ok(all.includes("みなと川市"), `the feed of the readiness says みなと川市: ${all.slice(0, 300)}`);
  const drawing = await t.open(page, "/portal/readiness/map.svg");
  t.match(drawing.headers()["content-type"], /^image\/svg\+xml/, "type of the map");
  t.ok((await page.locator("svg g title").count()) >= 47, "the prefectures of the map");
  const news = await page.request.get("/portal/feed.atom");
  t.match(await news.text(), /<feed[^>]*xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/, "the feed of the news");
  await t.open(page, "/portal/readiness");
  t.ok((await page.locator("svg.p-map a").count()) >= 47, "the prefectures of the map in the page");
  await way.look(page);
}

/** The operator: the open data with the new office, and the list of the logins that were issued. */
export async function operatorIssues(t, way, desk, folder) {
  command(t, "import", "offices", openData(folder));
  await t.open(desk, "/operator");
  await t.see(desk, "記録の取込がおくれている市町村");
  await t.see(desk, "自動の処理は、すべて動いています");
  await t.see(desk, /30日以内に期限が切れる端末の電子証明書/);
  await way.look(desk);
  await way.go(desk, "IDを発行して、まだ登録していない事業所");
  await desk.setInputFiles("#file", issuedList(folder));
  await way.send(desk, "取り込む");
  await t.see(desk, "2行を読み、1件を取り込みました");
  await t.see(desk, "まちがいがあって取り込まなかった行：1行");
}

/** 利用登録 with the notice in the hand. Answers the administrator's account. */
export async function registers(t, way, page) {
  await t.open(page, "/portal/register");
  await way.fill(page, "claim_id", CLAIM.id);
  await way.fill(page, "password", "chigau-password");
  t.equal((await way.send(page, "次へ")).status(), 422, "status of a wrong provisional password");
  await way.fill(page, "claim_id", CLAIM.id.replace("KJ", "ｋｊ "));
  await way.fill(page, "password", CLAIM.password);
  await way.send(page, "次へ");
  await t.see(page, OFFICE.name);
  await way.fill(page, "address", "nagi@example.jp");
  await way.send(page, "確認コードを送る");
  await way.fill(page, "code", await page.locator("section[aria-labelledby=shown-heading] .k-big-code").innerText());
  await way.send(page, "次へ");

  const chosen = { name: ADMIN.name, login: ADMIN.login, password: CLAIM.password, again: CLAIM.password };
  const type = async (all) => {
    for (const [name, value] of Object.entries(all)) await way.fill(page, name, value);
    await page.selectOption("main [name=job]", { label: "事務" });
    return way.send(page, "次へ");
  };
  t.equal((await type(chosen)).status(), 422, "status of the provisional password kept");
  await t.see(page, "仮のパスワードは使えません");
  await type({ ...chosen, password: ADMIN.password, again: ADMIN.password });
  const account = { ...ADMIN, totp_secret: await page.locator("section[aria-labelledby=app-heading] code").innerText() };
  await way.fill(page, "code", await t.code(account));
  await way.send(page, "登録を終わる");
  await t.see(page, "登録が終わりました");
  return account;
}

/** The first login, a passkey, and what the five steps find. */
export async function firstLogin(t, way, page, account) {
  await way.fill(page, "login", account.login);
  await way.fill(page, "password", account.password);
  await way.send(page, "次へ進む");
  await way.fill(page, "code", await t.code(account));
  await way.send(page, "ログインする");
  t.equal(new URL(page.url()).pathname, "/", "where the first login leads");
  await way.go(page, "アカウント", "header");
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await session.send("WebAuthn.addVirtualAuthenticator", { options });
  await way.go(page, "パスキーを登録する");
  await way.fill(page, "name", "事務所のパソコン");
  await way.send(page, "パスキーを作る");
  await t.see(page, "パスキーを登録しました");
  await page.getByRole("button", { name: "ログアウト", exact: true }).click();
  await t.see(page, "ログアウトしました");
  await page.getByRole("button", { name: "パスキーでログインする" }).click();
  await page.waitForURL((url) => url.pathname === "/");

  await t.see(page, "次は「電子証明書を用意する」です");
  await way.go(page, "マイページ", "header");
  await page.goBack();
  await way.go(page, "つづきを進める");
  const steps = await mainText(page);
  for (const words of ["管理者のアカウントが1つあります", "電子証明書がありません", "このブラウザーで使えます", "アカウントは1つです", "ケアプラン連携を、まだ始めていません"]) {
    t.ok(steps.includes(words), `the steps say 「${words}」: ${steps.slice(0, 1200)}`);
  }
}

/** The certificate of a terminal: asked for, approved at the desk, fetched once. */
export async function certificate(t, way, page, desk) {
  await way.go(page, "証明書のページを開く");
  await way.fill(page, "names", "事務所のパソコン");
  await way.send(page, "申し込む");
  await t.open(page, "/office/steps");
  await t.see(page, "電子証明書を申請中です");

  await t.open(desk, "/operator");
  await way.go(desk, "審査を待っている電子証明書の申込み");
  await way.go(desk, `${OFFICE.name}　事務所のパソコン`);
  await way.send(desk, "認める");

  await way.go(page, "お知らせ", "header");
  await t.open(page, "/office/certificates");
  await way.look(page);
  await way.go(page, "事務所のパソコン");
  const terminal = page.url();
  const code = (await page.locator("#code").innerText()).trim();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "番号を書き写したので、ファイルを受け取る" }).click()]);
  const pfx = readFileSync(await download.path());
  t.match(download.suggestedFilename(), /\.p12$/, "name of the file");
  await t.open(page, terminal);
  const csrf = await page.locator("main [name=csrf]").first().inputValue();
  const again = await page.request.post(`${terminal}/file`, { form: { csrf }, maxRedirects: 0 });
  t.ok(again.status() >= 400 && !again.headers()["content-type"].includes("pkcs12"), `the file once more: ${again.status()} ${again.headers()["content-type"]}`);
  t.equal(await page.locator("#code").count(), 0, "times that the code is shown after the file was fetched");
  await way.look(page);
  return { pfx, passphrase: code };
}

/** The administrator invites a care manager: the number on the paper. */
export async function invites(t, way, page) {
  await t.open(page, "/office/steps");
  await t.see(page, "電子証明書があります");
  await way.go(page, "職員を招く");
  await way.fill(page, "name", MANAGER.name);
  await page.selectOption("main [name=job]", { label: "介護支援専門員" });
  await way.send(page, "招待の紙を作る");
  return (await page.locator("#code").innerText()).trim();
}

/** The care manager comes in with the number. Answers the account and the numbers on paper. */
export async function comesIn(t, way, page, code) {
  await t.open(page, "/login");
  await way.look(page);
  await way.go(page, "招待番号ではじめる");
  await way.fill(page, "code", code);
  await way.send(page, "次へ進む");
  await t.see(page, OFFICE.name);
  await way.fill(page, "login", MANAGER.login);
  await way.fill(page, "password", MANAGER.password);
  await page.getByLabel("スマートフォンなどの認証アプリを使う").check();
  await way.send(page, "次へ進む");
  const account = { ...MANAGER, totp_secret: await page.locator("section[aria-labelledby=app-heading] code").innerText() };
  const paper = await page.locator("section[aria-labelledby=codes-heading] li code").allInnerTexts();
  await way.fill(page, "code", await t.code(account));
  await way.send(page, "登録を終わる");
  await way.fill(page, "login", account.login);
  await way.fill(page, "password", account.password);
  await way.send(page, "次へ進む");
  await way.fill(page, "code", paper[0]);
  await way.send(page, "ログインする");
  t.equal(new URL(page.url()).pathname, "/", "where the login leads");
  return { account, paper };
}

/** Without the certificate the same person gets to the steps, and to nobody's records. */
export async function withoutCertificate(t, way, page, { account, paper }) {
  await t.open(page, "/login");
  await page.fill("main [name=login]", account.login);
  await page.fill("main [name=password]", account.password);
  await send(page, "次へ進む");
  await page.fill("main [name=code]", paper[1]);
  t.equal((await send(page, "ログインする")).status(), 403, "status of the first page without a certificate");
  await t.see(page, "電子証明書");
  await way.look(page);
  await t.open(page, "/identity", 403);
  await t.open(page, "/office/steps");
  await t.see(page, "通信は TLS 1.3 で守られています");
}

/** 本人確認, the registration as 担当, and the first look at the certificates. */
export async function firstLook(t, way, page) {
  await way.go(page, "本人確認", "header");
  const { insurer_no, insured_no, kana, birth } = PERSON;
  for (const [name, value] of Object.entries({ insurer_no, insured_no, kana, birth })) await way.fill(page, name, value);
  await way.send(page, "確認する");
  await t.see(page, PERSON.name);
  await page.check("#seen");
  await way.send(page, "担当事業所として登録する");
  await t.see(page, "担当事業所として登録しました");
  t.match(await mainText(page), /林 哲夫.*要介護2/, "the certificates");
}

/** The administrator lets the office join the exchange; the care manager sends the first plan; the partner receives it. */
export async function firstPlan(t, way, { admin, page, partner }) {
  await t.open(admin, "/office/steps");
  await way.go(admin, "ケアプラン連携を始める");
  await way.send(admin, "この事業所でケアプラン連携を始める");
  await t.see(admin, "ケアプラン連携を始めました");

  await t.open(page, "/office/steps");
  await way.go(page, "ケアプランを送る");
  await page.setInputFiles("#files", planFiles(t, { month: MONTH, serial: "20261122093001", manager: MANAGER.name }));
  await way.send(page, "ファイルを確かめる");
  const found = await mainText(page);
  for (const words of ["送る前の確かめ", PARTNER.name, "予定（第6・7表）"]) t.ok(found.includes(words), `the upload says 「${words}」: ${found.slice(0, 800)}`);
  await way.go(page, /事業所に送る/);
  await way.send(page, "この内容で送る");
  await t.see(page, "送った結果");
  const set = await page.locator(".k-group", { hasText: PARTNER.name }).getByRole("link", { name: "送ったものを見る" }).getAttribute("href");

  await t.open(partner, set);
  await t.see(partner, OFFICE.name);
  await partner.locator("section[aria-labelledby=people] tbody th a").first().click();
  await partner.waitForURL(/\/people\/\d+$/);
  await t.see(partner, PERSON.name);
  await t.open(page, "/office/steps");
  const steps = await mainText(page);
  for (const words of ["ケアプランデータを送ったか、受け取りました", "1人の担当事業所です", "通信は TLS 1.3 で守られています", "アカウントが2つあります"]) {
    t.ok(steps.includes(words), `the steps say 「${words}」: ${steps.slice(0, 1500)}`);
  }
  await way.look(page);
}

/** The subsidy: begun, left, taken up again, told of a receipt of 「一式」, filed, decided. */
export async function subsidy(t, way, { admin, desk, folder }) {
  await t.open(admin, "/office");
  await way.go(admin, "導入の助成金");
  await way.send(admin, "申請を書きはじめる");
  const application = new URL(admin.url()).pathname;
  const plain = { address: OFFICE.address, phone: OFFICE.phone, contact: ADMIN.name };
  await fillIn(way, admin, plain);
  await way.send(admin, "保存する");
  await t.see(admin, "保存しました");

  // Another day: what was written is still there.
  await t.open(admin, "/office/subsidy");
  await way.look(admin);
  await admin.locator(`main a[href="${application}"]`).click();
  await admin.waitForURL((url) => url.pathname === application);
  t.equal(await admin.inputValue("main [name=contact]"), ADMIN.name, "what was saved");
  await admin.check("#service-43");
  await admin.check("main [name=compatible]");
  await line(way, admin, 1, { kind: "reader", item: "カードリーダーなど一式", model: "RW-200", quantity: "1", yen: "7,700" });
  await line(way, admin, 2, { kind: "support", item: "電子証明書と端末の設定", model: "", quantity: "1", yen: "22,000" });
  await fillIn(way, admin, { bank_name: "みなと川銀行", bank_code: "0001", branch_name: "本店", branch_code: "101", account_no: "7654321", holder: "ゴウドウガイシヤハマナス", screen_office_no: OFFICE.no });
  for (const word of ["銀行など", "普通", "管理者ユーザか一般ユーザ"]) await admin.getByLabel(word, { exact: true }).check();
  await way.send(admin, "保存する");

  const made = papers(folder);
  const enclose = async (kind, file) => {
    await admin.setInputFiles(`#f-${kind}`, file);
    await Promise.all([admin.waitForURL(/done=subsidy-enclosed/), admin.locator(`#file-${kind}`).getByRole("button", { name: /添付する/ }).click()]);
    await admin.waitForLoadState();
    await t.see(admin, "添付しました");
  };
  for (const kind of ["passbook", "designation", "screen"]) await enclose(kind, made[kind]);
  await enclose("receipt", made.lump);
  await way.look(admin);

  // What would come back is told before it is filed, in the form and in the receipt itself.
  await send(admin, /保存して/);
  await way.look(admin);
  const told = await mainText(admin);
  t.match(told, /このまま出すと、もどされます（2件）/, "what the check says");
  t.match(told, /内訳1行目：「一式」などとまとめて書かれた領収書は、受け付けられません/, "the line of the form");
  t.match(told, /領収書「領収書\.pdf」の中に「一式」などの書き方があります/, "the text of the receipt");
  t.equal(await admin.getByRole("button", { name: "この内容で提出する" }).count(), 0, "buttons that file what would come back");
  await way.go(admin, "もどって直す");
  await admin.locator("#file-receipt").getByRole("button", { name: /外す/ }).click();
  await t.see(admin, "添付を外しました");
  await enclose("receipt", made.receipt);
  await admin.fill("main [name=item-1]", "ICカードリーダー");
  await send(admin, /保存して/);
  await way.look(admin);
  await way.send(admin, "この内容で提出する");
  await t.see(admin, "提出しました");

  await t.open(desk, "/operator");
  await way.go(desk, "審査を待っている助成金の申請");
  await way.go(desk, OFFICE.name);
  await way.send(desk, "交付を決定する");
  await t.see(desk, "記録しました");
  await t.open(admin, application);
  await t.see(admin, "交付決定");
  await way.look(admin);
}

async function fillIn(way, page, all) {
  for (const [name, value] of Object.entries(all)) await way.fill(page, name, value);
}

async function line(way, page, n, { kind, ...rest }) {
  const item = page.locator(`main [name=item-${n}]`);
  if (!(await item.isVisible())) await page.locator("summary", { hasText: `${n}行目` }).click();
  await page.selectOption(`main [name=kind-${n}]`, kind);
  const all = { ...rest, paid_on: "令和8年11月5日", purpose: "マイナ資格確認アプリで使うため", addressee: OFFICE.name };
  for (const [name, value] of Object.entries(all)) await way.fill(page, `${name}-${n}`, value);
}
