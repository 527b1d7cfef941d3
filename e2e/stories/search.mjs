import { YOSHI, axeInBothColours, mainText, pageOf } from "../desk.mjs";

export const name = "search: kana in every spelling, variants of characters, number, birth date, the kana row";

export async function run(t) {
  for (const javaScript of [true, false]) await search(t, await pageOf(t, "izumo", { javaScript }), javaScript);
}

async function search(t, page, javaScript) {
  const found = async (fields) => {
    await t.open(page, "/people");
    for (const [name, value] of Object.entries(fields)) await page.fill(`.k-search [name=${name}]`, value);
    await Promise.all([page.waitForURL(/\/people\?/), page.getByRole("button", { name: "さがす" }).click()]);
    await page.waitForLoadState();
    for (const [name, value] of Object.entries(fields)) t.equal(await page.inputValue(`.k-search [name=${name}]`), value, `${name} as typed`);
    const names = await page.locator("tbody th a").allInnerTexts();
    t.match(await page.locator("[role=status]").innerText(), new RegExp(`^${names.length}人`), "how many were found");
    return names;
  };
  const finds = async (what, fields, name) => {
    const names = await found(fields);
    t.ok(names.includes(name), `${what} finds ${name}: ${names}`);
    return names;
  };

  const spellings = ["ヤマ", "やま", "ﾔﾏ", "山"];
  const lists = [];
  for (const q of spellings) lists.push((await found({ q })).join());
  t.ok(lists[0].includes("山崎 京子"), `ヤマ finds ${lists[0]}`);
  for (const [index, list] of lists.slice(0, 3).entries()) t.equal(list, lists[0], `people found by ${spellings[index]}`);
  for (const q of ["ヤマサキ", "やまざき", "ﾔﾏｻﾞｷ"]) await finds(q, { q }, "山崎 京子");
  for (const q of ["高", "髙", "髙﨑", "高崎", "たかさき", "ヨシ"]) await finds(q, { q }, "髙﨑 ヨシ");
  for (const number of [YOSHI, "9900 000 529", "９９００－０００－５２９", "529"]) {
    t.equal((await found({ number })).join(), "髙﨑 ヨシ", `people found by the number ${number}`);
  }
  for (const birth of ["昭和7年12月12日", "S7.12.12", "Ｓ７．１２．１２", "1932-12-12", "19321212"]) {
    t.equal((await found({ birth })).join(), "髙﨑 ヨシ", `people found by the birth date ${birth}`);
  }
  t.equal((await found({ q: "たか", birth: "S7.12.12" })).join(), "髙﨑 ヨシ", "people found by name and birth date");

  await page.locator(".k-index").getByRole("link", { name: "た", exact: true }).click();
  await page.waitForURL(/row=/);
  const row = await page.locator("tbody th .k-small").allInnerTexts();
  t.ok(row.length > 1 && row.every((kana) => /^[タ-ドタ-ト]/.test(kana)), `the row た: ${row}`);
  if (javaScript) await axeInBothColours(t, page);

  t.equal((await found({ q: "ソンナヒトハイナイ" })).length, 0, "people of an unknown name");
  await t.see(page, "担当している方の中には見つかりませんでした");
  if (javaScript) await axeInBothColours(t, page);

  await t.open(page, "/people?birth=%E3%82%80%E3%81%8B%E3%81%97", 422);
  t.match(await page.title(), /^エラー：/, "title for a birth date that cannot be read");
  t.equal(await page.inputValue("[name=birth]"), "むかし", "the birth date as typed");
  if (javaScript) await axeInBothColours(t, page);

  // A made-up individual number with a right check digit: refused, and not written back.
  await t.open(page, "/people?number=123456789018", 422);
  t.match(await mainText(page), /個人番号（マイナンバー）とみられる12けたの数字があります。個人番号は取り扱いません。/, "the refusal");
  t.ok(!(await page.content()).includes("123456789018"), "the individual number stands in the page");
  if (javaScript) await axeInBothColours(t, page);
}
