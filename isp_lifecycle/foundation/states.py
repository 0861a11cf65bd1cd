"""States move by a table: each thing with a life has a ``StrEnum`` with a sentence per member, and its moves.

The table alone; ``foundation.transition`` is the one place that writes a ``state`` column by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Moves[S: StrEnum]:
    """Which state may follow which. The table is also what prints the diagrams of the README."""

    what: str
    start: S
    table: Mapping[S, frozenset[S]]
    terminal: frozenset[S] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terminal", frozenset(s for s in type(self.start) if not self.table.get(s)))

    def sources(self, wanted: S) -> frozenset[S]:
        """The states from which ``wanted`` can be reached in one move."""
        return frozenset(s for s, nexts in self.table.items() if wanted in nexts)

    def only(self, *sources: S) -> Moves[S]:
        """The same moves, but only those that leave from ``sources``: an action that is narrower than the table."""
        return Moves(self.what, self.start, {s: n for s, n in self.table.items() if s in sources})

    def reachable(self) -> frozenset[S]:
        """Every state that some path from the start reaches."""
        seen: set[S] = {self.start}
        while more := {n for s in seen for n in self.table.get(s, frozenset())} - seen:
            seen |= more
        return frozenset(seen)

    def diagram(self) -> Iterator[str]:
        """One line a move: ``queued -> running``."""
        for state in type(self.start):
            for nxt in sorted(self.table.get(state, frozenset())):
                yield f"{state} -> {nxt}"
