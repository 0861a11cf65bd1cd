"""``isp sample load``: put the sample town and its past into the database of the demo, once.

Each step finds what an interrupted start has done already, and the past comes last: where it stands, all is loaded.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import httpx
import typer

from isp_lifecycle.access.errors import UsernameTaken
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import FIRST_OLT, LAB_CONTROL, Doors, open_doors, outlines
from isp_lifecycle.cli.output import print_json
from isp_lifecycle.cli.sample.signins import PASSWORD, SignIn, sign_ins
from isp_lifecycle.cli.surroundings import connected
from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.intake import accounts
from isp_lifecycle.intake.history.light import PastFaults
from isp_lifecycle.intake.history.past import load as load_past
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.lab.client import LabClient, LabRefused
from isp_lifecycle.lab.town import Town, make_town, write_files
from isp_lifecycle.views.lists import shipped as lists
from isp_lifecycle.views.lists.model import Asked

#: What refers to what decides the order. Nothing refers to staff: they come first, because passwords take their time.
KINDS = ("staff", "plans", "pools", "nats", "closures", "plant", "splitters", "premises", "customers")
#: So much one feeder has lost by now: enough to be seen growing, less than what makes a line weak.
FADING_DB = 1.9
#: The lines of so many customers came to be during the last three months; all others were there before.
LATELY = 60

sample = typer.Typer(help="The demo's sample town.", no_args_is_help=True)


@sample.callback()
def _group() -> None:
    """Commands about the sample town."""


@sample.command()
def load(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Import the town's plans, numbers, plant, premises, staff and customers, give them a past, and set passwords."""
    settings = connected(load_settings())
    if settings.environment != "demo":
        raise Refused(
            "The sample town is for the demo only.",
            field="ISP_ENVIRONMENT",
            value=settings.environment,
            remedy="Use `isp import` for your own data.",
        )
    doors = open_doors(settings, application="sample")
    vendors = tuple(vendor for vendor in settings.lab_vendors.split(",") if vendor)
    town = make_town(olts=settings.lab_olts, vendors=vendors)
    counts = {} if is_loaded(doors) else load_town(doors, town)
    if counts:
        _fade(settings, faults_of(town))
    if as_json:
        print_json({"loaded": bool(counts), "rows": counts})
    else:
        rows = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts.items())
        typer.echo(f"The sample town is loaded: {rows}." if counts else "The sample town was loaded already.")


def is_loaded(doors: Doors) -> bool:
    """Whether there are orders: those of the past come last."""
    return lists.orders(doors.window, SYSTEM, asked=Asked()).total > 0


def load_town(doors: Doors, town: Town) -> dict[str, int]:
    """Import everything, set the demo's passwords, load the past; returns how many of what."""
    with tempfile.TemporaryDirectory() as folder:
        before = _files(doors, replace(town, customers=town.customers[:-LATELY]), Path(folder) / "before")
        after = _files(doors, replace(town, customers=town.customers[-LATELY:]), Path(folder) / "after")
    everybody = sign_ins(town)
    counts = {"staff": _import(doors, "staff", before["staff"])}
    with ThreadPoolExecutor(1) as beside:
        # A password is made to be slow to check, so to set; that needs no Python and leaves time for the rest.
        staff = beside.submit(_let_in, doors, town, [one for one in everybody if not one.at_portal])
        counts |= {kind: _import(doors, kind, before[kind]) for kind in KINDS if kind not in counts}
        _let_in(doors, town, [one for one in everybody if one.at_portal])
        staff.result()
    past = load_past(
        doors.door,
        SYSTEM,
        file=after["customers"],
        outlines=outlines(),
        seed=town.seed,
        faults=faults_of(town),
    )
    return counts | asdict(past)


def faults_of(town: Town) -> PastFaults:
    """What went wrong with the town's light: what it has from its first day on, and one feeder that fades."""
    ports = Counter((one.olt, one.pon_port) for one in town.customers)
    fullest = max(ports, key=lambda port: (ports[port], port)) if ports else None
    return PastFaults(
        drops={one.premises_code: one.loss_db for one in town.blemishes if one.kind == "splice"},
        dark=frozenset(one.premises_code for one in town.blemishes if one.kind == "dark"),
        fading=fullest,
        fading_db=FADING_DB,
    )


def _fade(settings: Settings, faults: PastFaults) -> None:
    """Have the feeder that fades do so in the simulated plant, so that the next reading goes on where the past ends."""
    if faults.fading is None:
        return
    with suppress(httpx.HTTPError, LabRefused), LabClient(f"http://127.0.0.1:{settings.port + LAB_CONTROL}") as lab:
        lab.splice("pon", ":".join(faults.fading), loss_db=faults.fading_db)


def _files(doors: Doors, town: Town, folder: Path) -> dict[str, ImportFile]:
    written = write_files(town, folder, base_port=doors.settings.port + FIRST_OLT)
    return {path.stem: ImportFile(path.name, path.read_bytes()) for path in written}


def _import(doors: Doors, kind: str, file: ImportFile) -> int:
    done = apply(doors.door, SYSTEM, kind=kind, file=file)
    if done.rejected:
        raise NeedsPerson(
            f"{done.rejected} of the town's {kind} were rejected, the first: {done.errors[0]}",
            remedy="Run `isp reset`, start again.",
        )
    return len(done.rows)


def _let_in(doors: Doors, town: Town, people: Sequence[SignIn]) -> None:
    """Give accounts their password; a customer's is made first."""
    for one in people:
        if not one.at_portal:
            accounts.set_password(doors.door, SYSTEM, username=one.username, password=PASSWORD)
            continue
        code = next(c.code for c in town.customers if c.email == one.username)
        with suppress(UsernameTaken):  # made by a start that was interrupted
            accounts.create_customer_account(
                doors.door, SYSTEM, customer_code=code, username=one.username, password=PASSWORD
            )
