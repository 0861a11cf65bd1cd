"""How a plan looks: its facts, its versions, what a customer reads of it, and what OLTs need for it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, joined, tag
from dashboards.parts.names import address_words
from dashboards.parts.table import Column, table
from isp_lifecycle.foundation.texts import _, n_, say
from isp_lifecycle.views.plans import Lifecycle, Need, Plan, PlanDetail, PlanVersion

#: The tone and the word of each part of a plan's life.
SALE = {
    Lifecycle.PLANNED: ("warn", say("to come")),
    Lifecycle.ON_SALE: ("good", say("on sale")),
    Lifecycle.WITHDRAWN: ("", say("withdrawn")),
    Lifecycle.OBSOLETE: ("", say("nobody has it")),
}


def detail_card(found: PlanDetail, *, bulk: bool) -> Html:
    """What a plan is, and the way to move those who have it at older terms."""
    one, plan = found.row, found.row.plan
    move = ""
    if bulk and one.had:
        says = _("Move its services to another plan, or to what it is now")
        move = tag("p", tag("a", says, href=f"/bulk?bulk=new&plan={plan.code}"))
    tone, said = SALE[one.lifecycle]
    return card(
        facts(
            (_("Code"), plan.code),
            (
                _("Lifecycle status"),
                joined(tag("span", said, css=f"chip {tone}".strip()), f" {one.lifecycle} (TMF620)"),
            ),
            (_("Price a month"), plan.price),
            (_("Rates"), words.rates(plan.down_kbps, plan.up_kbps)),
            (_("Version"), str(plan.version)),
            (_("Address"), address_words(plan.address_policy)),
            ("IPv6", plan.ipv6_policy and str(plan.ipv6_policy)),
            ("ONT", str(plan.ont)),
            ("VLAN", _("{vlan}, a pair of tags for each line", vlan=plan.vlan) if plan.own_vlan else str(plan.vlan)),
            (_("Sold from"), plan.sale_from and words.day(plan.sale_from)),
            (_("Sold until"), plan.sale_until and words.day(plan.sale_until)),
            (_("Services"), str(one.had)),
            (_("Of these at older terms"), str(one.other_terms) if one.other_terms else None),
        ),
        move,
        heading=plan.name,
    )


def offer(plan: Plan) -> Html:
    """The plan as a customer reads it in the portal's form."""
    return card(
        tag(
            "div",
            tag("b", plan.name),
            BREAK,
            tag("span", words.rates(plan.down_kbps, plan.up_kbps)),
            BREAK,
            tag("b", _("{price} a month", price=plan.price)),
        ),
        heading=_("As customers read it"),
    )


def versions_card(found: PlanDetail, zone: ZoneInfo) -> Html:
    """What it was and will be, what lies ahead first."""
    columns = [
        Column[PlanVersion](_("Version"), lambda v: str(v.number) if v.number else _("to come"), "key"),
        Column[PlanVersion](_("From"), lambda v: words.day(v.valid_from)),
        Column[PlanVersion](_("Name"), lambda v: v.name),
        Column[PlanVersion](_("Price"), lambda v: v.price, "num"),
        Column[PlanVersion](_("Rates"), lambda v: words.rates(v.down_kbps, v.up_kbps)),
        Column[PlanVersion](
            _("By"), lambda v: joined(f"{v.made_by}, {words.moment(v.made_at, zone)}", BREAK, tag("small", v.reason))
        ),
    ]
    nothing = (_("It was never changed here."), _("It is as it was imported."))
    return joined(tag("h2", _("Versions")), table(found.versions, columns, nothing=nothing))


def needs_card(needs: Sequence[Need]) -> Html:
    """What OLTs need for it, by their makers."""
    if not needs:
        return empty(_("There is no OLT yet."), _("Add one on the page OLTs."), "dns")
    says = _("Tables are made on each OLT with its first line of these rates; profiles must stand there before.")
    return card(tag("p", says, css="soft"), *(_need(one) for one in needs), heading=_("What OLTs need"))


def _need(one: Need) -> Html:
    head = tag("h3", n_("{vendor}, {count} OLT", "{vendor}, {count} OLTs", one.olts, vendor=one.vendor))
    if one.declined:
        return tag("div", head, tag("p", tag("span", _("cannot be had"), css="chip bad"), f" {one.declined}"))
    profiles = tag("p", _("Must stand there: {profiles}.", profiles=", ".join(one.profiles))) if one.profiles else ""
    made = (joined(tag("dt", name), tag("dd", tag("code", "; ".join(lines)))) for name, lines in one.tables)
    return tag("div", head, profiles, tag("dl", *made, css="facts"))
