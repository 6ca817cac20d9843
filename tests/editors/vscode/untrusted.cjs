// In a window that is not trusted, and then is: which server runs.
const assert = require("node:assert/strict");
const { existsSync } = require("node:fs");
const vscode = require("vscode");
const { debugInformation, open, root, run, tell, until, untilRules } = require("./inside.cjs");

const ALL = ["artipacked", "unpinned-uses", "template-injection"];
const RAN = vscode.Uri.joinPath(root, "own-server.ran").fsPath;

exports.run = () =>
  run({
    async "a folder that is not trusted gets the bundled server"() {
      assert.equal(vscode.workspace.isTrusted, false);
      await open();
      await untilRules(...ALL);
      const facts = await debugInformation();
      assert.match(facts.Workspace, /^not trusted/);
      assert.match(facts.Server, /^the bundled server/);
      assert.equal(existsSync(RAN), false);
    },

    async "once it is trusted, its own server runs"() {
      tell("seen-untrusted", true);
      await until("trust", () => vscode.workspace.isTrusted);
      await until("its own server", () => existsSync(RAN));
      await until("its start", async () => /^running/.test((await debugInformation()).State));
      assert.match((await debugInformation()).Server, /^the server of steplock.path/);
      await open();
      await untilRules(...ALL);
    },
  });
