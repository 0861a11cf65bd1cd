"""One C600: the same memory and the same links as a C320, under another command line."""

from isp_lifecycle.lab.zxa10 import device
from isp_lifecycle.lab.zxa10.syntax import TITAN


class Device(device.Device):
    """The state of one C600."""

    syntax = TITAN
    spare_uplink = "xgei-1/4/2"
