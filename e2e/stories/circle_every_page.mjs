import { KIYOSHI, TOME, addressOf, pageOf } from "../desk.mjs";
import { firstLink, printed } from "../circle.mjs";
import { desk } from "./every_page.mjs";

export const name = "every page of the municipality, the doctor, the board and the person: axe, sizes, 320 px, paper";

export async function run(t) {
  const clerk = await pageOf(t, "shiyakusho");
  const running = await firstLink(t, clerk, "/insurer/cases", /^\/insurer\/cases\/[0-9a-f]{32}\/\d+$/);
  const request = await firstLink(t, clerk, "/insurer/opinions", /^\/insurer\/opinions\/[0-9a-f]{32}$/);
  const session = await firstLink(t, clerk, "/insurer/board", /^\/insurer\/board\/[0-9a-f]{32}$/);
  const filing = await firstLink(t, clerk, "/insurer/filings", /^\/insurer\/filings\/[0-9a-f]{32}$/);
  const person = await firstLink(t, clerk, `/insurer/people?q=${TOME}`, /^\/insurer\/people\/[0-9a-f]{32}$/);
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
    "/insurer/filings",
    filing,
    "/insurer/people",
    person,
    `${person}/consent`,
    `${person}/log`,
    `${person}/proxies/new`,
    "/insurer/questions",
    "/insurer/statistics",
    "/insurer/rules",
    "/insurer/feed",
    "/insurer/feed/loads",
    "/insurer/disaster",
    "/notices",
  ]);
  await desk(t, "kaigoka", ["/insurer/disaster/new", "/insurer/feed/undo", "/insurer/exports"]);

  const doctor = await pageOf(t, "umibe");
  const asked = await firstLink(t, doctor, "/medical", /^\/medical\/requests\/[0-9a-f]{32}$/);
  await desk(t, "umibe", ["/medical", asked, "/notices"]);
  await desk(t, "shinsakai", ["/board", await firstLink(t, await pageOf(t, "shinsakai"), "/board", /^\/board\/sessions\/[0-9a-f]{32}$/)]);
  await desk(t, "tome", ["/my/documents", "/my/plans", "/my/consent", "/my/family", "/my/questions", "/my/questions/new", "/notices"]);
  const office = await pageOf(t, "izumo");
  await desk(t, "izumo", ["/filings", `${await addressOf(t, office, KIYOSHI)}/filing`, "/notices", "/notices/mail"]);

  // On paper: nothing of the screen, something of the matter, no sheet too many.
  await printed(t, clerk, running, 3);
  await printed(t, clerk, "/insurer/statistics", 4);
  await printed(t, doctor, asked, 4);
  await printed(t, await pageOf(t, "tome"), "/my/log", 6);
}
