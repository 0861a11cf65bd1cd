"""How a line should stand on its OLT by the state of its service: the one place to extend for a new state."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.views.audit.records import LineRecord


@dataclass(frozen=True)
class Wanted:
    """What must be so; None is: either way is right. Rates are kbit/s."""

    enabled: bool | None
    rates: tuple[int, int] | None


def wanted_of(line: LineRecord) -> Wanted | None:
    """How the line should stand; None where the records do not say (a line that is being built, or should be gone).

    A suspended line is recorded as it was shut: off, slow, or on another VLAN.
    """
    match ServiceState(line.state):
        case ServiceState.ACTIVE:
            return Wanted(enabled=True, rates=(line.down_kbps, line.up_kbps))
        case ServiceState.SUSPENDED:
            return Wanted(enabled=line.enabled, rates=(line.down_kbps, line.up_kbps))
        case ServiceState.PENDING | ServiceState.TERMINATED:
            return None
