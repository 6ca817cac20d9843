"""A word while it is read: its decoded pieces and where each of them comes from."""

from __future__ import annotations

from steplock.annotations import Literal
from steplock.named import NamedTuple
from steplock.shell.source import Source
from steplock.shell.tree import Expansion, Quoting, Word


class Piece(NamedTuple):
    """Decoded text and where it begins in the source.

    exact: each character stands for itself (no escape). known: it is no expansion.
    """

    text: str
    start: int
    exact: bool = True
    known: bool = True


class Building:
    """Collects the pieces and the expansions of one word."""

    __slots__ = ("expansions", "pieces", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.pieces: list[Piece] = []
        self.expansions: list[Expansion] = []

    def add(self, text: str, start: int, *, exact: bool = True) -> None:
        """Add literal text."""
        self.pieces.append(Piece(text, start, exact))

    def expand(
        self,
        kind: Literal["variable", "substitution", "arithmetic", "fence"],
        start: int,
        end: int,
        quoting: Quoting,
        name: str = "",
        operator: str = "",
    ) -> Expansion:
        """Add an expansion and return it."""
        self.pieces.append(Piece(self.source.text[start:end], start, known=False))
        expansion = Expansion(kind, name, self.source.span(start, end), quoting, operator)
        self.expansions.append(expansion)
        return expansion

    def finish(self, start: int, end: int) -> Word:
        """The word between two offsets."""
        value = "".join([p.text for p in self.pieces])
        span = self.source.span(start, end)
        return Word(self.source.text[start:end], value, span, tuple(self.expansions))

    def strip_tabs(self) -> None:
        """Take away the tabs before each line, as `<<-` does."""
        kept = []
        fresh = True
        for piece in self.pieces:
            if not piece.known or not piece.exact:
                kept.append(piece)
                fresh = False
                continue
            at = piece.start
            for line in piece.text.splitlines(keepends=True):
                text = line.lstrip("\t") if fresh else line
                kept.append(Piece(text, at + len(line) - len(text)))
                at += len(line)
                fresh = line.endswith("\n")
        self.pieces = kept

    def script(self) -> Source | None:
        """The word as a script of its own, None where nothing of it is known.

        What expands before the other shell sees it is masked like a fence.
        """
        if not any(p.known and p.text.strip() for p in self.pieces):
            return None
        unknown: list[tuple[int, int]] = []
        at: list[int] = []
        size = end = 0
        for piece in self.pieces:
            if not piece.known:
                unknown.append((size, size + len(piece.text)))
            size += len(piece.text)
            if piece.exact:
                at += range(piece.start, piece.start + len(piece.text))
            else:
                at += [piece.start] * len(piece.text)
            end = piece.start + len(piece.text)
        outer = self.source
        places = [outer.span(p, p).start for p in (*at, end)]
        text = "".join([p.text for p in self.pieces])
        return Source(text, unknown, at=places, depth=outer.depth + 1)
