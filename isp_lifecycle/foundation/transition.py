"""The one mover: writes a ``state`` column by its table of moves, in one guarded SQL statement.

It writes only when the row still stands in a state from which the move is allowed, so that of two people who act
at once one succeeds and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.journal import listening, note
from isp_lifecycle.foundation.states import Moves


def move[S: StrEnum](
    *,
    tx: sa.Connection,
    table: sa.Table,
    moves: Moves[S],
    key: Any,
    to: S,
    also: Mapping[str, Any] | None = None,
    key_column: str = "id",
) -> None:
    """Move one row to state ``to``, with further columns in the same statement.

    Raises :class:`NotFound` when there is no such row and :class:`IllegalMove` when it stands elsewhere.
    """
    id_column = table.c[key_column]
    if listening():
        was = tx.execute(sa.select(table.c.state).where(id_column == key).with_for_update()).scalar_one_or_none()
        note(f"{moves.what} state", was, str(to))
    statement = (
        table.update()
        .where(id_column == key, table.c.state.in_([str(s) for s in moves.sources(to)]))
        .values(state=str(to), **dict(also or {}))
    )
    if tx.execute(statement).rowcount == 1:
        return
    found = tx.execute(sa.select(table.c.state).where(id_column == key)).scalar_one_or_none()
    if found is None:
        raise NotFound(moves.what, key)
    raise IllegalMove(moves.what, key, found, str(to))
