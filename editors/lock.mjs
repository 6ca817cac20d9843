// Bring the package-lock.json of some folders in line with their package.json: node editors/lock.mjs FOLDER...
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

for (const folder of process.argv.slice(2)) {
  // Elsewhere: beside its node_modules, npm forgets the packages of other systems.
  const elsewhere = mkdtempSync(join(tmpdir(), "lock-"));
  for (const name of ["package.json", ".npmrc"]) {
    copyFileSync(join(folder, name), join(elsewhere, name));
  }
  execFileSync("npm", ["install", "--package-lock-only"], {
    cwd: elsewhere,
    stdio: "inherit",
  });
  const lock = JSON.parse(
    readFileSync(join(elsewhere, "package-lock.json"), "utf8"),
  );
  rmSync(elsewhere, { recursive: true });
  // Versions and hashes only: addresses say nothing about what is installed.
  for (const entry of Object.values(lock.packages)) {
    delete entry.funding;
    delete entry.deprecated;
  }
  writeFileSync(
    join(folder, "package-lock.json"),
    `${JSON.stringify(lock, null, 2)}\n`,
  );
}
