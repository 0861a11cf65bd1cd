"""One ZXA10: what of an OLT is ZTE's."""

from pydantic import TypeAdapter

from isp_lifecycle.lab import device
from isp_lifecycle.lab.zxa10.config import CONFIGURATION, Configuration
from isp_lifecycle.lab.zxa10.day_one import day_one


class Device(device.Device[Configuration]):
    """The state of one ZXA10 and everything that changes it; `unsaved` is asked about when somebody leaves."""

    frame = 1
    unsaved = False

    @property
    def disk(self) -> TypeAdapter[Configuration]:
        """How its configuration is written."""
        return CONFIGURATION

    def day_one(self) -> Configuration:
        """Return the configuration that the town gives it."""
        return day_one(self.plant.town, self.site)

    def commit(self) -> None:
        """Make a change of configuration last until the next restart, and let the ONTs feel it."""
        self.unsaved = True
        super().commit()

    def all_saved(self) -> str:
        """Note that nothing is unsaved any more; the device says nothing."""
        self.unsaved = False
        return ""
