"""A whole SmartAX whose firmware differs: no list of all ONTs, and columns of service ports the other way round."""

from __future__ import annotations

import pytest

from isp_lifecycle.drivers.contract import PonPort
from isp_lifecycle.drivers.conversation import Answer
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.huawei.whole import whole_olt
from isp_lifecycle.drivers.vendor import Unreadable

ONTS = """  -----------------------------------------------------------------------------
  F/S/P   ONT         SN         Control     Run      Config   Match    Protect
          ID                     flag        state    state    state    side
  -----------------------------------------------------------------------------
  0/ 1/0    0  48575443AABBCC01  active      online   normal   match    no
  0/ 1/0    1  48575443AABBCC02  deactive    offline  initial  initial  no
  -----------------------------------------------------------------------------
  F/S/P   ONT-ID   Description
  -----------------------------------------------------------------------------
  0/ 1/0       0   S-000001
  0/ 1/0       1   S-000002
  -----------------------------------------------------------------------------
  In port 0/ 1/0, the total of ONTs are: 2, online: 1
"""
FLOWS = """  Switch-Oriented Flow List
  -----------------------------------------------------------------------------
   INDEX VLAN VLAN     PORT F/ S/ P VPI  VCI   FLOW  FLOW       RX   TX   STATE
         ID   ATTR     TYPE                    TYPE  PARA
  -----------------------------------------------------------------------------
       7 100  common   gpon 0/1 /0  0    1     vlan  100        {rx}   {tx}   up
       8 100  common   gpon 0/1 /0  1    1     vlan  100        {rx}   {tx}   down
  -----------------------------------------------------------------------------
   Total : 2  (Up/Down :    1/1)
"""
FLOW = """  Index                : {index}
  VLAN ID              : 100
  TX                   : 12
  Inbound table name   : slow
  RX                   : 11
  Outbound table name  : fast
"""
TABLES = """   TID      CIR       CBS      PIR       PBS Pri  Copy-policy  Pri-Policy
  -----------------------------------------------------------------------------
    11   500000   1002000   500000   1002000   0  -            local-pri
    12   100000    202000   100000    202000   0  -            local-pri
"""
VLANS = "   100   smart     common                 1             2             -\n  Total: 1"
UNKNOWN = "% Parameter error, the error locates at '^'"


class Device:
    """Answers by a table; what is not in it is a command that this firmware does not know."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, command: str, *, accept: frozenset[Meaning] = frozenset()) -> Answer:
        self.asked.append(command)
        text = self.answers.get(command, UNKNOWN)
        meaning = Meaning.UNSUPPORTED if text == UNKNOWN else Meaning.ABSENT if text == "" else Meaning.PLAIN
        assert meaning is Meaning.PLAIN or meaning in accept
        return Answer(command, text, meaning)


def device(*, rx: str = "11", tx: str = "12", **answers: str) -> Device:
    table = {
        "display ont info 0 1 0 all": ONTS,
        "display service-port all": FLOWS.format(rx=rx, tx=tx),
        "display traffic table ip from-index 0": TABLES,
        "display service-port 7": FLOW.format(index=7),
        "display service-port 8": FLOW.format(index=8),
        "display vlan all": VLANS,
    }
    return Device(table | answers)


def test_firmware_without_a_list_of_all_is_read_port_by_port_and_says_so() -> None:
    found = whole_olt(device(), "OLT01", (PonPort(0, 1, 0),), frozenset())
    assert [(ont.key, ont.enabled) for ont in found.onts] == [("S-000001", True), ("S-000002", False)]
    assert "frame 0" in found.unread
    assert whole_olt(device(**{"display ont info 0 all": ONTS}), "OLT01", (), frozenset()).unread == ""


@pytest.mark.parametrize(("rx", "tx"), [("11", "12"), ("12", "11")])
def test_directions_come_from_one_service_port_and_not_from_the_columns(rx: str, tx: str) -> None:
    asked = device(rx=rx, tx=tx)
    found = whole_olt(asked, "OLT01", (PonPort(0, 1, 0),), frozenset())
    rates = {(f.down.kbps, f.up.kbps) for f in found.service_ports if f.down and f.up}
    assert rates == {(500_000, 100_000)}
    assert [c for c in asked.asked if c.startswith("display service-port ")] == [
        "display service-port all",
        "display service-port 7",
    ]


def test_a_service_port_that_went_or_changed_meanwhile_does_not_speak_for_the_others() -> None:
    asked = device(**{"display service-port 7": ""})
    assert len(whole_olt(asked, "OLT01", (), frozenset()).service_ports) == 2
    changed = {f"display service-port {n}": FLOW.format(index=n).replace(": 12", ": 19") for n in (7, 8)}
    with pytest.raises(Unreadable, match="which of its two traffic tables"):
        whole_olt(device(**changed), "OLT01", (), frozenset())


def test_the_list_is_read_again_when_a_rate_was_changed_between_list_and_look() -> None:
    asked = device(
        **{"display service-port 7": FLOW.format(index=7).replace(": 12", ": 19"), "display service-port 8": ""}
    )

    def changes_once(command: str, *, accept: frozenset[Meaning] = frozenset()) -> Answer:
        said = asked(command, accept=accept)
        if command == "display service-port 8":
            asked.answers["display service-port 8"] = FLOW.format(index=8)
        return said

    found = whole_olt(changes_once, "OLT01", (), frozenset())
    assert {(f.down.kbps, f.up.kbps) for f in found.service_ports if f.down and f.up} == {(500_000, 100_000)}
    assert asked.asked.count("display service-port all") == 2
