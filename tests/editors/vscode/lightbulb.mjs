// The extension installed from its .vsix, and a user with a keyboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openWindow, ROOT, startCode } from "./code.mjs";
import { makeFolder } from "./folder.mjs";

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
  try {
    await page.keyboard.press("Control+b");
    await page.keyboard.press("Control+p");
    await page.locator(".quick-input-widget input").first().waitFor();
    await page.keyboard.type("greet.yml", { delay: 30 });
    await page.locator(".quick-input-list").getByText("greet.yml").first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".squiggly-error").first().waitFor({ timeout: 30_000 });
    await page.getByText("finding", { exact: false }).first().waitFor();

    await goTo(page, "6:5");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+i");
    await page.locator(".monaco-hover-content").getByText("anybody who opens").first().waitFor();
    await picture("findings");
    await page.keyboard.press("Escape");

    await goTo(page, "1:2");
    await take(page, /Grant nothing at the top/);
    await goTo(page, "22:18");
    await take(page, /^Set .*persist-credentials: false/, () => picture("fix"));
    await page.keyboard.press("Control+s");
    await page.locator(".dirty").waitFor({ state: "detached" });
    await page.locator('[id="status.languageStatus"]').click();
    await page.getByText("the bundled server").first().waitFor();
    await picture("saved");
    assert.equal(readFileSync(join(folder, NAME), "utf8"), FIXED);
  } catch (error) {
    await picture("lightbulb-failed");
    throw error;
  } finally {
    await window.close();
    code.stop();
  }
}

async function goTo(page, place) {
  await page.keyboard.press("Control+g");
  await page.locator(".quick-input-widget input").first().waitFor();
  await page.keyboard.type(place);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Choose a line of the lightbulb's menu. */
async function take(page, title, look = async () => {}) {
  await page.locator(".monaco-editor.focused").first().waitFor();
  // Where the cursor has just come from, the menu may be another's: ask until it is there.
  const line = page.locator(".action-widget .monaco-list-row").filter({ hasText: title }).first();
  for (let tries = 0; tries < 10 && !(await line.isVisible()); tries++) {
    await page.keyboard.press("Control+.");
    await page.waitForTimeout(700);
  }
  await look();
  await line.click();
  await line.waitFor({ state: "detached" });
}
