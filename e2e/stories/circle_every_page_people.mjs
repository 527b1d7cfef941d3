import { TOME, pageOf } from "../desk.mjs";
import { firstLink } from "../circle.mjs";
import { desk } from "./every_page.mjs";

export const name = "every page of the municipality's people, notices, rules and feeds: axe, sizes, 320 px";

export async function run(t) {
  const clerk = await pageOf(t, "shiyakusho");
  const filing = await firstLink(t, clerk, "/insurer/filings", /^\/insurer\/filings\/[0-9a-f]{32}$/);
  const person = await firstLink(t, clerk, `/insurer/people?q=${TOME}`, /^\/insurer\/people\/[0-9a-f]{32}$/);
  await desk(t, "shiyakusho", [
    "/insurer/filings",
    filing,
    "/insurer/people",
    person,
    `${person}/consent`,
    `${person}/log`,
    `${person}/proxies/new`,
    "/insurer/questions",
    "/insurer/rules",
    "/insurer/feed",
    "/insurer/feed/loads",
    "/insurer/disaster",
    "/notices",
  ]);
  await desk(t, "kaigoka", ["/insurer/disaster/new", "/insurer/feed/undo", "/insurer/exports"]);
}
