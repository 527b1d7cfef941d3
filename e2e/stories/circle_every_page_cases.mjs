import { pageOf } from "../desk.mjs";
import { firstLink, printed } from "../circle.mjs";
import { desk } from "./every_page.mjs";

export const name = "every page of the municipality's cases: axe, sizes, 320 px, paper";

export async function run(t) {
  const clerk = await pageOf(t, "shiyakusho");
  const running = await firstLink(t, clerk, "/insurer/cases", /^\/insurer\/cases\/[0-9a-f]{32}\/\d+$/);
  const request = await firstLink(t, clerk, "/insurer/opinions", /^\/insurer\/opinions\/[0-9a-f]{32}$/);
  const session = await firstLink(t, clerk, "/insurer/board", /^\/insurer\/board\/[0-9a-f]{32}$/);
  await desk(t, "shiyakusho", [
    "/insurer",
    "/insurer/cases",
    "/insurer/cases/new",
    running,
    ...["days", "delay", "result", "survey"].map((form) => `${running}/${form}`),
    "/insurer/opinions",
    request,
    "/insurer/board",
    session,
    "/insurer/statistics",
  ]);
  // On paper: nothing of the screen, something of the matter, no sheet too many.
  await printed(t, clerk, running, 3);
  await printed(t, clerk, "/insurer/statistics", 4);
}
