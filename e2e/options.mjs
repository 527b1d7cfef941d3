// The command line of run.mjs and screenshots.mjs.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

/** Options of a run, all paths absolute. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      program: { type: "string" }, // the built kiban
      chromium: { type: "string" }, // the browser
      work: { type: "string" }, // folder for the data of the run
      out: { type: "string" }, // folder for images
      engine: { type: "string", default: "sqlite" },
      database: { type: "string", default: "" }, // URL, for PostgreSQL
      only: { type: "string", default: "" }, // part of a story's file name
      headed: { type: "boolean", default: false },
      base: { type: "string", default: "" }, // a server that runs already, instead of the program
    },
  });
  for (const name of ["chromium", "work", "out"]) {
    if (!values[name]) throw new Error(`--${name} is missing; use \`cargo xtask e2e\``);
    values[name] = path.resolve(values[name]);
  }
  if (!values.program && !values.base) throw new Error("--program is missing; use `cargo xtask e2e`");
  mkdirSync(values.work, { recursive: true });
  mkdirSync(values.out, { recursive: true });
  return { ...values, startSeconds: 180, storySeconds: 240 };
}
