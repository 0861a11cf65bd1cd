"""Huawei in the lab's table of makers."""

from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.displays.onts import control_flag
from isp_lifecycle.lab.ma5800.displays.running import running_configuration
from isp_lifecycle.lab.ma5800.session import REENTER, Session
from isp_lifecycle.lab.maker import Maker

HUAWEI = Maker(
    device=Device,
    session=Session,
    control_flag=control_flag,
    running_configuration=lambda device: running_configuration(device.configuration),
    banner="User Authentication\r\n",
    wrong_credentials="\r\n  Username or password invalid.\r\n",
    exhausted=REENTER,
)
