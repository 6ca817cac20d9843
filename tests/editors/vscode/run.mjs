// The tests in VS Code: node run.mjs [SUITE...], where the suites are those below.
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openWindow, ROOT, startCode } from "./code.mjs";
import { makeFolder } from "./folder.mjs";
import { lightbulb } from "./lightbulb.mjs";

const HERE = import.meta.dirname;
const VSIX = join(ROOT, "dist", "steplock.vsix");

/** The tests of a module beside the extension, as it is packed; `meanwhile` acts in the window. */
async function inside(module, { folder = makeFolder(), meanwhile, ...options } = {}) {
  const report = mkdtempSync(join(tmpdir(), "steplock-report-"));
  execFileSync("unzip", ["-q", VSIX, "-d", report]);
  const environment = { ...options.environment, STEPLOCK_REPORT: report };
  const code = await startCode({ ...options, environment });
  try {
    const extension = join(report, "extension");
    const window = await openWindow(code, folder, {
      extension,
      tests: join(HERE, module),
    });
    try {
      const told = (name) => until(join(report, name));
      await meanwhile?.(window.page, told);
      return JSON.parse(readFileSync(await told("results.json"), "utf8"));
    } catch (error) {
      await window.page.screenshot({
        path: join(ROOT, "dist", `${module}.png`),
      });
      throw error;
    } finally {
      await window.close();
    }
  } finally {
    code.stop();
  }
}

async function until(path) {
  for (let tries = 0; tries < 1800; tries++) {
    if (existsSync(path)) return path;
    await sleep(100);
  }
  throw new Error(`${path} did not come`);
}

/** A folder that names a program of its own as the server, not trusted until that has been seen. */
function untrusted() {
  const own =
    '#!/bin/sh\ntouch "$0.ran"\nexec python3 -I "$STEPLOCK_REPORT/extension/bundled/start.py"\n';
  const settings = { "steplock.path": ["${workspaceFolder}/own-server"] };
  const folder = makeFolder({
    "own-server": own,
    ".vscode/settings.json": JSON.stringify(settings),
  });
  const meanwhile = async (page, told) => {
    await told("seen-untrusted");
    await page.locator(".statusbar-item").getByText("Restricted Mode").click();
    await page.locator(".workspace-trust-editor").getByText("Trust", { exact: true }).click();
  };
  return inside("untrusted.cjs", { folder, trusting: true, meanwhile });
}

/** A machine with nothing but an old Python. */
function oldPython() {
  const folder = makeFolder({ "bin/python3": "#!/bin/sh\necho 3.8.18\n" });
  const meanwhile = (page) => page.getByText(/^steplock needs Python 3.10 or newer/).waitFor();
  return inside("old-python.cjs", {
    folder,
    environment: { PATH: join(folder, "bin") },
    meanwhile,
  });
}

const SUITES = {
  trusted: () => inside("trusted.cjs"),
  untrusted,
  "old-python": oldPython,
  lightbulb: () => lightbulb(VSIX),
};

mkdirSync(join(ROOT, "dist"), { recursive: true });
const chosen = process.argv.slice(2);
let failed = false;
for (const name of chosen.length > 0 ? chosen : Object.keys(SUITES)) {
  const start = Date.now();
  // What is done from outside has no results beside its own end.
  for (const { name: test, error, seconds } of (await SUITES[name]()) ?? []) {
    console.log(`${error ? "FAILED" : "ok    "} ${name}: ${test} (${seconds.toFixed(1)} s)`);
    if (error) console.log(error.replace(/^/gm, "       "));
    failed ||= Boolean(error);
  }
  console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
process.exit(failed ? 1 : 0);
