"""What stands on an OLT, asked of itself in one session, and what taking note of it would add to the records."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.access.model import Actor
from isp_lifecycle.drivers.contract import PonPort, Serial, Transcript
from isp_lifecycle.drivers.discovery import Adoption, OltSeen, adoption_of, discover
from isp_lifecycle.drivers.registry import vendors
from isp_lifecycle.foundation.db import read
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import standing
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.window import Look, Window, asks, shows


@dataclass(frozen=True)
class Discovery:
    """One OLT as it was seen, read at ``read_at`` within ``seconds``, of which it let one wait ``device_seconds``."""

    olt: str
    read_at: datetime
    seconds: float
    device_seconds: float
    commands: int
    seen: OltSeen
    adoption: Adoption


@dataclass(frozen=True)
class WaysToReach:
    """What an OLT can be added with: the vendors that are spoken, the accounts that are set, the areas there are."""

    vendors: tuple[str, ...]
    credentials: tuple[str, ...]
    areas: tuple[str, ...]


@asks("network.read_live")
def discovery(window: Window, actor: Actor, *, olt: str) -> Discovery:
    """Read everything on an OLT. Raises NotFound, and whatever speaking with it raises."""
    del actor
    with read(window.engine) as tx:
        record = inventory.olt_by_name(tx=tx, name=olt)
        ports = tuple(PonPort.parse(one.port) for one in inventory.pon_ports_of(tx=tx, olt_id=record.id))
    began, transcript = time.monotonic(), Transcript()
    with window.olts.reader(olt, transcript) as session:
        seen = discover(session, ports)
    seconds = time.monotonic() - began
    with read(window.engine) as tx:
        adoption = adoption_of(
            seen,
            ports={PonPort.parse(one.port) for one in inventory.pon_ports_of(tx=tx, olt_id=record.id)},
            vlans={one.number for one in ipam.vlans(tx=tx, olt=olt)},
            lines={Serial(line.serial) for _service, line in inventory.lines_on(tx=tx, olt_id=record.id)},
            noted={Serial(one.line.serial) for one in inventory.adopted_onts(tx=tx, olt_id=record.id)},
            boards=standing(inventory.cards_of(tx=tx, olt_id=record.id)),
        )
    commands = sum(entry.direction == "sent" for entry in transcript.entries)
    return Discovery(olt, window.clock.now(), seconds, transcript.device_seconds, commands, seen, adoption)


@shows("network.read")
def ways_to_reach(look: Look) -> WaysToReach:
    """What may be chosen where an OLT is added."""
    names = {*look.settings.credentials, *(one.name for one in inventory.device_accounts(tx=look.tx))}
    areas = {olt.area for olt in inventory.all_olts(tx=look.tx)}
    return WaysToReach(vendors(), tuple(sorted(names)), tuple(sorted(areas)))
