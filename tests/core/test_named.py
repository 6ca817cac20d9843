import pickle
from typing import Any
from typing import NamedTuple as Library

import pytest

from steplock.named import NamedTuple
from steplock.text import Edit, Span


class Point(NamedTuple):
    """A place."""

    x: int
    new: str = "north"
    cls: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.x


class Same(Library):
    x: int
    new: str = "north"
    cls: tuple[int, ...] = ()


@pytest.mark.parametrize(
    "arguments, named",
    [((1,), {}), ((1, "n"), {"cls": (2,)}), ((), {"x": 3, "cls": (1,)}), ((1, "a", (9,)), {})],
)
def test_it_is_made_as_the_library_makes_it(
    arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    library = Same(*arguments, **named)
    # Past the call from which on another constructor does it.
    for _ in range(20):
        assert Point(*arguments, **named) == tuple(library)
    ours = Point(*arguments, **named)
    assert tuple(ours) == tuple(library) and hash(ours) == hash(library)
    assert (ours.x, ours.new, ours.cls) == tuple(library)
    assert repr(ours) == repr(library).replace("Same", "Point")
    assert ours._asdict() == library._asdict()
    assert tuple(ours._replace(x=7)) == tuple(library._replace(x=7))
    assert type(ours._replace(new="s")) is Point
    assert pickle.loads(pickle.dumps(ours)) == ours


@pytest.mark.parametrize(
    "arguments, named", [((), {}), ((1, "n", (), 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})]
)
def test_what_does_not_fit_is_refused(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    class Fresh(NamedTuple):
        x: int
        new: str = "north"
        cls: tuple[int, ...] = ()

    for kind in (Point, Same, Fresh):
        for _ in range(20):
            with pytest.raises(TypeError):
                kind(*arguments, **named)


def test_it_is_a_tuple_with_names() -> None:
    assert (Point._fields, Point._field_defaults) == (Same._fields, Same._field_defaults)
    assert Point.__doc__ == "A place." and Point._make((1, "a", ())) == (1, "a", ())
    assert Point(2).double == 4
    match Edit(Span(1, 2), "x"):
        case Edit(Span(1, end), new):
            assert (end, new) == (2, "x")
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Point(1).more = 2  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="no field 'y'"):
        Point(1)._replace(y=2)  # type: ignore[call-arg]
