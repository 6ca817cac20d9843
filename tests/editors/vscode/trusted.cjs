// In a window that is trusted: what the extension does for its user.
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { unlinkSync, writeFileSync } = require("node:fs");
const vscode = require("vscode");
const {
  WORKFLOW,
  debugInformation,
  open,
  root,
  rules,
  run,
  sleep,
  until,
  untilRules,
} = require("./inside.cjs");

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
}

function set(key, value) {
  const target = vscode.ConfigurationTarget.Workspace;
  return vscode.workspace.getConfiguration().update(key, value, target);
}

function serverProcesses() {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  return [...all.matchAll(/^ *(\d+) .*bundled\/start\.py$/gm)].map(([, pid]) => Number(pid));
}

exports.run = () =>
  run({
    async "findings are marked once, where they are"() {
      const document = await open();
      await untilRules(...ALL);
      await sleep(1500);
      assert.deepEqual(rules(), ALL);
      const found = vscode.languages.getDiagnostics(WORKFLOW);
      assert.equal(document.getText(found[1].range), "actions/checkout@v4");
      assert.equal(document.getText(found[2].range), "github.event.head_commit.message");
      assert.match(String(found[1].code.target), /#unpinned-uses$/);
    },

    async "another language id changes nothing"() {
      const document = await open();
      await vscode.languages.setTextDocumentLanguage(document, "plaintext");
      await sleep(500);
      await untilRules(...ALL);
      await vscode.languages.setTextDocumentLanguage(document, "yaml");
      await untilRules(...ALL);
    },

    async "other YAML is none of its business"() {
      const document = await open(vscode.Uri.joinPath(root, "other.yml"));
      await sleep(500);
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
      const before = document.getText();
      await set("editor.codeActionsOnSave", {
        "source.fixAll.steplock": "explicit",
      });
      const end = new vscode.Position(document.lineCount, 0);
      await vscode.window.activeTextEditor.edit((edit) => edit.insert(end, "# more\n"));
      await vscode.commands.executeCommand("workbench.action.files.save");
      await untilRules("unpinned-uses");
      assert.ok(!document.isDirty);
      await set("editor.codeActionsOnSave", undefined);
      writeFileSync(WORKFLOW.fsPath, before);
      await until("the text from the disk", () => document.getText() === before);
      await untilRules(...ALL);
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
      const [before, ...more] = serverProcesses();
      assert.deepEqual(more, []);
      process.kill(before, "SIGKILL");
      await until("another server", () => serverProcesses().some((pid) => pid !== before));
      const range = at(document, "\n      - run");
      await vscode.window.activeTextEditor.edit((edit) =>
        edit.insert(range.start, "\n        with: {persist-credentials: false}"),
      );
      await untilRules(...without("artipacked"));
      await revert(document);
    },

    async "a server is started anew"() {
      const before = serverProcesses();
      await vscode.commands.executeCommand("steplock.restart");
      const after = serverProcesses();
      assert.equal(after.length, 1);
      assert.notDeepEqual(after, before);
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
