"""The plant: OLTs, their PON ports, the splitters behind them, and the way from a port to a premises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.inventory.errors import PlantWrong
from isp_lifecycle.inventory.model.budget import RATIO_LOSS_DB, expected_rx_dbm, path_loss_db
from isp_lifecycle.inventory.model.passive import Launch, Passage

_PORT = re.compile(r"\d{1,3}/\d{1,3}/\d{1,3}", re.ASCII)


def check_port(port: str, *, what: str) -> None:
    """Refuse a PON port that is not frame/slot/port; raises PlantWrong."""
    if _PORT.fullmatch(port) is None:
        raise PlantWrong(what, "port", port, say("frame/slot/port such as 0/1/0"))


@dataclass(frozen=True, kw_only=True)
class Olt:
    """An optical line terminal: where it stands and how it is reached.

    ``credentials`` names a group of device accounts in the settings, never an account itself. ``uplink`` is the port
    towards the core (such as 0/9/0) that VLANs are bound to. ``host_key`` is the SSH host key that it had when it was
    first reached, or that somebody accepted at ``host_key_at``: kind and fingerprint, ``ssh-rsa SHA256:...``.
    """

    id: UUID
    name: str
    vendor: str
    model: str
    area: str
    host: str
    port: int
    credentials: str
    uplink: str
    added_at: datetime
    host_key: str | None = None
    host_key_at: datetime | None = None

    def __post_init__(self) -> None:
        for field in ("name", "vendor", "model", "area", "host", "credentials", "uplink"):
            text: str = getattr(self, field)
            if not text or text != text.strip():
                raise PlantWrong(
                    say("OLT {name}", name=self.name or say("(no name)")),
                    field,
                    text,
                    say("a text without space around it"),
                )
        if not 1 <= self.port <= 65535:
            raise PlantWrong(f"OLT {self.name}", "port", self.port, say("1 to 65535"))


@dataclass(frozen=True, kw_only=True)
class PonPort:
    """A port of an OLT that ONTs hang on; ``tx_dbm`` is the level it sends with, ``launch`` how that is known."""

    id: UUID
    olt_id: UUID
    port: str
    tx_dbm: float
    launch: Launch = Launch.RECORDED

    def __post_init__(self) -> None:
        check_port(self.port, what=word("PON port"))
        if not -10 <= self.tx_dbm <= 15:
            raise PlantWrong(say("PON port {port}", port=self.port), "tx_dbm", self.tx_dbm, say("-10 to 15 dBm"))


@dataclass(frozen=True, kw_only=True)
class Splitter:
    """A passive splitter. ``fibre_m`` is the fibre that feeds it: from its parent, or from the OLT without one.

    ``closure`` is the splice closure in which it sits, where that is known.
    """

    code: str
    pon_port_id: UUID
    parent: str | None
    parent_port: int | None
    ratio: int
    fibre_m: int
    latitude: float
    longitude: float
    closure: str | None = None

    @property
    def splices(self) -> int:
        """How many splices it takes in its closure: one of the fibre that feeds it, and one of each output."""
        return 1 + self.ratio

    def __post_init__(self) -> None:
        what = say("Splitter {code}", code=self.code or say("(no code)"))
        if not self.code or self.code != self.code.strip():
            raise PlantWrong(what, "code", self.code, say("a text without space around it"))
        if self.ratio not in RATIO_LOSS_DB:
            raise PlantWrong(what, "ratio", self.ratio, say("one of {ratios}", ratios=sorted(RATIO_LOSS_DB)))
        if not 0 <= self.fibre_m <= 60_000:
            raise PlantWrong(what, "fibre_m", self.fibre_m, say("0 to 60000 metres"))
        if self.parent == self.code:
            raise PlantWrong(what, "parent", self.parent, say("another splitter"))
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise PlantWrong(what, "latitude", (self.latitude, self.longitude), say("a place on earth, in degrees"))


@dataclass(frozen=True, kw_only=True)
class SplitterPorts:
    """Which of a splitter's ports lead somewhere; ports are numbered from 1."""

    code: str
    size: int
    used: tuple[int, ...]

    @property
    def free(self) -> tuple[int, ...]:
        """The ports that nothing is recorded on."""
        return tuple(port for port in range(1, self.size + 1) if port not in self.used)


@dataclass(frozen=True, kw_only=True)
class Route:
    """The way of the light: from a port of an OLT over splitters (in that order) and the drop cable to a premises."""

    olt: Olt
    pon_port: PonPort
    splitters: tuple[Splitter, ...]
    drop_m: int
    passages: tuple[Passage, ...] = ()
    """The splices in closures on the way, beside those at the ends of each fibre."""

    @property
    def fibre_m(self) -> int:
        """All fibre between the OLT and the premises, in metres."""
        return sum(splitter.fibre_m for splitter in self.splitters) + self.drop_m

    @property
    def loss_db(self) -> float:
        """The loss on the way, in dB."""
        ratios = [splitter.ratio for splitter in self.splitters]
        return path_loss_db(fibre_m=self.fibre_m, ratios=ratios, passages=self._spliced)

    @property
    def expected_rx_dbm(self) -> float:
        """The level that an ONT at its end should receive, in dBm."""
        ratios = [splitter.ratio for splitter in self.splitters]
        return expected_rx_dbm(tx_dbm=self.pon_port.tx_dbm, fibre_m=self.fibre_m, ratios=ratios, passages=self._spliced)

    @property
    def rests_on_typical(self) -> bool:
        """Whether the expectation rests on a level that nobody said of this very port."""
        return self.pon_port.launch is Launch.TYPICAL

    @property
    def _spliced(self) -> list[float]:
        return [passage.expected_db for passage in self.passages]
