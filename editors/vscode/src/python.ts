import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { extensions } from "vscode";

const OLDEST = [3, 10] as const;
export const NEEDED = `Python ${OLDEST.join(".")} or newer`;

/** A command that runs Python, with what has to stand before its arguments, as in `py -3`. */
export type Command = readonly [string, ...string[]];

export type Candidates = Iterable<Command> | AsyncIterable<Command>;

export interface Python {
  readonly command: Command;
  readonly version: string;
}

/** No interpreter is new enough. */
export class NoPython extends Error {
  constructor(tried: readonly Python[], asked: Command | undefined) {
    const versions = tried.map((one) => `Python ${one.version} (${one.command.join(" ")})`);
    const found = versions.join(", ");
    const where = asked
      ? `\`steplock.interpreter\` is ${found || `${asked.join(" ")}, which does not run`}`
      : `On the PATH there is ${found || "none"}`;
    super(`steplock needs ${NEEDED}. ${where}.`);
  }
}

/**
 * The first command that is new enough.
 *
 * @throws NoPython where there is none
 */
export async function choose(commands: Candidates, asked: Command | undefined): Promise<Python> {
  const tried: Python[] = [];
  for await (const command of commands) {
    const version = await answer(command, "import sys; print('%d.%d.%d' % sys.version_info[:3])");
    if (!version) continue;
    const python = { command, version };
    if (isNewEnough(version)) return python;
    tried.push(python);
  }
  throw new NoPython(tried, asked);
}

/** What a line of Python prints; nothing where it fails. */
export async function answer(
  [program, ...args]: Command,
  code: string,
): Promise<string | undefined> {
  try {
    // Not in the workspace: a module there could stand in for one of Python's.
    const options = { cwd: __dirname, timeout: 10_000, windowsHide: true };
    const { stdout } = await promisify(execFile)(program, [...args, "-c", code], options);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The interpreters of the machine: the usual name first, then the newest. */
export function* onPath(): Generator<Command> {
  const names = ["python3", "python"];
  for (let minor = 14; minor >= OLDEST[1]; minor--) names.push(`python3.${minor}`);
  for (const name of names) {
    const program = which(name);
    if (program) yield [program];
  }
  const launcher = process.platform === "win32" && which("py");
  if (launcher) yield [launcher, "-3"];
}

/** A program's path. Folders of the PATH that depend on where one stands are not looked into. */
export function which(name: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe"] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const ending of endings) {
      const program = join(folder, name + ending);
      if (isProgram(program)) return program;
    }
  }
  return undefined;
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// https://github.com/microsoft/vscode-python/blob/main/src/client/api/types.ts, as far as it is needed.
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(): { readonly path: string };
    resolveEnvironment(
      path: unknown,
    ): Promise<{ readonly executable: { readonly uri?: { readonly fsPath: string } } } | undefined>;
  };
}

/** The interpreter chosen in the Python extension, where there is that extension. */
export async function* chosenInPythonExtension(): AsyncGenerator<Command> {
  const api = await extensions.getExtension<PythonExtension>("ms-python.python")?.activate();
  if (!api?.environments) return;
  const found = await api.environments.resolveEnvironment(
    api.environments.getActiveEnvironmentPath(),
  );
  const program = found?.executable.uri?.fsPath;
  if (program) yield [program];
}
