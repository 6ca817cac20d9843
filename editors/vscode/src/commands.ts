import { readFileSync } from "node:fs";
import {
  commands,
  type Disposable,
  type ExtensionContext,
  languages,
  window,
  workspace,
} from "vscode";
import { debugInformation } from "./debugInformation";
import { EXPLAIN } from "./explain";
import type { Session } from "./session";

const FIX_ALL = "source.fixAll.steplock";
/** The command of the server that asks the repositories what references stand for. */
const PIN_ONLINE = "steplock.pinOnline";

/** The commands of the palette. They are there whether or not a server is. */
export function registerCommands(context: ExtensionContext, session: Session): Disposable[] {
  const actions: Record<string, () => unknown> = {
    "steplock.debugInformation": () => showText(debugInformation(context, session)),
    "steplock.explainRule": () => explainRule(context, session),
    "steplock.fixAll": () =>
      commands.executeCommand("editor.action.codeAction", { kind: FIX_ALL, apply: "first" }),
    "steplock.pin": () => pin(session),
    "steplock.restart": () => session.restart(),
    "steplock.showLogs": () => session.log.show(),
    "steplock.showTrace": () => session.trace.show(),
    "steplock.updatePins": () => pin(session, "major"),
  };
  return Object.entries(actions).map(([name, action]) => commands.registerCommand(name, action));
}

async function showText(content: string): Promise<void> {
  await window.showTextDocument(
    await workspace.openTextDocument({ content, language: "markdown" }),
  );
}

/** Whether there is a server to ask; a person is told where there is none. */
async function isRunning(session: Session): Promise<boolean> {
  if (session.isRunning) return true;
  const logs = "Show Logs";
  const answer = await window.showWarningMessage("The steplock server is not running.", logs);
  if (answer === logs) session.log.show();
  return false;
}

/** Pin the active file; what comes of it, the server says. */
async function pin(session: Session, ...level: string[]): Promise<void> {
  const uri = window.activeTextEditor?.document.uri;
  if (uri && (await isRunning(session))) {
    await commands.executeCommand(PIN_ONLINE, uri.toString(), ...level);
  }
}

async function explainRule(context: ExtensionContext, session: Session): Promise<void> {
  if (!(await isRunning(session))) return;
  const here = rulesHere();
  const rules = readRules(context.asAbsolutePath("schemas/steplock.schema.json"));
  const items = [...rules].map(([label, detail]) => ({ label, detail }));
  items.sort((one, other) => Number(here.has(other.label)) - Number(here.has(one.label)));
  const placeHolder = "Which rule? Those with findings in this file come first.";
  const chosen = await window.showQuickPick(items, { placeHolder, matchOnDetail: true });
  if (chosen) await commands.executeCommand(EXPLAIN, chosen.label);
}

/** The rules with findings in the active file. */
function rulesHere(): ReadonlySet<string> {
  const uri = window.activeTextEditor?.document.uri;
  const found = uri ? languages.getDiagnostics(uri) : [];
  return new Set(
    found.flatMap(({ code, source }) =>
      source === "steplock" && typeof code === "object" ? [String(code.value)] : [],
    ),
  );
}

interface Schema {
  readonly properties: {
    readonly rules: {
      readonly properties: Readonly<Record<string, { readonly description: string }>>;
    };
  };
}

/** Each rule, and what it finds. */
function readRules(path: string): Map<string, string> {
  const schema = JSON.parse(readFileSync(path, "utf8")) as Schema;
  return new Map(
    Object.entries(schema.properties.rules.properties).map(([rule, { description }]) => [
      rule,
      description.replace(/ https:\S+$/, ""),
    ]),
  );
}
