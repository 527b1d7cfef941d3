import { TOME, addressOf, chooseTextSize, pageOf } from "../desk.mjs";

export const name = "text size stays over pages, and the certificates print on two sheets";

export async function run(t) {
  for (const javaScript of [true, false]) await size(t, javaScript);
  await print(t);
}

async function size(t, javaScript) {
  const page = await pageOf(t, "izumo", { javaScript });
  const pixels = () => page.locator("body").evaluate((body) => Number.parseFloat(getComputedStyle(body).fontSize));
  await t.open(page, "/people?row=%E3%81%8B");
  const usual = await pixels();
  await chooseTextSize(page, "特大");
  t.equal(new URL(page.url()).search, "?row=%E3%81%8B", "the same page after choosing a size");
  const address = await addressOf(t, page, TOME);
  for (const where of ["/", `${address}/certificates`, `${address}/certification`]) {
    await t.open(page, where);
    t.ok((await pixels()) > usual * 1.3, `the text of ${where} is very large`);
    await t.fitsWidth(page);
  }
  await chooseTextSize(page, "標準");
  t.equal(await pixels(), usual, "the usual size again");
}

async function print(t) {
  const page = await pageOf(t, "izumo");
  await t.open(page, `${await addressOf(t, page, TOME)}/certificates`);
  for (const word of ["標準", "特大"]) {
    await chooseTextSize(page, word);
    await page.emulateMedia({ media: "print" });
    for (const gone of [".k-header", ".k-tabs", ".k-jump", ".k-footer", ".k-skip", "main form"]) {
      t.equal(await page.locator(gone).filter({ visible: true }).count(), 0, `${gone} on paper`);
    }
    await t.see(page, "出力：出雲 太郎（居宅介護支援事業所 みなと）");
    await t.see(page, "久城");
    const sheets = pagesOf(await page.pdf({ preferCSSPageSize: true }));
    t.ok(sheets >= 1 && sheets <= 2, `sheets of paper at ${word}: ${sheets}`);
    await page.emulateMedia({ media: null });
  }
}

/** Pages of a PDF, as its page tree counts them. */
function pagesOf(pdf) {
  const counts = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Pages\b[^]*?\/Count\s+(\d+)/g)].map((match) => Number(match[1]));
  return Math.max(0, ...counts);
}
