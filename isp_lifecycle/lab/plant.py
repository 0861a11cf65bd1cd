"""The plant outside the exchange: fibres, splitters, outlets, and the ONT boxes that people plug in.

The geometry comes from the town and never changes; what changes (boxes, power, cuts, bad splices) is `PlantState` and
is on disk before a change returns. Who wants to know about changes registers in `listeners`.
"""

import random
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from isp_lifecycle.lab.disk import replace_file
from isp_lifecycle.lab.optics import Budget, Levels, Segment, budget, levels
from isp_lifecycle.lab.town import PonPort, Premises, Splitter, Town

PlaceKind = Literal["drop", "splitter", "pon"]
OFFICE_CABLE_M = 12


class PlantRefused(Exception):
    """Somebody asked for something that the plant cannot do; `unknown` tells a wrong name from a wrong moment."""

    def __init__(self, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.unknown = unknown


@dataclass(slots=True, kw_only=True)
class Box:
    """One ONT: its identity, where it is plugged in (None: on the shelf), whether it has power."""

    serial: str
    vendor: str = "HWTC"
    model: str = "EG8145V5"
    premises_code: str | None = None
    powered: bool = True

    @property
    def character(self) -> random.Random:
        """A source of this box's own tolerances: the same box behaves the same for ever."""
        return random.Random(self.serial)  # noqa: S311 - tolerances, not secrets


@dataclass(slots=True, kw_only=True)
class PlantState:
    """What changes: boxes by serial, cut places, and extra splice losses in dB; a place is written "kind:name"."""

    seed: int
    boxes: dict[str, Box] = field(default_factory=dict)
    cuts: set[str] = field(default_factory=set)
    losses: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way of light from an OLT port to an outlet: the budget, and the first cut place on it (or None)."""

    olt: str
    pon_port: str
    tx_dbm: float
    budget: Budget
    cut_at: str | None


_STATE = TypeAdapter(PlantState)


class Plant:
    """Every passive thing and every box of one town."""

    def __init__(self, town: Town, *, file: Path | None = None) -> None:
        self.town = town
        self.listeners: list[Callable[[], None]] = []
        self.touched = False
        """Whether something was done to it since it was made."""
        self._file = file
        self._premises = {p.code: p for p in town.premises}
        self._splitters: dict[str, tuple[str, PonPort, Splitter]] = {
            splitter.code: (olt.name, pon, splitter)
            for olt in town.olts
            for pon in olt.pon_ports
            for splitter in pon.splitters
        }
        self._feeders = {f"{olt.name}:{pon.port}" for olt in town.olts for pon in olt.pon_ports}
        self.state = self._load()

    def _load(self) -> PlantState:
        if self._file is None or not self._file.exists():
            state = day_one(self.town)
            if self._file is not None:
                replace_file(self._file, _STATE.dump_json(state))
            return state
        state = _STATE.validate_json(self._file.read_bytes())
        if state.seed != self.town.seed:
            raise PlantRefused(f"this state folder holds the town of seed {state.seed}, not {self.town.seed}")
        return state

    def _changed(self) -> None:
        self.touched = True
        if self._file is not None:
            replace_file(self._file, _STATE.dump_json(self.state))
        for listener in self.listeners:
            listener()

    # what one may ask

    def premises(self, code: str) -> Premises:
        """Return a premises, or raise PlantRefused (unknown)."""
        if code not in self._premises:
            raise PlantRefused(f"no premises {code!r} in this town", unknown=True)
        return self._premises[code]

    def box(self, serial: str) -> Box:
        """Return a box, or raise PlantRefused (unknown)."""
        if serial.upper() not in self.state.boxes:
            raise PlantRefused(f"no ONT {serial!r} in this plant", unknown=True)
        return self.state.boxes[serial.upper()]

    def path(self, premises_code: str) -> Route | None:
        """Return how light reaches a premises, or None when no fibre does."""
        premises = self.premises(premises_code)
        if premises.outlet is None:
            return None
        olt, pon, leaf = self._splitters[premises.outlet.splitter_code]
        places = [f"drop:{premises_code}"]
        segments = [Segment(fibre_m=premises.outlet.drop_m, extra_db=self._loss(places[0]))]
        splitter: Splitter | None = leaf
        while splitter is not None:
            places.append(f"splitter:{splitter.code}")
            extra = self._loss(places[-1])
            segments.append(Segment(fibre_m=splitter.fibre_m, extra_db=extra, ratio=splitter.ratio))
            splitter = self._splitters[splitter.parent][2] if splitter.parent else None
        places.append(f"pon:{olt}:{pon.port}")
        segments.append(Segment(fibre_m=OFFICE_CABLE_M, extra_db=self._loss(places[-1])))
        cut_at = next((place for place in reversed(places) if place in self.state.cuts), None)
        return Route(
            olt=olt, pon_port=pon.port, tx_dbm=pon.tx_dbm, budget=budget(tuple(reversed(segments))), cut_at=cut_at
        )

    def _loss(self, place: str) -> float:
        return self.state.losses.get(place, 0.0)

    def levels(self, box: Box, path: Route) -> Levels:
        """Return the levels of this box at the end of this path, cut or not."""
        return levels(
            of=path.budget,
            olt_tx_dbm=path.tx_dbm,
            ont_tx_dbm=tx_dbm(box),
            deviation_db=box.character.gauss(0.0, 0.15),
        )

    # what one may do

    def plug(self, serial: str, premises_code: str, *, vendor: str = "HWTC", model: str = "EG8145V5") -> Box:
        """Connect a box, new or from the shelf, to the outlet of a premises and switch it on."""
        serial = serial.upper()
        if self.premises(premises_code).outlet is None:
            raise PlantRefused(f"{premises_code} has no fibre: nothing to plug into")
        taken = next((b for b in self.state.boxes.values() if b.premises_code == premises_code), None)
        if taken and taken.serial != serial:
            raise PlantRefused(f"the outlet of {premises_code} is taken by {taken.serial}")
        box = self.state.boxes.get(serial)
        if box and box.premises_code not in (None, premises_code):
            raise PlantRefused(f"{serial} is plugged in at {box.premises_code}")
        if box is None:
            box = self.state.boxes[serial] = Box(serial=serial, vendor=vendor, model=model)
        box.premises_code, box.powered = premises_code, True
        self._changed()
        return box

    def unplug(self, serial: str) -> Box:
        """Take the fibre out of a box and put the box on the shelf."""
        box = self.box(serial)
        box.premises_code = None
        self._changed()
        return box

    def give_away(self, serial: str) -> Box:
        """Hand a box of the shelf over to another plant."""
        box = self.state.boxes.pop(self.box(serial).serial)
        self._changed()
        return box

    def power(self, serial: str, *, on: bool) -> Box:
        """Switch a box on or off."""
        box = self.box(serial)
        box.powered = on
        self._changed()
        return box

    def fibre(self, kind: PlaceKind, name: str, *, cut: bool) -> None:
        """Cut a fibre or mend it."""
        place = self._place(kind, name)
        if cut:
            self.state.cuts.add(place)
        else:
            self.state.cuts.discard(place)
        self._changed()

    def splice(self, kind: PlaceKind, name: str, *, loss_db: float) -> None:
        """Give a fibre a bad splice of so many dB; 0 makes it good again."""
        place = self._place(kind, name)
        if loss_db < 0:
            raise PlantRefused("a splice cannot amplify: loss_db must be 0 or more")
        if loss_db:
            self.state.losses[place] = loss_db
        else:
            self.state.losses.pop(place, None)
        self._changed()

    def reset(self) -> None:
        """Make everything as on day one."""
        self.state = day_one(self.town)
        self._changed()
        self.touched = False

    def _place(self, kind: PlaceKind, name: str) -> str:
        places: dict[PlaceKind, Container[str]] = {
            "drop": self._premises,
            "splitter": self._splitters,
            "pon": self._feeders,
        }
        known = places[kind]
        if name not in known:
            raise PlantRefused(f"no {kind} {name!r} in this plant", unknown=True)
        return f"{kind}:{name}"


def tx_dbm(box: Box) -> float:
    """Return what a box sends."""
    return round(box.character.uniform(1.9, 2.7), 2)


def day_one(town: Town) -> PlantState:
    """Return the plant as the town describes it: every customer's box in place, blemishes included."""
    state = PlantState(seed=town.seed)
    dark = {b.premises_code for b in town.blemishes if b.kind == "dark"}
    for customer in town.customers:
        state.boxes[customer.serial] = Box(
            serial=customer.serial,
            vendor=bytes.fromhex(customer.serial[:8]).decode("ascii"),
            premises_code=customer.premises_code,
            powered=customer.premises_code not in dark,
        )
    state.losses = {f"drop:{b.premises_code}": b.loss_db for b in town.blemishes if b.kind == "splice"}
    return state
