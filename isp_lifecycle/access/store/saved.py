"""What people keep of how they look at lists, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.access.model import SavedView
from isp_lifecycle.foundation.db import Tx, id_column, instant, metadata, text

saved_views = sa.Table(
    "saved_views",
    metadata,
    id_column(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    text("list_name"),
    text("name"),
    text("query"),
    sa.Column("shared", sa.Boolean(), nullable=False),
    instant("saved_at"),
    sa.UniqueConstraint("user_id", "list_name", "name"),
    sa.Index("ix_saved_views_shared", "list_name", postgresql_where=sa.text("shared")),
)


def put(*, tx: Tx, view: SavedView) -> None:
    """Keep a view; one of the same account, list and name is replaced."""
    values = {k: v for k, v in vars(view).items() if k != "owner"}
    statement = pg.insert(saved_views).values(values)
    same = [saved_views.c.user_id, saved_views.c.list_name, saved_views.c.name]
    changed = {name: statement.excluded[name] for name in ("query", "shared", "saved_at")}
    tx.execute(statement.on_conflict_do_update(index_elements=same, set_=changed))


def remove(*, tx: Tx, view_id: UUID, user_id: UUID) -> str | None:
    """Remove a view of this account; its name, or None when there is no such one."""
    own = sa.and_(saved_views.c.id == view_id, saved_views.c.user_id == user_id)
    return tx.execute(saved_views.delete().where(own).returning(saved_views.c.name)).scalar_one_or_none()


def count_of(*, tx: Tx, user_id: UUID, list_name: str) -> int:
    """How many this account keeps of a list."""
    own = sa.and_(saved_views.c.user_id == user_id, saved_views.c.list_name == list_name)
    return tx.execute(sa.select(sa.func.count()).select_from(saved_views).where(own)).scalar_one()


def select_for(*, tx: Tx, user_id: UUID, list_name: str) -> Sequence[SavedView]:
    """Those of this account, and those that others share, by name; with whose they are."""
    query = """
        SELECT v.*, u.name AS owner FROM saved_views v JOIN users u ON u.id = v.user_id
        WHERE v.list_name = :list_name AND (v.user_id = :user_id OR (v.shared AND u.active))
        ORDER BY v.user_id <> :user_id, lower(v.name), v.id
    """
    rows = tx.execute(sa.text(query), {"list_name": list_name, "user_id": user_id}).mappings()
    return [SavedView(**row) for row in rows]
