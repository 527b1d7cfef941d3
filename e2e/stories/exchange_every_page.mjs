import { pageOf } from "../desk.mjs";
import { desk } from "./every_page.mjs";

export const name = "every page of the exchange: axe at 標準 and 特大 and in forced colours, 320 px wide";

export async function run(t) {
  const finder = await pageOf(t, "izumo");
  await t.open(finder, "/exchange/send");
  const draft = await finder.locator(".k-ask a").first().getAttribute("href");
  await t.open(finder, "/exchange/sent?state=sent");
  const set = await finder.locator("tbody th a").first().getAttribute("href");
  await desk(t, "izumo", [
    "/exchange",
    "/exchange/send",
    "/exchange/inbox",
    "/exchange/sent",
    "/exchange/board?month=202610",
    "/exchange/partners",
    draft,
    `${draft}/sets/0`,
    `${draft}/confirm`,
    set,
    `${set}/recall`,
    `${set}/receipt`,
  ]);
  await desk(t, "minato-admin", ["/exchange/tokens"]);
}
