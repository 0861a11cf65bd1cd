"""Where a lab's OLTs stand: one town that is there from the start, or a region whose districts come when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Protocol

from isp_lifecycle.lab.plant import Box, PlaceKind, Plant, PlantRefused
from isp_lifecycle.lab.town import OltSite, Region, Town


class Grounds(Protocol):
    """What a lab asks of its surroundings. Each raises PlantRefused (unknown) for what there is not."""

    lazy: bool
    """Whether OLTs are to be made only when somebody asks for them."""

    def sites(self) -> Iterator[tuple[str, str]]:
        """Yield each OLT's name and vendor."""
        ...

    def site(self, olt: str) -> tuple[OltSite, Plant]:
        """Return what an OLT stands on."""
        ...

    def plants(self) -> Iterable[Plant]:
        """Return every plant that is there by now."""
        ...

    def with_premises(self, code: str) -> Plant: ...

    def with_place(self, kind: PlaceKind, name: str) -> Plant: ...

    def with_box(self, serial: str) -> Plant: ...

    def forget(self, olt: str) -> bool:
        """Let go of what an OLT stands on, unless somebody changed it; return whether it is gone."""
        ...


class OneTown:
    """A town on one plant, kept in a file."""

    lazy = False

    def __init__(self, town: Town, *, file: Path | None) -> None:
        self.town = town
        self.plant = Plant(town, file=file)

    def sites(self) -> Iterator[tuple[str, str]]:
        """Yield each OLT's name and vendor."""
        return ((site.name, site.vendor) for site in self.town.olts)

    def site(self, olt: str) -> tuple[OltSite, Plant]:
        """Return an OLT and the town's plant."""
        return next(site for site in self.town.olts if site.name == olt), self.plant

    def plants(self) -> Iterable[Plant]:
        """Return the town's plant."""
        return (self.plant,)

    def with_premises(self, code: str) -> Plant:
        """Return the town's plant."""
        return self.plant

    def with_place(self, kind: PlaceKind, name: str) -> Plant:
        """Return the town's plant."""
        return self.plant

    def with_box(self, serial: str) -> Plant:
        """Return the town's plant."""
        return self.plant

    def forget(self, olt: str) -> bool:
        """Keep it: a town is there from start to end."""
        return False


class Districts:
    """A region in memory: a district's plant is made when it is first asked for, and goes when it is let go of."""

    lazy = True

    def __init__(self, region: Region) -> None:
        self.region = region
        self._numbers = {name: number for number, (name, _) in enumerate(region.sites())}
        self._plants: dict[int, Plant] = {}

    def sites(self) -> Iterator[tuple[str, str]]:
        """Yield each OLT's name and vendor."""
        return self.region.sites()

    def site(self, olt: str) -> tuple[OltSite, Plant]:
        """Return an OLT and its district's plant."""
        plant = self._of(self._numbers[olt])
        return plant.town.olts[0], plant

    def plants(self) -> Iterable[Plant]:
        """Return the plants of the districts that somebody asked for."""
        return self._plants.values()

    def with_premises(self, code: str) -> Plant:
        """Return the plant that reaches these premises."""
        return self._found(self.region.of_premises(code), "premises", code)

    def with_place(self, kind: PlaceKind, name: str) -> Plant:
        """Return the plant of which a fibre is."""
        numbers: dict[PlaceKind, Callable[[], int | None]] = {
            "drop": lambda: self.region.of_premises(name),
            "splitter": lambda: self.region.of_splitter(name),
            "pon": lambda: self._numbers.get(name.partition(":")[0]),
        }
        return self._found(numbers[kind](), kind, name)

    def with_box(self, serial: str) -> Plant:
        """Return the plant that has a box, or else the one to whose customers it was given."""
        upper = serial.upper()
        for plant in self._plants.values():
            if upper in plant.state.boxes:
                return plant
        return self._found(self.region.of_serial(upper), "ONT", serial)

    def forget(self, olt: str) -> bool:
        """Let a district go unless somebody changed something in it."""
        plant = self._plants.get(self._numbers[olt])
        if plant is None or plant.touched:
            return False
        del self._plants[self._numbers[olt]]
        return True

    def _found(self, number: int | None, what: str, name: str) -> Plant:
        if number is None:
            raise PlantRefused(f"no {what} {name!r} in this plant", unknown=True)
        return self._of(number)

    def _of(self, number: int) -> Plant:
        if number not in self._plants:
            self._plants[number] = Plant(self.region.district(number))
        return self._plants[number]


def plug(grounds: Grounds, serial: str, premises_code: str, *, vendor: str, model: str) -> Box:
    """Plug a box in; one that lies on the shelf of another district is fetched from there first."""
    here, serial = grounds.with_premises(premises_code), serial.upper()
    holder = next((plant for plant in grounds.plants() if serial in plant.state.boxes), here)
    if holder is not here:
        if (at := holder.box(serial).premises_code) is not None:
            raise PlantRefused(f"{serial} is plugged in at {at}")
        here.state.boxes[serial] = holder.give_away(serial)
    return here.plug(serial, premises_code, vendor=vendor, model=model)


def boxes_of(grounds: Grounds) -> Iterator[Box]:
    """Yield every box that is there by now."""
    return chain.from_iterable(plant.state.boxes.values() for plant in grounds.plants())
