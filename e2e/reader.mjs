// A card on a real reader: the system's pcscd with the virtual reader of vpcd, the program's test card behind its socket, and the
// office's own program as a PC would start it. Debian: pcscd, vsmartcard-vpcd. Needs root, as pcscd does.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";

const DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/** Starts pcscd with a configuration of its own; answers { port, stop() }. */
export async function startReader(folder) {
  mkdirSync("/run/pcscd", { recursive: true });
  const port = await freePort();
  const hex = `0x${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const config = path.join(folder, "reader.conf");
  writeFileSync(config, `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${hex}\nLIBPATH ${DRIVER}\nCHANNELID ${hex}\n`);
  return { port, ...start("/usr/sbin/pcscd", ["--foreground", "--config", config]) };
}

/** Lays a card on the reader; answers { stop() }, which takes it away. */
export function insertCard(program, card, port) {
  return start(program, ["cert", "insert-card", card, "--reader", `127.0.0.1:${port}`]);
}

/** Runs the office's program to its end: { code, said }. `input` goes to its standard input. */
export function agent(program, args, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(path.dirname(program), "kiban-agent"), args, { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (bytes) => (said += bytes));
    child.stderr.on("data", (bytes) => (said += bytes));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
    child.stdin.end(input);
  });
}

function start(program, args) {
  const child = spawn(program, args, { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.on("error", () => {});
  return {
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
