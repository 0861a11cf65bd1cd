"""Kinds of command parameters: which text is a value, and how a hint describes it.

`<U>` is an unsigned number with its bounds, `<S>` a string with its lengths, `<E>` one of several words.
"""

import re
from dataclasses import dataclass

from isp_lifecycle.lab.grammar import Kind, Place
from isp_lifecycle.lab.serials import serial_hex


@dataclass(frozen=True, slots=True)
class Number:
    """An unsigned number within bounds."""

    name: str
    low: int
    high: int

    @property
    def label(self) -> str:
        """How a hint names it."""
        return f"{self.name}<U><{self.low},{self.high}>"

    def read(self, text: str) -> int | None:
        """Return the number if it lies within the bounds."""
        return int(text) if text.isascii() and text.isdigit() and self.low <= int(text) <= self.high else None


@dataclass(frozen=True, slots=True)
class Text:
    """A printable ASCII string within lengths."""

    name: str
    low: int
    high: int

    @property
    def label(self) -> str:
        """How a hint names it."""
        return f"{self.name}<S><Length {self.low}-{self.high}>"

    def read(self, text: str) -> str | None:
        """Return the text if its length is right."""
        return text if self.low <= len(text) <= self.high and text.isascii() and text.isprintable() else None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    name: str
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """How a hint names it."""
        return f"{self.name}<E><{','.join(self.words)}>"

    def read(self, text: str) -> str | None:
        """Return the word in the device's own spelling."""
        return next((word for word in self.words if word.lower() == text.lower()), None)


@dataclass(frozen=True, slots=True)
class Position:
    """frame/slot (2 parts), frame/slot/port (3), or a frame with or without a slot (1); there is only frame 0."""

    name: str
    parts: int
    length: str

    @property
    def label(self) -> str:
        """How a hint names it."""
        return f"{self.name}<S><Length {self.length}>"

    def read(self, text: str) -> Place | None:
        """Return what follows the frame: (), (slot,) or (slot, port)."""
        if self.parts == 1 and text == "0":
            return ()
        match = re.fullmatch(r"0" + r"/(\d{1,2})" * max(1, self.parts - 1), text)
        return tuple(int(part) for part in match.groups()) if match else None


@dataclass(frozen=True, slots=True)
class Serial:
    """An ONT serial number: 16 hex digits or vendor and 8 hex digits."""

    @property
    def label(self) -> str:
        """How a hint names it."""
        return "sn-value<S><Length 12-16>"

    def read(self, text: str) -> str | None:
        """Return the serial as 16 hex digits."""
        return serial_hex(text)


@dataclass(frozen=True, slots=True)
class NumberList:
    """Numbers as a list with ranges: 100,200 or 0-1."""

    name: str
    low: int
    high: int

    @property
    def label(self) -> str:
        """How a hint names it."""
        return f"{self.name}<S><Length 1-255>"

    def read(self, text: str) -> tuple[int, ...] | None:
        """Return the numbers in the order given."""
        if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", text):
            return None
        numbers: list[int] = []
        for part in text.split(","):
            first, _, last = part.partition("-")
            numbers += range(int(first), int(last or first) + 1)
        return tuple(numbers) if numbers and all(self.low <= n <= self.high for n in numbers) else None


KINDS: dict[str, Kind] = {
    "frame": Number("frameid", 0, 0),
    "slot": Number("slotid", 0, 20),
    "port": Number("portid", 0, 15),
    "ont": Number("ontid", 0, 255),
    "fs": Position("frameid/slotid", 2, "1-15"),
    "frame_or_slot": Position("frameid/slotid", 1, "1-15"),
    "fsp": Position("frameid/slotid/portid", 3, "5-18"),
    "sn": Serial(),
    "desc": Text("ont-description", 1, 64),
    "profile": Number("profile-id", 0, 8192),
    "profile_name": Text("profile-name", 1, 33),
    "vlan": Number("vlanid", 1, 4093),
    "vlans": NumberList("vlanlist", 1, 4093),
    "ports": NumberList("portlist", 0, 47),
    "vlantype": OneOf("vlantype", ("mux", "standard", "smart")),
    "vlanattr": OneOf("vlanattr", ("common", "qinq", "stacking")),
    "kbps": Number("bandwidth", 0, 10240000),
    "cir": Number("cir", 64, 10240000),
    "pir": Number("pir", 64, 10240000),
    "burst": Number("bytes", 2000, 10240000),
    "table": Number("index", 0, 1023),
    "table_name": Text("name", 1, 32),
    "priority": Number("priority", 0, 7),
    "priority_policy": OneOf("priority-policy", ("local-setting", "tag-in-package")),
    "tcont": Number("tcontid", 0, 127),
    "gem": Number("gemportid", 0, 1023),
    "mapping": Number("mapping-index", 0, 7),
    "queue": Number("priority-queue", 0, 7),
    "on_off": OneOf("switch", ("on", "off")),
    "cli_switch": OneOf("switch", ("OFF", "ON")),
    "enabling": OneOf("switch", ("enable", "disable")),
    "count": Text("adaptive|number", 1, 8),
    "eth": Number("ont-portid", 1, 24),
    "index": Number("index", 0, 139263),
    "macs": Number("max-mac-count", 0, 1023),
    "transform": OneOf("tag-transform", ("default", "translate", "transparent", "translate-and-add")),
    "ip_index": Number("ip-index", 0, 7),
    "address": Text("ip-address", 7, 15),
    "user": Text("username", 1, 64),
    "password": Text("password", 1, 64),
    "lines": Number("number", 10, 512),
    "minutes": Number("minutes", 1, 255),
    "name": Text("name", 1, 50),
    "ont_type": OneOf("ont-type", ("normal", "virtual")),
    "note": Text("description", 1, 64),
    "mac": Text("mac-address", 14, 14),
    "sort": OneOf("sort-by", ("vlan", "port")),
}
