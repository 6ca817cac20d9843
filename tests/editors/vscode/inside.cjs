// What the tests that run beside the extension share.
const assert = require("node:assert/strict");
const { renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const vscode = require("vscode");
const { PATIENCE, until } = require("./wait.cjs");

const root = vscode.workspace.workspaceFolders[0].uri;
const WORKFLOW = vscode.Uri.joinPath(root, ".github/workflows/test.yml");

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

async function insert(document, position, text) {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, position, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The lines of the debug information, by what they are about. */
async function debugInformation() {
  await vscode.commands.executeCommand("steplock.debugInformation");
  const active = () => vscode.window.activeTextEditor?.document;
  const page = await until("the debug information", () =>
    active()?.getText().includes("\n- State: ") ? active() : undefined,
  );
  const text = page.getText();
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await until("the end of the debug information", () => active() !== page);
  return Object.fromEntries([...text.matchAll(/^- (.+?): (.+)$/gm)].map((line) => line.slice(1)));
}

/**
 * Run tests one after the other, and write down how each went.
 *
 * Each begins where the one before it left the window, so that a failure is the last.
 */
async function run(tests) {
  const results = [];
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    let error = null;
    try {
      await Promise.race([test(), tooLong()]);
    } catch (thrown) {
      error = String(thrown?.stack ?? thrown);
    }
    results.push({ name, error, seconds: (Date.now() - start) / 1000 });
    if (error) break;
  }
  tell("results.json", results);
}

async function tooLong() {
  await sleep(2 * PATIENCE, undefined, { ref: false });
  throw new Error("it does not end");
}

/** Tell the process that opened the window. */
function tell(name, value) {
  const path = join(process.env.STEPLOCK_REPORT, name);
  writeFileSync(`${path}.part`, JSON.stringify(value));
  renameSync(`${path}.part`, path);
}

module.exports = {
  WORKFLOW,
  debugInformation,
  insert,
  open,
  root,
  rules,
  run,
  sleep,
  tell,
  until,
  untilRules,
};
