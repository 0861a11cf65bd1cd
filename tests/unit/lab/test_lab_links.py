"""Run state of ONTs: what happens after a plug, a registration, a cut, with time under the test's control."""

from pathlib import Path

import pytest

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.links import Phase
from isp_lifecycle.lab.ma5800.config import Ont
from isp_lifecycle.lab.ma5800.device import Device
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import Plant
from isp_lifecycle.lab.town import make_town

SERIAL = "48575443AB000001"


class Plot:
    """One OLT with a clock that only moves when told."""

    def __init__(self, folder: Path | None = None) -> None:
        self.seconds = 0.0
        self.plant = Plant(make_town(), file=folder / "plant.json" if folder else None)
        self.timeline = Timeline(clock=lambda: self.seconds)
        self.device = Device(
            self.plant.town.olts[0],
            plant=self.plant,
            pace=Pace(1.0),
            timeline=self.timeline,
            activity=Activity(),
            folder=folder,
        )
        self.alarms: list[str] = []
        self.device.on_alarm.append(lambda alarm: self.alarms.append(alarm.kind.name))
        taken = {box.premises_code for box in self.plant.state.boxes.values()}
        self.premises = next(p.code for p in self.plant.town.premises if p.outlet and p.code not in taken)

    def wait(self, seconds: float) -> None:
        end = self.seconds + seconds
        while (due := self.timeline.next_at()) is not None and due <= end:
            self.seconds = due
            self.timeline.advance()
        self.seconds = end

    def phase(self) -> Phase:
        return self.device.links.of(SERIAL).phase

    def register(self, *, port: int | None = None, active: bool = True) -> Ont:
        path = self.plant.path(self.premises)
        assert path is not None
        _, slot, real = (int(part) for part in path.pon_port.split("/"))
        ont = Ont(
            slot=slot,
            port=real if port is None else port,
            id=90,
            serial=SERIAL,
            line_profile=10,
            service_profile=10,
            active=active,
        )
        self.device.configuration.onts.append(ont)
        self.device.commit()
        return ont

    def online(self) -> Ont:
        self.plant.plug(SERIAL, self.premises)
        ont = self.register()
        self.wait(60)
        assert self.phase() is Phase.ONLINE
        return ont


@pytest.fixture
def plot() -> Plot:
    return Plot()


def test_day_one_is_all_online_but_the_blemish(plot: Plot) -> None:
    device = plot.device
    down = [ont.serial for ont in device.configuration.onts if not device.links.online(ont)]
    dark = {b.premises_code for b in plot.plant.town.blemishes if b.kind == "dark"}
    assert down == [c.serial for c in plot.plant.town.customers if c.premises_code in dark]
    assert device.configuration.ont_by_serial(down[0]).history.down_cause == "dying-gasp"  # type: ignore[union-attr]
    assert plot.timeline.next_at() is None


def test_plugged_box_is_found_after_five_to_ten_seconds(plot: Plot) -> None:
    plot.plant.plug(SERIAL, plot.premises)
    plot.wait(4.9)
    assert plot.device.links.found() == []
    plot.wait(5.2)
    assert [link.serial for link in plot.device.links.found()] == [SERIAL]
    assert plot.alarms == ["The ONT is automatically discovered"]


def test_other_changes_do_not_delay_the_discovery(plot: Plot) -> None:
    plot.plant.plug(SERIAL, plot.premises)
    for _ in range(10):
        plot.wait(1.0)
        plot.device.commit()
    assert plot.phase() is Phase.FOUND


def test_registered_box_ranges_comes_online_and_is_configured(plot: Plot) -> None:
    plot.plant.plug(SERIAL, plot.premises)
    plot.wait(11)
    ont = plot.register()
    assert plot.phase() is Phase.RANGING
    plot.wait(7.9)
    assert plot.phase() is Phase.RANGING
    plot.wait(7.2)
    assert plot.phase() is Phase.ONLINE
    assert ont.history.last_up is not None
    plot.wait(8)
    assert plot.device.links.of(SERIAL).config_state == "normal"
    assert [interval.kind for interval in plot.device.activity.since(0)] == ["ranging", "config"]


def test_box_registered_elsewhere_stays_in_autofind(plot: Plot) -> None:
    plot.plant.plug(SERIAL, plot.premises)
    plot.register(port=15)
    plot.wait(60)
    assert plot.phase() is Phase.FOUND


def test_autofind_can_be_switched_off(plot: Plot) -> None:
    plot.device.configuration.autofind_ports.clear()
    plot.plant.plug(SERIAL, plot.premises)
    plot.wait(60)
    assert plot.device.links.found() == []
    path = plot.plant.path(plot.premises)
    assert path is not None
    _, slot, port = (int(part) for part in path.pon_port.split("/"))
    plot.device.configuration.autofind_ports.append((slot, port))
    plot.device.commit()
    plot.wait(11)
    assert [link.serial for link in plot.device.links.found()] == [SERIAL]


