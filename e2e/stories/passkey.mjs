// Ways in: a passkey in the browser, a colleague with an invitation, an end that ends the open page.

import { stepAt, totp } from "../totp.mjs";

export const name = "a passkey is added and logs in; a colleague is invited, works, and is stopped at once";

export async function run(t) {
  // Browsers make no passkeys for an address without a name.
  t.base = t.base.replace("127.0.0.1", "localhost");

  const page = await t.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });

  await t.login(page, "minato-admin");
  await t.open(page, "/account");
  await t.axe(page);
  await page.getByRole("link", { name: "パスキーを登録する" }).click();
  await t.axe(page);
  await page.fill("[name=name]", "事務所のパソコン");
  await page.getByRole("button", { name: "パスキーを作る" }).click();
  await t.see(page, "パスキーを登録しました");
  await t.see(page, "事務所のパソコン");
  const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId });
  t.equal(credentials.length, 1, "passkeys of the authenticator");

  await page.getByRole("button", { name: "ログアウト", exact: true }).click();
  await t.see(page, "ログアウトしました");
  await t.axe(page);
  await page.getByRole("button", { name: "パスキーでログインする" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await t.open(page, "/account");
  await t.see(page, "ログイン（パスキー）");

  // Who is not who was registered gets nowhere.
  const stranger = await t.newPage();
  await t.open(stranger, "/login");
  t.equal(await stranger.getByRole("button", { name: "パスキーでログインする" }).count(), 1, "the button of the script");
  const plain = await t.newPage({ javaScript: false });
  await t.open(plain, "/login");
  t.equal(await plain.getByRole("button", { name: "パスキーでログインする" }).count(), 0, "no button without a script");

  // A colleague, without JavaScript.
  await t.open(page, "/office/accounts");
  await t.axe(page);
  await page.fill("main [name=name]", "新田 一");
  await page.selectOption("main [name=job]", { label: "介護支援専門員" });
  await page.getByRole("button", { name: "招待の紙を作る" }).click();
  await t.axe(page);
  const code = (await page.locator("#code").innerText()).trim();
  t.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/, "code of the invitation");

  const login = `nitta-${t.engine}-${Date.now() % 100000}`;
  await t.open(plain, "/invitation");
  await plain.fill("[name=code]", code);
  await plain.getByRole("button", { name: "次へ進む" }).click();
  await plain.fill("[name=login]", login);
  await plain.fill("[name=password]", "rakuda to zakuro");
  await plain.getByLabel("スマートフォンなどの認証アプリを使う").check();
  await plain.getByRole("button", { name: "次へ進む" }).click();
  const secret = (await plain.locator("#app-heading ~ p code, section code").first().innerText()).trim();
  await plain.fill("[name=code]", totp(secret, stepAt(Date.now())));
  await plain.getByRole("button", { name: "登録を終わる" }).click();
  await t.see(plain, "登録が終わりました");
  await plain.fill("main [name=login]", login);
  await plain.fill("main [name=password]", "rakuda to zakuro");
  await plain.getByRole("button", { name: "次へ進む" }).click();
  await plain.fill("main [name=code]", totp(secret, stepAt(Date.now())));
  await plain.getByRole("button", { name: "ログインする" }).click();
  await plain.waitForURL((url) => url.pathname === "/");
  await t.open(plain, "/people");

  // Stopped: the page that is open is worth nothing any more.
  await t.open(page, "/office/accounts");
  await page.getByRole("row", { name: login }).getByRole("link").click();
  await t.axe(page);
  await page.fill("[name=reason]", "9月30日付けで退職");
  await page.getByRole("button", { name: "利用を終わりにする" }).click();
  await t.see(page, "利用を終わりにしました");
  await plain.goto("/people");
  t.equal(new URL(plain.url()).pathname, "/login", "where the colleague is now");

  await t.open(page, "/office/admin-log");
  await t.see(page, "招待からの登録");
  await t.axe(page);
  await t.open(page, "/office/log");
  await t.axe(page);
}
