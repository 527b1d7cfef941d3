import { TOME, addressOf, axeInBothColours } from "../desk.mjs";

export const name = "when the session is over, the page says so, and the login leads back";

/** Each code is taken once, and this story logs in three times: it waits for the clock, so it runs beside the others. */
export const waits = true;

export async function run(t) {
  const both = [[true, "umineko"], [false, "hamanasu"]];
  await Promise.all(both.map(([javaScript, login]) => over(t, { javaScript, login })));
}

async function over(t, { javaScript, login }) {
  const page = await t.newPage({ javaScript });
  const context = page.context();
  await t.login(page, login);
  const address = `${await addressOf(t, page, TOME)}/certificates`;
  await t.open(page, address);

  // The session ends on the server while the browser still has its cookie.
  const cookies = await context.cookies();
  await page.getByRole("button", { name: "ログアウト" }).click();
  await t.see(page, "ログアウトしました");
  await context.clearCookies();
  await context.addCookies(cookies);

  await t.open(page, address);
  t.equal(new URL(page.url()).pathname, "/login", "where the page leads");
  await t.see(page, "しばらく使われなかったため、安全のためにログアウトしました");
  await t.dontSee(page, "9900 000 123");
  if (javaScript) await axeInBothColours(t, page);
  await t.login(page, login);
  t.equal(new URL(page.url()).pathname, address, "page after the login");
  await t.see(page, "介護保険被保険者証");

  // A form that was open meanwhile: nothing is done yet, the login carries it, and it can be sent afterwards.
  await page.goto("/identity");
  const form = page.locator("main form[action='/identity']");
  for (const field of await form.locator("input:not([type=hidden])").all()) await field.fill("1");
  await context.clearCookies();
  await form.getByRole("button").click();
  await t.see(page, "入力した内容は残っています");
  if (javaScript) await axeInBothColours(t, page);
  // Here, without leaving the page: it carries the form.
  const account = t.accounts.find((account) => account.login === login);
  await page.fill('input[name="login"]', account.login);
  await page.fill('input[name="password"]', account.password);
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForSelector('input[name="code"]');
  await t.inTurn(login, async () => {
    await page.fill('input[name="code"]', await t.code(account));
    await page.locator("main form button[type=submit]").first().click();
    await t.see(page, "前に入力した内容が残っています");
  });
  if (javaScript) await axeInBothColours(t, page);
  await page.getByRole("button", { name: "続けて送る" }).click();
  t.equal(new URL(page.url()).pathname, "/identity", "where the form goes");
}
