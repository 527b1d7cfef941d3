// Every page in every look: usual and very large text, forced colours, a window of 320 px.

import { KIYOSHI, SADA, TOME, addressOf, axeInBothColours, chooseTextSize, pageOf } from "../desk.mjs";

export const name = "every page: axe at 標準 and 特大 and in forced colours, 320 px wide";

export async function run(t) {
  await desk(t, "", ["/login", "/login?next=%2Fpeople&done=expired"]);
  await desk(t, "tome", ["/my", "/my/certification", "/my/log"]);
  const finder = await pageOf(t, "izumo");
  const [tome, kiyoshi, sada] = [await addressOf(t, finder, TOME), await addressOf(t, finder, KIYOSHI), await addressOf(t, finder, SADA)];
  const tabs = ["certificates", "certification", "documents", "balances", "history", "charge", "charge/end"];
  await desk(t, "izumo", [
    "/",
    "/people",
    "/identity",
    ...tabs.map((tab) => `${tome}/${tab}`),
    `${kiyoshi}/certificates`,
    `${kiyoshi}/documents`,
    `${kiyoshi}/documents/survey-1?purpose=care-plan`,
    `${kiyoshi}/documents/opinion-1?purpose=conference`,
    `${sada}/documents`,
  ]);
}

/** Looks at pages as somebody, in every look. */
export async function desk(t, login, pages) {
  const options = { viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" };
  const open = (more) => (login ? pageOf(t, login, { ...options, ...more }) : t.newPage({ ...options, ...more }));
  const usual = await open({});
  const narrow = await open({ viewport: { width: 320, height: 640 } });
  const large = await open({});
  await t.open(large, pages[0]);
  await chooseTextSize(large, "特大");
  for (const where of pages) {
    await t.open(usual, where);
    await axeInBothColours(t, usual);
    await t.fitsWidth(usual);
    await t.open(large, where);
    await t.axe(large, `${where} in very large text`);
    await t.fitsWidth(large);
    await t.open(narrow, where);
    await t.fitsWidth(narrow);
  }
}
