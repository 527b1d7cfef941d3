// Ways of which each page needs the one before: something is pressed or typed, then the page is looked at. For walks.mjs.

import { ITEMS, KIYOSHI, TOME, YOSHI, addressOf, pageOf, registered, send } from "./desk.mjs";

const YOSHI_BORN = "S7.12.12";
const MITSU = { insurer_no: "981019", insured_no: "9900000555", kana: "カスガ ミツ", birth: "S14.3.3" };

/** 利用登録: with a login that the demo shows. The last form is not sent, so that the login stays good. */
export async function registration({ t, page, look }) {
  await t.open(page, "/portal/register");
  const [claim, password] = await page.locator(".k-demo-box li").first().locator("code").allInnerTexts();
  await page.fill("main [name=claim_id]", claim);
  await page.fill("main [name=password]", password);
  await send(page, "次へ");
  await look("/portal/register/address");
  await page.fill("main [name=address]", "jimu@example.jp");
  await send(page, "確認コードを送る");
  await look("/portal/register/code");
  await page.fill("main [name=code]", await page.locator(".k-big-code").innerText());
  await send(page, "次へ");
  await look("/portal/register/account");
  await page.fill("main [name=name]", "岬 さゆり");
  await page.selectOption("main [name=job]", { index: 1 });
  await page.fill("main [name=login]", "misaki-walk");
  for (const field of ["password", "again"]) await page.fill(`main [name=${field}]`, "shiokaze no hikari 77");
  await send(page, "次へ");
  await look("/portal/register/factor");
}

/** An administrator invites a colleague, who comes with the number. */
export async function invitation({ t, page, look }) {
  await invited({ t, page, look, base: "/office" });
  const code = await page.locator("#code").innerText();
  const colleague = await t.newPage({ reducedMotion: "reduce" });
  await t.open(colleague, "/invitation");
  await colleague.fill("main [name=code]", code);
  await send(colleague, "次へ");
  await look("/invitation/account", colleague);
  await colleague.fill("main [name=login]", "nitta-walk");
  await colleague.fill("main [name=password]", "rakuda to zakuro");
  await colleague.check("main [name=factor][value=paper]");
  await send(colleague, "次へ進む");
  await look("/invitation/factor", colleague);
}

/** The paper of an invitation. */
export async function invited({ t, page, look, base }) {
  await t.open(page, `${base}/accounts`);
  await page.fill("main [name=name]", "新田 一");
  const job = page.locator("main [name=job]");
  if ((await job.count()) > 0) await job.selectOption({ index: 1 });
  await send(page, "招待の紙を作る");
  await look(`${base}/invitations/{v}`);
}

/** 本人確認 by the four items, and by a card that the program is waiting for. */
export async function identity({ t, page, look }) {
  await t.open(page, "/identity");
  for (const [field, value] of Object.entries(MITSU)) await page.fill(`main [name=${field}]`, value);
  await send(page, "確認する");
  await look("/identity/{id}");
  await t.open(page, "/identity");
  await send(page, "カードを読み取る");
  await look("/card/{id}");
}

/** An application for the subsidy, begun, and what is missing in it. */
export async function subsidy({ t, page, look }) {
  await t.open(page, "/office/subsidy");
  await send(page, "申請を書きはじめる");
  await look("/office/subsidy/{a}");
  await t.open(page, `${new URL(page.url()).pathname}/check`);
  await look("/office/subsidy/{a}/check");
}

