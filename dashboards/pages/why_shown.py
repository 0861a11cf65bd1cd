"""What support reads about a line that does not work: verdict, chain, neighbours, and what happened around it."""

from __future__ import annotations

from datetime import datetime

from dashboards.parts import light, words
from dashboards.parts.cards import card, empty
from dashboards.parts.chain import ShownLink, chain
from dashboards.parts.html import BREAK, Html, dotted, icon, joined, tag, typed
from dashboards.parts.notice import alert
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, n_, said, say
from isp_lifecycle.views.diagnosis.find import Match
from isp_lifecycle.views.diagnosis.model import Diagnosis, Evidence, Finding, Link, Sure
from isp_lifecycle.views.diagnosis.recorded import ChangeOn, OnRecord, TroubleOn
from isp_lifecycle.views.diagnosis.seen import Down, Neighbour, Seen
from isp_lifecycle.views.light.port import OntOverTime

#: So many neighbours are shown at once; more are folded.
UNFOLDED = 16
_SURE = {Sure.CERTAIN: say("certain"), Sure.LIKELY: say("likely"), Sure.OPEN: say("cannot be told yet")}
_OFF = {
    Down.POWER: say("off, no power"),
    Down.LIGHT: say("off, no light"),
    Down.SWITCHED_OFF: say("switched off"),
    Down.RESTARTED: say("starting anew"),
    Down.UNTOLD: say("off"),
}


def matches(found: tuple[Match, ...]) -> Html:
    """Which line may be meant."""
    rows = (
        tag(
            "a",
            tag(
                "span", tag("b", one.key), " ", typed(one.customer), BREAK, tag("small", dotted(one.address, one.plan))
            ),
            chip(one.state),
            href=f"?of={one.key}",
            data_pick=one.key,
        )
        for one in found
    )
    return tag("div", *rows, css="choices")


def heading(records: OnRecord, session: PageSession) -> Html:
    """Whose line it is, with the ways to its other pages."""
    customer, service = records.customer, records.service
    links = []
    if service is not None:
        links.append(tag("a", _("Service {code}", code=service.code), href=f"/services?service={service.code}"))
    if records.orders and session.actor.may("order.read"):
        order = records.orders[0]
        links.append(tag("a", _("Order {code}", code=order.code), href=f"/orders?order={order.code}"))
    if records.line is not None and session.actor.may("network.read"):
        where = f"/network?olt={records.line.olt}&port={records.line.pon_port}"
        links.append(
            tag("a", _("Port {pon_port} of {olt}", pon_port=records.line.pon_port, olt=records.line.olt), href=where)
        )
    about = dotted(customer.address, customer.phone, customer.email)
    named = tag("h2", typed(customer.name), f" ({records.key})")
    state = chip(service.state) if service is not None else chip(records.orders[0].state) if records.orders else ""
    return card(tag("div", named, state, css="row between"), tag("p", about, css="soft"), tag("div", *links, css="row"))


def verdict(d: Diagnosis, session: PageSession) -> Html:
    """The cause on top: how sure, what to do, what to tell the customer, and what it is known by."""
    one = d.finding
    tone = "good" if one.healthy else "warn" if one.sure is Sure.OPEN else "bad"
    name = _("Looking …") if d.reading and one.cause == "looking" else one.cause[:1].upper() + one.cause[1:]
    sure = tag("span", _SURE[one.sure], css=f"chip {'' if one.sure is Sure.OPEN else 'info'}".strip())
    bring = tag("p", tag("b", _("To bring: ")), f"{', '.join(one.bring)}.", css="do") if one.bring else ""
    phone = tag("div", icon("call"), tag("b", _("To read to the customer")), tag("span", one.to_customer), css="phone")
    content = (
        tag("div", tag("h2", name), sure, css="row between"),
        tag("p", one.says, css="says", role="status"),
        tag("p", tag("b", _("What to do: ")), one.advice, css="do"),
        bring,
        phone,
        _because(one, session),
        *(tag("p", tag("b", _("Besides:"), " "), other.says, css="do") for other in d.besides),
        _missed(d),
        _progress(d),
    )
    return tag("section", *content, css=f"card verdict {tone}")


def _because(one: Finding, session: PageSession) -> Html:
    if not one.because:
        return Html("")
    items = (tag("li", _evidence(x, session)) for x in one.because)
    return joined(tag("h3", _("Seen")), tag("ul", *items, css="listed"))


def _evidence(x: Evidence, session: PageSession) -> Html:
    return joined(tag("b", f"{said(x.what)}: "), x.words, " ", tag("small", read_at(x.source, x.at, session)))


def read_at(source: str, at: datetime | None, session: PageSession) -> str:
    """From where something is known, and when it was read."""
    if at is None:
        return source
    return f"{source}, {words.clock(at, session.zone)}"


def _missed(d: Diagnosis) -> Html:
    if not d.missed:
        return Html("")
    items = (tag("li", tag("b", f"{said(one.what)[:1].upper()}{said(one.what)[1:]}: "), one.why) for one in d.missed)
    return joined(tag("h3", _("Could not be looked at")), tag("ul", *items, css="listed"))


