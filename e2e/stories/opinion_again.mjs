import { acceptOpinion, askForOpinion, takeIn, writeOpinion } from "../circle.mjs";
import { pageOf } from "../desk.mjs";
import { Hands } from "../hands.mjs";

export const name = "the opinion of a continuing patient: copied, changed where something changed, submitted within 5 minutes of typing";

const TADASHI = "9900000573"; // 柴田 正: no application runs
const MOST = 300;

const TEXTS = [
  ["1-3", "10月に肺炎で2週間入院した。退院のあとは歩行が不安定で、屋外は付き添いが要る。"],
  ["5", "独居。夜間の見守りと服薬の確認が要る。転倒の危険があり、手すりの設置と訪問リハビリテーションが望ましい。"],
];
const BOXES = [
  ["3-1-1", "5"],
  ["3-1-2", "4"],
];

export async function run(t) {
  const nothing = async () => {};
  const clerk = await pageOf(t, "shiyakusho");
  const doctor = await pageOf(t, "umibe", { viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  const running = await takeIn(t, clerk, { number: TADASHI, kind: "3", check: nothing });
  const first = await askForOpinion(t, clerk, { running, check: nothing });
  await writeOpinion(t, doctor, { request: first, check: nothing });
  await acceptOpinion(t, clerk, { request: first, check: nothing });
  const request = await askForOpinion(t, clerk, { running, check: nothing });

  // What is counted: from the list of requests to the receipt.
  const hands = new Hands(t, doctor);
  await doctor.goto("/medical");
  await hands.click(doctor.locator(`main a[href='/medical/requests/${request.split("/").pop()}']`).first());
  await doctor.waitForURL(/\/requests\/[0-9a-f]{32}$/);
  await hands.click(doctor.locator("main a[href$='/form']").first());
  await doctor.waitForURL(/\/form$/);
  await hands.click(doctor.locator("button[name=act][value=copy]"));
  await doctor.waitForURL(/done=copied/);
  await t.see(doctor, "前回から写しました");

  // What changed since: an illness, two levels, what the services have to know. Everything else stays as it was copied.
  await hands.click(doctor.locator("[name='f-0-1']"));
  await hands.type("2026-11-20");
  for (const [field, text] of TEXTS) {
    await hands.click(doctor.locator(`[name='f-${field}']`));
    await hands.press("Control+End");
    await hands.type(text);
  }
  for (const [field, value] of BOXES) await hands.click(doctor.locator(`label:has([name='f-${field}'][value='${value}'])`));
  await hands.click(doctor.locator("button[name=act][value=check]").first());
  await doctor.waitForURL(/\/check$/);
  const shown = await doctor.locator("main").innerText();
  for (const [, text] of TEXTS) t.ok(shown.includes(text), `the check shows 「${text}」`);
  t.match(shown, /前回の意見書から変わったところ[^]*経過[^]*寝たきり度/, "what changed since the opinion before");
  await hands.click(doctor.locator("form[action$='/submit'] button"));
  await doctor.waitForURL(/\/receipt/);
  await t.see(doctor, "SHA-256");
  t.note(`継続の方の主治医意見書: ${hands.say()}`);
  t.ok(hands.seconds() < MOST, `the opinion takes ${hands.seconds()} s`);
}