/** The municipality prints a letter with a number; the person begins with it. */
export async function letter({ t, page, look }) {
  await t.open(page, `/insurer/people?q=${YOSHI}`);
  await page.locator("main a[href^='/insurer/people/']").first().click();
  await page.waitForURL(/\/insurer\/people\/[0-9a-f]/);
  await send(page, /ご本人への/);
  await look("/insurer/people/{p}/letters/{l}");
  const code = (await page.locator("main").innerText()).match(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/)[0];
  const person = await t.newPage({ reducedMotion: "reduce" });
  await t.open(person, "/start");
  for (const [field, value] of Object.entries({ insurer_no: "981019", insured_no: YOSHI, code })) await person.fill(`main [name=${field}]`, value);
  await person.fill("main [name=birth]", YOSHI_BORN);
  await send(person, "次へ進む");
  await look("/start/account", person);
  await person.fill("main [name=login]", "yoshi-walk");
  await person.fill("main [name=password]", "hamabe no matsu 88");
  await person.check("main [name=factor][value=paper]");
  await send(person, "次へ進む");
  await look("/start/factor", person);
  const number = await person.locator("main ol code").first().innerText();
  await person.fill("main [name=code]", number);
  await send(person, "登録を終わる");
  await person.fill("main [name=login]", "yoshi-walk");
  await person.fill("main [name=password]", "hamabe no matsu 88");
  await person.locator("main form button[type=submit]").first().click();
  await person.waitForURL(/\/login\/code$/);
  await person.fill("main [name=code]", number);
  await person.locator("main form button[type=submit]").first().click();
  await person.waitForURL((url) => !url.pathname.startsWith("/login"));
  await consent({ t, page: person, look });
}

/** The consent is taken back and given again, so that it stands as before. */
async function consent({ t, page, look }) {
  for (const step of ["withdraw", "give"]) {
    await t.open(page, `/my/consent/${step}`);
    await look(`/my/consent/${step}`, page);
    for (const box of await page.locator("main form input[type=checkbox]").all()) await box.check();
    await page.locator(`form[action='/my/consent/${step}'] button`).click();
    await page.waitForURL(/\/my\/consent\/receipt/);
  }
  await look("/my/consent/receipt", page);
}

/** A password, and before the code. */
export async function secondFactor({ t, page, look }) {
  const account = t.accounts.find((one) => one.login === "kamome");
  await t.open(page, "/login");
  await page.fill("main [name=login]", account.login);
  await page.fill("main [name=password]", account.password);
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL(/\/login\/code$/);
  await look("/login/code");
}

/** A passkey, made by a virtual authenticator and removed again. Browsers make none for an address without a name. */
export async function passkey({ t, look }) {
  const base = t.base;
  t.base = base.replace("127.0.0.1", "localhost");
  try {
    const page = await t.newPage({ reducedMotion: "reduce" });
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
    await session.send("WebAuthn.addVirtualAuthenticator", { options });
    await t.login(page, "umineko");
    await t.open(page, "/account");
    await page.getByRole("link", { name: "パスキーを登録する" }).click();
    await page.fill("[name=name]", "事務所のパソコン");
    await page.getByRole("button", { name: "パスキーを作る" }).click();
    await t.see(page, "パスキーを登録しました");
    await page.locator("main a[href^='/account/passkeys/']").first().click();
    await page.waitForURL(/\/account\/passkeys\/.+/);
    await look("/account/passkeys/{k}", page);
    await page.locator("form[action$='/remove'] button").click();
    await t.see(page, "パスキーを消しました");
  } finally {
    t.base = base;
  }
}

/** The questions of a notice; what was answered is thrown away at the end. */
export async function filing({ t, page, look }) {
  await registered(t, page, ITEMS.kiyoshi);
  const own = `${await addressOf(t, page, KIYOSHI)}/filing`;
  await t.open(page, own);
  await page.fill("main [name=start]", "2026-12-01");
  await page.check("main [name=others][value=no]");
  await send(page, "つぎへ");
  for (const question of ["change", "services", "contact"]) {
    await t.open(page, `${own}/${question}`);
    await look(`/people/{c}/filing/${question}`);
  }
  await t.open(page, `${own}/change`);
  await page.check("main [name=reason][value=wish]");
  await send(page, "つぎへ");
  await look("/people/{c}/filing/confirm");
  await t.open(page, own);
  await page.locator(`form[action='${own}/discard'] button`).click();
  await page.waitForLoadState();
}