@pytest.mark.parametrize(
    ("event", "cause", "alarm"),
    [
        ("power", "dying-gasp", "The dying-gasp of GPON ONTi (DGi) is generated"),
        ("drop", "LOSi/LOBi", "The distribute fiber is broken or the OLT cannot receive expected optical signals"),
        ("pon", "LOS", "The feeder fiber is broken or OLT can not receive any expected optical signals (LOS)"),
        ("unplug", "LOSi/LOBi", "The distribute fiber is broken or the OLT cannot receive expected optical signals"),
        ("splice", "LOSi/LOBi", "The distribute fiber is broken or the OLT cannot receive expected optical signals"),
    ],
)
def test_what_went_wrong_is_recorded(plot: Plot, event: str, cause: str, alarm: str) -> None:
    ont = plot.online()
    plant, path = plot.plant, plot.plant.path(plot.premises)
    assert path is not None
    plot.alarms.clear()
    {
        "power": lambda: plant.power(SERIAL, on=False),
        "drop": lambda: plant.fibre("drop", plot.premises, cut=True),
        "pon": lambda: plant.fibre("pon", f"{path.olt}:{path.pon_port}", cut=True),
        "unplug": lambda: plant.unplug(SERIAL),
        "splice": lambda: plant.splice("drop", plot.premises, loss_db=14.0),
    }[event]()
    assert plot.phase() is Phase.DARK
    assert ont.history.down_cause == cause
    assert any(name.startswith(alarm) for name in plot.alarms)
    assert (ont.history.last_gasp is not None) == (event == "power")


def test_mended_fibre_brings_the_ont_back(plot: Plot) -> None:
    plot.online()
    plot.plant.fibre("drop", plot.premises, cut=True)
    plot.plant.fibre("drop", plot.premises, cut=False)
    plot.wait(60)
    assert plot.phase() is Phase.ONLINE


def test_too_little_light_never_comes_online_and_poor_light_does(plot: Plot) -> None:
    path = plot.plant.path(plot.premises)
    assert path is not None
    normal = path.tx_dbm - path.budget.down_db
    plot.plant.splice("drop", plot.premises, loss_db=normal + 30.0)
    plot.plant.plug(SERIAL, plot.premises)
    plot.register()
    plot.wait(300)
    assert plot.phase() is Phase.DARK
    plot.plant.splice("drop", plot.premises, loss_db=normal + 28.0)
    plot.wait(60)
    link = plot.device.links.of(SERIAL)
    assert link.phase is Phase.ONLINE
    assert link.levels is not None
    assert -29.0 <= link.levels.rx_dbm < -27.0


def test_deactivated_ont_falls_off_and_is_not_found(plot: Plot) -> None:
    ont = plot.online()
    ont.active = False
    plot.device.commit()
    assert ont.history.down_cause == "deactivate"
    plot.wait(60)
    assert (plot.phase(), plot.device.links.found()) == (Phase.WAKING, [])
    ont.active = True
    plot.device.commit()
    plot.wait(60)
    assert plot.phase() is Phase.ONLINE


def test_deleted_ont_is_found_again(plot: Plot) -> None:
    ont = plot.online()
    plot.device.configuration.onts.remove(ont)
    plot.device.commit()
    plot.wait(11)
    assert plot.phase() is Phase.FOUND


def test_boxes_change_places(plot: Plot) -> None:
    """A swap: the new box takes the entry of the old one, which is then on the shelf."""
    ont = plot.online()
    plot.plant.unplug(SERIAL)
    plot.plant.plug("48575443AB000002", plot.premises)
    ont.serial = "48575443AB000002"
    plot.device.commit()
    plot.wait(60)
    assert plot.device.links.of("48575443AB000002").phase is Phase.ONLINE
    assert plot.phase() is Phase.DARK


def test_reset_command_records_its_cause(plot: Plot) -> None:
    ont = plot.online()
    plot.device.links.restart(ont.key, cause="ONT is reset by ONT command")
    assert ont.history.down_cause == "ONT is reset by ONT command"
    plot.wait(60)
    assert plot.phase() is Phase.ONLINE


def test_reboot_takes_everything_down_and_brings_it_back(plot: Plot) -> None:
    plot.online()
    online = sum(plot.device.links.online(ont) for ont in plot.device.configuration.onts)
    plot.device.reboot()
    assert plot.device.booting
    assert not any(plot.device.links.online(ont) for ont in plot.device.configuration.onts)
    plot.wait(120)
    assert not plot.device.booting
    plot.wait(60)
    assert sum(plot.device.links.online(ont) for ont in plot.device.configuration.onts) == online


def test_reboot_may_forget_what_was_not_saved(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.register()
    plot.device.reboot(lose_unsaved=True)
    assert plot.device.configuration.ont_by_serial(SERIAL) is None
    plot.wait(200)
    plot.register()
    plot.device.start_saving()
    plot.wait(61)
    plot.device.reboot(lose_unsaved=True)
    assert plot.device.configuration.ont_by_serial(SERIAL) is not None


def test_restart_of_the_lab_is_not_noticed_by_online_onts(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    up = plot.online().history.last_up
    again = Plot(tmp_path)
    ont = again.device.configuration.ont_by_serial(SERIAL)
    assert ont is not None
    assert again.device.links.online(ont)
    assert ont.history.last_up == up
    assert again.device.configuration == plot.device.configuration
