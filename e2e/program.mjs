// Starts the program under test on a fresh demo nation, and stops it.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import readline from "node:readline";

/** The business date of every run; the demo nation is made for it. Second factors use the real clock. */
export const TODAY = "2026-11-22";

const KEPT_LINES = 20;

/**
 * Starts `kiban demo` and resolves when it listens: { base, accounts, lastLines(), stop() }.
 * `accounts` is what the demo wrote into accounts.json: login, password, totp_secret, role, name.
 */
export async function startProgram(options) {
  if (options.base) {
    return { base: options.base.replace(/\/$/, ""), accounts: [], lastLines: () => "", stop: async () => {} };
  }
  const data = mkdtempSync(path.join(options.work, "data-"));
  const args = ["demo", "--port", "0", "--fresh", "--data-dir", data, "--today", TODAY];
  if (options.database) args.push("--database", options.database);
  const child = spawn(options.program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const keep = (line) => {
    said.push(line);
    if (said.length > KEPT_LINES) said.shift();
  };
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  const stop = async () => {
    const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(killer);
    rmSync(data, { recursive: true, force: true });
  };

  let limit;
  try {
    const base = await new Promise((resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`it did not listen within ${options.startSeconds} s`)), options.startSeconds * 1000);
      child.on("error", reject);
      ended.then((how) => reject(new Error(`it ended (${how})`)));
      readline.createInterface({ input: child.stderr }).on("line", keep);
      readline.createInterface({ input: child.stdout }).on("line", (line) => {
        keep(line);
        const ready = line.match(/^\s*listening (http:\/\/127\.0\.0\.1:\d+)/);
        if (ready) resolve(ready[1]);
      });
    });
    const accounts = JSON.parse(readFileSync(path.join(data, "accounts.json"), "utf8"));
    return { base, accounts, data, lastLines: () => said.join("\n"), stop };
  } catch (error) {
    if (child.pid) await stop();
    throw new Error(`\`kiban ${args.join(" ")}\`: ${error.message}\n${said.join("\n")}`);
  } finally {
    clearTimeout(limit);
  }
}
