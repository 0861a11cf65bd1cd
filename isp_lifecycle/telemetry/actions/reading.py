"""Record what was measured on a line, and read it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.telemetry.model import Measured, Reading
from isp_lifecycle.telemetry.store import reading as store


def record_reading(
    *,
    tx: Tx,
    service_id: UUID,
    olt: str,
    pon_port: str,
    ont_id: int,
    serial: str,
    at: datetime,
    source: str,
    ont_rx_dbm: float | None,
    ont_tx_dbm: float | None = None,
    olt_rx_dbm: float | None = None,
    distance_m: float | None = None,
) -> Reading:
    """Record the levels of a line; the same line, instant and source again give the reading that stands.

    Raises ReadingMalformed for a value that cannot have been measured.
    """
    return store.insert(
        tx=tx,
        service_id=service_id,
        olt=olt,
        pon_port=pon_port,
        ont_id=ont_id,
        serial=serial,
        at=at,
        measured=Measured(ont_rx_dbm, ont_tx_dbm, olt_rx_dbm, distance_m),
        source=source,
    )


def latest_reading(*, tx: Tx, service_id: UUID) -> Reading | None:
    """The last reading of a line; None when it was never read."""
    return store.latest(tx=tx, service_id=service_id)


def readings(*, tx: Tx, service_id: UUID, since: datetime) -> tuple[Reading, ...]:
    """The readings of a line from an instant on, oldest first."""
    return store.since(tx=tx, service_id=service_id, start=since)


def prune(*, tx: Tx, before: datetime) -> int:
    """Forget readings that are older than an instant; returns how many were forgotten."""
    return store.delete_before(tx=tx, before=before)
