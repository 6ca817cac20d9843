"""`steplock lsp`, as an editor starts it."""

import json
import subprocess
import sys


def test_an_orderly_end_is_no_failure() -> None:
    messages = [
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {"processId": None, "rootUri": None, "capabilities": {}},
        },
        {"jsonrpc": "2.0", "method": "initialized", "params": {}},
        {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    bodies = [json.dumps(message).encode() for message in messages]
    wire = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies)
    run = subprocess.run(
        [sys.executable, "-m", "steplock_hooks", "lsp", "--stdio"],
        input=wire, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0
    assert b"Traceback" not in run.stderr
