"""Back to a line as it was built, whatever stands in its way under its own code or serial number. Pure.

An ordinary plan refuses what it did not expect, because a customer's order must never move another's line. Here
somebody has seen the differences: what carries this line's code, or its ONT's serial number, is this line.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from isp_lifecycle.drivers.contract import Change, LineFound, LineWanted, OltProfile, OntFound, Plan
from isp_lifecycle.drivers.errors import SerialElsewhere
from isp_lifecycle.drivers.planning import plan_line, plan_removal
from isp_lifecycle.drivers.vendor import Commands


def plan_repair(
    *, found: LineFound, wanted: LineWanted, others: Set[str], profile: OltProfile, commands: Commands
) -> Plan:
    """The changes that make the line as ``wanted``, whose ``ont_id`` is the one on record.

    ``others`` are the codes of other services: an ONT that carries one of them is theirs, also when its serial number
    is this line's. Raises SerialElsewhere for it, and whatever `planning.plan_line` refuses.
    """
    standing = {ont.place: ont for ont in (*found.same_key, *([found.ont] if found.ont is not None else ()))}
    for ont in standing.values():
        if ont.key in others:
            raise SerialElsewhere(found.olt, str(wanted.serial), ont.place, ont.key)
    kept = standing.get(f"{wanted.port} ONT {wanted.ont_id}")
    strays = [ont for ont in standing.values() if ont is not kept]
    away = [change for ont in strays for change in _removal(found, ont, commands)]
    rest = _without(found, strays, kept)
    if kept is not None and kept.serial != wanted.serial:
        wanted = replace(wanted, replaces=kept.serial)
    plan = plan_line(found=rest, wanted=wanted, profile=profile, commands=commands, any_key=True)
    return replace(plan, changes=(*away, *plan.changes))


def _removal(found: LineFound, ont: OntFound, commands: Commands) -> tuple[Change, ...]:
    alone = replace(found, ont=ont, same_key=())
    return plan_removal(found=alone, key=ont.key, commands=commands, only=ont.serial).changes


def _without(found: LineFound, strays: list[OntFound], kept: OntFound | None) -> LineFound:
    """As the device will stand when the strays are gone."""
    gone = {(ont.port, ont.ont_id) for ont in strays}
    serials = {ont.serial for ont in strays}
    return replace(
        found,
        ont=kept if kept is not None and found.ont is not None and kept.place == found.ont.place else None,
        same_key=(kept,) if kept is not None else (),
        on_port=tuple((n, serial) for n, serial in found.on_port if serial is None or serial not in serials),
        service_ports=tuple(flow for flow in found.service_ports if (flow.port, flow.ont_id) not in gone),
    )
