// Writes the images of the documentation from the built program: `cargo xtask screenshots`.

import path from "node:path";

import { launchBrowser } from "./browser.mjs";
import { readOptions } from "./options.mjs";
import { startProgram } from "./program.mjs";
import { Story } from "./story.mjs";

// File name, page, and who looks at it (a login of the demo; none: before login).
const SHOTS = [{ file: "login.png", path: "/login" }];

const options = readOptions();
let program;
let browser;
try {
  program = await startProgram(options);
  browser = await launchBrowser(options);
  for (const shot of SHOTS) {
    const story = new Story({ file: "screenshots.mjs", browser, program, options });
    const page = await story.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce" });
    if (shot.login) await story.login(page, shot.login);
    await story.open(page, shot.path);
    await page.screenshot({ path: path.join(options.out, shot.file) });
    story.verifyGuards();
    await story.close();
    console.log(`written ${shot.file}`);
  }
} finally {
  await browser?.close();
  await program?.stop();
}
