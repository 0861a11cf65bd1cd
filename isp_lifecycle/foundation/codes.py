"""The codes people use (``C-000123``), numbered by a database sequence, and codes that were given elsewhere before."""

from __future__ import annotations

import re

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.ids import short_code


class CodeMalformed(Refused):
    """A code does not have the form that the thing's codes have."""

    def __init__(self, prefix: str, code: str) -> None:
        super().__init__(
            f"{code!r} is not a code like {short_code(prefix, 123)}.",
            remedy=f"Write {prefix}- and at least six digits.",
            field="code",
            value=code,
        )


def next_code(*, tx: sa.Connection, sequence: sa.Sequence, prefix: str) -> str:
    """Number a new thing. Numbers are unique and rise; a rolled back transaction leaves a gap, which is harmless."""
    return short_code(prefix, tx.execute(sa.select(sequence.next_value())).scalar_one())


def next_codes(*, tx: sa.Connection, sequence: sa.Sequence, prefix: str, many: int) -> tuple[str, ...]:
    """Number many new things at once."""
    drawn = sa.select(sequence.next_value()).select_from(sa.func.generate_series(1, many))
    return tuple(short_code(prefix, number) for number in tx.execute(drawn).scalars())


def given_code(*, tx: sa.Connection, sequence: sa.Sequence, prefix: str, code: str) -> str:
    """Take over a code from an import: checks its form and moves the sequence past it. Raises :class:`CodeMalformed`.

    The sequence only ever moves forward. Should somebody draw the very number that is being taken over at the same
    instant, the table's unique constraint refuses one of the two.
    """
    match = re.fullmatch(rf"{prefix}-(\d{{6,9}})", code, re.ASCII)
    if match is None:
        raise CodeMalformed(prefix, code)
    forward = sa.text(
        f"SELECT setval('{sequence.name}', :number) FROM {sequence.name} "  # noqa: S608 - the name of our own sequence
        "WHERE last_value < :number OR (last_value = :number AND NOT is_called)"
    )
    tx.execute(forward, {"number": int(match[1])})
    return code
