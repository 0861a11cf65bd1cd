"""One ZXA10: what of an OLT is ZTE's."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from isp_lifecycle.lab import device
from isp_lifecycle.lab.links import OntKey
from isp_lifecycle.lab.pace import Span
from isp_lifecycle.lab.plant import PlantRefused
from isp_lifecycle.lab.zxa10.config import CONFIGURATION, Configuration
from isp_lifecycle.lab.zxa10.day_one import day_one
from isp_lifecycle.lab.zxa10.syntax import CLASSIC

INTERFACE = Span(1.0, 2.0)  # from registering an ONT to its interface (device-facts 2.4)


class Device(device.Device[Configuration]):
    """The state of one ZXA10 and everything that changes it; `unsaved` is asked about when somebody leaves."""

    frame = 1
    unsaved = False
    syntax = CLASSIC
    spare_uplink = "gei_1/4/3"

    def __init__(self, *given: Any, **more: Any) -> None:
        self._there_at: dict[OntKey, float] = {}
        super().__init__(*given, **more)

    def announce(self, key: OntKey) -> None:
        """Let a registered ONT's interface come, which takes a moment."""
        self._there_at[key] = self.timeline.clock() + self.pace.seconds(INTERFACE)

    def has_interface(self, key: OntKey) -> bool:
        """Tell whether an ONT can be configured already."""
        return self._there_at.get(key, 0.0) <= self.timeline.clock()

    @property
    def disk(self) -> TypeAdapter[Configuration]:
        """How its configuration is written."""
        return CONFIGURATION

    def _read(self, file: Path) -> Configuration:
        """Read a state of this product: the other one's names of interfaces would be no use here."""
        found = super()._read(file)
        if found.product != self.syntax.product:
            raise PlantRefused(f"{file.name} in this state folder is a {found.product}'s; start with a new one")
        return found

    def day_one(self) -> Configuration:
        """Return the configuration that the town gives it."""
        town, product = self.plant.town, self.syntax.product
        return day_one(town, self.site, product=product, spare_uplink=self.spare_uplink)

    def commit(self) -> None:
        """Make a change of configuration last until the next restart, and let the ONTs feel it."""
        self.unsaved = True
        super().commit()

    def all_saved(self) -> str:
        """Note that nothing is unsaved any more; the device says nothing."""
        self.unsaved = False
        return ""
