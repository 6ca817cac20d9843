import { join } from "node:path";
import {
  answer,
  type Candidates,
  type Command,
  choose,
  chosenInPythonExtension,
  isProgram,
  onPath,
  type Python,
  which,
} from "./python";
import type { Settings } from "./settings";

/** A server that can be started. */
export interface Server {
  readonly source: "setting" | "bundled" | "interpreter" | "PATH";
  readonly command: Command;
  /** What runs it, where the extension knows. */
  readonly python?: Python;
}

/**
 * The server to start: the one of `steplock.path`; then the bundled one, or where the user says so
 * the interpreter's, then the PATH's. A workspace that is not trusted always gets the bundled one,
 * run by a Python of the machine.
 *
 * @throws NoPython where nothing can run the bundled server
 */
export async function findServer(
  settings: Settings,
  trusted: boolean,
  extensionPath: string,
): Promise<Server> {
  if (!trusted) return bundled(extensionPath, undefined, onPath());
  const own = settings.path.find(isProgram);
  if (own) return { source: "setting", command: [own, "lsp"] };
  const [program, ...args] = settings.interpreter;
  const asked: Command | undefined = program ? [program, ...args] : undefined;
  if (settings.importStrategy === "fromEnvironment") {
    const server = (await installed(asked)) ?? commandOnPath();
    if (server) return server;
  }
  return bundled(extensionPath, asked, asked ? [asked] : anywhere());
}

async function bundled(
  extensionPath: string,
  asked: Command | undefined,
  candidates: Candidates,
): Promise<Server> {
  const python = await choose(candidates, asked);
  // -I: neither the environment nor the user's packages get between the server and its libraries.
  const command: Command = [...python.command, "-I", join(extensionPath, "bundled", "start.py")];
  return { source: "bundled", command, python };
}

/** The steplock of the interpreter asked for, or else of the one chosen in the Python extension. */
async function installed(asked: Command | undefined): Promise<Server | undefined> {
  for await (const command of asked ? [asked] : chosenInPythonExtension()) {
    const version = await answer(
      command,
      "import steplock_lsp, pygls, sys; print('%d.%d.%d' % sys.version_info[:3])",
    );
    if (version) {
      const python = { command, version };
      return { source: "interpreter", command: [...command, "-m", "steplock_lsp"], python };
    }
  }
  return undefined;
}

function commandOnPath(): Server | undefined {
  const program = which("steplock");
  return program ? { source: "PATH", command: [program, "lsp"] } : undefined;
}

async function* anywhere(): AsyncGenerator<Command> {
  yield* onPath();
  // Asked last: to wake that extension takes seconds.
  yield* chosenInPythonExtension();
}
