"""Insert or update in one statement, and tell which of the two happened, or that nothing had to.

It is what makes an import repeatable: the second run finds every row ``same`` and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg


class Change(StrEnum):
    """What putting a thing did to the database."""

    CREATED = "created"  #: There was none of this key.
    CHANGED = "changed"  #: There was one, and it differed.
    SAME = "same"  #: There was exactly this one; nothing was written.


@dataclass(frozen=True, kw_only=True)
class Put[T]:
    """The thing as it stands now, and what it took to get there."""

    value: T
    change: Change


def upsert(
    *,
    tx: sa.Connection,
    table: sa.Table,
    key: Sequence[str],
    values: Mapping[str, Any],
    once: Mapping[str, Any] | None = None,
) -> Change:
    """Put one row. ``key`` names the columns of a unique constraint; ``once`` is written only when the row is new.

    PostgreSQL leaves ``xmax`` at zero in a row version that an INSERT made, and returns no row where the WHERE of the
    conflict's UPDATE found nothing to change: the two facts that tell the three outcomes apart.
    """
    statement = pg.insert(table).values(**values, **(once or {}))
    updated = [name for name in values if name not in key]
    differs = sa.or_(sa.false(), *(table.c[name].is_distinct_from(statement.excluded[name]) for name in updated))
    created = tx.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c[name] for name in key],
            set_={name: statement.excluded[name] for name in updated or key},
            where=differs,
        ).returning(sa.literal_column("xmax = 0", sa.Boolean()))
    ).scalar_one_or_none()
    if created is None:
        return Change.SAME
    return Change.CREATED if created else Change.CHANGED
