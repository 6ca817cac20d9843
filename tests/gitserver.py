"""Real git servers on loopback with repositories that a test builds."""

import gzip
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
FIRST_DAY = 1_700_000_000
NOWHERE = "0123456789abcdef0123456789abcdef01234567"


def git(*arguments: str | Path, where: Path, text: str = "", **env: str) -> str:
    """The output of a git command in the repository `where`."""
    return subprocess.run(
        ["git", f"--git-dir={where}", *map(str, arguments)],
        input=text,
        env={"PATH": os.environ["PATH"], **WHO, **env},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.strip()


class Repository:
    """A bare repository under the root of a server; every commit is a second later."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.path = root / f"{name}.git"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.seconds = FIRST_DAY
        self.git("init", "--quiet", "--bare", "--initial-branch=main")
        for option in ("allowFilter", "allowAnySHA1InWant"):
            self.git("config", f"uploadpack.{option}", "true")

    def git(self, *arguments: str | Path, text: str = "", **env: str) -> str:
        return git(*arguments, where=self.path, text=text, **env)

    def commit(self, files: Mapping[str, str], *parents: str, links: Mapping[str, str] = {}) -> str:
        """A commit that holds these files and links; no reference leads to it yet."""
        self.seconds += 1
        index = str(self.path / "index")
        self.git("read-tree", "--empty", GIT_INDEX_FILE=index)
        entries = [("100644", path, text) for path, text in files.items()]
        entries += [("120000", path, text) for path, text in links.items()]
        for mode, path, text in entries:
            blob = self.git("hash-object", "-w", "--stdin", text=text)
            info = f"{mode},{blob},{path}"
            self.git("update-index", "--add", "--cacheinfo", info, GIT_INDEX_FILE=index)
        tree = self.git("write-tree", GIT_INDEX_FILE=index)
        date = f"{self.seconds} +0000"
        return self.git(
            "commit-tree",
            tree,
            *(part for parent in parents for part in ("-p", parent)),
            text=f"commit {self.seconds}",
            GIT_AUTHOR_DATE=date,
            GIT_COMMITTER_DATE=date,
        )

    def branch(self, name: str, commit: str) -> None:
        self.git("update-ref", f"refs/heads/{name}", commit)

    def tag(self, name: str, target: str) -> None:
        self.git("update-ref", f"refs/tags/{name}", target)

    def annotate(self, name: str, target: str) -> str:
        """Tag with a message; the id is that of the tag's own object."""
        self.git("tag", "--annotate", "--force", "--message=a tag", name, target)
        return self.git("rev-parse", f"refs/tags/{name}")

    def delete(self, ref: str) -> None:
        self.git("update-ref", "-d", ref)


Fault = Callable[["Handler", bytes], bytes | None]


class Server(ThreadingHTTPServer):
    """`git http-backend` behind HTTP; `fault` may spoil what it answers."""

    daemon_threads = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root = root
        self.fault: Fault | None = None
        self.requests: list[str] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.backend(body)
        if self.server.fault is not None:
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            spoilt = self.server.fault(self, body)
            answer = answer if spoilt is None else spoilt
        self.wfile.write(answer)
        self.close_connection = True

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing is said on the terminal."""

    def backend(self, body: bytes) -> bytes:
        path, _, query = self.path.partition("?")
        env = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        ran = subprocess.run(
            ["git", "http-backend"],
            input=body,
            env=env,
            capture_output=True,
            check=False,
            timeout=60,
        )
        head, _, rest = ran.stdout.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        status = [line[8:] for line in lines if line.startswith(b"Status: ")] or [b"200 OK"]
        others = [line for line in lines if not line.startswith(b"Status: ")]
        length = b"Content-Length: %d" % len(rest)
        head = b"\r\n".join([b"HTTP/1.1 " + status[0], *others, length, b"Connection: close"])
        return head + b"\r\n\r\n" + rest


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """A server for the repositories below `root`, as long as the block runs."""
    with Server(root) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def hang(handler: Handler, body: bytes) -> bytes:
    """A fault: never answer."""
    handler.server.closing.wait(30)
    return b""


def hang_until(gone: threading.Event) -> Fault:
    """A fault: never answer, and tell when the client has hung up."""

    def fault(handler: Handler, _: bytes) -> bytes:
        handler.connection.settimeout(30)
        with suppress(ConnectionError):
            if handler.connection.recv(1):
                return b""
        gone.set()
        return b""

    return fault


def says(status: str, body: str = "", *headers: str) -> Fault:
    """A fault: answer everything with this."""

    def fault(handler: Handler, _: bytes) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
        return "\r\n".join(lines).encode()

    return fault


@contextmanager
def daemon(root: Path) -> Iterator[str]:
    """The address of a `git daemon` for the repositories below `root`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *("git", "daemon", "--listen=127.0.0.1", f"--port={port}", "--reuseaddr"),
            *("--export-all", f"--base-path={root}", str(root)),
        ],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(200):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        yield f"git://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
