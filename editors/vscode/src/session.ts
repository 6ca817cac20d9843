import {
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  window,
  workspace,
} from "vscode";
import {
  State as ClientState,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";
import { complain } from "./complaint";
import type { Pages } from "./explain";
import { SELECTOR } from "./files";
import { isProgram, NoPython } from "./python";
import { recovery } from "./recovery";
import { findServer, type Server } from "./server";
import { readSettings } from "./settings";
import type { Status } from "./status";

/** The one server of a window: started, stopped and started anew, never two at once. */
export class Session implements Disposable {
  /** What runs, or ran last. */
  server: Server | undefined;
  readonly trace = window.createOutputChannel("steplock trace", { log: true });
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private wanted = false;

  constructor(
    private readonly context: ExtensionContext,
    readonly log: LogOutputChannel,
    readonly status: Status,
    private readonly pages: Pages,
  ) {}

  get isRunning(): boolean {
    return this.client?.isRunning() ?? false;
  }

  /** Start the server, if nobody has yet. */
  start(): Promise<void> {
    return this.wanted ? this.queue : this.restart();
  }

  /** Start another server, if there is one: what it depends on is not what it was. */
  renew(): Promise<void> {
    return this.wanted ? this.restart() : this.queue;
  }

  /** Start the server, or another in its place; changes that come meanwhile wait for their turn. */
  restart(): Promise<void> {
    this.wanted = true;
    return this.enqueue(async () => {
      await this.close();
      await this.open();
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.close());
  }

  dispose(): void {
    this.trace.dispose();
  }

  private enqueue(change: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(change).catch((error: unknown) => this.failed(error));
    return this.queue;
  }

  private async open(): Promise<void> {
    const settings = readSettings();
    if (!settings.enable) {
      this.status.state = { kind: "disabled" };
      return;
    }
    this.status.state = { kind: "starting" };
    for (const path of settings.path) {
      if (!isProgram(path)) this.log.warn(`steplock.path: ${path} is no program, and not started`);
    }
    const server = await findServer(settings, workspace.isTrusted, this.context.extensionPath);
    this.server = server;
    this.log.info(`Starting ${describe(server)}: ${server.command.join(" ")}`);
    const [command, ...args] = server.command;
    // Not in the workspace, whose modules `python -m` would find first.
    const executable = { command, args, options: { cwd: this.context.extensionPath } };
    const client = new LanguageClient("steplock", "steplock", executable, this.options());
    client.onDidChangeState(({ newState }) => this.changed(client, newState));
    this.client = client;
    await client.start();
  }

  private async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.status.state = { kind: "stopped" };
    await client?.dispose();
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: this.log,
      traceOutputChannel: this.trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      middleware: this.pages.middleware,
      errorHandler: recovery(),
    };
  }

  /** The client starts a server that ended by itself again, a few times; this keeps the status right. */
  private changed(client: LanguageClient, state: ClientState): void {
    if (client !== this.client) return;
    switch (state) {
      case ClientState.Starting:
        this.status.state = { kind: "starting" };
        break;
      case ClientState.Running: {
        const version = client.initializeResult?.serverInfo?.version ?? "of an unknown version";
        const detail = this.server ? describe(this.server) : "";
        this.status.state = { kind: "running", version, detail };
        break;
      }
      case ClientState.Stopped:
        this.status.state = { kind: "stopped" };
    }
  }

  private failed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.status.state = { kind: "failed", detail };
    this.log.error(detail);
    void complain(detail, error instanceof NoPython);
  }
}

/** Which server that is, in a few words. */
export function describe({ source, python }: Server): string {
  const by = python ? `, Python ${python.version}` : "";
  switch (source) {
    case "setting":
      return `the server of steplock.path${by}`;
    case "bundled":
      return `the bundled server${by}`;
    case "interpreter":
      return `the interpreter's server${by}`;
    case "PATH":
      return `the server on the PATH${by}`;
  }
}
