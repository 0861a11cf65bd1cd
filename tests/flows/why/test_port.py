"""A PON port looked at now: which of its ONTs is weak, and whose fault it is by what its neighbours have."""

from __future__ import annotations

import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.drivers.contract import PonPort
from isp_lifecycle.telemetry.model.weakness import Down
from isp_lifecycle.views import port as views
from isp_lifecycle.views.port import Fault, OntNow, PortNow, compared
from tests.flows.line.conftest import actor
from tests.flows.why.conftest import Street
from tests.flows.why.test_why import NETWORK, dirty_connector, drop_cut, no_power, weak_feeder, weak_splitter


def ont(number: int, below: float | None = 0.0, *, splitter: str = "A", **more: object) -> OntNow:
    rx = None if below is None else -20 - below
    values = {"seen": True, "online": True, "down": None, "expected_dbm": -20.0} | more
    return OntNow(number, f"S{number}", f"S-{number}", "", splitter, rx_dbm=rx, **values)  # type: ignore[arg-type]


def faults(*onts: OntNow) -> list[Fault]:
    return [one.fault for one in compared(onts)]


def test_whose_fault_it_is_is_told_by_the_neighbours() -> None:
    good = [ont(n, splitter="AABB"[n]) for n in range(4)]
    assert faults(*good) == [Fault.NONE] * 4
    assert faults(*good, ont(9, 6.0)) == [Fault.NONE] * 4 + [Fault.DROP]
    weak_a = [ont(n, 5.0) for n in range(3)]
    assert faults(*weak_a, *(ont(n, splitter="B") for n in range(5, 10)))[:3] == [Fault.SPLITTER] * 3
    assert faults(*weak_a, *(ont(n, 5.5, splitter="B") for n in range(5, 10))) == [Fault.FEEDER] * 8
    assert faults(ont(1, 5.0), ont(2)) == [Fault.DROP, Fault.NONE]  # of two nobody can say more
    assert faults(ont(1, 5.0, splitter=""), ont(2, 5.0, splitter=""), ont(3), ont(4), ont(5))[0] is Fault.DROP


def test_what_is_off_or_not_known_is_not_called_weak() -> None:
    off = {"online": False}
    assert faults(
        ont(1, None, **off, down=Down.POWER), ont(2, None, **off, down=Down.LIGHT), ont(3, None, **off), ont(4, None)
    ) == [Fault.POWER, Fault.LIGHT, Fault.OFF, Fault.UNKNOWN]
    assert faults(ont(1, None, seen=False, online=False)) == [Fault.OFF]


def test_the_port_is_read_and_each_fault_found_on_it(street: Street) -> None:
    ada = street.customers()[0]

    def look() -> PortNow:
        return views.port_now(street.plant.window, NETWORK, olt=ada.olt, pon_port=ada.pon_port)

    def of_ada(found: PortNow) -> OntNow:
        return next(one for one in found.onts if one.service_code == ada.service_code)

    first = look()
    assert (first.error, first.online) == (None, len(first.onts))
    assert {one.fault for one in first.onts} == {Fault.NONE}
    told = {}
    for cause in (dirty_connector, weak_splitter, weak_feeder, drop_cut, no_power):
        street.put_right(ada)
        cause(street, ada)
        told[cause.__name__] = of_ada(look()).fault
    assert told == {
        "dirty_connector": Fault.DROP,
        "weak_splitter": Fault.SPLITTER,
        "weak_feeder": Fault.FEEDER,
        "drop_cut": Fault.LIGHT,
        "no_power": Fault.POWER,
    }

    street.plant.lab.fault(ada.olt, "unreachable")
    silent = look()
    assert silent.onts == ()
    assert silent.error is not None
    with pytest.raises(Forbidden):
        views.port_now(street.plant.window, actor(Role.SALES), olt=ada.olt, pon_port=str(PonPort.parse(ada.pon_port)))
