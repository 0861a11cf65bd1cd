"""Note what a comparison of an OLT found, and what became of each drift; take note of ONTs without a service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.inventory.model import (
    AdoptedOnt,
    Drift,
    DriftFound,
    DriftState,
    Line,
    Reconciliation,
    Service,
)
from isp_lifecycle.inventory.store import adopted as adopted_store
from isp_lifecycle.inventory.store import drift as store
from isp_lifecycle.inventory.store import line as line_store


def record_reconciliation(
    *, tx: Tx, one: Reconciliation, found: Sequence[DriftFound], undecided: Sequence[str] = ()
) -> None:
    """Note a comparison: drifts found again stay the same ones, open ones that were not found again are gone.

    What it could not judge (``undecided``, by key) stays as it was.
    """
    store.insert_reconciliation(tx=tx, one=one)
    for drift in found:
        store.put_drift(tx=tx, olt_id=one.olt_id, found=drift, at=one.finished_at)
    for drift_id in store.open_but(tx=tx, olt_id=one.olt_id, still=[*undecided, *(drift.key for drift in found)]):
        store.move_drift(tx=tx, drift_id=drift_id, to=DriftState.GONE, at=one.finished_at, by="comparison")


def drift_by_id(*, tx: Tx, drift_id: UUID) -> Drift:
    """The drift with this id; raises NotFound."""
    drift = store.drift_by_id(tx=tx, drift_id=drift_id)
    if drift is None:
        raise NotFound("drift", drift_id)
    return drift


def unsettled_drifts(*, tx: Tx, olt_id: UUID | None = None) -> tuple[Drift, ...]:
    """What is open or in hand, of one OLT or of all, the oldest first."""
    return store.unsettled(tx=tx, olt_id=olt_id)


def last_reconciliation(*, tx: Tx, olt_id: UUID) -> Reconciliation | None:
    """The newest comparison of this OLT; None before the first."""
    return store.last_reconciliation(tx=tx, olt_id=olt_id)


def move_drift(*, tx: Tx, drift_id: UUID, to: DriftState, at: datetime, by: str) -> Drift:
    """Note what became of a drift. Raises NotFound and IllegalMove."""
    store.move_drift(tx=tx, drift_id=drift_id, to=to, at=at, by=by)
    return drift_by_id(tx=tx, drift_id=drift_id)


def approve_drift(*, tx: Tx, drift_id: UUID, delivery_id: UUID, at: datetime) -> None:
    """What is to be done was agreed to, and this delivery does it. Raises NotFound and IllegalMove."""
    store.move_drift(tx=tx, drift_id=drift_id, to=DriftState.APPROVED, at=at, by="", delivery_id=delivery_id)


def lines_on(*, tx: Tx, olt_id: UUID) -> tuple[tuple[Service, Line], ...]:
    """Every line on record at one OLT with its service, by code."""
    return line_store.lines_on(tx=tx, olt_id=olt_id)


def adopt_onts(*, tx: Tx, olt_id: UUID, onts: Sequence[AdoptedOnt]) -> None:
    """Take note of exactly these ONTs of an OLT as known and nobody's; who noted one first, and when, stays."""
    adopted_store.replace_all(tx=tx, olt_id=olt_id, onts=onts)


def adopted_onts(*, tx: Tx, olt_id: UUID | None = None) -> tuple[AdoptedOnt, ...]:
    """The ONTs that are known and belong to no service yet, of one OLT or of all, by place."""
    return adopted_store.adopted_of(tx=tx, olt_id=olt_id)
