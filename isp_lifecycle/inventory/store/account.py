"""The accounts by which devices are signed in to, their passwords sealed."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.inventory.model import DeviceAccount

device_accounts = sa.Table(
    "device_accounts",
    db.metadata,
    sa.Column("name", sa.Text(), primary_key=True),
    db.text("username"),
    sa.Column("password", pg.BYTEA(), nullable=False),
    sa.Column("enable_password", pg.BYTEA(), nullable=True),
    db.instant("changed_at"),
    db.text("changed_by"),
    sa.CheckConstraint("name ~ '^[a-z][a-z0-9_]{0,39}$'", name="name_normal"),
)
_KEPT = device_accounts.c


def put_account(*, tx: Tx, account: DeviceAccount, password: bytes, enable_password: bytes | None) -> None:
    """Write an account of this name, whatever stood there."""
    values = {
        "username": account.username,
        "password": password,
        "enable_password": enable_password,
        "changed_at": account.changed_at,
        "changed_by": account.changed_by,
    }
    statement = pg.insert(device_accounts).values(name=account.name, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=[_KEPT.name], set_=values))


def accounts(*, tx: Tx) -> Iterator[DeviceAccount]:
    """Every account without its secrets, by name."""
    query = sa.select(_KEPT.name, _KEPT.username, _KEPT.changed_at, _KEPT.changed_by).order_by(_KEPT.name)
    for name, username, changed_at, changed_by in tx.execute(query):
        yield DeviceAccount(name, username, changed_at, changed_by)


def sealed(*, tx: Tx, name: str) -> tuple[str, bytes, bytes | None] | None:
    """User name, sealed password and sealed enable password of an account."""
    query = sa.select(_KEPT.username, _KEPT.password, _KEPT.enable_password).where(_KEPT.name == name)
    row = tx.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def all_sealed(*, tx: Tx) -> dict[tuple[str, str], bytes]:
    """Every sealed secret by account and column, locked until this transaction ends."""
    query = sa.select(_KEPT.name, _KEPT.password, _KEPT.enable_password).with_for_update()
    found: dict[tuple[str, str], bytes] = {}
    for name, password, enable_password in tx.execute(query):
        found[name, "password"] = password
        if enable_password is not None:
            found[name, "enable_password"] = enable_password
    return found


def keep_sealed(*, tx: Tx, name: str, column: str, sealed: bytes) -> None:
    """Write one sealed secret of an account."""
    tx.execute(device_accounts.update().where(_KEPT.name == name).values({column: sealed}))


def remove_account(*, tx: Tx, name: str) -> bool:
    """Take an account out; ``False`` when there was none."""
    return tx.execute(device_accounts.delete().where(_KEPT.name == name)).rowcount == 1
