"""The restart of an ONT, planned. Pure."""

from __future__ import annotations

from isp_lifecycle.drivers.contract import Change, OntStatus, Plan
from isp_lifecycle.drivers.errors import OntOffline
from isp_lifecycle.drivers.vendor import Commands


def plan_reset(*, olt: str, status: OntStatus, commands: Commands) -> Plan:
    """One change that leaves everything as it is configured. Raises OntOffline: the command travels over the fibre."""
    place = f"{status.port} ONT {status.ont_id}"
    if status.run_state != "online":
        raise OntOffline(olt, str(status.serial), place, status.last_down_cause)
    change = Change(
        verb="reset",
        what=f"ONT {status.serial} at {place}",
        commands=commands.reset_ont(status.port, status.ont_id),
        why="it starts anew, and its customer is offline until it is back",
    )
    return Plan(olt, status.key, (change,))
