"""Carrier's NATs with deterministic port blocks (YAML)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import Nat, Ports

NOWHERE = IPv4Network("0.0.0.0/32")


@dataclass(frozen=True, kw_only=True)
class NatRow:
    """A NAT as the file has it."""

    name: str
    inside: IPv4Network
    outside: IPv4Network
    ports: int
    excluded: tuple[Ports, ...]

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


def read(cells: Cells) -> NatRow:
    """Read one NAT."""
    return NatRow(
        name=cells.text("name"),
        inside=_network(cells, "inside"),
        outside=_network(cells, "outside"),
        ports=cells.integer("ports"),
        excluded=tuple(_excluded(cells)),
    )


def _network(cells: Cells, name: str) -> IPv4Network:
    text = cells.text(name)
    try:
        return IPv4Network(text) if text else NOWHERE
    except ValueError:
        cells.wrong(name, "is not an IPv4 prefix.", "Write it such as 100.64.0.0/22, without host bits.")
        return NOWHERE


def _excluded(cells: Cells) -> list[Ports]:
    found = []
    for part in filter(None, (p.strip() for p in (cells.maybe_text("excluded") or "").split(","))):
        first, _, last = part.partition("-")
        if not (part.isascii() and first.isdigit() and (last or first).isdigit()):
            cells.wrong("excluded", "is not a list of ports.", "Write it such as 5060-5061, 8080.")
            return []
        found.append(Ports(int(first), int(last or first)))
    return found


def put(act: Act, row: NatRow, _known: Known) -> Landed:
    """Bring the NAT to this from now on; what it was until now can still be asked about."""
    nat = Nat(name=row.name, inside=row.inside, outside=row.outside, ports=row.ports, excluded=row.excluded)
    return Landed(change=ipam.put_nat(tx=act.tx, nat=nat, at=act.at).change)


NATS = Kind(
    name="nats",
    title="Carrier's NATs",
    form=Form.YAML,
    level=Level(
        name="nats",
        columns=(
            Column(name="name", meaning="the NAT's name"),
            Column(name="inside", meaning="the customers' addresses, such as 100.64.0.0/22"),
            Column(name="outside", meaning="the public addresses that they share; of no pool"),
            Column(name="ports", meaning="ports of a customer, such as 1000"),
            Column(
                name="excluded", meaning="ports that nobody gets, such as 5060-5061; none below 1024", required=False
            ),
        ),
    ),
    read=read,
    put=put,
)
