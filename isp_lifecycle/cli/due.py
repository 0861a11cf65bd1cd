"""``isp due``: what will happen, on another day, or not at all."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import due as intake
from isp_lifecycle.views import due as views
from isp_lifecycle.views.due import DueRow

due = typer.Typer(help="What will happen: list it, put it on another day, take it back.", invoke_without_command=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Key = Annotated[str, typer.Argument(help="An order's code, or the id that the list shows.")]
Why = Annotated[str, typer.Option("--reason", help="Why, in a few words: the audit and the CRM keep it.")]


def doors() -> Doors:
    """The doors of the running installation."""
    return open_doors(connected(load_settings()), application="due")


@due.callback()
def main(context: typer.Context, as_json: Json = False) -> None:
    """List what will happen, unless a command is named."""
    if context.invoked_subcommand is None:
        list_due(as_json=as_json)


@due.command(name="list")
def list_due(
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="plan_change, retry, visit, bulk, months ...")
    ] = None,
    since: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    text: Annotated[str, typer.Option("--for", help="Part of a customer's name, a service or an order.")] = "",
    area: Annotated[str | None, typer.Option(help="One area.")] = None,
    olt: Annotated[str | None, typer.Option(help="One OLT.")] = None,
    limit: Annotated[int, typer.Option(help="So many rows at most (up to 500).")] = 50,
    offset: Annotated[int, typer.Option(help="Pass over so many rows.")] = 0,
    as_json: Json = False,
) -> None:
    """List what will happen, the next first."""
    opened = doors()
    zone = opened.settings.company.tz
    page = views.due(
        opened.window,
        operator(),
        kinds=tuple(kind or ()),
        since=start_of(_day(since), zone=zone) if since else None,
        until=start_of(_day(until) + timedelta(days=1), zone=zone) if until else None,
        text=text,
        area=area,
        olt=olt,
        limit=limit,
        offset=offset,
    )
    if as_json:
        print_json({"total": page.total, "by_kind": page.by_kind, "rows": [asdict(row) for row in page.rows]})
        return
    now = opened.window.clock.now()
    print_table(("when", "in", "what", "for", "asked by", "id"), [_cells(row, now, zone) for row in page.rows])
    counts = ", ".join(f"{count} {views.kind_name(name).lower()}" for name, count in sorted(page.by_kind.items()))
    typer.echo(f"{len(page.rows)} of {page.total} shown. {counts or 'Nothing'} lies ahead.")


@due.command()
def move(
    key: Key,
    when: Annotated[str, typer.Argument(help="A day (YYYY-MM-DD); of a repeat: now, or YYYY-MM-DDTHH:MM.")],
    reason: Why = "",
    as_json: Json = False,
) -> None:
    """Put a dated order on another day, or try a repeat sooner or later."""
    opened = doors()
    if when == "now" or "T" in when:
        at = None if when == "now" else _moment(when, opened.settings.company.tz)
        moved = intake.try_at(opened.door, operator(), key=key, at=at)
    else:
        moved = intake.move(opened.door, operator(), key=key, to=_day(when), reason=reason)
    if as_json:
        print_json(asdict(moved))
        return
    local = moved.due_at.astimezone(opened.settings.company.tz)
    typer.echo(f"{moved.order_code or moved.key} happens at {local:%d %b %Y %H:%M}.")


@due.command()
def cancel(key: Key, reason: Why = "", as_json: Json = False) -> None:
    """Take a dated order back before it begins; its order is cancelled and the customer told."""
    intake.cancel(doors().door, operator(), key=key, reason=reason)
    if as_json:
        print_json({"key": key, "cancelled": True})
    else:
        typer.echo(f"{key} is taken back; its customer and the CRM are told.")


def _cells(row: DueRow, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    local = row.due_at.astimezone(zone)
    whom = " ".join(filter(None, (row.service_code, row.customer)))
    what = f"{row.title}: {row.what}" if row.what else row.title
    return (f"{local:%a %d %b %Y %H:%M}", _ahead(row.due_at - now), what, whom, row.asked_by, row.key)


def _ahead(length: timedelta) -> str:
    if length < timedelta(hours=48):
        return f"{max(length.total_seconds(), 0) / 3600:.0f} h" if length > timedelta(hours=1) else "at once"
    return f"{length.days} days"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is no day.", field="when", value=text, remedy="Write it as YYYY-MM-DD.") from None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        remedy = "Write it as YYYY-MM-DDTHH:MM, in the company's zone."
        raise Refused(f"{text!r} is no time.", field="when", value=text, remedy=remedy) from None
    return given if given.tzinfo else given.replace(tzinfo=zone)
