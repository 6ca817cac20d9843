import { CloseAction, ErrorAction, type ErrorHandler } from "vscode-languageclient/node";

const MOST = 4;
const MINUTES = 3;

/** Start a server that ended by itself again, unless it does nothing but end. */
export function recovery(): ErrorHandler {
  let ends: number[] = [];
  return {
    // That a server has ended shows first in what cannot be written to it. The usual handler takes
    // this for a server to be shut down, and does not replace it.
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => {
      const now = Date.now();
      ends = [...ends.filter((end) => now - end < MINUTES * 60_000), now];
      if (ends.length <= MOST) return { action: CloseAction.Restart, handled: true };
      const message = `The steplock server ended ${ends.length} times in ${MINUTES} minutes and is not started again.`;
      return { action: CloseAction.DoNotRestart, message };
    },
  };
}