/** The results of a month, typed after the plan; nothing is sent. */
export async function results({ t, page, look }) {
  await t.open(page, "/exchange/results?month=202610");
  await page.locator("main form[action='/exchange/results/start'] button, main a[href^='/exchange/results/']:not([href*='?'])").last().click();
  await page.waitForURL(/\/exchange\/results\/[0-9a-f]{32}$/);
  await look("/exchange/results/{e}");
  const entry = new URL(page.url()).pathname;
  await send(page, "予定をそのまま実績にする");
  await t.open(page, `${entry}/confirm`);
  await look("/exchange/results/{e}/confirm");
}

/** The letter about a delay that was told. */
export async function delayLetter({ t, page, look }) {
  await t.open(page, `/insurer/people?q=${TOME}`);
  const person = await page.locator("main a[href^='/insurer/people/']").first().getAttribute("href");
  await t.open(page, `/insurer/cases/${person.split("/").pop()}/1/delay/letter`);
  await look("/insurer/cases/{p}/{n}/delay/letter");
}

/** The check of an opinion that is begun. */
export async function begun({ t, page, look }) {
  await t.open(page, "/medical");
  const requests = await page.locator("main a[href^='/medical/requests/']").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const request of requests) {
    await t.open(page, request);
    if ((await page.getByRole("link", { name: "つづきを書く" }).count()) === 0) continue;
    await t.open(page, `${request}/check`);
    return look("/medical/requests/{r}/check");
  }
  throw new Error("no opinion is begun");
}

/** One date of one case, as many at once are given it: of a case that waits for the board, so that it stays there. */
export async function bulk({ t, page, look }) {
  await t.open(page, "/insurer/cases?step=board");
  const rows = page.locator("main tbody tr:has(input[type=checkbox])").filter({ hasNotText: /9900 000 123|9900 000 456/ });
  await rows.last().locator("input[type=checkbox]").check();
  await page.selectOption("main [name=milestone]", { index: 1 });
  await page.fill("main [name=day]", "R8.11.20");
  await send(page, "変わるところを確かめる");
  await send(page, /1件を変える/);
  await look("/insurer/cases/bulk/{t}");
}

/** A disaster mode that waits is approved, so that offices find people without a certificate; then it is ended. */
export async function disaster({ t, page, look }) {
  await t.open(page, "/insurer/disaster");
  await page.locator("main a[href^='/insurer/disaster/']:not([href$='/new'])").first().click();
  await page.waitForURL(/\/insurer\/disaster\/[0-9a-f]+$/);
  const address = new URL(page.url()).pathname;
  await send(page, "承認する");
  const office = await pageOf(t, "izumo", { reducedMotion: "reduce" });
  await t.open(office, "/identity");
  await t.see(office, "災害時の確認が使えます");
  await t.open(office, "/identity/disaster");
  await look("/identity/disaster", office);
  await t.open(page, address);
  await page.fill("main form[action$='/end'] [name=reason]", "避難所が閉じたため。");
  await send(page, "終わりにする");
  await t.open(office, "/identity");
  await t.dontSee(office, "災害時の確認が使えます");
}

/** The municipality opens surveys to the persons themselves, one of them reads theirs, and it is as before. */
export async function paper({ t, page, look }) {
  const rule = async (value) => {
    await t.open(page, "/insurer/rules/edit?key=cell%2Fsurvey%2Fperson");
    await page.check(`main [name=value][value=${value}]`);
    await page.fill("main [name=source]", "介護保険事務取扱要綱 第5条");
    await send(page, "だれに影響するか確かめる");
    await send(page, "この内容に変える");
  };
  await rule("open");
  const person = await pageOf(t, "kiyoshi", { reducedMotion: "reduce" });
  await t.open(person, "/my/documents/survey-1");
  await look("/my/documents/{d}", person);
  await rule("default");
  await t.open(person, "/my/documents/survey-1", 403);
}
