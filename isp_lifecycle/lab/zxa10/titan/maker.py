"""ZTE's C600 in the lab's table of makers."""

from isp_lifecycle.lab.maker import Maker
from isp_lifecycle.lab.zxa10.titan.device import Device
from isp_lifecycle.lab.zxa10.titan.running import running_configuration
from isp_lifecycle.lab.zxa10.titan.session import EXHAUSTED, Session

ZTE_C600 = Maker(
    device=Device,
    session=Session,
    control_flag=lambda device, ont: "enable" if ont.active else "disable",
    running_configuration=lambda device: running_configuration(device.configuration),
    banner="",
    wrong_credentials="\r\n% Username or password error\r\n",
    exhausted=EXHAUSTED,
)
