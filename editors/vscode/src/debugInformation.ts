import { type ExtensionContext, env, version, workspace } from "vscode";
import { describe, type Session } from "./session";
import { readSettings, SECTION } from "./settings";
import type { State } from "./status";

/** What a report of a problem needs to say, and no text of the user's files. */
export function debugInformation(context: ExtensionContext, session: Session): string {
  const { server } = session;
  const facts: [string, string][] = [
    ["Extension", context.extension.packageJSON.version],
    ["Editor", `${env.appName} ${version}${env.remoteName ? `, remote ${env.remoteName}` : ""}`],
    ["System", `${process.platform} ${process.arch}`],
    ["Workspace", workspace.isTrusted ? "trusted" : "not trusted: bundled server only"],
    ["State", stateText(session.status.state)],
    ["Server", server ? describe(server) : "none was found"],
    ["Command", server ? `\`${server.command.join(" ")}\`` : "none"],
  ];
  const own = { ...workspace.getConfiguration(SECTION), ...readSettings() };
  const settings = Object.entries(own).filter(([, value]) => typeof value !== "function");
  return [
    "# steplock: debug information",
    "",
    ...facts.map(([name, fact]) => `- ${name}: ${fact}`),
    "",
    "## Settings",
    "",
    "```json",
    JSON.stringify(Object.fromEntries(settings), null, 2),
    "```",
    "",
  ].join("\n");
}

function stateText(state: State): string {
  switch (state.kind) {
    case "running":
      return `running, version ${state.version}`;
    case "failed":
      return `failed: ${state.detail}`;
    default:
      return state.kind;
  }
}
