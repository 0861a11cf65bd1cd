"""One device without latency and without a wire."""

from ntc_templates.parse import parse_output

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.ma5800.answers import Rejected
from isp_lifecycle.lab.ma5800.console import Console, Mode, View
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.ma5800.interpreter import Ready, Refusal, interpret
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import Plant
from isp_lifecycle.lab.town import make_town

SERIAL = "48575443AB000001"
VIEWS = {"config": View(Mode.CONFIG), "gpon": View(Mode.GPON, slot=1), "enable": View(Mode.ENABLE)}


class Bench:
    """One device without latency and without a wire."""

    def __init__(self) -> None:
        self.plant = Plant(make_town())
        self.timeline = Timeline()
        self.device = Device(
            self.plant.town.olts[0], plant=self.plant, pace=Pace(0), timeline=self.timeline, activity=Activity()
        )
        self.console = Console(self.device, "tester", view=VIEWS["config"])

    def do(self, line: str) -> str:
        """Run one command and return its answer; refusals are answers too."""
        meaning = interpret(line, mode=self.console.view.mode, smart=False, final=False)
        if isinstance(meaning, Refusal):
            return meaning.text
        assert isinstance(meaning, Ready)
        try:
            text = meaning.command.run(self.console, meaning.arguments)
        except Rejected as rejected:
            return str(rejected)
        self.timeline.advance()
        return text

    def parsed(self, line: str) -> list[dict[str, str]]:
        """Run a display and read it with the public template."""
        rows: list[dict[str, str]] = parse_output(platform="huawei_smartax", command=line, data=self.do(line))
        return rows

    def free_premises(self, pon_port: str) -> str:
        taken = {box.premises_code for box in self.plant.state.boxes.values()}
        for premises in self.plant.town.premises:
            path = self.plant.path(premises.code)
            if path and path.pon_port == pon_port and path.olt == self.device.name and premises.code not in taken:
                return premises.code
        raise LookupError(pon_port)