def _progress(d: Diagnosis) -> Html:
    if not d.reading:
        return tag("p", _("Everything that could be asked has answered."), css="soft do")
    return tag("p", _("Still looking at {reading} …", reading=", ".join(d.reading)), css="soft do")


def way(d: Diagnosis, session: PageSession) -> Html:
    """The chain from the customer's account to the router."""
    return card(chain(_link(one, session) for one in d.chain), heading=_("From the account to the router"))


def _link(one: Link, session: PageSession) -> ShownLink:
    note = read_at(one.source, one.at, session) if one.source and one.how != "none" else ""
    return ShownLink(one.name, str(one.how), one.words, note)


def light_over_time(one: OntOverTime) -> Html:
    """What the ONT received in the last two months, and what became of it."""
    drawn = light.chart(one.trend)
    if not drawn:
        return Html("")
    said = light.told(one) or _("It is as it was.")
    tone = "warn" if one.trend.change and one.trend.change.weaker_db > 0 else "good"
    invented = tag("p", tag("small", light.made_up())) if one.invented else ""
    return card(alert(tone, said), drawn, invented, heading=_("Light over time"))


def neighbours(seen: Seen, session: PageSession) -> Html:
    """Who else is on the port, those of the same splitter first, with their light."""
    if seen.line is None or not seen.port.seen:
        return Html("")
    rows = sorted(seen.neighbours, key=lambda n: (not seen.same_splitter(n), n.splitter, n.ont_id))
    columns = [
        Column[Neighbour]("ONT", _whose, "key"),
        Column[Neighbour](_("Splitter"), lambda n: n.splitter),
        Column[Neighbour](_("State"), lambda n: chip("online") if n.online else chip("failed", _OFF[n.down])),
        Column[Neighbour](_("Light"), lambda n: words.level(n.rx_dbm), "num"),
        Column[Neighbour](_("Below"), lambda n: _below(n, seen), "num"),
    ]
    online = sum(n.online for n in rows)
    read = read_at(seen.port.source, seen.port.at, session)
    said = n_(
        "{online} of {count} other ONT on {pon_port} works ({read})",
        "{online} of {count} other ONTs on {pon_port} work ({read})",
        len(rows),
        online=online,
        pon_port=seen.line.pon_port,
        read=read,
    )
    shown = tag("div", table(rows, columns, nothing=(_("Nobody else is on this port."), "")), css="dense")
    return card(
        tag("details", tag("summary", said), shown, **({"open": ""} if len(rows) <= 16 else {})),
        heading=_("Neighbours"),
    )


def _whose(n: Neighbour) -> Html:
    who = n.customer or n.serial
    code = tag("a", n.service_code, href=f"/why?of={n.service_code}") if n.customer else tag("span", n.service_code)
    return joined(code, " ", tag("small", typed(who)))


def _below(n: Neighbour, seen: Seen) -> Html:
    if n.received.below_db is None:
        return Html("")
    text = _("{below_db:+.1f} dB", below_db=n.received.below_db).replace("-", "\N{MINUS SIGN}")
    return chip("failed", text) if n.received.below_db > seen.limits.margin_db else tag("span", text)


def around(records: OnRecord, session: PageSession) -> Html:
    """Open tickets of the line and its neighbours, and what was done to the line."""
    tickets = (_ticket(one, session) for one in records.troubles)
    changes = (_change(one, session) for one in records.changes)
    told = (
        tag("ul", *tickets, css="listed")
        if records.troubles
        else empty(_("No ticket is open here."), symbol="task_alt")
    )
    done = (
        tag("ul", *changes, css="listed")
        if records.changes
        else empty(_("Nothing was done to it here yet."), symbol="history")
    )
    return tag(
        "div",
        card(told, heading=_("Open tickets here and nearby")),
        card(done, heading=_("Recent changes")),
        css="pair",
    )


def _ticket(one: TroubleOn, session: PageSession) -> Html:
    whose = "" if one.own else f" ({one.service_code}, {'same port' if one.same_port else 'same OLT'})"
    link = tag("a", one.ticket_code, href=f"/tickets?ticket={one.ticket_code}")
    return tag(
        "li", link, " ", typed(one.subject), f"{whose}, ", tag("small", words.moment(one.opened_at, session.zone))
    )


def _change(one: ChangeOn, session: PageSession) -> Html:
    by = _(", by {by}", by=one.by) if one.by else ""
    return tag("li", typed(one.what), " ", tag("small", f"{words.moment(one.at, session.zone)}{by}"))


def ticket_text(d: Diagnosis, session: PageSession) -> str:
    """The finding as a ticket's first note: for colleagues, with the evidence and what to bring."""
    one = d.finding
    lines = [
        one.says,
        _("({sure}; looked at {time})", sure=_SURE[one.sure], time=words.moment(d.at, session.zone)),
        _("What to do: {advice}", advice=one.advice),
    ]
    lines += [_("To bring: {bring}.", bring=", ".join(one.bring))] if one.bring else []
    lines += [f"- {said(x.what)}: {said(x.words)} ({read_at(x.source, x.at, session)})" for x in one.because]
    lines += [_("Besides: {says}", says=other.says) for other in d.besides]
    lines += [_("Could not be looked at: {what}: {why}", what=x.what, why=x.why) for x in d.missed]
    return "\n".join(lines)[:2000]
