"""The plant: OLTs, in each its PON ports, behind each its splitters (YAML); a splitter stands after its parent."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level
from isp_lifecycle.intake.secrets import known_accounts
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.errors import PlantWrong
from isp_lifecycle.inventory.model import Passage, PonPort


@dataclass(frozen=True, kw_only=True)
class OltRow:
    """An OLT as the file has it."""

    name: str
    vendor: str
    model: str
    area: str
    host: str
    port: int
    credentials: str
    uplink: str

    @property
    def key(self) -> str:
        """Its name."""
        return f"OLT {self.name}"


@dataclass(frozen=True, kw_only=True)
class PonPortRow:
    """A PON port as the file has it."""

    olt: str
    port: str
    tx_dbm: float

    @property
    def key(self) -> str:
        """Its OLT and number."""
        return f"PON port {self.olt} {self.port}"


@dataclass(frozen=True, kw_only=True)
class SplitterRow:
    """A splitter as the file has it."""

    olt: str
    pon_port: str
    code: str
    parent: str | None
    parent_port: int | None
    ratio: int
    fibre_m: int
    latitude: float
    longitude: float
    closure: str | None = None
    through: tuple[Passage, ...] | None = None

    @property
    def key(self) -> str:
        """Its code."""
        return f"splitter {self.code}"


type PlantRow = OltRow | PonPortRow | SplitterRow


def read(cells: Cells) -> PlantRow:
    """Read one entry of whichever level."""
    readers = {OLTS.name: _olt, PON_PORTS.name: _pon_port, SPLITTERS.name: _splitter}
    return readers[cells.record.level.name](cells)


def _olt(cells: Cells) -> PlantRow:
    return OltRow(
        name=cells.text("name"),
        vendor=cells.text("vendor"),
        model=cells.text("model"),
        area=cells.text("area"),
        host=cells.text("host"),
        port=cells.integer("port"),
        credentials=cells.text("credentials"),
        uplink=cells.text("uplink"),
    )


def _pon_port(cells: Cells) -> PlantRow:
    olt = cells.of(OLTS.name).text("name")
    return PonPortRow(olt=olt, port=cells.text("port"), tx_dbm=cells.number("tx_dbm"))


def _splitter(cells: Cells) -> PlantRow:
    return splitter_row(cells, olt=cells.of(OLTS.name).text("name"), pon_port=cells.of(PON_PORTS.name).text("port"))


def splitter_row(cells: Cells, *, olt: str, pon_port: str) -> SplitterRow:
    """Read a splitter behind this port."""
    return SplitterRow(
        olt=olt,
        pon_port=pon_port,
        code=cells.text("code"),
        parent=cells.maybe_text("parent"),
        parent_port=cells.maybe_integer("parent_port"),
        ratio=cells.integer("ratio"),
        fibre_m=cells.integer("fibre_m"),
        latitude=cells.number("latitude"),
        longitude=cells.number("longitude"),
        closure=cells.maybe_text("closure"),
        through=_through(cells),
    )


def _through(cells: Cells) -> tuple[Passage, ...] | None:
    """`CL-1, CL-2:0.08`: closures in order from the OLT on, each with what its splice was measured to lose."""
    text = cells.maybe_text("through")
    if text is None or text == "-":
        return None if text is None else ()
    passages: list[Passage] = []
    for part in text.split(","):
        code, _, loss = part.strip().partition(":")
        try:
            passages.append(Passage(closure=code.strip(), loss_db=float(loss) if loss else None))
        except ValueError:
            cells.wrong("through", f"has a loss that is no number: {loss}.", "Write closures as CL-1, CL-2:0.08.")
        except PlantWrong as wrong:
            cells.wrong("through", f"is not possible: {wrong}", "A splice loses 0 to 5 dB.")
        if not code.strip():
            cells.wrong("through", "names no closure.", "Write closures as CL-1, CL-2:0.08.")
    return tuple(passages)


def put(act: Act, row: PlantRow, _known: Known) -> Landed:
    """Bring one part of the plant to this."""
    match row:
        case OltRow():
            return _put_olt(act, row)
        case PonPortRow():
            olt = inventory.olt_by_name(tx=act.tx, name=row.olt)
            done = inventory.put_pon_port(tx=act.tx, olt_id=olt.id, port=row.port, tx_dbm=row.tx_dbm)
            return Landed(change=done.change)
        case SplitterRow():
            return put_splitter(act, row)


def _put_olt(act: Act, row: OltRow) -> Landed:
    done = inventory.put_olt(
        tx=act.tx,
        name=row.name,
        vendor=row.vendor,
        model=row.model,
        area=row.area,
        host=row.host,
        port=row.port,
        credentials=row.credentials,
        uplink=row.uplink,
        at=act.at,
    )
    known = row.credentials in known_accounts(act)
    note = f"There is no device account {row.credentials!r} yet (`isp secrets set {row.credentials}` makes one)."
    return Landed(change=done.change, notes=() if known else (note,))


def put_splitter(act: Act, row: SplitterRow) -> Landed:
    """Bring a splitter to this."""
    done = inventory.put_splitter(
        tx=act.tx,
        code=row.code,
        pon_port_id=pon_port_of(act, olt=row.olt, port=row.pon_port).id,
        ratio=row.ratio,
        fibre_m=row.fibre_m,
        latitude=row.latitude,
        longitude=row.longitude,
        parent=row.parent,
        parent_port=row.parent_port,
        closure=row.closure,
        through=row.through,
    )
    return Landed(change=done.change)


def pon_port_of(act: Act, *, olt: str, port: str) -> PonPort:
    """The PON port of that number on the OLT of that name; raises NotFound for either."""
    found = inventory.olt_by_name(tx=act.tx, name=olt)
    for pon_port in inventory.pon_ports_of(tx=act.tx, olt_id=found.id):
        if pon_port.port == port:
            return pon_port
    raise NotFound("PON port", f"{olt} {port}")


SPLITTERS = Level(
    name="splitters",
    columns=(
        Column(name="code", meaning="the splitter's own code"),
        Column(name="parent", meaning="the splitter before it; empty = the OLT", required=False),
        Column(name="parent_port", meaning="the parent's port; empty = the lowest free one", required=False),
        Column(name="ratio", meaning="how many ways it splits: 2, 4, 8, 16 or 32"),
        Column(name="fibre_m", meaning="fibre that feeds it, metres"),
        Column(name="latitude", meaning="degrees north, WGS 84"),
        Column(name="longitude", meaning="degrees east, WGS 84"),
        Column(name="closure", meaning="the closure it sits in; empty = as recorded", required=False),
        Column(
            name="through",
            meaning="closures that its feed is spliced in, from the OLT on, with the loss where it was measured: "
            "CL-1, CL-2:0.08; - = none, empty = as recorded",
            required=False,
        ),
    ),
)
PON_PORTS = Level(
    name="pon_ports",
    columns=(
        Column(name="port", meaning="frame/slot/port, such as 0/1/0"),
        Column(name="tx_dbm", meaning="level that it sends with, dBm"),
    ),
    inner=SPLITTERS,
)
OLTS = Level(
    name="olts",
    columns=(
        Column(name="name", meaning="the OLT's name"),
        Column(name="vendor", meaning="whose commands it speaks, such as huawei"),
        Column(name="model", meaning="model, such as MA5800-X7"),
        Column(name="area", meaning="where it stands"),
        Column(name="host", meaning="address of its management port"),
        Column(name="port", meaning="its SSH port"),
        Column(name="credentials", meaning="name of a group of device accounts in the settings"),
        Column(name="uplink", meaning="port towards the core, such as 0/9/0"),
    ),
    inner=PON_PORTS,
)
PLANT: Kind[PlantRow] = Kind(
    name="plant",
    title="Plant",
    form=Form.YAML,
    level=OLTS,
    read=read,
    put=put,
    renamed={"splitter": "parent", "splitter_code": "parent"},
)
