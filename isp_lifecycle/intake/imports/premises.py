"""Premises: addresses with their place, and where fibre passes, the splitter's port and the drop (CSV)."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.errors import NotInPlant
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level


@dataclass(frozen=True, kw_only=True)
class PremisesRow:
    """A premises as the file has it."""

    premises_code: str
    area: str
    street: str
    number: str
    unit: str | None
    postcode: str
    city: str
    latitude: float
    longitude: float
    splitter_code: str | None
    splitter_port: int | None
    drop_m: int | None

    @property
    def key(self) -> str:
        """Its code."""
        return self.premises_code


def read(cells: Cells) -> PremisesRow:
    """Read one premises."""
    return PremisesRow(
        premises_code=cells.text("premises_code"),
        area=cells.text("area"),
        street=cells.text("street"),
        number=cells.text("number"),
        unit=cells.maybe_text("unit"),
        postcode=cells.maybe_text("postcode") or "",
        city=cells.text("city"),
        latitude=cells.number("latitude"),
        longitude=cells.number("longitude"),
        splitter_code=cells.maybe_text("splitter_code"),
        splitter_port=cells.maybe_integer("splitter_port"),
        drop_m=cells.maybe_integer("drop_m"),
    )


def put(act: Act, row: PremisesRow, known: Known) -> Landed:
    """Bring the premises to this. Its splitter must be on record, and have that port."""
    if row.splitter_code is not None:
        ratio = known.route(row.splitter_code, drop_m=0).splitters[-1].ratio
        if row.splitter_port is not None and row.splitter_port > ratio:
            raise NotInPlant(
                field="splitter_port",
                value=row.splitter_port,
                message=say(
                    "Splitter {splitter_code} has {ratio} ports.", splitter_code=row.splitter_code, ratio=ratio
                ),
                remedy=say("Write a port from 1 to {ratio}, or correct the splitter in the plant.", ratio=ratio),
            )
    done = customers.put_premises(
        tx=act.tx,
        code=row.premises_code,
        area=row.area,
        street=row.street,
        number=row.number,
        unit=row.unit,
        postcode=row.postcode,
        city=row.city,
        latitude=row.latitude,
        longitude=row.longitude,
        splitter_code=row.splitter_code,
        splitter_port=row.splitter_port,
        drop_m=row.drop_m,
    )
    return Landed(change=done.change)


PREMISES = Kind(
    name="premises",
    title="Premises",
    form=Form.CSV,
    level=Level(
        name="premises",
        columns=(
            Column(name="premises_code", meaning="the premises' own code"),
            Column(name="area", meaning="the area that engineers and pools are assigned by"),
            Column(name="street", meaning="street"),
            Column(name="number", meaning="house number"),
            Column(name="unit", meaning="flat or floor", required=False),
            Column(name="postcode", meaning="postcode", required=False),
            Column(name="city", meaning="town"),
            Column(name="latitude", meaning="degrees north, WGS 84"),
            Column(name="longitude", meaning="degrees east, WGS 84"),
            Column(name="splitter_code", meaning="splitter of the plant; empty = no fibre yet", required=False),
            Column(name="splitter_port", meaning="the splitter's port for it, from 1", required=False),
            Column(name="drop_m", meaning="length of the drop cable, metres", required=False),
        ),
    ),
    read=read,
    put=put,
    renamed={"code": "premises_code", "splitter": "splitter_code"},
)
