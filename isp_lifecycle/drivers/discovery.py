"""Discovery: everything that an OLT can say of itself and of what hangs on it, read in one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from isp_lifecycle.drivers.contract import (
    BoardFound,
    OltFound,
    OltIdentity,
    OltSession,
    OntFound,
    PonPort,
    Serial,
    ServicePortFound,
)


@dataclass(frozen=True, slots=True)
class OltSeen:
    """What was seen in one session."""

    identity: OltIdentity
    boards: tuple[BoardFound, ...]
    found: OltFound

    @property
    def pon_ports(self) -> tuple[PonPort, ...]:
        """All ports that ONTs can hang on, or do."""
        on_boards = {port for board in self.boards for port in board.pon_ports}
        return tuple(sorted(on_boards | {ont.port for ont in self.found.onts}))

    @property
    def vlans_in_use(self) -> tuple[int, ...]:
        """The VLANs that service ports lead to."""
        return tuple(sorted({flow.vlan for flow in self.found.service_ports}))

    def flow_of(self, ont: OntFound) -> ServicePortFound | None:
        """Its first service port."""
        flows = (flow for flow in self.found.service_ports if (flow.port, flow.ont_id) == (ont.port, ont.ont_id))
        return min(flows, key=lambda flow: flow.index, default=None)


@dataclass(frozen=True, slots=True)
class BoardNews:
    """A slot in which something else stands than on record; ``was`` and ``now`` are models, empty for nothing."""

    place: str
    was: str
    now: str

    @property
    def text(self) -> str:
        """What is new, in words."""
        if not self.was:
            return f"{self.place}: {self.now} is new"
        return (
            f"{self.place}: {self.was} is missing"
            if not self.now
            else f"{self.place}: {self.now} instead of {self.was}"
        )


@dataclass(frozen=True, slots=True)
class Adoption:
    """What taking note of everything on an OLT would add to the records: pure, so that it can be shown first."""

    pon_ports: tuple[PonPort, ...]
    """Not on record yet."""
    vlans: tuple[int, ...]
    """In use by service ports, and not on record."""
    onts: tuple[OntFound, ...]
    """All that are no service's: known as nobody's from then on."""
    news: int
    """How many of those nobody has taken note of yet."""
    ours: int
    """ONTs that are lines on record."""
    gone: tuple[Serial, ...]
    """ONTs that somebody took note of and that stand there no more."""
    boards: tuple[BoardNews, ...] = ()
    """Slots in which not the board stands that is on record."""

    @property
    def changes(self) -> bool:
        """Whether anything would be added or taken away."""
        return bool(self.pon_ports or self.vlans or self.news or self.gone or self.boards)


def discover(session: OltSession, ports: tuple[PonPort, ...]) -> OltSeen:
    """Read it. ``ports`` are those on record, for devices that list ONTs by port only; found ones are added."""
    boards = session.boards()
    all_ports = tuple(sorted({*ports, *(port for board in boards for port in board.pon_ports)}))
    return OltSeen(session.identify(), boards, session.everything(all_ports))


def board_news(boards: Sequence[BoardFound], *, cards: Mapping[str, str]) -> tuple[BoardNews, ...]:
    """Compare the boards that were seen with the models on record, by place."""
    found = {board.place: board.model for board in boards}
    return tuple(
        BoardNews(place, cards.get(place, ""), found.get(place, ""))
        for place in sorted({*found, *cards})
        if cards.get(place) != found.get(place)
    )


def adoption_of(
    seen: OltSeen,
    *,
    ports: Set[PonPort],
    vlans: Set[int],
    lines: Set[Serial],
    noted: Set[Serial],
    boards: Mapping[str, str],
) -> Adoption:
    """Compare what was seen with what is on record of this OLT.

    That is ports, VLANs, serials of lines and of noted ONTs, and the models of the ``boards`` by place.
    """
    strangers = tuple(ont for ont in seen.found.onts if ont.serial not in lines)
    serials = {ont.serial for ont in strangers}
    return Adoption(
        pon_ports=tuple(port for port in seen.pon_ports if port not in ports),
        vlans=tuple(vlan for vlan in seen.vlans_in_use if vlan not in vlans),
        onts=strangers,
        news=len(serials - noted),
        ours=len(seen.found.onts) - len(strangers),
        gone=tuple(sorted(noted - serials)),
        boards=board_news(seen.boards, cards=boards),
    )
