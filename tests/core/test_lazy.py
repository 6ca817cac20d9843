import re
from importlib import import_module
from pkgutil import walk_packages

import steplock
from steplock import lazy


class Counted:
    def __init__(self) -> None:
        self.asked = 0

    @lazy.cached_property
    def answer(self) -> int:
        """What it is."""
        self.asked += 1
        return 42


def test_a_property_is_worked_out_once_for_each_instance() -> None:
    one, other = Counted(), Counted()
    assert (one.answer, one.answer, one.asked, other.asked) == (42, 42, 1, 0)
    assert Counted.answer.__doc__ == "What it is."


def test_a_pattern_is_what_re_compiles() -> None:
    ours, library = (
        lazy.pattern(r"(?P<a>x)|y", re.IGNORECASE),
        re.compile("(?P<a>x)|y", re.IGNORECASE),
    )
    assert (ours.pattern, ours.flags, ours.groupindex) == (
        library.pattern, library.flags, library.groupindex,
    )  # fmt: skip
    for _ in range(2):
        found = ours.match("X")
        assert found is not None and found["a"] == "X"
        assert ours.sub("-", "axby") == "a-b-"


def test_every_pattern_compiles() -> None:
    kind = type(lazy.pattern(""))
    modules = [import_module(one.name) for one in walk_packages(steplock.__path__, "steplock.")]
    patterns = [
        value for module in modules for value in vars(module).values() if type(value) is kind
    ]
    assert len(patterns) > 50
    for one in patterns:
        assert one.groups >= 0
