import { homedir } from "node:os";
import { type ConfigurationChangeEvent, workspace } from "vscode";

/** What the extension itself reads; all other settings are the server's, which asks for them. */
export interface Settings {
  readonly enable: boolean;
  readonly importStrategy: "useBundled" | "fromEnvironment";
  readonly interpreter: readonly string[];
  readonly path: readonly string[];
}

export const SECTION = "steplock";
const OWN = ["enable", "importStrategy", "interpreter", "path"] as const;

export function readSettings(): Settings {
  const given = workspace.getConfiguration(SECTION);
  return {
    enable: given.get("enable", true),
    importStrategy: given.get("importStrategy", "useBundled"),
    interpreter: given.get<string[]>("interpreter", []).map(expand),
    path: given.get<string[]>("path", []).map(expand),
  };
}

/** Whether another server has to be started. */
export function needsRestart(event: ConfigurationChangeEvent): boolean {
  return OWN.some((key) => event.affectsConfiguration(`${SECTION}.${key}`));
}

function expand(path: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return path.replace(/^~(?=$|[\\/])/, homedir()).replace(/\$\{workspaceFolder\}/g, folder);
}
