"""Put the server, its libraries and the schema into the extension; what vsce packs.

    python bundle.py

The libraries are pinned by hash, and are pure Python: one .vsix serves all systems. Run by a Python
that has pip; `make vsix` runs it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

EXTENSION = Path(__file__).resolve().parent
ROOT = EXTENSION.parent.parent
LIBS = EXTENSION / "bundled" / "libs"
SCHEMA = Path("core/steplock/steplock.schema.json")
NATIVE = frozenset({".so", ".pyd", ".dll", ".dylib", ".a", ".lib", ".o"})


def main() -> None:
    shutil.rmtree(LIBS, ignore_errors=True)
    install_libraries()
    for package in ("core/steplock", "hooks/steplock_hooks", "lsp/steplock_lsp"):
        ignore = shutil.ignore_patterns("__pycache__", ".*", SCHEMA.name)
        shutil.copytree(ROOT / package, LIBS / Path(package).name, ignore=ignore)
    copy(SCHEMA, EXTENSION / "schemas" / SCHEMA.name)
    copy(Path("LICENSE"), EXTENSION / "LICENSE")
    if native := native_files(LIBS):
        sys.exit(f"not pure Python: {', '.join(native)}")


def install_libraries() -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--target", LIBS, "--no-deps", "--require-hashes", "--no-compile"),
            # Of a project that has both, only the wheel without native code fits these.
            *("--only-binary", ":all:", "--platform", "any", "--abi", "none"),
            *("--implementation", "py", "--python-version", "3.10"),
            *("--requirement", ROOT / "requirements" / "vscode.txt"),
        ],
        check=True,
    )
    shutil.rmtree(LIBS / "bin", ignore_errors=True)


def native_files(folder: Path) -> list[str]:
    """What a system would have to be the right one for."""
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in NATIVE]


def copy(path: Path, to: Path) -> None:
    to.parent.mkdir(exist_ok=True)
    shutil.copyfile(ROOT / path, to)


if __name__ == "__main__":
    main()
