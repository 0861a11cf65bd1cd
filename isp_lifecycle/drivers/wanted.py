"""A customer's line as it should stand on an OLT. Rates are kbit/s, directions the customer's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.errors import LineMalformed
from isp_lifecycle.drivers.ont_service import OntService
from isp_lifecycle.drivers.values import PonPort, Serial

_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,32}", re.ASCII)
_MAX_KBPS = 10_000_000


@dataclass(frozen=True, slots=True)
class LineWanted:
    """One customer's line as it should stand. ``key`` is the service's code and becomes the ONT's description."""

    key: str
    port: PonPort
    serial: Serial
    vlan: int
    uplink: str
    """The OLT's uplink port in its vendor's notation (Huawei: ``0/19/0``; ZTE: ``xgei_1/4/1``; V-SOL: ``ge0/1``)."""
    down_kbps: int
    up_kbps: int
    ont_id: int | None = None
    """None: the lowest free one, or the one it already has."""
    replaces: Serial | None = None
    """An ONT swap: the serial that may stand under this key until now."""
    enabled: bool = True
    """False: the ONT stays configured but is switched off on the PON."""
    beside: Serial | None = None
    """A move: the serial that may stand elsewhere under this key until it is removed by name."""
    inner: int | None = None
    """The line's own tag within ``vlan``, the outer one then (1:1, 802.1ad); None: ``vlan`` is the only tag."""
    user_vlan: int | None = None
    """The tag between ONT and OLT, where it is not ``vlan``."""
    ont: OntService | None = None
    """How the ONT serves its customer; None: as its profile or its owner has it, which is not looked at."""

    def __post_init__(self) -> None:
        if _KEY.fullmatch(self.key) is None:
            raise LineMalformed("key", self.key, "A key is 1 to 32 letters, digits, '_', '.', ':' or '-'")
        if not 2 <= self.vlan <= 4093:
            raise LineMalformed("vlan", self.vlan, "A customer VLAN is 2 to 4093")
        for name, rate in (("down_kbps", self.down_kbps), ("up_kbps", self.up_kbps)):
            if not 64 <= rate <= _MAX_KBPS:
                raise LineMalformed(name, rate, f"A rate is 64 to {_MAX_KBPS} kbit/s")
        if self.ont_id is not None and self.ont_id < 0:
            raise LineMalformed("ont_id", self.ont_id, "An ONT id is 0 or more")
        self._check_tags()
        if self.ont is not None:
            self.ont.check()

    def _check_tags(self) -> None:
        for name, tag in (("inner", self.inner), ("user_vlan", self.user_vlan)):
            if tag is not None and not 2 <= tag <= 4093:
                raise LineMalformed(name, tag, "A tag of a line is 2 to 4093")

    @property
    def on_ont(self) -> int:
        """The VLAN that the ONT tags with."""
        return self.user_vlan if self.user_vlan is not None else self.vlan

    @property
    def tags(self) -> str:
        """For people."""
        return f"VLAN {self.vlan}" if self.inner is None else f"VLAN {self.vlan} with inner tag {self.inner}"
