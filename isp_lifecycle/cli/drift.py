"""``isp drift``: compare OLTs with the records, and decide about what differs."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json, print_table
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import drift as intake
from isp_lifecycle.views import drift as views
from isp_lifecycle.views.drift import DriftRow

drift = typer.Typer(
    help="In what OLTs differ from the records: compare, list, mend, take as found.", invoke_without_command=True
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Which = Annotated[str, typer.Argument(help="The drift: its id, or the line's code.")]
#: A comparison of a full OLT takes seconds; with others before it in the queue a little more.
WAIT_SECONDS = 120.0


def _doors() -> Doors:
    return open_doors(connected(load_settings()), application="drift")


@drift.callback()
def main(
    context: typer.Context, olt: Annotated[str | None, typer.Option(help="One OLT.")] = None, as_json: Json = False
) -> None:
    """List what differs and is not settled, unless a command is named."""
    if context.invoked_subcommand is None:
        _list(_doors(), olt, as_json=as_json)


@drift.command()
def compare(
    olt: Annotated[str, typer.Argument(help="The OLT's name, such as OLT-NORTH.")], as_json: Json = False
) -> None:
    """Have an OLT compared with the records now, wait for it, and list what differs."""
    doors = _doors()
    intake.compare(doors.door, operator(), olt=olt)
    deadline = time.monotonic() + WAIT_SECONDS
    while (standing := _standing(doors, olt)).under_way is not None:
        if standing.failed or time.monotonic() > deadline:
            raise Refused(
                standing.failed or f"{olt} was not compared within {WAIT_SECONDS:.0f} s.",
                field="olt",
                value=olt,
                remedy=f"See `isp queue show {standing.under_way}`; it goes on from there.",
            )
        time.sleep(0.2)
    _list(doors, olt, as_json=as_json)


@drift.command()
def show(which: Which, as_json: Json = False) -> None:
    """Show one with every difference, its plan, and who may agree to it."""
    row = _chosen(_doors(), which)
    if as_json:
        print_json(vars(row))
        return
    typer.echo(f"{row.key} on {row.olt} ({row.state}), {row.customer}".rstrip(", "))
    for difference in row.differences:
        typer.echo(f"  {difference}")
    typer.echo(row.plan or f"No plan: {row.obstacle}")
    if row.may_approve:
        typer.echo(f"May agree to it: {', '.join(row.may_approve)}")


@drift.command()
def mend(which: Which, as_json: Json = False) -> None:
    """Agree to its plan: the line is brought back to what was built, or what is nobody's is taken off the OLT."""
    doors = _doors()
    row = _chosen(doors, which)
    agree = intake.remove if row.remedy == "remove" else intake.repair
    delivery_id = agree(doors.door, operator(), drift_id=row.id)
    if as_json:
        print_json({"drift": row.id, "delivery": delivery_id})
    else:
        typer.echo(f"Its plan is being carried out; `isp queue show {delivery_id}` tells how it goes.")


@drift.command()
def record(which: Which, as_json: Json = False) -> None:
    """Take it as found: the record is brought to the place and the ONT that stand on the OLT."""
    doors = _doors()
    row = _chosen(doors, which)
    delivery_id = intake.take_as_found(doors.door, operator(), drift_id=row.id)
    if as_json:
        print_json({"drift": row.id, "delivery": delivery_id})
    else:
        typer.echo(f"It is being put on record; `isp queue show {delivery_id}` tells how it goes.")


def _standing(doors: Doors, olt: str) -> views.OltDrift:
    return next(row for row in views.olts(doors.window, operator()) if row.olt == olt)


def _chosen(doors: Doors, which: str) -> DriftRow:
    found = [row for row in views.drifts(doors.window, operator()) if which in (row.key, str(row.id))]
    if len(found) != 1:
        what = "No drift" if not found else "More than one drift"
        raise Refused(
            f"{what} of {which} is open.", field="drift", value=which, remedy="See `isp drift` for those there are."
        )
    return found[0]


def _list(doors: Doors, olt: str | None, *, as_json: bool) -> None:
    rows = views.drifts(doors.window, operator(), olt=olt)
    if as_json:
        print_json({"drifts": [vars(row) for row in rows]})
        return
    if not rows:
        typer.echo("Nothing differs, as far as was compared. `isp olt list` tells when that was.")
        return
    cells = [(row.olt, row.key, row.state, row.remedy, " ".join(row.differences)) for row in rows]
    print_table(("OLT", "line", "state", "remedy", "what differs"), cells)
