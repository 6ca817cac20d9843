// A real VS Code: its server, and a window of it in a browser.
import { execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { PATIENCE, until } from "./wait.cjs";

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = dirname(dirname(dirname(HERE)));
const MAIN = join(HERE, "node_modules/code-server/lib/vscode/out/server-main.js");
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

/** Settings that keep what is not under test from the screen and off the network. */
const QUIET = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "files.autoSave": "off",
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/**
 * Start a server.
 *
 * `environment` reaches the extensions. With `trusting`, the window asks whether the folder is to be trusted.
 */
export async function startCode({ settings = {}, environment = {}, trusting = false, vsix } = {}) {
  const data = mkdtempSync(join(tmpdir(), "steplock-code-"));
  const machine = join(data, "data", "Machine");
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, "settings.json"), JSON.stringify({ ...QUIET, ...settings }));
  const port = await freePort();
  const places = ["--server-data-dir", data, "--extensions-dir", join(data, "extensions")];
  if (vsix) {
    const code = [MAIN, ...places, "--install-extension", vsix, "--accept-server-license-terms"];
    execFileSync(process.execPath, code, { stdio: "pipe" });
  }
  const log = join(data, "server.log");
  const server = spawn(
    process.execPath,
    [
      ...[MAIN, ...places, "--host", "127.0.0.1", "--port", String(port)],
      ...["--without-connection-token", "--accept-server-license-terms", "--disable-telemetry"],
      // The environment is this one, and not that of a login shell.
      ...["--enable-smoke-test-driver", "--force-disable-user-env"],
      ...(trusting ? [] : ["--disable-workspace-trust"]),
    ],
    // A group of its own, since it leaves children behind when it alone is ended.
    {
      detached: true,
      stdio: ["ignore", openSync(log, "w"), openSync(log, "a")],
      env: { ...process.env, ...environment },
    },
  );
  const authority = `127.0.0.1:${port}`;
  const stop = () => ended(server) || process.kill(-server.pid, "SIGKILL");
  try {
    await until(`an answer of VS Code at ${authority}`, () => {
      if (ended(server)) throw new Error(`VS Code ended:\n${readFileSync(log, "utf8")}`);
      return answers(`http://${authority}/version`);
    });
  } catch (error) {
    stop();
    throw error;
  }
  return { authority, stop };
}

/** A window of the server on a folder; `tests` is a module that then runs beside the extensions. */
export async function openWindow({ authority }, folder, { extension, tests } = {}) {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage({
    viewport: { width: 1200, height: 760 },
  });
  const remote = (path) => `vscode-remote://${authority}${path}`;
  const payload = tests
    ? [
        ["extensionDevelopmentPath", remote(extension)],
        ["extensionTestsPath", remote(tests)],
      ]
    : [];
  const query = new URLSearchParams({
    folder,
    payload: JSON.stringify(payload),
  });
  page.setDefaultTimeout(PATIENCE);
  page.setDefaultNavigationTimeout(PATIENCE);
  await page.goto(`http://${authority}/?${query}`, {
    waitUntil: "domcontentloaded",
  });
  await page.waitForSelector(".monaco-workbench");
  return { page, close: () => browser.close() };
}

function findBrowser() {
  for (const folder of process.env.PATH.split(delimiter)) {
    for (const name of BROWSERS) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Then another.
      }
    }
  }
  throw new Error(`none of ${BROWSERS.join(", ")} is installed: apt-get install chromium`);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

function ended(server) {
  return server.exitCode !== null || server.signalCode !== null;
}

async function answers(address) {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false; // Not yet.
  }
}
