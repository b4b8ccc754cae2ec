// The other tests in this folder are worth nothing when Chinese shows as empty boxes, or when `open` lets a
// broken page pass: both are tried here.

import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { open, out } from "./chromium.mjs";

function file(name, body) {
  writeFileSync(out(name), `<!doctype html><meta charset="utf-8"><title>安宁</title>${body}`);
  return out(name);
}

await open(file("glyphs.html", "<p>短信息内容提供者</p>"), async (page) => {
  const pixels = (text) =>
    page.evaluate((text) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const context = canvas.getContext("2d");
      context.font = "48px sans-serif";
      context.fillText(text, 4, 52);
      return canvas.toDataURL();
    }, text);
  const unassigned = await pixels("\u{2fffd}");
  assert.notEqual(await pixels("安"), unassigned, "安 has a shape");
  assert.notEqual(await pixels("安"), await pixels("宁"), "and not the shape of 宁");
  await page.screenshot({ path: out("glyphs.png") });
  assert.ok(statSync(out("glyphs.png")).size > 1_000);
});

const fails = (name, body) => assert.rejects(open(file(name, body), (page) => page.waitForTimeout(200)));
await fails("throws.html", "<script>throw new Error('planted')</script>");
await fails("logs.html", "<script>console.error('planted')</script>");
await fails("fetches.html", "<img src='http://127.0.0.1:9/planted.png'>");
