"""What an OLT tells about ONTs at this moment: frozen values, the same for every vendor. None: the device shows none.

Directions are the customer's: *down* is towards the customer, *up* is from the customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from isp_lifecycle.drivers.values import PonPort, Serial

RunState = Literal["online", "offline", "unknown"]


@dataclass(frozen=True, slots=True)
class UnconfiguredOnt:
    """An ONT that the OLT sees on the fibre and nobody has registered."""

    port: PonPort
    serial: Serial
    vendor: str
    model: str
    software: str
    seen_at: datetime | None
    """UTC, by the OLT's clock; None where the OLT gives no time or no offset."""


@dataclass(frozen=True, slots=True)
class OntStatus:
    """How an ONT is at this moment. States other than run_state are in the vendor's words."""

    port: PonPort
    ont_id: int
    serial: Serial
    key: str
    run_state: RunState
    config_state: str
    match_state: str
    distance_m: int | None
    last_down_cause: str
    last_up_at: datetime | None
    last_down_at: datetime | None

    @property
    def working(self) -> bool:
        """Online, and its configuration arrived and fits."""
        return (self.run_state, self.config_state, self.match_state) == ("online", "normal", "match")


@dataclass(frozen=True, slots=True)
class OntLife:
    """Since when an ONT is up, to be compared with another reading of the same OLT, and with no other clock.

    The OLT's clock may be wrong, and nobody knows its zone on most, so that both times are kept as the OLT prints them:
    another text means that it came or went since. A clock that is set does not change what is printed of the past.
    """

    run_state: RunState
    came_up: str = ""
    """When it last came up; empty where the OLT keeps no such time."""
    went_down: str = ""
    up_seconds: int | None = None
    """How long it has been up; of an ONT that is off, None."""

    @property
    def up_words(self) -> str:
        """How long it has been up, as people say it; empty where that is not told."""
        if self.up_seconds is None:
            return ""
        days, hours, minutes = self.up_seconds // 86400, self.up_seconds // 3600 % 24, self.up_seconds // 60 % 60
        return f"{days} d {hours} h {minutes} min" if days else f"{hours} h {minutes} min"

    def left_since(self, before: OntLife) -> bool:
        """Whether an ONT that was online in the reading ``before`` has gone since, back again or not."""
        return self.run_state == "offline" or self.went_down != before.went_down or self._anew_since(before)

    def back_since(self, before: OntLife) -> bool:
        """Whether it has gone since, and is online again."""
        return self.run_state == "online" and self.left_since(before)

    def _anew_since(self, before: OntLife) -> bool:
        if self.run_state != "online":
            return False
        shorter = self.up_seconds is not None and before.up_seconds is not None and self.up_seconds < before.up_seconds
        return shorter or self.came_up != before.came_up


@dataclass(frozen=True, slots=True)
class OntDetail:
    """What an ONT is and what runs on it, asked of the ONT itself. Empty texts: not shown."""

    port: PonPort
    ont_id: int
    vendor: str
    model: str
    hardware: str
    software: str
    """The version that runs now."""
    standby: str = ""
    """The version in its other memory, which it could be started with."""
    up_seconds: int | None = None
    """How long the ONT itself has been running."""


@dataclass(frozen=True, slots=True)
class OntCounters:
    """What has gone through an ONT, and what was wrong with it: totals, since a moment that no device tells."""

    port: PonPort
    ont_id: int
    down_bytes: int | None = None
    up_bytes: int | None = None
    down_packets: int | None = None
    up_packets: int | None = None
    down_dropped: int | None = None
    """Packets that the OLT did not let through."""
    up_dropped: int | None = None
    down_bip_errors: int | None = None
    """Frames that arrived damaged (bit-interleaved parity, ITU-T G.984.3): at the ONT, and at the OLT."""
    up_bip_errors: int | None = None
    down_kbps: float | None = None
    """What goes through it now."""
    up_kbps: float | None = None


@dataclass(frozen=True, slots=True)
class OpticalLevels:
    """Optical powers of one ONT; None where the device shows none (an ONT that is off has none)."""

    port: PonPort
    ont_id: int
    ont_rx_dbm: float | None
    ont_tx_dbm: float | None
    olt_rx_dbm: float | None
    temperature_c: float | None
    voltage_v: float | None
    bias_ma: float | None


@dataclass(frozen=True, slots=True)
class OntOnPort:
    """One row of a whole PON port."""

    port: PonPort
    ont_id: int
    serial: Serial | None
    """None where the device prints no serial number (an ONT registered by password)."""
    key: str
    run_state: RunState
    model: str
    distance_m: int | None
    ont_rx_dbm: float | None
    ont_tx_dbm: float | None
    last_down_cause: str
