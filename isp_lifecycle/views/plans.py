"""The catalogue as those see it who keep it: every plan with its life, its versions, who has it, what devices need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.catalog.model import Lifecycle, Plan, PlanVersion
from isp_lifecycle.drivers.contract import LineFound, OltProfile
from isp_lifecycle.drivers.ont_service import Offer
from isp_lifecycle.drivers.registry import vendor_named, vendors
from isp_lifecycle.foundation.terms import OntMode
from isp_lifecycle.views.window import Look, shows

__all__ = ["Lifecycle", "Need", "Plan", "PlanDetail", "PlanRow", "PlanVersion", "needs", "plan", "plans"]

_OFFERS = {
    OntMode.UNTAGGED: Offer.NATIVE_VLAN,
    OntMode.DHCP: Offer.DHCP,
    OntMode.STATIC: Offer.STATIC,
    OntMode.PPPOE: Offer.PPPOE,
}
#: Who has each plan, and who of them at another price or other rates than it has now.
_HAD = """
    SELECT s.terms->>'plan_code' AS code, count(*) AS many,
           count(*) FILTER (WHERE (s.terms->>'price')::numeric <> p.price
               OR (s.terms->>'down_kbps')::int <> p.down_kbps OR (s.terms->>'up_kbps')::int <> p.up_kbps) AS other
    FROM services s LEFT JOIN plans p ON p.code = s.terms->>'plan_code'
    WHERE s.state <> 'terminated' GROUP BY 1
"""


@dataclass(frozen=True)
class PlanRow:
    """A plan in the catalogue. ``had`` counts services that have it; ``other_terms`` those at what it was before."""

    plan: Plan
    lifecycle: Lifecycle
    had: int
    other_terms: int
    #: The next change that lies ahead.
    changes_on: date | None


@dataclass(frozen=True)
class Need:
    """What OLTs of one vendor need for a plan: made with the first line, except for what must stand before."""

    vendor: str
    olts: int
    #: Shared limits by their names, with the command lines that make them.
    tables: tuple[tuple[str, tuple[str, ...]], ...]
    #: Profiles that people have made there before.
    profiles: tuple[str, ...]
    #: Why it cannot be had there; empty where it can.
    declined: str = ""


@dataclass(frozen=True)
class PlanDetail:
    """One plan, its versions (what lies ahead first), and what devices need."""

    row: PlanRow
    versions: tuple[PlanVersion, ...]
    needs: tuple[Need, ...]


@shows("plan.read_all")
def plans(look: Look) -> tuple[PlanRow, ...]:
    """Every plan, the cheapest first; those that nobody may choose any more last."""
    had = {row.code: (row.many, row.other) for row in look.tx.execute(sa.text(_HAD))}
    rows = [_row(look, plan, *had.get(plan.code, (0, 0))) for plan in catalog.all_plans(tx=look.tx)]
    return tuple(sorted(rows, key=lambda row: row.lifecycle in (Lifecycle.WITHDRAWN, Lifecycle.OBSOLETE)))


@shows("plan.read_all")
def plan(look: Look, *, code: str) -> PlanDetail:
    """One plan; raises NotFound."""
    found = catalog.plan_by_code(tx=look.tx, code=code)
    had = {row.code: (row.many, row.other) for row in look.tx.execute(sa.text(_HAD))}
    versions = catalog.versions(tx=look.tx, plan_id=found.id)
    return PlanDetail(_row(look, found, *had.get(code, (0, 0))), versions, _needs(look, found))


@shows("plan.read_all")
def needs(look: Look, *, down_kbps: int, up_kbps: int, ont: str = "bridge", own_vlan: bool = False) -> tuple[Need, ...]:
    """What devices would need for these rates, before anybody sells them."""
    return _needed(look, down_kbps, up_kbps, OntMode(ont), own_vlan=own_vlan)


def _row(look: Look, plan: Plan, had: int, other: int) -> PlanRow:
    ahead = [one.valid_from for one in catalog.versions(tx=look.tx, plan_id=plan.id) if one.number is None]
    return PlanRow(plan, plan.lifecycle(look.today, had=had), had, other, min(ahead, default=None))


def _needs(look: Look, plan: Plan) -> tuple[Need, ...]:
    return _needed(look, plan.down_kbps, plan.up_kbps, plan.ont, own_vlan=plan.own_vlan)


def _needed(look: Look, down_kbps: int, up_kbps: int, ont: OntMode, *, own_vlan: bool) -> tuple[Need, ...]:
    counted = look.tx.execute(sa.text("SELECT vendor, count(*) AS many FROM olts GROUP BY vendor"))
    ours: dict[str, int] = {row.vendor: row.many for row in counted}
    network = look.settings.network
    profile = OltProfile(
        line_profile_id=network.line_profile_id,
        service_profile_id=network.service_profile_id,
        ont_type=network.ont_type,
    )
    asked = [offer for offer in (_OFFERS.get(ont), Offer.OWN_VLAN if own_vlan else None) if offer is not None]
    return tuple(
        _need(name, ours.get(name, 0), down_kbps, up_kbps, asked, profile)
        for name in vendors()
        if name in ours or not ours
    )


def _need(name: str, olts: int, down_kbps: int, up_kbps: int, asked: list[Offer], profile: OltProfile) -> Need:
    commands = vendor_named(name).commands
    bare = LineFound("", None, (), (), None, (), (), ())
    tables: dict[str, tuple[str, ...]] = {}
    rates: tuple[tuple[int, Literal["down", "up"]], ...] = ((down_kbps, "down"), (up_kbps, "up"))
    for kbps, direction in rates:
        table = commands.rate_table(kbps, direction, bare, profile)
        tables[table.name] = commands.create_rate_table(table)
    profiles = tuple(f"{kind} profile {number}" for kind, number in commands.needed(profile))
    declined = "; ".join(f"{one}: {commands.declines[one]}" for one in asked if one in commands.declines)
    return Need(name, olts, tuple(tables.items()), profiles, declined)
