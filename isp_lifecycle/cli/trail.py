"""``isp trail``: the audit trail: who did what, whether it is as it was written, and erasing a person from it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import trail as intake
from isp_lifecycle.views import trail as views
from isp_lifecycle.views.trail import TrailRow

trail = typer.Typer(help="The audit trail: list, check, export, erase a person.", invoke_without_command=True)

EXIT_BROKEN = 1

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Text = Annotated[str, typer.Option(help="Part of who, of what about, of the action or the reason; or a whole trace.")]
Since = Annotated[datetime | None, typer.Option(help="From this moment on (the provider's zone).")]
Until = Annotated[datetime | None, typer.Option(help="Before this moment.")]


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="trail")


@trail.callback()
def main(
    context: typer.Context,
    text: Text = "",
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many lines, the newest.")] = 30,
    as_json: Json = False,
) -> None:
    """List the newest lines, unless a command is named."""
    if context.invoked_subcommand is not None:
        return
    doors = _doors()
    zone = doors.settings.company.tz
    found = views.search(
        doors.window, operator(), text=text, since=_at(since, zone), until=_at(until, zone), limit=limit
    )
    if as_json:
        print_json({"lines": [_document(row) for row in found.rows], "more": found.more})
        return
    print_table(
        ("when", "who", "did", "about", "before → after, why"),
        [
            (
                f"{row.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                f"{row.actor} ({row.role}, {row.source}{f' {row.address}' if row.address else ''})",
                row.action,
                f"{row.subject_kind} {row.subject_id}".strip(),
                _what_came(row),
            )
            for row in found.rows
        ],
    )


@trail.command()
def verify(
    head: Annotated[str, typer.Option(help="A head that was noted elsewhere at an earlier check.")] = "",
    as_json: Json = False,
) -> None:
    """Check every line, link and signature; exit code 1 when the trail is not as it was written."""
    doors = _doors()
    verdict = views.verify(doors.window, operator(), known_head=head)
    if as_json:
        print_json({**vars(verdict), "broken": [vars(one) for one in verdict.broken], "sound": verdict.sound})
    else:
        typer.echo(f"{verdict.lines} lines in the chain, {verdict.heads} signed ends, {verdict.erased} lines erased.")
        if verdict.unsealed:
            typer.echo(f"{verdict.unsealed} lines wait to be chained, the oldest since {verdict.unsealed_since}.")
        for broken in verdict.broken:
            typer.echo(f"Line {broken.seq}: {broken.what}" + (f"\n    {broken.line}" if broken.line else ""))
        if verdict.sound:
            typer.echo("It is as it was written." if verdict.lines else "Nothing is in the chain yet.")
            typer.echo(f"Its head, to be noted elsewhere: {verdict.head}" if verdict.head else "")
    if not verdict.sound:
        raise typer.Exit(EXIT_BROKEN)


@trail.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it (CSV).")],
    text: Text = "",
    since: Since = None,
    until: Until = None,
) -> None:
    """Write lines to a file, with their hashes."""
    doors = _doors()
    zone = doors.settings.company.tz
    content = views.exported(doors.window, operator(), text=text, since=_at(since, zone), until=_at(until, zone))
    file.write_text(content, encoding="utf-8", newline="")
    typer.echo(f"{file}: {content.count(chr(13)) - 1} lines.")


@trail.command()
def erase(
    customer: Annotated[str, typer.Argument(help="The customer's code.")],
    reason: Annotated[str, typer.Option(help="Who asked for it, and when.")],
    as_json: Json = False,
) -> None:
    """Erase a customer's name, e-mail, telephone and accounts from the trail; the chain still holds."""
    doors = _doors()
    lines = intake.erase(doors.door, operator(), customer_code=customer, reason=reason)
    if as_json:
        print_json({"customer": customer, "lines": lines})
    else:
        typer.echo(f"{customer} was erased from {lines} lines.")


def _at(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=zone)


def _document(row: TrailRow) -> dict[str, object]:
    return {**vars(row), "changes": [vars(change) for change in row.changes]}


def _what_came(row: TrailRow) -> str:
    changes = "; ".join(f"{c.what} {c.before} → {c.after}" for c in row.changes)
    return ". ".join(part for part in (changes, row.reason) if part)
