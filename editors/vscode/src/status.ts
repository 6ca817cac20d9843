import { type Disposable, LanguageStatusSeverity, languages } from "vscode";
import { SELECTOR } from "./files";

export type State =
  | { readonly kind: "disabled" | "starting" | "stopped" }
  | { readonly kind: "running"; readonly version: string; readonly detail: string }
  | { readonly kind: "failed"; readonly detail: string };

/** The line behind `{}` in the status bar, beside a file that steplock reads. */
export class Status implements Disposable {
  private readonly item = languages.createLanguageStatusItem("steplock.status", SELECTOR);
  private current: State = { kind: "stopped" };

  constructor() {
    this.item.name = "steplock";
    this.state = this.current;
  }

  get state(): State {
    return this.current;
  }

  set state(state: State) {
    this.current = state;
    this.item.text = text(state);
    this.item.busy = state.kind === "starting";
    this.item.detail = "detail" in state ? state.detail : "";
    this.item.severity =
      state.kind === "failed" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.item.command =
      state.kind === "stopped"
        ? { title: "Start", command: "steplock.restart" }
        : { title: "Open logs", command: "steplock.showLogs" };
  }

  dispose(): void {
    this.item.dispose();
  }
}

function text(state: State): string {
  switch (state.kind) {
    case "disabled":
      return "steplock is disabled";
    case "starting":
      return "steplock is starting";
    case "stopped":
      return "steplock is not running";
    case "running":
      return `steplock ${state.version}`;
    case "failed":
      return "steplock did not start";
  }
}
