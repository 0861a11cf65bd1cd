"""What an act changed, before and after, noted where the change is made and read where the act is audited.

Whoever opens a journal gets what is noted in the same context until it closes it; without one, noting costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[list[tuple[str, str, str]] | None] = ContextVar("journal", default=None)


@contextmanager
def journal() -> Iterator[list[tuple[str, str, str]]]:
    """Collect what is noted within the block: (what, before, after)."""
    notes: list[tuple[str, str, str]] = []
    token = _open.set(notes)
    try:
        yield notes
    finally:
        _open.reset(token)


def listening() -> bool:
    """Whether somebody reads what is noted: finding out what was before may cost a statement."""
    return _open.get() is not None


def note(what: str, before: object, after: object) -> None:
    """Note one change, if somebody listens and there is one."""
    notes = _open.get()
    if notes is not None and before != after:
        notes.append((what, str(before), str(after)))
