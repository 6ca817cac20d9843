import { type ExtensionContext, languages, type TextDocument, window, workspace } from "vscode";
import { registerCommands } from "./commands";
import { Pages } from "./explain";
import { SELECTOR } from "./files";
import { Session } from "./session";
import { needsRestart } from "./settings";
import { Status } from "./status";

let session: Session | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("steplock", { log: true });
  const status = new Status();
  const pages = new Pages();
  const started = new Session(context, log, status, pages);
  session = started;

  async function opened(document: TextDocument): Promise<void> {
    if (languages.match(SELECTOR, document)) await started.start();
  }

  context.subscriptions.push(
    log,
    status,
    pages,
    started,
    ...registerCommands(context, started),
    workspace.onDidOpenTextDocument(opened),
    workspace.onDidChangeConfiguration((event) =>
      needsRestart(event) ? started.renew() : undefined,
    ),
    workspace.onDidGrantWorkspaceTrust(() => started.renew()),
  );
  // Other YAML wakes the extension too, but costs no server.
  const workflows = await workspace.findFiles(".github/workflows/*.{yml,yaml}", null, 1);
  if (workflows.length > 0) await started.start();
  else await Promise.all(workspace.textDocuments.map(opened));
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
