"""Repositories as rules see them online: what a door would have asked a git server.

`online-org/action` has the tags v1.1.0 (annotated), v1.2.2, v1.2.3 and v1, the branch main, and `release` as a tag
and as a branch. Main reaches OLD, which no tag carries; nothing reaches FORK. `online-org/nested` at NESTED calls a tag.
"""

from steplock.online import Online, Refs

V110, V110_OBJECT = "110" + "0" * 37, "110" + "f" * 37
V122, V123 = "122" + "0" * 37, "123" + "0" * 37
MAIN, OLD, FORK = "a1" + "0" * 38, "01d" + "0" * 37, "f02c" + "0" * 36
NESTED, DEEP = "ae57" + "0" * 36, "dee9" + "0" * 36

_ACTION = Refs(
    tags={"v1": V123, "v1.2.3": V123, "v1.2.2": V122, "v1.1.0": V110, "release": V122},
    heads={"main": MAIN, "release": MAIN},
    annotated={V110_OBJECT: V110},
)
_NESTED = Refs(tags={"v2.0.0": NESTED, "v3.0.0": DEEP}, heads={"main": NESTED}, annotated={})
_REFS = {"online-org/action": _ACTION, "online-org/nested": _NESTED}
_FILES = {
    (NESTED, "action.yml"): "runs: {using: composite, steps: [{uses: online-org/action@v1}]}",
    (DEEP, "action.yaml"): f"""\
runs:
  using: composite
  steps:
    - uses: $/inner
    - uses: online-org/nested@{NESTED} # v2.0.0
""",
    (DEEP, "inner/action.yml"): "runs: {using: docker, image: docker://alpine:3}",
    (DEEP, ".github/workflows/build.yml"): """\
on: workflow_call
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@main
""",
}


def _contains(repo: str, commit: str) -> bool | None:
    refs = _REFS.get(repo)
    if refs is None:
        return None
    return commit in (OLD, *refs.tags.values(), *refs.heads.values())


def _manifest(repo: str, commit: str, path: str) -> str | None:
    return _FILES.get((commit, path)) if repo in _REFS else None


WORLD = Online(_REFS.get, _contains, _manifest)
