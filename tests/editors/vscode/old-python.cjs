// On a machine whose Python is too old.
const assert = require("node:assert/strict");
const vscode = require("vscode");
const { debugInformation, open, run, until } = require("./inside.cjs");

exports.run = () =>
  run({
    async "it says which Python is needed, and which there is"() {
      await open();
      await vscode.commands.executeCommand("notifications.showList");
      const facts = await until("a failure", async () => {
        const now = await debugInformation();
        return now.State.startsWith("failed") && now;
      });
      assert.match(facts.State, /steplock needs Python 3\.10 or newer/);
      assert.match(facts.State, /On the PATH there is Python 3\.8\.18 \(.*bin\/python3\)\./);
    },
  });
