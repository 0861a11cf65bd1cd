"""V-SOL in the lab's table of makers."""

from isp_lifecycle.lab.maker import Maker
from isp_lifecycle.lab.v1600g.device import Device
from isp_lifecycle.lab.v1600g.running import running_configuration
from isp_lifecycle.lab.v1600g.session import EXHAUSTED, Session

VSOL = Maker(
    device=Device,
    session=Session,
    control_flag=lambda device, ont: "enable" if ont.active else "disable",
    running_configuration=lambda device: running_configuration(device.configuration),
    banner="",
    wrong_credentials="\r\nBad UserName or Bad Password\r\n",
    exhausted=EXHAUSTED,
)
