// Runs every story of stories/ in Chromium against the built program, and ends with `N passed, N failed`.
// Started by `cargo xtask e2e`, which gives the options; see options.mjs.

import { readdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import { launchBrowser } from "./browser.mjs";
import { readOptions } from "./options.mjs";
import { startProgram } from "./program.mjs";
import { Story } from "./story.mjs";

const options = readOptions();
const folder = new URL("./stories/", import.meta.url);
const files = (await readdir(folder)).filter((file) => file.endsWith(".mjs") && file.includes(options.only)).sort();
if (files.length === 0) {
  console.error(`no story whose file name holds "${options.only}"`);
  process.exit(1);
}

let passed = 0;
let failed = 0;
let program;
let browser;
try {
  program = await startProgram(options);
  browser = await launchBrowser(options);
  const modules = await Promise.all(files.map(async (file) => ({ file, module: await import(pathToFileURL(new URL(file, folder).pathname)) })));
  // What mostly waits for the clock runs beside the others; these run in their order.
  const waiting = modules.filter(({ module }) => module.waits).map(runStory);
  for (const own of modules.filter(({ module }) => !module.waits)) await runStory(own);
  await Promise.all(waiting);
} catch (error) {
  failed += 1;
  console.log(`FAILED the surroundings of the stories: ${error.stack}`);
} finally {
  await browser?.close();
  await program?.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runStory({ file, module }) {
  const started = performance.now();
  const name = module.name ?? file;
  const story = new Story({ file, browser, program, options });
  let problem;
  try {
    await withTimeout(module.run(story), options.storySeconds);
    story.verifyGuards();
  } catch (error) {
    problem = error;
    await story.keepScreenshots();
  } finally {
    await story.close();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (problem) {
    failed += 1;
    console.log(`FAILED ${name} (${options.engine}, ${seconds} s)\n${indent(problem.stack ?? String(problem))}`);
    console.log(indent(`screenshots: ${options.out}`));
    const lines = program.lastLines();
    if (lines) console.log(indent(`the program said last:\n${lines}`));
  } else {
    passed += 1;
    console.log(`ok ${name} (${options.engine}, ${seconds} s)`);
    for (const note of story.notes) console.log(indent(note));
  }
}

// A limit for a story that hangs, not a way to wait for anything.
async function withTimeout(work, seconds) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the story took more than ${seconds} s`)), seconds * 1000);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function indent(text) {
  return text.replace(/^/gm, "    ");
}
