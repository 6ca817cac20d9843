// Bring the package-lock.json of some folders in line with their package.json: node editors/lock.mjs FOLDER...
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

for (const folder of process.argv.slice(2)) {
  execFileSync("npm", ["install", "--package-lock-only"], { cwd: folder, stdio: "inherit" });
  const path = join(folder, "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8"));
  // Versions and hashes only: addresses say nothing about what is installed.
  for (const entry of Object.values(lock.packages)) {
    delete entry.funding;
    delete entry.deprecated;
  }
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
