// The second verifier of receipts, spec/verify/receipt.html, opened from disk: every vector must come out as it says,
// and what is shown must be what was decided.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { open, out } from "../../../edge/audit/tests/browser/chromium.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const page_file = join(root, "spec/verify/receipt.html");
const folder = join(root, "spec/vectors/receipt");
const vectors = JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8"));
const read = (name) => readFileSync(join(folder, name));

const settled = async (page) => {
  await page.waitForFunction(() => document.querySelector("#result .verdict")?.dataset.verdict !== undefined);
  const { verdict, fault } = await page.locator("#result .verdict").evaluate((node) => ({ ...node.dataset }));
  return [verdict, fault, (await page.locator("#result .verdict .why").textContent()).trim()];
};

// As a link that carries receipt, key and witnesses: a fresh document each time.
const follow = async (page, bytes, key, witnesses, lang) => {
  const link = `#r=${encodeURIComponent(bytes.toString("base64"))}&k=${encodeURIComponent(key)}`;
  const more = witnesses.length ? `&w=${witnesses.map(encodeURIComponent).join(",")}` : "";
  await page.goto("about:blank");
  await page.goto(`${pathToFileURL(page_file).href}${link}${more}&l=${lang}`);
  return settled(page);
};

let checked = 0;
await open(page_file, async (page) => {
  assert.equal(await page.evaluate(() => isSecureContext && typeof crypto.subtle), "object", "a file is a secure context");
  assert.equal((await settled(page))[0], "none", "nothing was given, nothing is claimed");
  for (const { file, key, witnesses, expected } of vectors) {
    for (const lang of ["zh", "en"]) {
      const [verdict, fault, why] = await follow(page, read(file), key, witnesses, lang);
      const wanted = expected === "good" ? ["good", ""] : ["bad", expected];
      assert.deepEqual([verdict, fault], wanted, `${file} in ${lang}: ${why}`);
      assert.ok(why.length > 5 && why !== "undefined", `${file}: a reason in words`);
      assert.equal(lang === "zh", /[一-鿿]/.test(why), `${file}: in its language`);
      checked += 1;
    }
  }
});
console.log(`${checked} vectors in the page`);

// Every single byte flipped in a good receipt is refused.
await open(page_file, async (page) => {
  const good = vectors.find(({ file }) => file === "ed25519-sha256-good.receipt");
  const accepted = await page.evaluate(async ({ bytes, lines }) => {
    const keys = [];
    for (const line of lines) keys.push(await readKey(line));
    const believed = async (packed) => {
      try {
        const receipt = readPacked(Uint8Array.from(packed));
        readRecord(receipt.record);
        await verify(receipt, keys, []);
        return true;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return false;
      }
    };
    if (!(await believed(bytes))) return ["the good one is refused"];
    const wrong = [];
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [0x01, 0x20, 0x80]) {
        const other = [...bytes];
        other[at] ^= flip;
        if (await believed(other)) wrong.push(`${at}^${flip}`);
      }
      if (await believed(bytes.slice(0, at))) wrong.push(`cut at ${at}`);
    }
    return wrong;
  }, { bytes: [...read(good.file)], lines: [good.key, ...good.witnesses] });
  assert.deepEqual(accepted, []);
  console.log(`${read(good.file).length * 3} flips refused by the page`);
});

// By hand: a JSON file chosen, a key typed; what is shown; the words altered.
await open(page_file, async (page) => {
  const good = vectors.find(({ file }) => file === "ed25519-sha256-good.receipt");
  const whole = read("ed25519-sha256-good.json").toString();
  const choose = (name, text) => page.setInputFiles("#pick", { name, mimeType: "application/json", buffer: Buffer.from(text) });
  const until = (verdict, fault) => page.waitForSelector(`#result .verdict[data-verdict=${verdict}][data-fault="${fault}"]`);
  await choose("good.json", whole);
  await page.fill("#keys", `${good.key}\n${good.witnesses[0]}`);
  await until("good", "");
  assert.equal(await page.locator("#caution").isHidden(), true, "the key was typed, no caution");
  const shown = JSON.parse(whole).decision;
  assert.equal(await page.locator("#decision").getAttribute("data-outcome"), shown.outcome);
  const text = await page.locator("#result").innerText();
  for (const words of ["不得发送", "广告法 第43条", "witness.example.org/w1", shown.law_pack, shown.evidence, shown.sent_at]) {
    assert.ok(text.includes(words), `shown: ${words}`);
  }
  assert.equal(await page.locator("#result tr").count(), shown.findings.length);
  await page.screenshot({ path: out("good-zh.png"), fullPage: true });
  await page.click("#lang");
  assert.match(await page.locator("#result").innerText(), /Must not be sent[^]*Advertising Law art\. 43/);
  await page.screenshot({ path: out("good-en.png"), fullPage: true });

  await choose("lied.json", whole.replace('"outcome": "deny"', '"outcome": "allow"'));
  await until("bad", "words");
  await choose("pack.json", whole.replace(shown.law_pack, "2b".repeat(32)));
  await until("bad", "words");
  await choose("number.json", whole.replace('"leaf_index": 42', '"leaf_index": 41'));
  await until("bad", "inclusion");
  await page.fill("#keys", good.key.slice(0, -1));
  await until("bad", "key");
  await page.fill("#keys", "");
  await until("none", "");

  const [verdict] = await follow(page, read("ed25519-sha256-altered-decision.receipt"), good.key, [], "zh");
  assert.equal(verdict, "bad");
  assert.equal(await page.locator("#caution").isVisible(), true, "a key that came by link is pointed out");
  await page.screenshot({ path: out("altered-zh.png"), fullPage: true });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.screenshot({ path: out("narrow-zh.png"), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, "nothing sticks out on a telephone");
});

// A browser without Ed25519 says what it could not check, and does not say good.
await open(page_file, async (page) => {
  const good = vectors.find(({ file }) => file === "ed25519-sha256-good.receipt");
  await page.addInitScript(() => {
    if (crypto.subtle) crypto.subtle.importKey = async () => { throw new DOMException("no such algorithm", "NotSupportedError"); };
  });
  const [verdict] = await follow(page, read(good.file), good.key, [], "en");
  assert.equal(verdict, "half");
});
