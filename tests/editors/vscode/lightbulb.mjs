// The extension installed from its .vsix, and a user with a keyboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openWindow, ROOT, startCode } from "./code.mjs";
import { makeFolder } from "./folder.mjs";
import { until } from "./wait.cjs";

const NAME = ".github/workflows/greet.yml";
const WORKFLOW = `name: Greet

on:
  push:
    branches: [main]
  pull_request_target:

jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo "Thank you, \${{ github.event.pull_request.title }}"

  test:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
      - run: echo tested
`;
const FIXED = WORKFLOW.replace("\njobs:", "\npermissions: {}\n\njobs:")
  .replace("runs-on: ubuntu-latest\n", "$&    permissions: {}\n")
  .replace("checkout@v4\n", "$&        with:\n          persist-credentials: false\n");
const SETTINGS = {
  "editor.minimap.enabled": false,
  "editor.fontSize": 14,
  "steplock.codeLens": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

/** Take two fixes from the lightbulb, save, and leave pictures in dist/. */
export async function lightbulb(vsix) {
  const folder = makeFolder({ [NAME]: WORKFLOW });
  const code = await startCode({ settings: SETTINGS, vsix });
  const window = await openWindow(code, folder);
  const { page } = window;
  const picture = (name) => page.screenshot({ path: join(ROOT, "dist", `${name}.png`) });
  const line = (text) => page.locator(".view-line").filter({ hasText: text });
  try {
    await openFile(page, "greet.yml");
    await page.locator(".squiggly-error").first().waitFor();
    await page.getByText("finding", { exact: false }).first().waitFor();
    await page.keyboard.press("Control+b");
    await page.locator(".part.sidebar").waitFor({ state: "hidden" });

    await goTo(page, 6, 5);
    const hover = page.locator(".monaco-hover-content").getByText("anybody who opens").first();
    await pressUntil(page, ["Control+k", "Control+i"], hover);
    await picture("findings");
    await page.keyboard.press("Escape");

    await goTo(page, 1, 2);
    await take(page, /Grant nothing at the top/);
    await line(/^permissions:\s\{\}/).waitFor();
    await page.getByText("untrusted, 1 finding", { exact: true }).waitFor();
    await goTo(page, 22, 18);
    await take(page, /^Set .*persist-credentials: false/, () => picture("fix"));
    await line(/persist-credentials:\sfalse/).waitFor();
    await page.locator(".tab.dirty").waitFor();
    await page.keyboard.press("Control+s");
    await page.locator(".tab.dirty").waitFor({ state: "detached" });
    assert.equal(readFileSync(join(folder, NAME), "utf8"), FIXED);
    // The link of the line above grows with what is inserted, until it is asked for again.
    const grown = line(/persist-credentials/).locator(".detected-link");
    await grown.first().waitFor({ state: "detached" });
    await page.locator('[id="status.languageStatus"]').click();
    await page.getByText("the bundled server").first().waitFor();
    await picture("saved");
  } catch (error) {
    await picture("lightbulb-failed");
    throw error;
  } finally {
    await window.close();
    code.stop();
  }
}

/** Press keys until something shows: a window that is still starting knows no keys. */
async function pressUntil(page, keys, shown) {
  await until(`what ${keys.join(" ")} shows`, async () => {
    for (const key of keys) await page.keyboard.press(key);
    return comes(shown);
  });
}

/** Whether something shows within a few seconds. */
async function comes(locator) {
  try {
    await locator.waitFor({ timeout: 5_000 });
    return true;
  } catch (error) {
    if (error.name !== "TimeoutError") throw error;
    return false;
  }
}

async function openFile(page, name) {
  const input = page.locator(".quick-input-widget input").first();
  await pressUntil(page, ["Control+p"], input);
  await input.fill(name);
  const chosen = page.locator(".quick-input-list .monaco-list-row.focused");
  await chosen.getByText(name).first().waitFor();
  await input.press("Enter");
}

async function goTo(page, line, column) {
  const input = page.locator(".quick-input-widget input").first();
  await pressUntil(page, ["Control+g"], input);
  await input.fill(`:${line}:${column}`);
  await input.press("Enter");
  await page.getByText(`Ln ${line}, Col ${column}`).waitFor();
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Choose a line of the lightbulb's menu. */
async function take(page, title, look = async () => {}) {
  await page.locator(".monaco-editor.focused").first().waitFor();
  const menu = page.locator(".action-widget").first();
  const line = menu.locator(".monaco-list-row").filter({ hasText: title }).first();
  // The menu goes away when findings change while it comes: ask until it is there.
  await until(`the fix ${title}`, async () => {
    await page.keyboard.press("Control+.");
    if (await comes(line)) return true;
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    return false;
  });
  await look();
  await line.click();
  await line.waitFor({ state: "detached" });
}
