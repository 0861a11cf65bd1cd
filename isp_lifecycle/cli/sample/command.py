"""``isp sample load``: put the sample town into the database of the demo; loaded already, it changes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import FIRST_OLT, Doors, open_doors
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.sample.signins import PASSWORD, sign_ins
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import accounts
from isp_lifecycle.intake.imports.entry import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.lab.town import Town, make_town, write_files
from isp_lifecycle.views import network

#: What refers to what decides the order.
KINDS = ("plans", "pools", "plant", "premises", "staff", "customers")

sample = typer.Typer(help="The demo's sample town.", no_args_is_help=True)


@sample.callback()
def _group() -> None:
    """Commands about the sample town."""


@sample.command()
def load(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Import the town's plans, pools, plant, premises, staff and customers, and give the demo's accounts passwords."""
    settings = connected(load_settings())
    if settings.environment != "demo":
        raise Refused(
            "The sample town is for the demo only.",
            field="ISP_ENVIRONMENT",
            value=settings.environment,
            remedy="Use `isp import` for your own data.",
        )
    doors = open_doors(settings, application="sample")
    town = make_town(today=today(clock=doors.door.clock, zone=settings.company.tz))
    counts = {} if network.plant(doors.window, SYSTEM) else _load(doors, town)
    if as_json:
        print_json({"loaded": bool(counts), "rows": counts})
    else:
        rows = ", ".join(f"{number} {kind}" for kind, number in counts.items())
        typer.echo(f"The sample town is loaded: {rows}." if counts else "The sample town was loaded already.")


def _load(doors: Doors, town: Town) -> dict[str, int]:
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        written = write_files(town, Path(folder), base_port=doors.settings.port + FIRST_OLT)
        files = {path.stem: path for path in written}
        for kind in KINDS:
            content = ImportFile(files[kind].name, files[kind].read_bytes())
            done = apply(doors.door, SYSTEM, kind=kind, file=content)
            if done.rejected:
                raise NeedsPerson(
                    f"{done.rejected} of the town's {kind} were rejected.", remedy="Run `isp reset`, start again."
                )
            counts[kind] = len(done.rows)
    for one in sign_ins(town):
        if one.at_portal:
            code = next(c.code for c in town.customers if c.email == one.username)
            accounts.create_customer_account(
                doors.door, SYSTEM, customer_code=code, username=one.username, password=PASSWORD
            )
        else:
            accounts.set_password(doors.door, SYSTEM, username=one.username, password=PASSWORD)
    return counts
