// The folders that the windows show.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const WORKFLOW = `name: Test 😀
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - name: 漢字 😀
        uses: actions/checkout@v4
      - run: 'echo "😀 \${{ github.event.head_commit.message }}"'
`;

/** A repository with these files beside the workflow, and beside one that is none by its place; its path. */
export function makeFolder(files = {}) {
  const root = mkdtempSync(join(tmpdir(), "steplock-folder-"));
  execFileSync("git", ["init", "--quiet", root]);
  const all = {
    ".github/workflows/test.yml": WORKFLOW,
    "other.yml": WORKFLOW,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith("#!")) chmodSync(path, 0o755);
  }
  return root;
}
