"""The packed extension: what is in it, and that its server starts wherever it may be installed."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pytest

from editors.scene import EDITORS, NAME, WORKFLOW
from steplock import __version__, lint

VSIX = EDITORS.parent / "dist" / "steplock.vsix"
MAX_BYTES = 4_000_000


def interpreters() -> dict[str, str]:
    """The Pythons of this machine that may run the server, by version; at least this one."""
    installed = Path.home().glob(".pyenv/versions/3.*/bin/python")
    names = [f"python3.{minor}" for minor in range(10, 20)]
    found: dict[str, str] = {}
    for python in [sys.executable, *names, *map(str, installed)]:
        if version := version_of(python):
            found.setdefault(version, python)
    return found


def version_of(python: str) -> str | None:
    code = "import sys; assert sys.version_info >= (3, 10); print('%d.%d' % sys.version_info[:2])"
    try:
        run = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return run.stdout.strip() or None


INTERPRETERS = interpreters()


@pytest.fixture(scope="module")
def names() -> list[str]:
    assert VSIX.exists(), "there is no extension yet: make vsix"
    with zipfile.ZipFile(VSIX) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(VSIX) as archive:
        archive.extractall(folder)
    return folder / "extension"


def test_it_is_small() -> None:
    assert VSIX.stat().st_size < MAX_BYTES


def test_it_holds_what_it_needs_and_nothing_else(names: list[str]) -> None:
    top = {"/".join(PurePosixPath(name).parts[:4]) for name in names if "/bundled/libs/" in name}
    libraries = {re.sub(r"-[\d.]+(?=\.dist-info)", "", name.rsplit("/", 1)[1]) for name in top}
    assert libraries == {
        *("attr", "attrs", "attrs.dist-info", "cattr", "cattrs", "cattrs.dist-info"),
        *("exceptiongroup", "exceptiongroup.dist-info", "lsprotocol", "lsprotocol.dist-info"),
        *("pygls", "pygls.dist-info", "ruamel", "ruamel_yaml.dist-info"),
        *(
            "steplock",
            "steplock_hooks",
            "steplock_lsp",
            "typing_extensions.dist-info",
            "typing_extensions.py",
        ),
    }
    assert {name for name in names if "/bundled/libs/" not in name} == {
        *("[Content_Types].xml", "extension.vsixmanifest"),
        *("extension/LICENSE.txt", "extension/readme.md", "extension/package.json"),
        *("extension/dist/extension.js", "extension/bundled/start.py"),
        *("extension/images/icon.png", "extension/images/findings.png", "extension/images/fix.png"),
        *("extension/images/save.md", "extension/images/configure.md"),
        "extension/schemas/steplock.schema.json",
    }


def test_nothing_in_it_is_made_for_one_system(names: list[str]) -> None:
    suffixes = {PurePosixPath(name).suffix for name in names}
    native = {".so", ".pyd", ".dll", ".dylib", ".exe", ".node", ".pyc"}
    assert suffixes & native == set()
    assert all("Root-Is-Purelib: true" in text for text in wheels(names))


def wheels(names: list[str]) -> list[str]:
    with zipfile.ZipFile(VSIX) as archive:
        found = [archive.read(name).decode() for name in names if name.endswith("/WHEEL")]
    assert found
    return found


def test_it_has_the_version_of_the_server() -> None:
    manifest = json.loads((EDITORS / "vscode" / "package.json").read_text("utf-8"))
    assert manifest["version"] == __version__


@pytest.mark.parametrize("version", INTERPRETERS)
def test_the_server_starts(version: str, extension: Path, tmp_path: Path) -> None:
    """With no package but those in the extension."""
    uri = (tmp_path / NAME).as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": WORKFLOW}
    capabilities: dict[str, Any] = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"applyEdit": True},
    }
    other = {**document, "uri": (tmp_path / "action.yml").as_uri(), "text": "runs: {}\n"}
    pin = {"command": "steplock.pinOnline", "arguments": [other["uri"]]}
    start = {"processId": None, "rootUri": None, "capabilities": capabilities}
    code, answers = talk(
        [INTERPRETERS[version], "-I", str(extension / "bundled" / "start.py")],
        [
            ("initialize", start),
            ("textDocument/didOpen", {"textDocument": document}),
            ("textDocument/diagnostic", {"textDocument": {"uri": uri}}),
            ("textDocument/didOpen", {"textDocument": other}),
            ("workspace/executeCommand", pin),
            ("shutdown", None),
            ("exit", None),
        ],
    )
    assert answers["initialize"]["serverInfo"] == {"name": "steplock", "version": __version__}
    found = {one["code"] for one in answers["textDocument/diagnostic"]["items"]}
    assert found == {one.rule for one in lint(WORKFLOW, NAME).diagnostics}
    assert answers["workspace/executeCommand"] == "Nothing to pin."
    assert code == 0


NOTIFICATIONS = {"textDocument/didOpen", "exit"}


def talk(command: list[str], messages: list[tuple[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Say these one after the other; the exit code, and the answers by method."""
    answers: dict[str, Any] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin and server.stdout
        for number, (method, params) in enumerate(messages):
            notifies = method in NOTIFICATIONS
            id = {} if notifies else {"id": number}
            body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **id}).encode()
            server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            server.stdin.flush()
            while not notifies and method not in answers:
                message = read(server.stdout)
                if message.get("id") == number:
                    answers[method] = message["result"]
        return server.wait(30), answers


def read(stream: IO[bytes]) -> dict[str, Any]:
    length = 0
    while (line := stream.readline().strip()) or not length:
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    message: dict[str, Any] = json.loads(stream.read(length))
    return message
