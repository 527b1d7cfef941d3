import { pageOf } from "../desk.mjs";

export const name = "a double click registers once; back and reload send nothing again";

// 春日 ミツ, by an office of its own, with and without scripts; then 松永 静江 by two posts at the same time.
export async function run(t) {
  for (const [javaScript, login] of [[true, "engawa"], [false, "kamome"]]) await doubleClick(t, { javaScript, login });
  await twoAtOnce(t);
}

const MITSU = { insurer_no: "981019", insured_no: "9900000555", kana: "カスガ ミツ", birth: "S14.3.3" };
const SHIZUE = { insurer_no: "981019", insured_no: "9900000502", kana: "マツナガ シズエ", birth: "S22.5.30" };

async function confirmed(t, page, items) {
  await t.open(page, "/identity");
  for (const [field, value] of Object.entries(items)) await page.fill(`main [name=${field}]`, value);
  await page.getByRole("button", { name: "確認する" }).click();
  await page.waitForURL(/\/identity\/.+/);
  return page.url();
}

async function registrations(t, page, items) {
  await t.open(page, `/people?number=${items.insured_no}`);
  return page.locator("tbody tr").count();
}

async function doubleClick(t, { javaScript, login }) {
  const page = await pageOf(t, login, { javaScript });
  const confirmation = await confirmed(t, page, MITSU);
  await page.check("#seen");
  await page.getByRole("button", { name: "担当事業所として登録する" }).dblclick();
  await page.waitForURL(/\/certificates\?done=registered$/);
  const person = page.url();

  const methods = [];
  page.on("request", (request) => request.isNavigationRequest() && methods.push(request.method()));
  await page.reload();
  await page.goBack();
  // The confirmation was used: its page is gone, and says where the person is.
  t.equal(page.url(), confirmation, "where back leads");
  await t.see(page, "登録した方は「利用者」から開いてください");
  t.equal(await page.locator("main form").count(), 0, "forms to send again");
  t.ok(methods.length > 0 && methods.every((method) => method === "GET"), `methods of reload and back: ${methods}`);
  t.equal(await registrations(t, page, MITSU), 1, "registrations after a double click");
  t.ok(person.includes(await page.locator("tbody th a").getAttribute("href")), "the registration is the one that was shown");
}

/** What a browser without scripts can send: the same form twice, both on their way at once. */
async function twoAtOnce(t) {
  const page = await pageOf(t, "engawa", { javaScript: false });
  const confirmation = await confirmed(t, page, SHIZUE);
  const form = { csrf: await page.inputValue("main [name=csrf]"), seen: "yes" };
  const answers = await Promise.all([1, 2, 3].map(() => page.request.post(confirmation, { form, maxRedirects: 0 })));
  for (const answer of answers) {
    t.equal(answer.status(), 303, "status of each of the posts");
    t.equal(answer.headers().location, answers[0].headers().location, "where each of the posts leads");
  }
  t.equal(await registrations(t, page, SHIZUE), 1, "registrations after three posts at once");
}
