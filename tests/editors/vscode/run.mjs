// The tests in VS Code: node run.mjs [SUITE...], where the suites are those below.
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWindow, ROOT, startCode } from "./code.mjs";
import { makeFolder, WORKFLOW } from "./folder.mjs";
import { lightbulb } from "./lightbulb.mjs";
import { until } from "./wait.cjs";

const HERE = import.meta.dirname;
const VSIX = join(ROOT, "dist", "steplock.vsix");
// Each of its steps has a limit of its own.
const PATIENCE_WITH_A_SUITE = 900_000;

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
    const picture = () => window.page.screenshot({ path: join(ROOT, "dist", `${module}.png`) });
    const told = (name) => until(name, () => existsSync(join(report, name)), PATIENCE_WITH_A_SUITE);
    try {
      await meanwhile?.(window.page, told);
      await told("results.json");
      const results = JSON.parse(readFileSync(join(report, "results.json"), "utf8"));
      if (results.some(({ error }) => error)) await picture();
      return results;
    } catch (error) {
      await picture();
      throw error;
    } finally {
      await window.close();
    }
  } finally {
    code.stop();
  }
}

/** A folder with a workflow that is never opened. */
function trusted() {
  return inside("trusted.cjs", {
    folder: makeFolder({ ".github/workflows/closed.yml": WORKFLOW }),
  });
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
  const meanwhile = (page) =>
    page
      .getByText(/^steplock needs Python 3.10 or newer/)
      .first()
      .waitFor();
  return inside("old-python.cjs", {
    folder,
    environment: { PATH: join(folder, "bin") },
    meanwhile,
  });
}

const SUITES = {
  trusted,
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
