import {
  commands,
  type Disposable,
  type TextDocumentContentProvider,
  Uri,
  workspace,
} from "vscode";
import type { Middleware } from "vscode-languageclient/node";

/** The command of the server that gives a rule's page, and asks for a browser to show it in. */
export const EXPLAIN = "steplock.explain";
const SCHEME = "steplock";

/** Shows a rule's page as the server has it, beside the workflow and without a browser. */
export class Pages implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registered = workspace.registerTextDocumentContentProvider(SCHEME, this);
  private asked = 0;

  readonly middleware: Middleware = {
    executeCommand: async (command, args, next) => {
      if (command !== EXPLAIN) return next(command, args);
      this.asked++;
      try {
        const page: unknown = await next(command, args);
        if (typeof page === "string") await this.show(String(args[0]), page);
        return page;
      } finally {
        this.asked--;
      }
    },
    window: {
      // While a page is asked for, it is about to be shown here.
      showDocument: (params, token, next) => (this.asked ? { success: true } : next(params, token)),
    },
  };

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  dispose(): void {
    this.registered.dispose();
  }

  private async show(rule: string, page: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
    this.texts.set(uri.path, page);
    await commands.executeCommand("markdown.showPreviewToSide", uri);
  }
}
