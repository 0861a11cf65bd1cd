"""One MA5800: what of an OLT is Huawei's."""

from pydantic import TypeAdapter

from isp_lifecycle.lab import device
from isp_lifecycle.lab.ma5800.config import CONFIGURATION, Configuration
from isp_lifecycle.lab.ma5800.day_one import day_one


class Device(device.Device[Configuration]):
    """The state of one MA5800 and everything that changes it."""

    frame = 0

    @property
    def disk(self) -> TypeAdapter[Configuration]:
        """How its configuration is written."""
        return CONFIGURATION

    def day_one(self) -> Configuration:
        """Return the configuration that the town gives it."""
        return day_one(self.plant.town, self.site)

    def half_saved(self) -> str:
        """Return what it says in the middle of saving."""
        return "  The percentage of saved data on 0/9 slot's main control board is: 50%"

    def all_saved(self) -> str:
        """Return what it says at the end of saving."""
        return "  The data of 0/9 slot's main control board is saved completely"
