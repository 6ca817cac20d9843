"""What the tests of the command line share: an unsafe workflow, a safe one, and what a call gave."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

UNSAFE = """\
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - run: make test
"""
SAFE = UNSAFE.replace("v4.2.2\n", "v4.2.2\n        with:\n          persist-credentials: false\n")


class Run(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def found(self) -> list[tuple[str, str, int]]:
        """Path, rule and line of each finding in JSON."""
        return [(f["path"], f["rule"], f["start"]["line"]) for f in self.json["findings"]]


Steplock = Callable[..., Run]


def put(path: Path, text: str | bytes) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
