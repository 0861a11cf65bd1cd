"""One V1600G: what of an OLT is V-SOL's."""

from pydantic import TypeAdapter

from isp_lifecycle.lab import device
from isp_lifecycle.lab.v1600g.config import CONFIGURATION, Configuration
from isp_lifecycle.lab.v1600g.day_one import day_one


class Device(device.Device[Configuration]):
    """The state of one V1600G and everything that changes it."""

    frame = 0

    @property
    def disk(self) -> TypeAdapter[Configuration]:
        """How its configuration is written."""
        return CONFIGURATION

    def day_one(self) -> Configuration:
        """Return the configuration that the town gives it."""
        return day_one(self.plant.town, self.site)
