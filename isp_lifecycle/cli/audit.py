"""``isp audit``: compares records, devices and messages; exit code 1: something is wrong, 3: not all was seen."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer

from isp_lifecycle import bootstrap
from isp_lifecycle.cli.operator import operator
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.migrations import steps
from isp_lifecycle.views.audit.model import AuditReport, Outcome
from isp_lifecycle.views.audit.whole import audit as whole_audit

EXITS = {Outcome.CLEAN: 0, Outcome.FOUND: 1, Outcome.INCOMPLETE: 3}
LAST_WORDS = {
    Outcome.CLEAN: "Clean: all that was looked at agrees.",
    Outcome.FOUND: "Found: see above what to do about each.",
    Outcome.INCOMPLETE: "Incomplete: of what could not be looked at nothing is known.",
}


def audit(
    olt: Annotated[str | None, typer.Option("--olt", help="Look at this OLT only; all records are compared.")] = None,
    without_devices: Annotated[
        bool, typer.Option("--without-devices", help="Compare the records and messages only; ask no OLT.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Compare records, devices, addresses, charges and messages; name what is lost, doubled, leaked or unowned.

    It changes nothing, and may run while people and workers work: what a workflow has in hand is left to it.

    lost: should have happened or should stand, and did or does not. doubled: happened or stands twice. leaked: held,
    or standing on a device, for nobody. unowned: unfinished, and no person, due time, lease or turn accounts for it.

    Exit code 0: clean. 1: something was found. 3: something could not be looked at (an OLT that does not answer).
    """
    settings = connected(load_settings())
    doors = bootstrap.open_doors(settings, application="audit")
    if (present := steps.present(doors.window.engine)) != (needed := steps.newest()):
        raise NeedsPerson(
            f"The database is at {present or 'nothing'}, this version needs {needed}.", remedy="Run `isp db upgrade`."
        )
    report = whole_audit(
        doors.window, operator(), outside=bootstrap.open_outside(settings), olt=olt, devices=not without_devices
    )
    tell(report, as_json=as_json)


def tell(report: AuditReport, *, as_json: bool) -> None:
    """Print a report and end with its exit code."""
    if as_json:
        print_json({"outcome": report.outcome, "counts": report.counts, **asdict(report)})
    else:
        _print(report)
    if EXITS[report.outcome]:
        raise typer.Exit(EXITS[report.outcome])


def _print(report: AuditReport) -> None:
    for kind, findings in groupby(report.findings, key=lambda finding: finding.kind):
        for finding in findings:
            typer.echo(f"{kind.upper():<8} {finding.about} {finding.key}: {finding.what}")
            typer.echo(f"{'':8} -> {finding.remedy}")
    for missed in report.not_looked_at:
        typer.echo(f"{'NOT SEEN':<8} {missed.what}: {missed.why}\n{'':8} -> {missed.remedy}")
    for note in report.notes:
        typer.echo(f"{'note':<8} {note.about}: {note.what}")
    for part in report.looked_at:
        typer.echo(f"{'looked':<8} {part.what}: {part.count} in {part.seconds:.1f} s")
    counts = ", ".join(f"{count} {kind}" for kind, count in report.counts.items())
    typer.echo(
        f"{counts}; {len(report.not_looked_at)} not looked at; {report.seconds:.1f} s. {LAST_WORDS[report.outcome]}"
    )
