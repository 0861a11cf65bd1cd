"""How a change of many services is shown: what it is, what it would do, how far it is, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.parts import words
from dashboards.parts.cards import bar, card, facts, tile, tiles
from dashboards.parts.html import BREAK, Html, joined, tag
from dashboards.parts.notice import alert
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, n_, said, say
from isp_lifecycle.views.bulk import BulkDetail, ItemRow, LeftOutRow, OltRow, PriceRow

#: So many OLTs and rows of a file are shown; the report has all.
SHOWN = 12
#: What one may look at of the services, by the state that each means.
POSSIBLE = {
    "": say("All"),
    say("left out"): say("Left out"),
    "scheduled": say("Ahead"),
    say("tried again"): say("Tried again"),
    "failed": say("Failed"),
    "done": say("Done"),
    "cancelled": say("Cancelled"),
}


def told(b: BulkDetail, zone: ZoneInfo) -> Html:
    """What it is, who prepared it and who agreed."""
    decided = f"{b.decided_by}, {words.moment(b.decided_at, zone)}" if b.decided_by else None
    closed = f"{b.closed_by}, {words.moment(b.closed_at, zone)}: {b.outcome}" if b.closed_by else None
    return joined(
        _first(b, zone),
        card(
            tag(
                "div",
                tag(
                    "h2",
                    _(
                        "{code} · {total} services to {plan_name}",
                        code=b.code,
                        total=b.progress.total,
                        plan_name=b.plan_name,
                    ),
                ),
                chip(b.state),
                css="row between",
            ),
            facts(
                (_("Day"), words.day(b.wanted_on)),
                (_("Which"), b.selection),
                (_("Price"), _("{price} a month", price=b.price)),
                (_("Reason"), b.reason),
                (_("Prepared by"), f"{b.asked_by}, {words.moment(b.asked_at, zone)}"),
                (_("Decided by"), decided),
                (_("Ended by"), closed),
            ),
        ),
    )


def _first(b: BulkDetail, zone: ZoneInfo) -> Html:
    """What to know first."""
    if b.paused is not None:
        since = words.moment(b.paused.since, zone)
        return alert(
            "warn",
            _("Paused by {by} since {since}: {reason}", by=b.paused.by, since=since, reason=b.paused.reason),
            _("What runs comes to its end."),
        )
    if b.state == "proposed":
        return alert(
            "info", _("Nothing has changed yet."), _("It begins when a second person has looked at it and agrees.")
        )
    if b.state == "approved":
        return alert(
            "info",
            _("Its orders are being written: {unwritten} to go.", unwritten=b.progress.unwritten),
            _("The page follows it."),
        )
    if b.progress.failed:
        return alert(
            "bad",
            _("{failed} failed.", failed=b.progress.failed),
            _("Each stands on the page Needs attention, with what to do."),
        )
    return Html("")


def numbers(b: BulkDetail, now: datetime, zone: ZoneInfo) -> Html:
    """How far it is; of one that is only prepared, what it comes to."""
    p = b.progress
    if b.state in {"proposed", "rejected"}:
        left_out = sum(row.services for row in b.left_out)
        return tiles(
            tile(_("Services"), p.total),
            tile(_("Left out"), left_out, tone="bad" if left_out else ""),
            tile(_("A month, all together"), _signed(b.sum)),
            _busiest(b.olts),
        )
    rate = _("{per_minute:.0f} a minute", per_minute=p.per_minute) if p.per_minute else ""
    ready = _("ready {soon}", soon=words.soon(p.ready_at, now, zone)) if p.ready_at else ""
    share = _("{share:.0%} have come to an end", share=p.share)
    return joined(
        tiles(
            tile(_("Done"), p.done, rate, tone="good" if p.done else ""),
            tile(_("Running"), p.running),
            tile(_("Failed"), p.failed, tone="bad" if p.failed else ""),
            tile(_("Tried again"), p.tried_again),
            tile(_("Left"), p.left + p.unwritten, ready),
            tile(_("Cancelled"), p.cancelled),
        ),
        tag("p", bar(p.share, share, warns=False)),
    )


def preview(b: BulkDetail) -> Html:
    """Price, devices and what is left out, as it was when it was prepared."""
    return joined(
        card(_prices(b.prices), heading=_("What it costs")),
        card(_olts(b.olts), heading=_("What the devices do")),
        card(_left_out(b.left_out), heading=_("Left out")) if b.left_out else "",
        card(_bad_rows(b), heading=_("Rows that are no services")) if b.bad_rows else "",
    )


def items_table(rows: Sequence[ItemRow], zone: ZoneInfo) -> Html:
    """Services, each with its state and the reason where that is not as wished."""
    return table(
        rows,
        [
            Column[ItemRow](_("Service"), _linked, "key"),
            Column[ItemRow](
                _("Customer"), lambda i: joined(i.customer, BREAK, tag("small", f"{i.old_plan} · {i.olt}"))
            ),
            Column[ItemRow](_("State"), lambda i: chip(i.state)),
            Column[ItemRow]("", lambda i: i.why or words.moment(i.finished_at, zone)),
        ],
        nothing=(_("There is none of these."), ""),
    )


def _busiest(rows: Sequence[OltRow]) -> Html:
    """The OLT that is ready last, if nothing else keeps it busy."""
    measured = [row for row in rows if row.seconds is not None]
    if not measured:
        return tile(_("Device time, busiest OLT"), "\N{EN DASH}", _("not measured yet"))
    last = max(measured, key=lambda row: row.seconds or 0.0)
    return tile(_("Device time, busiest OLT"), words.length(last.seconds or 0.0), last.olt)


def _linked(item: ItemRow) -> Html:
    link = page_of(Thing.DELIVERY, item.delivery_id) if item.state in {"failed", "tried again", "waiting"} else ""
    link = link or (page_of(Thing.ORDER, item.order_code) if item.order_code else "")
    return tag("a", item.service_code, href=link) if link else joined(item.service_code)


def _prices(rows: Sequence[PriceRow]) -> Html:
    return table(
        rows,
        [
            Column[PriceRow](_("From"), lambda r: r.old_plan, "key"),
            Column[PriceRow](_("Price"), lambda r: r.old_price, "num"),
            Column[PriceRow](_("Services"), lambda r: r.services, "num"),
            Column[PriceRow](_("Each"), lambda r: _signed(r.difference), "num"),
            Column[PriceRow](_("Together"), lambda r: _signed(r.sum), "num"),
        ],
        nothing=(_("Nobody's price changes."), ""),
    )


def _olts(rows: Sequence[OltRow]) -> Html:
    most = max((row.services for row in rows), default=1)
    shown = table(
        rows[:SHOWN],
        [
            Column[OltRow]("OLT", lambda r: r.olt, "key"),
            Column[OltRow](_("Services"), lambda r: r.services, "num"),
            Column[OltRow](
                "", lambda r: bar(r.services / most, n_("{count} service", "{count} services", r.services), warns=False)
            ),
            Column[OltRow](_("Its own time"), lambda r: _minutes(r.seconds), "num"),
        ],
        nothing=(_("No device has anything to do."), ""),
    )
    more = tag("p", _("and {rows} more OLTs", rows=len(rows) - SHOWN), css="soft") if len(rows) > SHOWN else ""
    return joined(shown, more)


def _left_out(rows: Sequence[LeftOutRow]) -> Html:
    return tag(
        "ul",
        *(tag("li", n_("{count} service: {why}", "{count} services: {why}", r.services, why=r.why)) for r in rows),
        css="listed",
    )


def _bad_rows(b: BulkDetail) -> Html:
    rows = (
        tag("li", _("row {line}: {text} {why}", line=bad.line, text=bad.text, why=bad.why))
        for bad in b.bad_rows[:SHOWN]
    )
    more = len(b.bad_rows) - SHOWN
    return joined(
        tag("ul", *rows, css="listed"), tag("p", _("and {more} more rows", more=more), css="soft") if more > 0 else ""
    )


def _minutes(seconds: float | None) -> str:
    return _("not measured yet") if seconds is None else _("about {time}", time=words.length(seconds))


def _signed(amount: Any) -> str:
    """An amount with its sign, as type setters write it."""
    text = said(amount)
    if text.startswith("-"):
        return text.replace("-", "\N{MINUS SIGN}", 1)
    return text if text.startswith(("0.00", "0,00")) else f"+{text}"
