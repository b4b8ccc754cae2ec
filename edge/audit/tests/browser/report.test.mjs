// Opens the documents from disk in Chromium and checks what a reader would meet.
//
// Under `cargo xtask test` it makes them from the fixture first. By hand:
// node report.test.mjs DIR [SHOTS]   DIR holds report.html, hostile.html, progress.html, compare.html;
// SHOTS is where screenshots go. ANNING_NODE names the folder in which playwright-core is installed.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { resolve, join } from "node:path";
import { pathToFileURL } from "node:url";

const from = process.env.ANNING_NODE ? join(process.env.ANNING_NODE, "package.json") : import.meta.url;
const { chromium } = createRequire(from)("playwright-core");
const out = process.env.ANNING_OUT || "out";
const dir = resolve(process.argv[2] || join(out, "documents"));
const shots = process.argv[3] ? resolve(process.argv[3]) : process.env.ANNING_OUT && resolve(out, "shots");
if (shots) mkdirSync(shots, { recursive: true });
if (!process.argv[2]) {
  execFileSync("cargo", ["run", "-q", "-p", "anning-audit", "--example", "report_fixture", "--", dir], { stdio: ["ignore", "ignore", "inherit"] });
}
let passed = 0, failed = 0;

function check(what, ok, seen) {
  if (ok) { passed += 1; return; }
  failed += 1;
  console.error(`FAILED ${what}${seen === undefined ? "" : `: ${JSON.stringify(seen)}`}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

async function open(file, width, lang) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const trouble = [], requests = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) trouble.push(m.text()); });
  page.on("pageerror", (e) => trouble.push(String(e)));
  page.on("request", (r) => requests.push(r.url()));
  await page.goto(pathToFileURL(join(dir, file)).href);
  await page.click(`[data-lang="${lang}"]`);
  return { context, page, trouble, requests };
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

async function sizesAndLanguages(file) {
  for (const [width, lang, theme] of [[1280, "zh-CN", "light"], [1280, "en", "dark"], [390, "zh-CN", "dark"], [390, "en", "light"]]) {
    const name = `${file} ${width} ${lang}`;
    const { context, page, trouble, requests } = await open(file, width, lang);
    if (await page.evaluate(() => document.documentElement.dataset.theme) !== theme) await page.click("[data-theme-toggle]");
    check(`${name}: language is set`, await page.evaluate(() => document.documentElement.lang) === lang);
    const other = lang === "en" ? ".z" : ".e";
    check(`${name}: the other language is hidden`, await page.locator(`main ${other} >> visible=true`).count() === 0);
    check(`${name}: no sideways scrolling`, await overflow(page) <= 0, await overflow(page));
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    check(`${name}: none when all is open`, await overflow(page) <= 0, await overflow(page));
    if (shots) {
      await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = false; }));
      await page.screenshot({ path: join(shots, `${file}-${width}-${lang}.png`), fullPage: true });
    }
    check(`${name}: nothing in the console`, trouble.length === 0, trouble);
    check(`${name}: nothing fetched`, requests.every((u) => u.startsWith("file:")) && requests.length === 1, requests);
    await context.close();
  }
}

async function charts() {
  const { context, page } = await open("report.html", 1280, "zh-CN");
  const tabs = page.locator("[role=tab]");
  check("charts: a tab for all months and one a year", await tabs.count() > 1, await tabs.count());
  const drawn = await page.locator("svg.timeline >> visible=true").locator("path.fill").evaluateAll((paths) =>
    paths.map((p) => p.getBBox()).filter((b) => b.width > 100 && b.height > 10).length);
  check("charts: four rows are drawn", drawn === 4, drawn);
  check("charts: changes of law are marked", await page.locator("svg.timeline >> visible=true").locator(".change").count() >= 5);
  check("charts: Double 11 is marked", await page.locator("svg.timeline >> visible=true").locator(".season").count() >= 5);
  const bars = await page.locator("section#where rect.fill").evaluateAll((rects) =>
    rects.filter((r) => r.getBoundingClientRect().width > 1).length);
  check("charts: bars have a length", bars > 20, bars);
  const table = await page.evaluate(() => {
    const sum = (from) => [...from].reduce((n, node) => n + Number(node.textContent.replace(/\D/g, "")), 0);
    return [sum(document.querySelectorAll("table[data-csv=timeline] td:nth-child(2)")), document.querySelectorAll("table[data-csv=timeline] tbody tr").length];
  });
  check("charts: the table behind the timeline has every month", table[1] > 12 && table[0] > 0, table);
  await context.close();
}

async function keyboard() {
  const { context, page } = await open("report.html", 1280, "en");
  await page.focus('[data-lang="zh-CN"]');
  await page.keyboard.press("Enter");
  check("keyboard: language", await page.evaluate(() => document.documentElement.lang) === "zh-CN");
  await page.focus("[data-theme-toggle]");
  const before = await page.evaluate(() => document.documentElement.dataset.theme);
  await page.keyboard.press("Space");
  check("keyboard: theme", await page.evaluate(() => document.documentElement.dataset.theme) !== before);
  await page.focus("[role=tab][aria-selected=true]");
  await page.keyboard.press("ArrowRight");
  check("keyboard: next tab", await page.evaluate(() => document.activeElement.id) === "tab-1");
  check("keyboard: its panel is shown", await page.locator("#panel-1").isVisible() && !(await page.locator("#panel-0").isVisible()));
  await page.keyboard.press("Tab");
  check("keyboard: focus goes to the chart", await page.evaluate(() => document.activeElement.id) === "panel-1");
  await page.keyboard.press("ArrowRight");
  check("keyboard: values are read out", /20\d\d-01-01/.test(await page.locator("#tip").textContent()));
  await page.focus("main details summary");
  await page.keyboard.press("Enter");
  check("keyboard: details open", await page.evaluate(() => document.activeElement.parentElement.open));
  await page.keyboard.press("Home");
  await page.evaluate(() => document.activeElement.blur());
  await context.close();
}

async function hostile() {
  const { context, page, trouble } = await open("hostile.html", 1280, "zh-CN");
  await page.click("[data-expand]");
  await page.waitForTimeout(200);
  check("hostile: nothing ran", await page.evaluate(() => window.pwned) === undefined);
  check("hostile: no element was made", await page.locator("main img, main script, main svg[onload]").count() === 0);
  check("hostile: nothing in the console", trouble.length === 0, trouble);
  const injected = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.pwned = 9";
    document.body.append(script);
    return window.pwned;
  });
  check("hostile: the policy stops even a script in the page", injected === undefined);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".table:has(table[data-csv=campaigns]) + button").click(),
  ]);
  const csv = readFileSync(await download.path(), "utf8");
  check("hostile: CSV has rows", csv.split("\r\n").length > 10);
  const armed = csv.split("\r\n").filter((line) => /(^|,)"?[=+@-]/.test(line));
  check("hostile: no cell is a formula", armed.length === 0, armed);
  await context.close();
}

async function printed() {
  const { context, page } = await open("report.html", 1280, "zh-CN");
  const pdf = await page.pdf({ path: shots ? join(shots, "report.pdf") : undefined, format: "A4" });
  check("print: a document comes out", pdf.length > 50_000, pdf.length);
  await context.close();
}

try {
  for (const file of readdirSync(dir).filter((f) => f.endsWith(".html"))) await sizesAndLanguages(file);
  await charts();
  await keyboard();
  await hostile();
  await printed();
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
