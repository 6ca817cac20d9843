"""Floor 2. Facts about the platform: one data file, one typed module beside it, one script that writes it.

A data file is JSON, sorted and compact:

    {"source": "where the facts come from", "read": "YYYY-MM-DD", "licence": "...", "rows": ...}

The script of the same name in `core/update/` writes it (never a hand), the module of the same name in this
package reads it (never a rule), and it loads on first use. A table that is too big for JSON says so in its
module.
"""

import os.path
from functools import cache

from steplock.annotations import Any

# From so many look-ups on, to read a whole table takes less time.
_MANY = 24


def data(name: str) -> bytes:
    """The file `name` of this package, out of a zip archive too. (importlib.resources would cost 20 ms.)"""
    path = os.path.join(os.path.dirname(__file__), name)
    get_data = getattr(globals().get("__loader__"), "get_data", None)
    if get_data is not None:
        return bytes(get_data(path))
    with open(path, "rb") as file:
        return file.read()


@cache
def load(name: str) -> Any:
    """The rows of the table `name`. All callers share them: read, never change."""
    import json  # here, since a run that needs no table needs no json either

    return json.loads(_text(name))["rows"]


def look_up(name: str, key: str, section: str = "") -> Any:
    """One row of a table, or of a section of it; None where there is none. Shared, as `load` is.

    The first few are found by halving the sorted lines, and nothing else is read.
    """
    return _rows(name, section).get(key)


@cache
def _text(name: str) -> str:
    return data(f"{name}.json").decode()


@cache
def _rows(name: str, section: str) -> "_Rows":
    return _Rows(name, section)


class _Rows:
    def __init__(self, name: str, section: str) -> None:
        self._name, self._section = name, section
        self._text = text = _text(name)
        head = f'"{section or "rows"}":{{\n'
        self._start = text.index(head) + len(head)
        # The next section begins with its name on a line of its own; no row ends with an open bracket.
        following = [at for end in ("{\n", "[\n") if (at := text.find(end, self._start)) >= 0]
        self._end = text.rfind("\n", 0, min(following)) if following else len(text)
        self._found: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        if len(self._found) >= _MANY:
            rows = load(self._name)
            return (rows[self._section] if self._section else rows).get(key)
        if key not in self._found:
            self._found[key] = self._find(key)
        return self._found[key]

    def _find(self, key: str) -> Any:
        text, low, high = self._text, self._start, self._end
        while low < high:
            line = text.rfind("\n", low, (low + high) // 2) + 1 or low
            end = text.find('":', line)
            if text[line + 1 : end] == key:
                import json

                return json.JSONDecoder().raw_decode(text, end + 2)[0]
            if text[line + 1 : end] < key:
                low = text.find("\n", line, high) + 1 or high
            else:
                high = line
        return None
