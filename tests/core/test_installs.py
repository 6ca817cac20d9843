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
        ("pip3.12 install -U -i https://example.org x==1 y==1.* 'z>=2'", "pip: x==1=version y==1.*=range z>=2=any"),
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
        ("pip install 'a>=1' 'b>1,!=1.5' 'c>=1,<2' 'd~=1.2' 'e<2' 'f!=1'", "pip: a>=1=any b>1,!=1.5=any c>=1,<2=range d~=1.2=range e<2=range f!=1=any"),
        ("pip install -e git+https://github.com/a/b.git@main#egg=b", "pip: git+https://github.com/a/b.git@main#egg=b=any"),
        ("pip install --editable=git+https://github.com/a/b.git", "pip: git+https://github.com/a/b.git=any"),
        (f"pip install -e git+https://github.com/a/b.git@{COMMIT}#egg=b", f"pip: git+https://github.com/a/b.git@{COMMIT}#egg=b=hash"),
        ("pip install git+https://github.com/a/b.git@v1.0", "pip: git+https://github.com/a/b.git@v1.0=version"),
        ("pip install -e src -e . --editable=./x", "nothing"),
        ("pip install https://example.com/p.whl", "pip: https://example.com/p.whl=any"),
        ("pip install https://example.com/p-1.2.3.whl", "pip: https://example.com/p-1.2.3.whl=version"),
        (f"pip install https://github.com/a/b/archive/{COMMIT}.zip", f"pip: https://github.com/a/b/archive/{COMMIT}.zip=hash"),
        ("pip install 'p @ https://example.com/p.whl'", "pip: p @ https://example.com/p.whl=any"),
        ("pip install -r https://example.com/list.txt -c https://example.com/limits.txt", "pip: https://example.com/list.txt=any"),
        ("npm install https://example.com/p.tgz", "npm: https://example.com/p.tgz=any"),
        (f"npm install git+https://github.com/a/b.git#{COMMIT} a/b#{COMMIT}", f"npm: git+https://github.com/a/b.git#{COMMIT}=hash a/b#{COMMIT}=hash"),
        ("yarn add https://example.com/p-1.2.3.tgz", "yarn: https://example.com/p-1.2.3.tgz=version"),
        ("brew install https://example.com/x.rb", "nothing"),
        ("pip install http://localhost:8000/p.whl -r http://127.0.0.1/list.txt", "nothing"),
        ("npm install http://localhost/p.tgz file:../x", "nothing"),
        ("go get example.org/x@latest example.org/y", "go-get: example.org/x@latest=any example.org/y=any"),
        ("go get example.org/x@v1.2.3", "go-get: example.org/x@v1.2.3=hash"),
        ("go get -u ./...", "go-get: -u ./...=any"),
        ("go get -v -t ./... && true", "nothing"),
        ("go get example.org/x@none go@1.24", "nothing"),
        ("dotnet add package foo", "dotnet: foo=any"),
        ("dotnet add src/x.csproj package foo --version 1.2.3", "dotnet: foo 1.2.3=version"),
        ("dotnet package add foo@1.2.3", "dotnet: foo@1.2.3=version"),
        ("dotnet add reference ../x.csproj", "nothing"),
        ("gh extension install a/gh-b", "gh: a/gh-b=any"),
        ("gh ext install a/gh-b --pin v1.0", "gh: a/gh-b v1.0=version"),
        (f"gh extension install a/gh-b --pin={COMMIT}", f"gh: a/gh-b {COMMIT}=hash"),
        ("gh extension install .", "nothing"),
        ("ansible-galaxy collection install a.b c.d:1.2.3 e.f:==1.0.0 'g.h:>=1.0.0'", "galaxy: a.b=any c.d:1.2.3=version e.f:==1.0.0=version g.h:>=1.0.0=any"),
        ("ansible-galaxy collection install -r requirements.yml a-b-1.0.0.tar.gz", "nothing"),
        ("conda install -y -n base -c conda-forge a b=1.2 c=1.2.3 d==1.2 'e>=1' 'f<2' conda-forge::g=1.2.3=py_0", "conda: a=any b=1.2=range c=1.2.3=version d==1.2=version e>=1=any f<2=range conda-forge::g=1.2.3=py_0=version"),
        ("mamba install --file list.txt", "nothing"),
        ("conda install --use-local a", "nothing"),
        ("conda install -c ./conda-bld a", "nothing"),
        ("luarocks install --local luacheck", "luarocks: luacheck=any"),
        ("luarocks install luacheck 1.1.0", "luarocks: luacheck 1.1.0=version"),
        ("luarocks install x-scm-1.rockspec", "nothing"),
        ("cpanm --notest A::B C::D@1.0 E~1.2", "cpan: A::B=any C::D@1.0=version E~1.2=any"),
        ("cpanm --installdeps .", "nothing"),
        ("deno install -gA npm:@a/b@1.2.3", "deno: npm:@a/b@1.2.3=version"),
        ("deno install -g -A npm:@a/b@1.2.3", "deno: npm:@a/b@1.2.3=version"),
        ("deno install --global -n x jsr:@a/b", "deno: jsr:@a/b=any"),
        ("deno install npm:a", "nothing"),
        ("mise use -g a@latest node@20 npm:@x/y cargo:z@1.2.3 b", "mise: a@latest=any node@20=range npm:@x/y=any cargo:z@1.2.3=version b=any"),
        ("mise install", "nothing"),
        ("npm install --no-package-lock", "lock: npm --no-package-lock=any"),
        ("npm install --no-package-lock x", "npm: x=any"),
        ("yarn --no-lockfile", "lock: yarn --no-lockfile=any"),
        ("yarn install --no-lockfile", "lock: yarn --no-lockfile=any"),
        ("pnpm install --no-frozen-lockfile", "lock: pnpm --no-frozen-lockfile=range"),
        ("pnpm i --frozen-lockfile", "nothing"),
        ("npm ci --no-package-lock", "nothing"),
        ("yarn build --no-lockfile", "nothing"),
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
