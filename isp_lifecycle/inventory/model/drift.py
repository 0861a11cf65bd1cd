"""Drift: in what an OLT was found to differ from the lines as built, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.states import Moves


class Remedy(StrEnum):
    """What would bring device and record together again."""

    REPAIR = "repair"  #: Make the device hold the line as it was built.
    REMOVE = "remove"  #: Take off the device what stands there for nobody.
    LOOK = "look"  #: No command mends it: a person has to see what it is.


class DriftState(StrEnum):
    """What became of a drift."""

    OPEN = "open"  #: Nobody decided yet.
    APPROVED = "approved"  #: What is to be done was agreed to, and a delivery does it.
    MENDED = "mended"  #: It was carried out and seen to stand.
    RECORDED = "recorded"  #: The record was brought to what stands on the device.
    GONE = "gone"  #: A later comparison did not find it any more.


DRIFT_MOVES = Moves(
    what="Drift",
    start=DriftState.OPEN,
    table={
        DriftState.OPEN: frozenset({DriftState.APPROVED, DriftState.GONE}),
        DriftState.APPROVED: frozenset({DriftState.OPEN, DriftState.MENDED, DriftState.RECORDED}),
    },
)


@dataclass(frozen=True, kw_only=True)
class FoundLine:
    """What stands on the device under a line's code, as far as one ONT is it. Rates are kbit/s, None is no limit."""

    pon_port: str
    ont_id: int
    serial: str
    enabled: bool = True
    vlan: int | None = None
    service_port: int | None = None
    down_kbps: int | None = None
    up_kbps: int | None = None


@dataclass(frozen=True, kw_only=True)
class DriftFound:
    """One line, or one thing on the OLT, that is not as recorded: every difference, and the plan that would mend it.

    ``kinds`` and ``differences`` go together, one of each a difference. ``commands`` are those of the plan: what is
    carried out later may be fewer, and never others. Without a plan, ``obstacle`` says why there is none.
    """

    key: str
    kinds: tuple[str, ...]
    differences: tuple[str, ...]
    remedy: Remedy
    plan: str = ""
    commands: tuple[str, ...] = ()
    obstacle: str = ""
    found: FoundLine | None = None


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A drift on record. ``found_at`` is the first comparison that saw it, ``seen_at`` the last."""

    id: UUID
    olt_id: UUID
    what: DriftFound
    state: DriftState
    found_at: datetime
    seen_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
    delivery_id: UUID | None = None
    """What carries out what somebody agreed to."""


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """One comparison of an OLT with the records: how much stood there, how much differed.

    ``strangers`` are ONTs without a code of ours that nobody took note of. ``unread`` says what could not be read.
    """

    id: UUID
    olt_id: UUID
    began_at: datetime
    finished_at: datetime
    onts: int
    service_ports: int
    drifts: int
    strangers: int
    unread: str = ""
