// Opens a file from disk in Chromium, as a person would who got it by mail: no server, no network.
// Used by the `*.test.mjs` beside it, which `cargo xtask test` starts.

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(join(process.env.ANNING_NODE, "package.json"))("playwright-core");

const FLAGS = [
  // The test may run as root, where Chromium has no sandbox of its own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/// Opens `file` and hands the page to `work`. Fails when the page logs an error, throws, or asks for anything
/// that is not on the disk: a report must be whole in its one file.
export async function open(file, work, options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "anning-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: FLAGS,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const wrong = [];
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("pageerror", (error) => wrong.push(`the page threw: ${error.message}`));
    page.on("console", (line) => line.type() === "error" && wrong.push(`the page logged: ${line.text()}`));
    page.on("request", (request) => {
      if (!/^(file|data|blob|about):/.test(request.url())) wrong.push(`the page asked for: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await work(page);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

/// A path for what the test makes, a screenshot for instance; the folder is empty when the test starts.
export function out(name) {
  return join(process.env.ANNING_OUT, name);
}
