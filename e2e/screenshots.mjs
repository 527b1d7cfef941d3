// Writes the images of the documentation from the built program: `cargo xtask screenshots`.

import { statSync } from "node:fs";
import path from "node:path";

import { launchBrowser } from "./browser.mjs";
import { KIYOSHI, TOME, addressOf, pageOf } from "./desk.mjs";
import { readOptions } from "./options.mjs";
import { startProgram } from "./program.mjs";
import { Story } from "./story.mjs";

const WIDTH = 1280;
const MAX_HEIGHT = 940;
const MAX_BYTES = 200 * 1024;

// File name, who looks (a login of the demo), the person (被保険者番号) whose tab it is, and the page; then the link or button to
// follow, in the row of a table where one is named. LAST stands for the month before this one.
const SHOTS = [
  { file: "home.png", login: "izumo", path: "/" },
  { file: "people.png", login: "izumo", path: "/people" },
  { file: "identity.png", login: "izumo", path: "/identity" },
  { file: "certificates.png", login: "izumo", person: TOME, path: "certificates" },
  { file: "certification.png", login: "izumo", person: TOME, path: "certification" },
  { file: "documents.png", login: "izumo", person: KIYOSHI, path: "documents" },
  { file: "balances.png", login: "izumo", person: KIYOSHI, path: "balances" },
  { file: "exchange.png", login: "izumo", path: "/exchange" },
  { file: "exchange-board.png", login: "izumo", path: "/exchange/board" },
  { file: "exchange-draft.png", login: "izumo", path: "/exchange/send", link: /に確かめたもの/ },
  { file: "exchange-compare.png", login: "izumo", path: "/exchange/board?month=LAST", row: /大谷/, link: /ちがい/ },
  { file: "exchange-results.png", login: "hamanasu", path: "/exchange/results?month=LAST", row: /大谷/, link: /./ },
  { file: "savings.png", login: "minato-admin", path: "/office/savings" },
  { file: "steps.png", login: "minato-admin", path: "/office/steps" },
  { file: "my.png", login: "tome", path: "/my" },
  { file: "my-log.png", login: "kiyoshi", path: "/my/log" },
];

/** The month before this one in Japan, `YYYYMM`: its results have come. */
function lastMonth() {
  const now = new Date(Date.now() + 9 * 3600 * 1000);
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  return first.toISOString().slice(0, 7).replace("-", "");
}

const options = readOptions();
let program;
let browser;
try {
  program = await startProgram(options);
  browser = await launchBrowser(options);
  const story = new Story({ file: "screenshots.mjs", browser, program, options });
  for (const shot of SHOTS) {
    const page = await pageOf(story, shot.login, { viewport: { width: WIDTH, height: 640 }, reducedMotion: "reduce" });
    const where = shot.person ? `${await addressOf(story, page, shot.person)}/${shot.path}` : shot.path;
    await story.open(page, where.replace("LAST", lastMonth()));
    if (shot.link) {
      const rows = shot.row ? page.locator("main tbody tr", { hasText: shot.row }) : page.locator("main");
      await Promise.all([
        page.waitForURL((url) => !url.pathname.endsWith(new URL(where, url).pathname)),
        rows.locator("a, button", { hasText: shot.link }).last().click(),
      ]);
      await page.waitForLoadState();
    }
    const file = path.join(options.out, shot.file);
    // As high as the page, but the footer is the same everywhere and stays out.
    const end = await page.locator(".k-footer").evaluate((footer) => Math.floor(footer.getBoundingClientRect().top + scrollY));
    const height = Math.min(end, MAX_HEIGHT);
    await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height } });
    const bytes = statSync(file).size;
    story.ok(bytes <= MAX_BYTES, `${shot.file} has ${bytes} bytes; at most ${MAX_BYTES}`);
    console.log(`written ${shot.file} (${WIDTH} × ${height}, ${Math.ceil(bytes / 1024)} kB)`);
  }
  story.verifyGuards();
  await story.close();
} finally {
  await browser?.close();
  await program?.stop();
}
