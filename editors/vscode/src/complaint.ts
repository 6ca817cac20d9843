import { commands, env, Uri, window } from "vscode";

const DOWNLOADS = "https://www.python.org/downloads/";

/** Say why there is no server, with what can be done about it at hand. */
export async function complain(detail: string, forPython: boolean): Promise<void> {
  const choose = "Choose an Interpreter";
  const get = "Get Python";
  const logs = "Show Logs";
  const offered = forPython ? [choose, get] : [logs];
  switch (await window.showErrorMessage(detail, ...offered)) {
    case choose:
      await commands.executeCommand("workbench.action.openSettings", "steplock.interpreter");
      break;
    case get:
      await env.openExternal(Uri.parse(DOWNLOADS));
      break;
    case logs:
      await commands.executeCommand("steplock.showLogs");
  }
}
