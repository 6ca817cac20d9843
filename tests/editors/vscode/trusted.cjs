// In a window that is trusted: what the extension does for its user.
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { readFileSync, unlinkSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const vscode = require("vscode");
const {
  WORKFLOW,
  debugInformation,
  insert,
  open,
  root,
  rules,
  run,
  sleep,
  until,
  untilRules,
} = require("./inside.cjs");

const SERVER = join(process.env.STEPLOCK_REPORT, "extension/bundled/start.py");
const ALL = ["artipacked", "unpinned-uses", "template-injection"];
const without = (...gone) => ALL.filter((rule) => !gone.includes(rule));

function at(document, text) {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${text} is not there`);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length));
}

async function revert(document) {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("workbench.action.files.revert");
  await untilRules(...ALL);
  assert.ok(!document.isDirty);
}

/** Add a step and save, with the safe fixes; all of them have been made when it is saved. */
async function addAndSave(document, meanwhile = () => {}) {
  const before = document.getText();
  await set("editor.codeActionsOnSave", { "source.fixAll.steplock": "explicit" });
  const end = new vscode.Position(document.lineCount, 0);
  await insert(document, end, "      - uses: actions/checkout@v4\n");
  const saved = vscode.commands.executeCommand("workbench.action.files.save");
  await meanwhile();
  await saved;
  const onDisk = readFileSync(WORKFLOW.fsPath, "utf8");
  assert.equal(onDisk.match(/persist-credentials: false/g)?.length, 2, onDisk);
  assert.doesNotMatch(onDisk, /echo.*github\.event/);
  await untilRules("unpinned-uses", "unpinned-uses");
  await until("a saved document", () => !document.isDirty);
  assert.equal(document.getText(), onDisk);
  await set("editor.codeActionsOnSave", undefined);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(WORKFLOW, new vscode.Range(0, 0, document.lineCount, 0), before);
  assert.ok(await vscode.workspace.applyEdit(edit));
  assert.ok(await document.save());
  await untilRules(...ALL);
}

function set(key, value) {
  const target = vscode.ConfigurationTarget.Workspace;
  return vscode.workspace.getConfiguration().update(key, value, target);
}

function serverProcesses() {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  const own = all.split("\n").filter((line) => line.endsWith(` ${SERVER}`));
  return own.map((line) => Number.parseInt(line));
}

/** Wait for exactly one server, of which this is true. */
function untilServer(what, is = () => true) {
  return until(what, () => {
    const [pid, ...more] = serverProcesses();
    return pid && more.length === 0 && is(pid) && pid;
  });
}

exports.run = () =>
  run({
    async "findings are marked once, where they are"() {
      const document = await open();
      await untilRules(...ALL);
      // With these come the findings of the whole workspace, those of the open file too.
      const closed = vscode.Uri.joinPath(root, ".github/workflows/closed.yml");
      await until("findings in a closed file", () => rules(closed).length > 0);
      assert.deepEqual(rules(), ALL);
      const found = vscode.languages.getDiagnostics(WORKFLOW);
      assert.equal(document.getText(found[1].range), "actions/checkout@v4");
      assert.equal(document.getText(found[2].range), "github.event.head_commit.message");
      assert.match(String(found[1].code.target), /#unpinned-uses$/);
    },

    async "another language id changes nothing"() {
      const document = await open();
      // VS Code tells of another id by closing and opening the document.
      for (const id of ["plaintext", "yaml"]) {
        await insert(document, new vscode.Position(0, 0), "# steplock: ignore-file[artipacked]\n");
        await untilRules(...without("artipacked"));
        await vscode.languages.setTextDocumentLanguage(document, id);
        await revert(document);
      }
    },

    async "other YAML is none of its business"() {
      const document = await open(vscode.Uri.joinPath(root, "other.yml"));
      const actions = await vscode.commands.executeCommand(
        "vscode.executeCodeActionProvider",
        document.uri,
        at(document, "actions/checkout"),
      );
      assert.deepEqual(actions, []);
      assert.deepEqual(rules(document.uri), []);
    },

    async "a quick fix is applied"() {
      const document = await open();
      const range = at(document, "actions/checkout");
      const actions = await vscode.commands.executeCommand(
        "vscode.executeCodeActionProvider",
        WORKFLOW,
        range,
        "quickfix",
      );
      const action = actions.find((one) => one.title === "Set `persist-credentials: false`");
      assert.ok(action.isPreferred);
      await vscode.workspace.applyEdit(action.edit);
      assert.match(document.getText(), /checkout@v4\n {8}with:\n {10}persist-credentials: false\n/);
      await untilRules(...without("artipacked"));
      await revert(document);
    },

    async "the command fixes all that is safe"() {
      const document = await open();
      await vscode.commands.executeCommand("steplock.fixAll");
      await untilRules("unpinned-uses");
      await revert(document);
    },

    async "safe fixes are made on save"() {
      const document = await open();
      await addAndSave(document);
    },

    async "safe fixes are made on save by a server that takes its time"() {
      const document = await open();
      const server = await untilServer("the server");
      process.kill(server, "SIGSTOP");
      try {
        // Longer than VS Code lets an extension itself hold up a save, which is 1.75 s.
        await addAndSave(document, async () => {
          await sleep(3000);
          process.kill(server, "SIGCONT");
        });
      } finally {
        process.kill(server, "SIGCONT");
      }
    },

    async "a hover tells about an action"() {
      const document = await open();
      const place = at(document, "checkout").start;
      const hovers = await vscode.commands.executeCommand(
        "vscode.executeHoverProvider",
        WORKFLOW,
        place,
      );
      const text = hovers.flatMap((hover) => hover.contents.map((one) => one.value)).join("\n");
      assert.match(text, /`v4` was commit/);
    },

    async "scopes are completed"() {
      const document = await open();
      const place = at(document, "contents: read").start;
      const { items } = await vscode.commands.executeCommand(
        "vscode.executeCompletionItemProvider",
        WORKFLOW,
        place,
      );
      const labels = items.map((item) => item.label.label ?? item.label);
      for (const scope of ["contents", "id-token", "pull-requests"])
        assert.ok(labels.includes(scope));
    },

    async "a changed setting counts at once"() {
      await open();
      await set("steplock.rules", { "unpinned-uses": "off" });
      await untilRules(...without("unpinned-uses"));
      await set("steplock.rules", undefined);
      await untilRules(...ALL);
    },

    async "a changed configuration file counts at once"() {
      await open();
      const path = vscode.Uri.joinPath(root, ".github/steplock.yml").fsPath;
      writeFileSync(path, "rules:\n  artipacked: off\n");
      await untilRules(...without("artipacked"));
      unlinkSync(path);
      await untilRules(...ALL);
    },

    async "a rule is explained in the editor"() {
      await vscode.commands.executeCommand("steplock.explain", "artipacked");
      await until("the page", () =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .some((tab) => tab.label.includes("artipacked")),
      );
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    },

    async "a server that dies is replaced"() {
      const document = await open();
      const before = await untilServer("the server");
      process.kill(before, "SIGKILL");
      await untilServer("another server", (pid) => pid !== before);
      const { start } = at(document, "\n      - run");
      await insert(document, start, "\n        with: {persist-credentials: false}");
      await untilRules(...without("artipacked"));
      await revert(document);
    },

    async "a server is started anew"() {
      const before = await untilServer("the server");
      await vscode.commands.executeCommand("steplock.restart");
      await untilServer("another server", (pid) => pid !== before);
      await open();
      await untilRules(...ALL);
    },

    async "it says which server runs"() {
      const facts = await debugInformation();
      assert.match(facts.State, /^running, version \d/);
      assert.match(facts.Server, /^the bundled server, Python 3\.\d+/);
      assert.equal(facts.Workspace, "trusted");
    },

    async "disabled, nothing runs"() {
      await set("steplock.enable", false);
      await until("silence", () => rules().length === 0);
      await until("the end of the server", () => serverProcesses().length === 0);
      await set("steplock.enable", undefined);
      await open();
      await untilRules(...ALL);
    },
  });
