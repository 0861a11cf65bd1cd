"""Splice closures, and splitters with the closures that they sit in and are fed through (CSV)."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level
from isp_lifecycle.intake.imports.plant import SPLITTERS as INNER
from isp_lifecycle.intake.imports.plant import SplitterRow, put_splitter, splitter_row
from isp_lifecycle.inventory import actions as inventory


@dataclass(frozen=True, kw_only=True)
class ClosureRow:
    """A closure as the file has it."""

    code: str
    splices: int
    latitude: float
    longitude: float

    @property
    def key(self) -> str:
        """Its code."""
        return f"closure {self.code}"


def read(cells: Cells) -> ClosureRow:
    """Read one closure."""
    return ClosureRow(
        code=cells.text("code"),
        splices=cells.integer("splices"),
        latitude=cells.number("latitude"),
        longitude=cells.number("longitude"),
    )


def put(act: Act, row: ClosureRow, _known: Known) -> Landed:
    """Bring the closure to this."""
    done = inventory.put_closure(
        tx=act.tx, code=row.code, splices=row.splices, latitude=row.latitude, longitude=row.longitude
    )
    return Landed(change=done.change)


def _read_splitter(cells: Cells) -> SplitterRow:
    return splitter_row(cells, olt=cells.text("olt"), pon_port=cells.text("pon_port"))


def _put_splitter(act: Act, row: SplitterRow, _known: Known) -> Landed:
    return put_splitter(act, row)


CLOSURES: Kind[ClosureRow] = Kind(
    name="closures",
    title="Splice closures",
    form=Form.CSV,
    level=Level(
        name="closures",
        columns=(
            Column(name="code", meaning="the closure's own code"),
            Column(name="splices", meaning="for how many splices it has room; a splitter takes one an end"),
            Column(name="latitude", meaning="degrees north, WGS 84"),
            Column(name="longitude", meaning="degrees east, WGS 84"),
        ),
    ),
    read=read,
    put=put,
    renamed={"closure": "splices"},
)
SPLITTERS: Kind[SplitterRow] = Kind(
    name="splitters",
    title="Splitters",
    form=Form.CSV,
    level=Level(
        name="splitters",
        columns=(
            Column(name="olt", meaning="the OLT's name"),
            Column(name="pon_port", meaning="the PON port that feeds it, frame/slot/port"),
            *INNER.columns,
        ),
    ),
    read=_read_splitter,
    put=_put_splitter,
    renamed={"splitter": "parent", "splitter_code": "parent"},
)
