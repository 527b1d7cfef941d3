// The harness itself: a guard that cannot fail guards nothing, and a second factor must be the one of the RFC.

import { totp } from "../totp.mjs";

export const name = "the guards of this harness see what they guard against";

export async function run(t) {
  // RFC 6238, appendix B (SHA-1), the last six of its eight digits.
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  t.equal(totp(secret, Math.floor(59 / 30)), "287082", "code at 59 s");
  t.equal(totp(secret, Math.floor(1111111109 / 30)), "081804", "code at 1111111109 s");
  t.equal(totp(secret, Math.floor(20000000000 / 30)), "353130", "code at 20000000000 s");

  const page = await t.newPage();
  await mustBreach(t, /another origin/, () => page.setContent('<img src="http://localhost:9/x.png" alt="">'));
  await mustBreach(t, /script: on purpose/, () => throwLater(page));
  await mustBreach(t, /console: on purpose/, () => page.evaluate(() => console.error("on purpose")));
  await page.setContent("<!doctype html><html><title>x</title><input></html>");
  const complaint = await t.axe(page).then(() => "", (error) => error.message);
  t.match(complaint, /label/, "axe on a field without a label");
  t.verifyGuards();
}

async function throwLater(page) {
  const seen = page.waitForEvent("pageerror");
  await page.evaluate(() => void setTimeout(() => { throw new Error("on purpose"); }));
  await seen;
}

async function mustBreach(t, pattern, act) {
  await act();
  const breaches = t.breaches.splice(0).join("\n");
  t.match(breaches, pattern, "the guard");
}
