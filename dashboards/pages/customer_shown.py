"""The parts of a customer's page that are only looked at."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, dotted, icon, joined, tag, typed
from dashboards.parts.link import link
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.foundation.texts import LANGUAGES, _, n_, said, say
from isp_lifecycle.views.customers.happened import HappenedPage, HappenedRow
from isp_lifecycle.views.customers.one import CustomerDetail, Held, MoneyRow, NoteRow
from isp_lifecycle.views.customers.place import PremisesDetail

_SYMBOLS = {
    "event": "bolt",
    "note": "sticky_note_2",
    "ticket": "confirmation_number",
    "incident": "error",
    "letter": "mail",
    "trail": "history",
}
_KINDS = {
    "event": say("event"),
    "note": say("note"),
    "ticket": say("ticket"),
    "incident": say("incident"),
    "letter": say("letter"),
    "trail": say("trail"),
}


def about(session: PageSession, one: CustomerDetail) -> Html:
    """Who it is, and how to reach them."""
    since = words.day(one.created_at.astimezone(session.zone).date())
    return card(
        tag("h2", one.name, dir="auto"),
        facts(
            (_("Customer"), tag("span", one.code, css="mono")),
            (_("E-mail"), tag("a", one.email, href=f"mailto:{one.email}")),
            (_("Telephone"), tag("a", one.phone, href=f"tel:{one.phone}")),
            (_("Since"), since),
            (_("Portal"), one.portal),
            (_("Language"), LANGUAGES.get(one.language, one.language)),
        ),
    )


def held(
    session: PageSession,
    heading: str,
    thing: Thing | None,
    rows: Sequence[Held] | None,
    *,
    nothing: str,
    folded: bool = False,
) -> Html:
    """What they have of one kind; nothing at all where whoever looks may not read it, or there is nothing to say."""
    if rows is None or (not rows and not nothing):
        return Html("")
    zone = session.zone
    names = {Thing.DELIVERY: _("Look at it")}
    what = words.kind if thing is Thing.ORDER else str
    columns = [
        *([Column[Held]("", lambda h: link(session.actor, thing, h.code, names.get(thing)), "key")] if thing else []),
        Column[Held](
            _("What"),
            lambda h: joined(tag("span", what(h.what), dir="auto"), tag("small", f" {said(h.says)}", dir="auto")),
        ),
        Column[Held](_("When"), lambda h: words.day(h.at.astimezone(zone).date())),
        Column[Held](_("State"), lambda h: chip(h.state)),
    ]
    drawn = table(rows, columns, nothing=(nothing, "")) if rows else tag("p", nothing, css="soft")
    if folded and rows:
        return tag("details", tag("summary", f"{heading} ({len(rows)})"), drawn, css="card")
    return card(drawn, heading=f"{heading} ({len(rows)})" if rows else heading)


def money(rows: Sequence[MoneyRow] | None) -> Html:
    """What was charged and credited in all; what was paid is the accounts' to say."""
    if rows is None:
        return Html("")
    if not rows:
        return card(tag("p", _("Nothing was charged yet."), css="soft"), heading=_("Money"))
    pairs = [(n_("Charged, {count} charge", "Charged, {count} charges", m.charges), m.charged) for m in rows]
    pairs += [(_("Credited"), m.credited) for m in rows if m.credited.amount]
    return card(facts(*pairs), heading=_("Money"))


def note(session: PageSession, one: NoteRow) -> Html:
    """A note with who wrote it and when."""
    signed = tag("small", typed(one.author), f", {words.moment(one.at, session.zone)}")
    text = tag("p", one.text, dir="auto", style="white-space: pre-wrap", css="soft" if one.erased else "")
    if one.pinned:
        return tag("div", icon("push_pin"), tag("div", text, signed), css="alert info", role="note")
    return tag("div", text, signed, css="stack-s note")


def happened(session: PageSession, found: HappenedPage, *, offset: int) -> Html:
    """One page of the timeline, the newest first."""
    if not found.rows:
        return card(empty(_("Nothing has happened yet."), symbol="schedule"), heading=_("What happened"))
    newer = tag("a", _("← Newer"), href="#", data_pick="page:before") if offset else tag("span")
    older = tag("a", _("Older →"), href="#", data_pick="page:after") if found.more else tag("span")
    counted = tag("span", f"{offset + 1}–{offset + len(found.rows)}")
    pager = tag("div", newer, counted, older, css="pager") if offset or found.more else Html("")
    lines = tag("ol", *(_line(session, one) for one in found.rows), css="happened")
    return card(lines, pager, heading=_("What happened"))


def _line(session: PageSession, one: HappenedRow) -> Html:
    to = joined(" ", link(session.actor, one.thing, one.key, _name(one))) if one.thing else ""
    return tag(
        "li",
        icon(_SYMBOLS[one.kind]),
        tag(
            "div",
            tag("p", tag("span", said(one.what), dir="auto"), to),
            tag("small", dotted(said(_KINDS[one.kind]), words.moment(one.at, session.zone), one.by)),
        ),
    )


def _name(one: HappenedRow) -> str:
    return {Thing.DELIVERY: _("what failed"), Thing.TRAIL_LINE: _("in the trail")}.get(
        one.thing or Thing.SERVICE, one.key
    )


def place(session: PageSession, p: PremisesDetail) -> Html:
    """A place: what leads there, who is and was served."""
    port = (
        _("{splitter}, port {splitter_port}", splitter=p.splitter, splitter_port=p.splitter_port or "–")
        if p.splitter
        else None
    )
    served = (_("Fibre"), _("No splitter is recorded: it cannot be served.")) if port is None else (_("Splitter"), port)
    order = (
        tag("a", _("New order"), href="/new-order", css="action") if session.actor.may("order.confirm") else Html("")
    )
    return joined(
        card(
            tag("h2", p.address, dir="auto"),
            facts(
                (_("Premises"), tag("span", p.code, css="mono")),
                (_("Area"), p.area),
                served,
                (_("Drop"), f"{p.drop_m} m" if p.drop_m else None),
            ),
            order,
        ),
        _there(session, _("Services here"), Thing.SERVICE, p.services),
        _there(session, _("Orders for here"), Thing.ORDER, p.orders),
    )


def _there(session: PageSession, heading: str, thing: Thing, rows: Sequence[Held] | None) -> Html:
    if rows is None:
        return Html("")
    if not rows:
        return card(tag("p", _("None."), css="soft"), heading=heading)
    columns = [
        Column[Held]("", lambda h: link(session.actor, thing, h.code), "key"),
        Column[Held](_("Customer"), lambda h: link(session.actor, Thing.CUSTOMER, h.says, h.what)),
        Column[Held](_("State"), lambda h: chip(h.state)),
    ]
    return card(table(rows, columns, nothing=("", "")), heading=f"{heading} ({len(rows)})")
