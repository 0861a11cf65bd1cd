"""The tables of light: one row for a look at a whole PON port, and one for each ONT with how it stood last.

A look's ONTs stand in arrays, so that a night of 100,000 ONTs is some thousand rows: 25 bytes a reading, where a row of
its own takes 130. Levels are kept in hundredths of a dBm. A port has at most one look an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.telemetry.model.look import PortLook, Source

#: Told when what is known of ONTs changed.
TOPIC = "light"
HUNDREDTHS = 100


def _array(name: str, of: Any) -> sa.Column[Any]:
    return sa.Column(name, pg.ARRAY(of), nullable=False)


light_looks = sa.Table(
    "light_looks",
    db.metadata,
    db.id_ref("olt_id"),
    db.text("pon_port"),
    sa.Column("hour", sa.Integer(), nullable=False),  # since 1970, UTC
    db.instant("at"),
    db.text("source"),
    _array("ont_ids", sa.SmallInteger()),
    _array("serials", sa.Text()),
    _array("ont_rx", sa.SmallInteger()),
    _array("olt_rx", sa.SmallInteger()),
    sa.PrimaryKeyConstraint("olt_id", "pon_port", "hour"),
    sa.Index("ix_light_looks_at", "at", postgresql_using="brin"),
)

ont_states = sa.Table(
    "ont_states",
    db.metadata,
    db.id_ref("olt_id"),
    db.text("pon_port"),
    sa.Column("ont_id", sa.SmallInteger(), nullable=False),
    db.text("serial"),
    db.text("state"),
    db.text("whose"),  # whose fault it is that its light is weak; empty where it is not
    sa.Column("rx_dbm", sa.Double(), nullable=True),
    db.instant("since"),  # when it was first seen so
    db.instant("at"),
    sa.PrimaryKeyConstraint("olt_id", "pon_port", "ont_id"),
)
tells(ont_states, TOPIC)

_INSERT = """
    INSERT INTO light_looks (olt_id, pon_port, hour, at, source, ont_ids, serials, ont_rx, olt_rx)
    VALUES (%(olt)s, %(port)s, %(hour)s, %(at)s, %(source)s, %(ids)s, %(serials)s, %(ont_rx)s, %(olt_rx)s)
    ON CONFLICT (olt_id, pon_port, hour) DO UPDATE SET at = excluded.at, source = excluded.source,
        ont_ids = excluded.ont_ids, serials = excluded.serials, ont_rx = excluded.ont_rx, olt_rx = excluded.olt_rx
    WHERE excluded.source = 'nightly' AND light_looks.source <> 'nightly'
"""

_STATES = """
    INSERT INTO ont_states AS s (olt_id, pon_port, ont_id, serial, state, whose, rx_dbm, since, at)
    SELECT %(olt)s, %(port)s, one.ont_id, one.serial, one.state, one.whose, one.rx, %(at)s, %(at)s
    FROM unnest(%(ids)s::smallint[], %(serials)s::text[], %(states)s::text[], %(whose)s::text[], %(rx)s::float8[])
         AS one (ont_id, serial, state, whose, rx)
    ON CONFLICT (olt_id, pon_port, ont_id) DO UPDATE SET serial = excluded.serial, state = excluded.state,
        whose = excluded.whose, rx_dbm = excluded.rx_dbm, at = excluded.at,
        since = CASE WHEN s.serial = excluded.serial AND s.state = excluded.state THEN s.since ELSE excluded.since END
    WHERE s.at <= excluded.at
"""


def insert_look(*, tx: Tx, look: PortLook) -> bool:
    """Keep a look; False when that port has one of this hour already, which only a nightly one replaces."""
    values = {
        "olt": look.olt_id,
        "port": look.pon_port,
        "hour": int(look.at.timestamp()) // 3600,
        "at": look.at,
        "source": str(look.source),
        "ids": [one.ont_id for one in look.onts],
        "serials": [one.serial for one in look.onts],
        "ont_rx": [_kept(one.ont_rx_dbm) for one in look.onts],
        "olt_rx": [_kept(one.olt_rx_dbm) for one in look.onts],
    }
    return bool(tx.exec_driver_sql(_INSERT, values).rowcount)


def put_states(*, tx: Tx, look: PortLook, states: Sequence[tuple[str, str]]) -> None:
    """Note how each ONT of a look stands (state, whose fault); after a whole one, others of the port are forgotten."""
    ids = [one.ont_id for one in look.onts]
    values = {
        "olt": look.olt_id,
        "port": look.pon_port,
        "at": look.at,
        "ids": ids,
        "serials": [one.serial for one in look.onts],
        "states": [state for state, _ in states],
        "whose": [whose for _, whose in states],
        "rx": [one.ont_rx_dbm for one in look.onts],
    }
    tx.exec_driver_sql(_STATES, values)
    if look.whole:
        gone = "DELETE FROM ont_states WHERE olt_id = %(olt)s AND pon_port = %(port)s AND ont_id <> ALL(%(ids)s)"
        tx.exec_driver_sql(gone, values)


def delete_looks(*, tx: Tx, before: datetime, by_day_before: datetime, many: int) -> int:
    """Forget looks of before an instant, and those of people of before a later one; returns how many."""
    forget = """
        DELETE FROM light_looks WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM light_looks
            WHERE at < %(before)s OR (at < %(by_day)s AND source = %(look)s) LIMIT %(many)s))
    """
    values = {"before": before, "by_day": by_day_before, "look": str(Source.LOOK), "many": many}
    return tx.exec_driver_sql(forget, values).rowcount


def _kept(level: float | None) -> int | None:
    return None if level is None else round(level * HUNDREDTHS)
