"""ZTE in the lab's table of makers."""

from isp_lifecycle.lab.maker import Maker
from isp_lifecycle.lab.zxa10.device import Device
from isp_lifecycle.lab.zxa10.running import running_configuration
from isp_lifecycle.lab.zxa10.session import EXHAUSTED, Session

ZTE = Maker(
    device=Device,
    session=Session,
    control_flag=lambda device, ont: "enable" if ont.active else "disable",
    running_configuration=lambda device: running_configuration(device.configuration),
    banner="",
    wrong_credentials="\r\n%Error 20209: No username or bad password\r\n",
    exhausted=EXHAUSTED,
)
