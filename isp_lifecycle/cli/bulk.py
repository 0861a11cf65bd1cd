"""``isp bulk``: change many services at once: prepare, look, agree (as somebody else), watch, pause, stop, report."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import bulk as intake
from isp_lifecycle.views import bulk as views
from isp_lifecycle.views.bulk import BulkDetail

bulk = typer.Typer(help="Change many services at once.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Code = Annotated[str, typer.Argument(help="Its code, such as B-000001.")]
Why = Annotated[str, typer.Option("--reason", help="Why, in a few words: it is kept and shown.")]
Only = Annotated[
    str | None, typer.Option("--only", help="left out, not written, scheduled, queued, tried again, failed, done ...")
]

#: So many rows of each part of a preview are printed.
LISTED = 12


def doors() -> Doors:
    """The doors of the running installation."""
    return open_doors(connected(load_settings()), application="bulk")


@bulk.command(name="plan-change")
def plan_change(
    to: Annotated[str, typer.Option("--to", help="The code of the plan that all get.")],
    on: Annotated[str, typer.Option("--on", help="The day, YYYY-MM-DD.")],
    reason: Why = "",
    plan: Annotated[str | None, typer.Option(help="Services on this plan.")] = None,
    area: Annotated[str | None, typer.Option(help="Services in this area.")] = None,
    olt: Annotated[str | None, typer.Option(help="Services at this OLT.")] = None,
    file: Annotated[Path | None, typer.Option(help="Service codes, one a row, in the first column.")] = None,
    as_json: Json = False,
) -> None:
    """Prepare a plan change of many services and show what it would do; nothing happens until another person agrees."""
    opened, rows = doors(), _rows(file) if file else None
    proposed = intake.propose_plan_change(
        opened.door,
        operator(),
        to_plan=to,
        wanted_on=_day(on),
        reason=reason,
        plan=plan,
        area=area,
        olt=olt,
        codes=rows,
        file=file.name if file else None,
    )
    _show(views.bulk(opened.window, operator(), code=proposed.code), as_json=as_json)


@bulk.command(name="list")
def list_bulks(as_json: Json = False) -> None:
    """List changes of many services, the newest first."""
    rows, total = views.bulks(doors().window, operator(), limit=100)
    if as_json:
        print_json({"total": total, "rows": [asdict(row) for row in rows]})
        return
    print_table(
        ("code", "state", "day", "to", "services", "done", "failed", "selection"),
        [
            (r.code, r.state, str(r.wanted_on), r.plan_name, str(r.changes), str(r.done), str(r.failed), r.selection)
            for r in rows
        ],
    )


@bulk.command()
def show(code: Code, as_json: Json = False) -> None:
    """Show one: what it does, what it leaves out, and how far it is."""
    _show(views.bulk(doors().window, operator(), code=code), as_json=as_json)


@bulk.command()
def approve(code: Code, as_json: Json = False) -> None:
    """Agree to what somebody else has prepared."""
    opened = doors()
    intake.approve(opened.door, operator(), code=code)
    _say(code, "is approved; its orders are being written", as_json=as_json)


@bulk.command()
def reject(code: Code, reason: Why = "", as_json: Json = False) -> None:
    """Say no to it, or take back what one has prepared."""
    intake.reject(doors().door, operator(), code=code, reason=reason)
    _say(code, "is rejected", as_json=as_json)


@bulk.command()
def pause(code: Code, reason: Why = "", as_json: Json = False) -> None:
    """Let nothing more of it begin; what runs comes to its end."""
    waiting = intake.pause(doors().door, operator(), code=code, reason=reason)
    _say(code, f"is paused; {waiting} services wait", as_json=as_json)


@bulk.command()
def resume(code: Code, as_json: Json = False) -> None:
    """Let it go on."""
    waited = intake.resume(doors().door, operator(), code=code)
    _say(code, f"goes on with {waited} services", as_json=as_json)


@bulk.command()
def stop(code: Code, reason: Why = "", as_json: Json = False) -> None:
    """Give it up: what has not begun is taken back, what was done stays."""
    taken_back = intake.stop(doors().door, operator(), code=code, reason=reason)
    _say(code, f"is stopped; {taken_back} orders are taken back", as_json=as_json)


@bulk.command()
def report(
    code: Code,
    only: Only = None,
    out: Annotated[Path | None, typer.Option("--csv", help="Write all rows into this file.")] = None,
    as_json: Json = False,
) -> None:
    """Say what became of each service, with the reason of each that failed or was left out."""
    opened = doors()
    if out is not None:
        text = views.report(opened.window, operator(), code=code, only=only)
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror}.", field="csv", value=str(out)) from None
        rows = text.count("\n") - 1
        print_json({"code": code, "rows": rows, "file": out}) if as_json else typer.echo(f"{rows} rows are in {out}.")
        return
    page = views.items(opened.window, operator(), code=code, only=only, limit=500)
    if as_json:
        print_json({"code": code, "total": page.total, "rows": [asdict(row) for row in page.rows]})
        return
    print_table(
        ("service", "olt", "state", "order", "why"),
        [(r.service_code, r.olt, r.state, r.order_code or "", r.why) for r in page.rows],
    )
    typer.echo(f"{len(page.rows)} of {page.total} shown; --csv FILE writes all.")


def _show(b: BulkDetail, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(b))
        return
    p = b.progress
    typer.echo(f"{b.code} ({b.state}): {p.total} services {b.selection} go to {b.plan_name} on {b.wanted_on}.")
    typer.echo(f"Prepared by {b.asked_by}: {b.reason}")
    typer.echo(f"All of them together pay {b.sum} a month more (less, where that is negative).\n")
    print_table(
        ("from", "price", "services", "each", "together"),
        [(r.old_plan, str(r.old_price), str(r.services), str(r.difference), str(r.sum)) for r in b.prices[:LISTED]],
    )
    typer.echo()
    print_table(
        ("OLT", "services", "its own time"), [(r.olt, str(r.services), _minutes(r.seconds)) for r in b.olts[:LISTED]]
    )
    if len(b.olts) > LISTED:
        typer.echo(f"and {len(b.olts) - LISTED} more OLTs")
    for row in b.left_out:
        typer.echo(f"left out: {row.services}, {row.why}.")
    for bad in b.bad_rows:
        typer.echo(f"row {bad.line}: {bad.text!r} {bad.why}.", err=True)
    if b.state != "proposed":
        rate = f" {p.per_minute:.0f} a minute." if p.per_minute else ""
        typer.echo(
            f"\n{p.done} done, {p.running} running, {p.failed} failed, {p.tried_again} tried again, {p.left} left, "
            f"{p.unwritten} not written yet, {p.cancelled} cancelled.{rate}"
        )
    if b.paused:
        typer.echo(f"Paused by {b.paused.by}: {b.paused.reason}")
    if b.state == "proposed":
        typer.echo(
            f"\nNothing happens until a second person agrees: isp bulk approve {b.code}, or the page Bulk changes."
        )


def _minutes(seconds: float | None) -> str:
    return "not measured yet" if seconds is None else f"about {seconds / 60:.1f} min"


def _say(code: str, what: str, *, as_json: bool) -> None:
    print_json({"code": code, "what": what}) if as_json else typer.echo(f"{code} {what}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is no day.", field="on", value=text, remedy="Write it as YYYY-MM-DD.") from None


def _rows(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {error}.", field="file", value=str(file)) from None
