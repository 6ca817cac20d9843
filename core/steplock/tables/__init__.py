"""Floor 2. Facts about the platform: one data file, one typed module beside it, one script that writes it.

A data file is JSON, sorted and compact:

    {"source": "where the facts come from", "read": "YYYY-MM-DD", "licence": "...", "rows": ...}

The script of the same name in `core/update/` writes it (never a hand), the module of the same name in this
package reads it (never a rule), and it loads on first use. A table that is too big for JSON says so in its
module.
"""

import os.path
from functools import cache
from typing import Any


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

    return json.loads(data(f"{name}.json"))["rows"]
