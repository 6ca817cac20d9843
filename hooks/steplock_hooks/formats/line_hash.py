"""The fingerprint by which GitHub follows an alert when lines move.

Code scanning takes it from `partialFingerprints.primaryLocationLineHash`; the action that uploads
SARIF adds it where it is missing, uploads through the API lack it and pile up duplicates. It hashes
the hundred characters from the start of a line, without spaces and tabs, and counts equal ones, so
that it stays until what follows changes:
https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

_LENGTH = 100
_FACTOR = 37
_BITS = (1 << 64) - 1
_END = b"\xff\xff"


def line_hashes(text: str, lines: Collection[int]) -> dict[int, str]:
    """The hash of each of these lines, zero-based."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    # Counted as JavaScript does: in UTF-16 units, of two bytes each.
    units = text.encode("utf-16-le", "surrogatepass")
    found: dict[int, str] = {}
    seen: Counter[bytes] = Counter()
    start = 0
    for number, line in enumerate(text.split("\n")[: max(lines, default=-1) + 1]):
        block = units[start : start + 2 * _LENGTH]
        seen[block] += 1
        if number in lines:
            found[number] = f"{_hash(block):x}:{seen[block]}"
        start += 2 + 2 * (len(line) if line.isascii() else _units(line))
    return found


def _units(line: str) -> int:
    return len(line.encode("utf-16-le", "surrogatepass")) // 2


def _hash(block: bytes) -> int:
    # One unit stands for the end of the text, nothing for what comes after it.
    padded = (block + _END).ljust(2 * _LENGTH, b"\0")[: 2 * _LENGTH]
    value = 0
    for low, high in zip(padded[::2], padded[1::2], strict=True):
        value = (value * _FACTOR + (high << 8 | low)) & _BITS
    return value
