"""How a change of many services is shown: what it is, what it would do, how far it is, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboards.parts import words
from dashboards.parts.cards import bar, card, facts, tile, tiles
from dashboards.parts.html import BREAK, Html, joined, tag
from dashboards.parts.notice import alert
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from isp_lifecycle.views.bulk import BulkDetail, ItemRow, LeftOutRow, OltRow, PriceRow

#: So many OLTs and rows of a file are shown; the report has all.
SHOWN = 12
#: What one may look at of the services, by the state that each means.
POSSIBLE = {
    "": "All",
    "left out": "Left out",
    "scheduled": "Ahead",
    "tried again": "Tried again",
    "failed": "Failed",
    "done": "Done",
    "cancelled": "Cancelled",
}


def said(b: BulkDetail, zone: ZoneInfo) -> Html:
    """What it is, who prepared it and who agreed."""
    decided = f"{b.decided_by}, {words.moment(b.decided_at, zone)}" if b.decided_by else None
    closed = f"{b.closed_by}, {words.moment(b.closed_at, zone)}: {b.outcome}" if b.closed_by else None
    return joined(
        _first(b, zone),
        card(
            tag(
                "div",
                tag("h2", f"{b.code} · {b.progress.total} services to {b.plan_name}"),
                chip(b.state),
                css="row between",
            ),
            facts(
                ("Day", words.day(b.wanted_on)),
                ("Which", b.selection),
                ("Price", f"{b.price} a month"),
                ("Reason", b.reason),
                ("Prepared by", f"{b.asked_by}, {words.moment(b.asked_at, zone)}"),
                ("Decided by", decided),
                ("Ended by", closed),
            ),
        ),
    )


def _first(b: BulkDetail, zone: ZoneInfo) -> Html:
    """What to know first."""
    if b.paused is not None:
        since = words.moment(b.paused.since, zone)
        return alert("warn", f"Paused by {b.paused.by} since {since}: {b.paused.reason}", "What runs comes to its end.")
    if b.state == "proposed":
        return alert("info", "Nothing has changed yet.", "It begins when a second person has looked at it and agrees.")
    if b.state == "approved":
        return alert("info", f"Its orders are being written: {b.progress.unwritten} to go.", "The page follows it.")
    if b.progress.failed:
        return alert("bad", f"{b.progress.failed} failed.", "Each stands on the page Needs attention, with what to do.")
    return Html("")


def numbers(b: BulkDetail, now: datetime, zone: ZoneInfo) -> Html:
    """How far it is; of one that is only prepared, what it comes to."""
    p = b.progress
    if b.state in {"proposed", "rejected"}:
        left_out = sum(row.services for row in b.left_out)
        return tiles(
            tile("Services", p.total),
            tile("Left out", left_out, tone="bad" if left_out else ""),
            tile("A month, all together", _signed(b.sum)),
            _busiest(b.olts),
        )
    rate = f"{p.per_minute:.0f} a minute" if p.per_minute else ""
    ready = f"ready {words.soon(p.ready_at, now, zone)}" if p.ready_at else ""
    share = f"{p.share:.0%} have come to an end"
    return joined(
        tiles(
            tile("Done", p.done, rate, tone="good" if p.done else ""),
            tile("Running", p.running),
            tile("Failed", p.failed, tone="bad" if p.failed else ""),
            tile("Tried again", p.tried_again),
            tile("Left", p.left + p.unwritten, ready),
            tile("Cancelled", p.cancelled),
        ),
        tag("p", bar(p.share, share, warns=False)),
    )


def preview(b: BulkDetail) -> Html:
    """Price, devices and what is left out, as it was when it was prepared."""
    return joined(
        card(_prices(b.prices), heading="What it costs"),
        card(_olts(b.olts), heading="What the devices do"),
        card(_left_out(b.left_out), heading="Left out") if b.left_out else "",
        card(_bad_rows(b), heading="Rows that are no services") if b.bad_rows else "",
    )


def items_table(rows: Sequence[ItemRow], zone: ZoneInfo) -> Html:
    """Services, each with its state and the reason where that is not as wished."""
    return table(
        rows,
        [
            Column[ItemRow]("Service", _linked, "key"),
            Column[ItemRow]("Customer", lambda i: joined(i.customer, BREAK, tag("small", f"{i.old_plan} · {i.olt}"))),
            Column[ItemRow]("State", lambda i: chip(i.state)),
            Column[ItemRow]("", lambda i: i.why or words.moment(i.finished_at, zone)),
        ],
        nothing=("There is none of these.", ""),
    )


def _busiest(rows: Sequence[OltRow]) -> Html:
    """The OLT that is ready last, if nothing else keeps it busy."""
    measured = [row for row in rows if row.seconds is not None]
    if not measured:
        return tile("Device time, busiest OLT", "\N{EN DASH}", "not measured yet")
    last = max(measured, key=lambda row: row.seconds or 0.0)
    return tile("Device time, busiest OLT", words.length(last.seconds or 0.0), last.olt)


def _linked(item: ItemRow) -> Html:
    link = f"/support?delivery={item.delivery_id}" if item.state in {"failed", "tried again", "waiting"} else ""
    link = link or (f"/orders?order={item.order_code}" if item.order_code else "")
    return tag("a", item.service_code, href=link) if link else joined(item.service_code)


def _prices(rows: Sequence[PriceRow]) -> Html:
    return table(
        rows,
        [
            Column[PriceRow]("From", lambda r: r.old_plan, "key"),
            Column[PriceRow]("Price", lambda r: r.old_price, "num"),
            Column[PriceRow]("Services", lambda r: r.services, "num"),
            Column[PriceRow]("Each", lambda r: _signed(r.difference), "num"),
            Column[PriceRow]("Together", lambda r: _signed(r.sum), "num"),
        ],
        nothing=("Nobody's price changes.", ""),
    )


def _olts(rows: Sequence[OltRow]) -> Html:
    most = max((row.services for row in rows), default=1)
    shown = table(
        rows[:SHOWN],
        [
            Column[OltRow]("OLT", lambda r: r.olt, "key"),
            Column[OltRow]("Services", lambda r: r.services, "num"),
            Column[OltRow]("", lambda r: bar(r.services / most, f"{r.services} services", warns=False)),
            Column[OltRow]("Its own time", lambda r: _minutes(r.seconds), "num"),
        ],
        nothing=("No device has anything to do.", ""),
    )
    more = tag("p", f"and {len(rows) - SHOWN} more OLTs", css="soft") if len(rows) > SHOWN else ""
    return joined(shown, more)


def _left_out(rows: Sequence[LeftOutRow]) -> Html:
    return tag("ul", *(tag("li", f"{words.count(r.services, 'service')}: {r.why}") for r in rows), css="listed")


def _bad_rows(b: BulkDetail) -> Html:
    rows = (tag("li", f"row {bad.line}: {bad.text} {bad.why}") for bad in b.bad_rows[:SHOWN])
    more = len(b.bad_rows) - SHOWN
    return joined(tag("ul", *rows, css="listed"), tag("p", f"and {more} more rows", css="soft") if more > 0 else "")


def _minutes(seconds: float | None) -> str:
    return "not measured yet" if seconds is None else f"about {words.length(seconds)}"


def _signed(amount: object) -> str:
    """An amount with its sign, as type setters write it."""
    text = str(amount)
    if text.startswith("-"):
        return text.replace("-", "\N{MINUS SIGN}", 1)
    return text if text.startswith("0.00") else f"+{text}"
