"""One ONT's equipment, versions and counters as a ZXA10 shows them; layouts of a C320 V2.1.0, a C300 and a C610.

That a Titan prints ``remote-onu equip`` and ``remote-unit information`` like a C320 rests on programs that read the one
as they read the other's (two for the versions), and on the commands' being listed for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.vendor import Unreadable


@dataclass(frozen=True, slots=True)
class EquipmentBlock:
    """``show gpon remote-onu equip``. ``version`` is the hardware's."""

    vendor: str
    model: str
    version: str
    up_seconds: int | None


@dataclass(frozen=True, slots=True)
class UnitVersions:
    """``show remote-unit information``: what runs, and what stands in the other memory."""

    active: str
    standby: str


@dataclass(frozen=True, slots=True)
class InterfaceCounters:
    """``show interface`` of an ONT. *Input* is what the OLT gets from it: up. Rates are bytes a second."""

    up_rate: int
    down_rate: int
    up_bytes: int
    up_packets: int
    down_bytes: int
    down_packets: int


def equipment(text: str) -> EquipmentBlock:
    """Of another maker's ONT the time since its start may be ``0``, without a unit: it does not tell it."""
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    missing = {"Vendor ID", "Version", "Equipment ID", "System uptime"} - fields.keys()
    if missing:
        raise Unreadable(f"no {', '.join(sorted(missing))} of the ONT")
    model = fields.get("Model", "")
    up = re.fullmatch(r"(\d+)(?:\.\d+)?\s*s", fields.get("System uptime", ""))
    return EquipmentBlock(
        vendor=fields["Vendor ID"],
        model=fields["Equipment ID"] if model in ("", "N/A") else model,
        version=fields["Version"],
        up_seconds=int(up[1]) if up else None,
    )


def unit_versions(text: str) -> UnitVersions:
    """The region that is activated runs. Where both or none are, it is not said which."""
    regions = re.split(r"^\s*Region\s+\d+\s*$", text, flags=re.MULTILINE)[1:]
    tags = [(_field(region, "Vertag"), _field(region, "Activated").lower() == "yes") for region in regions]
    if not tags:
        raise Unreadable("no memory region of the ONT")
    running = [tag for tag, active in tags if active]
    resting = [tag for tag, active in tags if not active]
    return UnitVersions(running[0] if len(running) == 1 else "", resting[0] if len(resting) == 1 else "")


def _field(text: str, name: str) -> str:
    found = re.search(rf"^\s*{name}\s*:[ \t]*(\S*)", text, re.MULTILINE)
    if found is None:
        raise Unreadable(f"no {name} of a memory region")
    return found[1]


def interface_counters(text: str) -> InterfaceCounters:
    """Rates above, totals below; both each way, or the text is not whole."""
    rates = {
        way: int(rate) for way, rate in re.findall(r"^\s*(Input|Output) rate\s*:\s*(\d+)\s*Bps", text, re.MULTILINE)
    }
    totals = {
        way: (int(octets), int(packets))
        for way, octets, packets in re.findall(
            r"(Input|Output)\s*:\s*\n\s*Bytes\s*:\s*(\d+)\s+Packets\s*:\s*(\d+)", text
        )
    }
    if rates.keys() != {"Input", "Output"} or totals.keys() != rates.keys():
        raise Unreadable("no rates and totals of the ONT's interface each way")
    return InterfaceCounters(rates["Input"], rates["Output"], *totals["Input"], *totals["Output"])
