// Files of the exchange for the stories: what `kiban demo --export` writes, under a 連番 that was never sent.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { TODAY } from "./program.mjs";

/** Offices of the demo, by 事業所番号. */
export const MINATO = "9870100014"; // 居宅介護支援事業所 みなと (login izumo)

const folders = new Map();

function exported(t) {
  if (!folders.has(t.options.program)) {
    const folder = mkdtempSync(path.join(t.options.work, "export-"));
    const run = spawnSync(t.options.program, ["demo", "--export", path.join(folder, "files"), "--today", TODAY], { encoding: "utf8" });
    if (run.status !== 0) throw new Error(`demo --export: ${run.stderr}`);
    folders.set(t.options.program, path.join(folder, "files"));
  }
  return folders.get(t.options.program);
}

/**
 * The planned use (第6表・第7表・補足) that an office sent in a month, in a new folder under a new 連番: paths by file name.
 * Of several sets for one receiver the last one: what was sent once more.
 */
export function plannedFiles(t, { from, month, serial }) {
  const source = path.join(exported(t), from, month);
  const folder = path.join(mkdtempSync(path.join(t.options.work, "upload-")), "出力");
  mkdirSync(folder);
  const planned = readdirSync(source).filter((name) => name.startsWith(`UPPLAN_${month}_${from}_`)).sort();
  const last = new Map(planned.map((name) => [name.split("_").slice(4, 6).join("_"), name]));
  const files = new Map();
  for (const name of last.values()) {
    for (const kind of ["UPPLAN", "UPSIKYU", "UPHOSOKU"]) {
      const old = name.replace("UPPLAN", kind);
      const file = path.join(folder, old.replace(/\d{14}(?=\.CSV$)/, serial));
      writeFileSync(file, readFileSync(path.join(source, old)));
      files.set(path.basename(file), file);
    }
  }
  return { folder, files };
}
