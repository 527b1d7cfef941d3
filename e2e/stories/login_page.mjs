// The first page that everybody sees.

export const name = "the login page stands alone: accessible, no other origin, with and without JavaScript, at 200 %";

export async function run(t) {
  const page = await t.newPage();
  await t.open(page, "/login");
  await t.axe(page);

  const plain = await t.newPage({ javaScript: false });
  await t.open(plain, "/login");
  t.equal(await plain.locator("form").count() > 0, true, "a form without JavaScript");

  const large = await t.newPage({ textSize: 200 });
  await t.open(large, "/login");
  await t.axe(large);
  await t.fitsWidth(large);

  const phone = await t.newPage({ viewport: { width: 360, height: 740 } });
  await t.open(phone, "/login");
  await t.fitsWidth(phone);
}
