// What the tests that run beside the extension share.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const vscode = require("vscode");

const root = vscode.workspace.workspaceFolders[0].uri;
const WORKFLOW = vscode.Uri.joinPath(root, ".github/workflows/test.yml");

/** Wait until a condition gives something true, and give that. */
async function until(what, condition, seconds = 10) {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await sleep(50)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`${what} did not come`);
}

function rules(uri = WORKFLOW) {
  const found = vscode.languages.getDiagnostics(uri);
  return found.filter((one) => one.source === "steplock").map((one) => one.code.value);
}

/** Wait for exactly these rules, in the order of their places. */
async function untilRules(...expected) {
  const same = () => rules().join() === expected.join();
  try {
    await until(`[${expected}]`, same);
  } catch (error) {
    throw new Error(`${error.message}; there is [${rules()}]`);
  }
}

async function open(uri = WORKFLOW) {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** The lines of the debug information, by what they are about. */
async function debugInformation() {
  await vscode.commands.executeCommand("steplock.debugInformation");
  const lines = vscode.window.activeTextEditor.document.getText().matchAll(/^- (.+?): (.+)$/gm);
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  return Object.fromEntries([...lines].map(([, name, fact]) => [name, fact]));
}

/** Run tests one after the other, and write down how each went. */
async function run(tests) {
  const results = [];
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    let error = null;
    try {
      await test();
    } catch (thrown) {
      error = String(thrown?.stack ?? thrown);
    }
    results.push({ name, error, seconds: (Date.now() - start) / 1000 });
  }
  tell("results.json", results);
}

/** Tell the process that opened the window. */
function tell(name, value) {
  writeFileSync(join(process.env.STEPLOCK_REPORT, name), JSON.stringify(value));
}

module.exports = {
  WORKFLOW,
  debugInformation,
  open,
  root,
  rules,
  run,
  sleep,
  tell,
  until,
  untilRules,
};
