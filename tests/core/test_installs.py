"""What commands install, and how exactly they say which."""

import pytest

from steplock import shell
from steplock.installs import install
from steplock.verifying import verifies

COMMIT = "8e8c483db84b4bee98b60c0593521ed34d9990e8"


def read(line: str) -> str:
    command, *_ = shell.parse(line, "bash").commands
    found = install(command)
    if found is None:
        return "nothing"
    packages = [f"{p.text}={p.exactness.name.lower()}" for p in found.packages]
    return " ".join([f"{found.manager}:", *packages, *found.files])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip install requests", "pip: requests=any"),
        ("pip3.12 install -U -i https://example.org x==1 y==1.* 'z>=2'", "pip: x==1=version y==1.*=range z>=2=range"),
        ("pip install -r a.txt -rb.txt -e .", "pip: a.txt b.txt"),
        ("pip install x -c constraints.txt", "pip: x=version"),
        ("pip install https://example.org/x.zip#sha256=00", "pip: https://example.org/x.zip#sha256=00=hash"),
        ("pip install ruff==$VERSION ruff==${{ inputs.v }} $NAME", "pip: ruff==$VERSION=version ruff==${{ inputs.v }}=version"),
        ("pip install 'lib @ git+https://github.com/a/lib@main'", "pip: lib @ git+https://github.com/a/lib@main=any"),
        (f"pip install git+https://github.com/a/lib@{COMMIT}", f"pip: git+https://github.com/a/lib@{COMMIT}=hash"),
        ("pip install ./x 'x.whl[all]' ~/y", "nothing"),
        ("uv pip install --python 3.12 x", "uv: x=any"),
        ("uvx --with y x@1.2.3 --flag z", "uv: x@1.2.3=version"),
        ("uvx --from git+https://github.com/a/x@v1.0.0 x", "uv: git+https://github.com/a/x@v1.0.0=version"),
        ("uv run pytest", "nothing"),
        ("pipx run --spec cibuildwheel==3.1.0 cibuildwheel", "pipx: cibuildwheel==3.1.0=version"),
        ("npm i @scope/x @scope/y@1.2.3 z@^1", "npm: @scope/x=any @scope/y@1.2.3=version z@^1=range"),
        ("npm -C web install", "nothing"),
        ("pnpm --dir web add x", "pnpm: x=any"),
        ("pnpm dlx x@1.2.3 y", "npx: x@1.2.3=version"),
        ("npm exec --package=x -- y", "npx: x=any"),
        ("cargo +nightly install x --version 0.9.1", "cargo: x 0.9.1=version"),
        ("cargo install --locked x@0.9.1 y", "cargo: x@0.9.1=hash y=any"),
        ("cargo install --git https://github.com/a/b --rev abc", "cargo: https://github.com/a/b=hash"),
        ("go run example.org/x@v1.2.3 ./...", "go: example.org/x@v1.2.3=hash"),
        ("go install example.org/x@master", "go: example.org/x@master=any"),
        ("go install ./...", "nothing"),
        ("docker run -e A=b --name x alpine sh -c y", "docker: alpine=any"),
        ("docker --context x build .", "nothing"),
        ("podman pull a/b@sha256:00", "docker: a/b@sha256:00=hash"),
        ("gh release download v1 -R a/b -p x", "gh: a/b v1=version"),
        ("gh release download v1 -p x", "nothing"),
        ("sudo -E apt-get -y install git=1:2.0 curl", "apt: git=1:2.0=range curl=any"),
        ("brew install --cask x", "brew: x=any"),
        ("choco install llvm --version=14.0.6 -y", "choco: llvm 14.0.6=version"),
    ],
)  # fmt: skip
def test_install(line: str, expected: str) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sha256sum -c sums.txt", True),
        ("shasum -a 256 --check sums.txt", True),
        ("sha256sum x", False),
        ("gpg --batch --verify x.asc x", True),
        ("gpg --import key", False),
        ("gh attestation verify x -R a/b", True),
        ("cosign verify-blob --bundle b x", True),
        ("cosign sign x", False),
        ("minisign -Vm x -P key", True),
        ("python -m sigstore verify identity x", True),
        ("openssl dgst -sha256 -verify key.pem x", True),
    ],
)
def test_verifies(line: str, expected: bool) -> None:
    [command] = shell.parse(line, "bash").commands
    assert verifies(command) is expected


def test_a_sum_that_the_script_reads_is_a_check() -> None:
    script = shell.parse('test "$(sha256sum x)" = "$SUM"; sha256sum y | grep -q "$SUM"', "bash")
    assert [c.name for c in script.commands if verifies(c)] == ["sha256sum"]
