"""The tables of overrides and of their changes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx, id_column, instant, metadata, text
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.reach import portal_reads
from isp_lifecycle.overrides.model import Override, SettingChange

#: The topic that tells every process of a change.
TOPIC = "settings"

overrides = sa.Table(
    "setting_overrides",
    metadata,
    sa.Column("name", sa.Text(), primary_key=True),
    text("value"),
    instant("set_at"),
    text("set_by"),
    text("reason"),
)
setting_changes = sa.Table(
    "setting_changes",
    metadata,
    id_column(),
    text("name"),
    text("before", nullable=True),
    text("after", nullable=True),
    instant("changed_at"),
    text("changed_by"),
    text("reason"),
    sa.Index("ix_setting_changes_name", "name", "changed_at"),
    sa.Index("ix_setting_changes_changed_at", "changed_at"),
)
tells(overrides, TOPIC)
portal_reads(overrides, rows="true", columns=("name", "value"))


def values(*, tx: Tx) -> dict[str, str]:
    """Every override's value, by the setting's name."""
    return {row.name: row.value for row in tx.execute(sa.select(overrides.c.name, overrides.c.value))}


def select_overrides(*, tx: Tx) -> Sequence[Override]:
    """Every override, by name."""
    return [Override(**row) for row in tx.execute(sa.select(overrides).order_by(overrides.c.name)).mappings()]


def lock_all(*, tx: Tx) -> None:
    """Have whoever else changes a setting wait: what is checked together is written together."""
    tx.execute(sa.text("LOCK TABLE setting_overrides IN SHARE ROW EXCLUSIVE MODE"))


def put(*, tx: Tx, override: Override) -> None:
    """Keep a value; one of the same name is replaced."""
    given = vars(override)
    statement = pg.insert(overrides).values(given)
    changed = {name: statement.excluded[name] for name in given if name != "name"}
    tx.execute(statement.on_conflict_do_update(index_elements=[overrides.c.name], set_=changed))


def remove(*, tx: Tx, name: str) -> None:
    """Have the default hold again."""
    tx.execute(overrides.delete().where(overrides.c.name == name))


def insert_change(*, tx: Tx, change: SettingChange) -> None:
    """Note a change."""
    tx.execute(setting_changes.insert().values(id=new_id(), **vars(change)))


def select_changes(*, tx: Tx, name: str, many: int) -> Sequence[SettingChange]:
    """The newest changes, of one setting or of all, the newest first."""
    columns = [setting_changes.c[name] for name in SettingChange.__dataclass_fields__]
    newest = sa.select(*columns).order_by(setting_changes.c.changed_at.desc(), setting_changes.c.id.desc()).limit(many)
    if name:
        newest = newest.where(setting_changes.c.name == name)
    return [SettingChange(**row) for row in tx.execute(newest).mappings()]
