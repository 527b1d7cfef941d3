import { KIYOSHI, addressOf, pageOf } from "../desk.mjs";
import { firstLink, printed } from "../circle.mjs";
import { desk } from "./every_page.mjs";

export const name = "every page of the doctor, the board, the person and the notice: axe, sizes, 320 px, paper";

export async function run(t) {
  const doctor = await pageOf(t, "umibe");
  const asked = await firstLink(t, doctor, "/medical", /^\/medical\/requests\/[0-9a-f]{32}$/);
  await desk(t, "umibe", ["/medical", asked, "/notices"]);
  const session = await firstLink(t, await pageOf(t, "shinsakai"), "/board", /^\/board\/sessions\/[0-9a-f]{32}$/);
  await desk(t, "shinsakai", ["/board", session]);
  await desk(t, "tome", ["/my/documents", "/my/plans", "/my/consent", "/my/family", "/my/questions", "/my/questions/new", "/notices"]);
  const office = await pageOf(t, "izumo");
  await desk(t, "izumo", ["/filings", `${await addressOf(t, office, KIYOSHI)}/filing`, "/notices"]);
  await printed(t, doctor, asked, 4);
  await printed(t, await pageOf(t, "tome"), "/my/log", 6);
}
