"""The way in: load the past of a demo, once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from isp_lifecycle.events.store import deliveries
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.history.desk import write_asked, write_turned_down
from isp_lifecycle.intake.history.errors import AlreadyInUse, DemoOnly
from isp_lifecycle.intake.history.light import PastFaults, write_light
from isp_lifecycle.intake.history.lines import write_line
from isp_lifecycle.intake.history.money import charge_month, months_after
from isp_lifecycle.intake.history.rows import Outlines, PastRows
from isp_lifecycle.intake.history.scene import Scene
from isp_lifecycle.intake.history.story import LONGEST_AGO, invent
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.customers import CustomerRow
from isp_lifecycle.intake.imports.files import read_records
from isp_lifecycle.intake.imports.kinds import kind_of
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import LineSource


@dataclass(frozen=True, kw_only=True)
class PastLoaded:
    """What was written."""

    activations: int
    mishaps: int
    plan_changes: int
    turned_down: int
    tickets: int
    readings: int


@enters("import.run")
def load(act: Act, *, file: ImportFile, outlines: Outlines, seed: int, faults: PastFaults = PastFaults()) -> PastLoaded:
    """Let the lines of a customers' file come to be one by one during the last three months.

    The lines stand on the (simulated) devices already. ``outlines`` are the steps of every workflow, ``faults`` what
    went wrong with their light in the last weeks, which was read each night. Raises DemoOnly outside the demo and
    AlreadyInUse where anything has been delivered; loading it twice is therefore refused.
    """
    if act.settings.environment != "demo":
        raise DemoOnly(act.settings.environment)
    if found := act.tx.execute(sa.select(sa.func.count()).select_from(deliveries)).scalar_one():
        raise AlreadyInUse(found)
    act.about("history", seed)
    chance = random.Random(seed)  # noqa: S311 - an invented past, not a secret
    scene = Scene(
        act=act,
        rows=PastRows(outlines),
        chance=chance,
        sales=_people(act.tx, "sales"),
        support=_people(act.tx, "support"),
    )
    _charge_those_before(scene)
    story = invent(_rows(file), chance=chance, now=act.at, zone=act.settings.company.tz)
    services = [write_line(scene, past) for past in story]
    turned_down, tickets = write_turned_down(scene), write_asked(scene, services)
    scene.rows.write(act.tx)
    return PastLoaded(
        activations=len(story),
        mishaps=sum(past.mishap is not None for past in story),
        plan_changes=sum(past.upgrade is not None for past in story),
        turned_down=turned_down,
        tickets=tickets,
        readings=write_light(act, faults, chance=chance),
    )


def _rows(file: ImportFile) -> list[CustomerRow]:
    """The file's rows; a file with a bad row is not for this."""
    kind = kind_of("customers")
    rows: list[CustomerRow] = []
    for record in read_records(kind, file.content):
        cells = Cells(record)
        rows.append(kind.read(cells))
        if cells.errors:
            raise NeedsPerson(str(cells.errors[0]), field="file", value=file.name)
    return rows


def _people(tx: Tx, role: str) -> list[str]:
    """Who of the staff has this role."""
    names = tx.execute(sa.text("SELECT username FROM users WHERE role = :role ORDER BY username"), {"role": role})
    found = list(names.scalars())
    if not found:
        raise NeedsPerson(
            say("There is no {role} staff.", role=role), field="role", value=role, remedy=say("Import the staff first.")
        )
    return found


def _charge_those_before(scene: Scene) -> None:
    """Charge the lines that an import took over for the months of this past, too."""
    act = scene.act
    codes = act.tx.execute(
        sa.text(
            "SELECT s.code FROM services s JOIN lines l ON l.service_id = s.id WHERE l.source = :source ORDER BY 1"
        ),
        {"source": str(LineSource.IMPORT)},
    ).scalars()
    for code in list(codes):
        service = inventory.service_by_code(tx=act.tx, code=code)
        for month in months_after(act.today - LONGEST_AGO, until=act.today - timedelta(days=act.today.day)):
            if service.active_on is not None and service.active_on < month:
                charge_month(scene, service, service.terms, month)
