"""The two values every OLT speaks about: a PON port and an ONT's serial number. Parsed once, at the edge."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.errors import PortMalformed, SerialMalformed

_PORT = re.compile(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*/\s*(\d{1,3})\s*", re.ASCII)
_SERIAL_HEX = re.compile(r"[0-9A-F]{16}", re.ASCII)
_SERIAL_LABEL = re.compile(r"([A-Z0-9]{4})-?([0-9A-F]{8})", re.ASCII)
_SERIAL_BOTH = re.compile(r"([0-9A-F]{16})\s*\(([^()]*)\)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PonPort:
    """A port that ONTs hang on: frame (rack, shelf), slot and port, each from 0."""

    frame: int
    slot: int
    port: int

    @classmethod
    def parse(cls, text: str, *, field: str = "port") -> PonPort:
        """Read ``0/1/3``, also as devices space it (``0/ 1/3``); raises PortMalformed."""
        match = _PORT.fullmatch(text)
        if match is None:
            raise PortMalformed(field, text)
        frame, slot, port = (int(part) for part in match.groups())
        return cls(frame, slot, port)

    def __str__(self) -> str:
        return f"{self.frame}/{self.slot}/{self.port}"


@dataclass(frozen=True, slots=True, order=True)
class Serial:
    """An ONT's serial number (ITU-T G.984.3: four bytes of vendor id, four bytes of number) as 16 upper-case hex."""

    normal: str

    def __post_init__(self) -> None:
        if _SERIAL_HEX.fullmatch(self.normal) is None:
            raise SerialMalformed("serial", self.normal)

    @classmethod
    def parse(cls, text: str, *, field: str = "serial") -> Serial:
        """Read any form in use: 16 hex, ``HWTCAABBCCDD``, ``HWTC-AABBCCDD``, or both as devices print them.

        Raises SerialMalformed, which names ``field`` and the value, also when the two forms of one text disagree.
        """
        upper = text.strip().upper()
        if _SERIAL_HEX.fullmatch(upper):
            return cls(upper)
        if label := _SERIAL_LABEL.fullmatch(upper):
            return cls(label[1].encode("ascii").hex().upper() + label[2])
        if both := _SERIAL_BOTH.fullmatch(upper):
            serial = cls(both[1])
            if both[2].replace("-", "") == serial.display.replace("-", ""):
                return serial
        raise SerialMalformed(field, text)

    @property
    def vendor(self) -> str:
        """The vendor id as letters (``HWTC``), or empty where the four bytes are not letters and digits."""
        raw = bytes.fromhex(self.normal[:8])
        text = raw.decode("latin-1")
        return text if text.isascii() and text.isalnum() else ""

    @property
    def display(self) -> str:
        """As the label has it: ``HWTC-AABBCCDD``; the 16 hex digits where the vendor id is not letters."""
        return f"{self.vendor}-{self.normal[8:]}" if self.vendor else self.normal

    def __str__(self) -> str:
        return self.display
