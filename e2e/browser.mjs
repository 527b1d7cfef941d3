// Starts the machine's own Chromium: no download, no traffic of its own.

import { chromium } from "playwright-core";

export async function launchBrowser(options) {
  const args = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  // Chromium's sandbox refuses root.
  if (process.getuid() === 0) args.push("--no-sandbox");
  return chromium.launch({ executablePath: options.chromium, headless: !options.headed, args });
}
