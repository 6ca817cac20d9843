// Waiting for what is to come, for as long as a busy machine may take.
const { setTimeout: sleep } = require("node:timers/promises");

/** Milliseconds after which it will not come any more. */
const PATIENCE = 120_000;

/** Wait until a condition gives something true, and give that. */
async function until(what, condition, patience = PATIENCE) {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(50)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`${what} did not come`);
}

module.exports = { PATIENCE, until };
