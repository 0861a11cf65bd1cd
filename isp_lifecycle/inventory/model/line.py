"""A line as built: what stands on the device for one service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.terms import VLANS, OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.errors import PlantWrong
from isp_lifecycle.inventory.model.plant import check_port

_SERIAL = re.compile(r"[0-9A-F]{16}", re.ASCII)


class LineSource(StrEnum):
    """How the record came to be."""

    ACTIVATION = "activation"  #: This system built the line and saw it work.
    IMPORT = "import"  #: It was there before; a file or a discovery told of it.


@dataclass(frozen=True, kw_only=True)
class Line:
    """One service's line. ``serial`` is the ONT's in 16 upper-case hex digits (ITU-T G.984.3), levels are in dBm.

    ``enabled`` is false while the ONT is switched off on the PON. ``measured_rx_dbm`` is what the ONT received when the
    line was last verified. ``built_at`` and ``source`` tell how the line first came to be and stay when it is changed.
    """

    service_id: UUID
    olt_id: UUID
    pon_port: str
    ont_id: int
    serial: str
    vlan: int
    service_port: int
    down_kbps: int
    up_kbps: int
    expected_rx_dbm: float
    built_at: datetime
    source: LineSource
    measured_rx_dbm: float | None = None
    splitter_code: str | None = None
    splitter_port: int | None = None
    enabled: bool = True
    inner_vlan: int | None = None
    """The line's own tag within ``vlan``, the outer one then."""
    user_vlan: int | None = None
    """The tag between ONT and OLT, where it is not ``vlan``."""
    ont_mode: OntMode = OntMode.BRIDGE
    ont_address: str | None = None
    """Of an ONT that is told its address: the address with its prefix's length."""
    ont_gateway: str | None = None

    def __post_init__(self) -> None:
        check_port(self.pon_port, what="Line")
        self._check(
            "serial", self.serial, say("16 upper-case hex digits"), ok=_SERIAL.fullmatch(self.serial) is not None
        )
        self._check("ont_id", self.ont_id, say("0 to 255"), ok=0 <= self.ont_id <= 255)
        self._check("vlan", self.vlan, say("{first} to {last}", first=VLANS[0], last=VLANS[-1]), ok=self.vlan in VLANS)
        for name, tag in (("inner_vlan", self.inner_vlan), ("user_vlan", self.user_vlan)):
            self._check(
                name,
                tag,
                say("{first} to {last}, or none", first=VLANS[0], last=VLANS[-1]),
                ok=tag is None or tag in VLANS,
            )
        told = self.ont_mode is OntMode.STATIC
        self._check(
            "ont_address", self.ont_address, say("there for a static ONT only"), ok=told is bool(self.ont_address)
        )
        self._check("service_port", self.service_port, say("0 or more"), ok=self.service_port >= 0)
        self._check("down_kbps", self.down_kbps, say("at least {number}", number=1), ok=self.down_kbps >= 1)
        self._check("up_kbps", self.up_kbps, say("at least {number}", number=1), ok=self.up_kbps >= 1)
        fits = self.splitter_port is None or self.splitter_code is not None
        self._check("splitter_port", self.splitter_port, say("empty without a splitter"), ok=fits)

    def _check(self, field: str, value: object, allowed: str, *, ok: bool) -> None:
        if not ok:
            raise PlantWrong(say("Line"), field, value, allowed)
