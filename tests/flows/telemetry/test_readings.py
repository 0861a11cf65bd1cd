"""Readings on a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.telemetry import actions
from isp_lifecycle.telemetry.errors import ReadingMalformed
from isp_lifecycle.telemetry.model import Reading

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)


def record(tx: Tx, service: UUID, *, at: datetime = NOON, level: float | None = -19.5, source: str = "poll") -> Reading:
    return actions.record_reading(
        tx=tx,
        service_id=service,
        olt="olt-north-1",
        pon_port="0/1/3",
        ont_id=7,
        serial="HWTC-00112233",
        at=at,
        ont_rx_dbm=level,
        ont_tx_dbm=2.27,
        olt_rx_dbm=-22.22,
        distance_m=1834.0,
        source=source,
    )


def test_the_same_reading_twice_is_one_reading(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        first = record(tx, service)
        assert record(tx, service, level=-30.0) == first
        other = record(tx, service, source="activation")
        assert actions.readings(tx=tx, service_id=service, since=NOON) == (other, first)
    assert (first.ont_rx_dbm, first.distance_m, first.at) == (-19.5, 1834.0, NOON)


def test_readings_come_oldest_first_from_an_instant_on_and_of_one_line(engine: sa.Engine) -> None:
    service, neighbour = new_id(), new_id()
    with write(engine) as tx:
        hours = [record(tx, service, at=NOON + timedelta(hours=h)) for h in (2, 0, 1)]
        record(tx, neighbour, at=NOON + timedelta(hours=3))
        assert actions.readings(tx=tx, service_id=service, since=NOON + timedelta(hours=1)) == (hours[2], hours[0])
        assert actions.latest_reading(tx=tx, service_id=service) == hours[0]
        assert actions.latest_reading(tx=tx, service_id=new_id()) is None


def test_a_dark_ont_has_a_reading_without_a_level(engine: sa.Engine) -> None:
    with write(engine) as tx:
        assert record(tx, new_id(), level=None).ont_rx_dbm is None


def test_a_level_that_cannot_be_is_refused_before_it_is_written(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        with pytest.raises(ReadingMalformed):
            record(tx, service, level=-2147483.0)
        assert actions.latest_reading(tx=tx, service_id=service) is None


def test_prune_forgets_only_what_is_older(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        record(tx, service, at=NOON - timedelta(seconds=1))
        kept = record(tx, service)
        assert actions.prune(tx=tx, before=NOON) == 1
        assert actions.prune(tx=tx, before=NOON) == 0
        assert actions.readings(tx=tx, service_id=service, since=NOON - timedelta(days=1)) == (kept,)
