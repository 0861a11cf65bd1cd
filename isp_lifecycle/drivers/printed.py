"""Serial numbers and rates as devices print them and take them, the same for every vendor's reads."""

from __future__ import annotations

from isp_lifecycle.drivers.errors import SerialMalformed, SerialWithoutLetters
from isp_lifecycle.drivers.values import Serial
from isp_lifecycle.drivers.vendor import Unreadable


def typed(serial: Serial) -> str:
    """As most devices take it: four letters and eight hexadecimal digits, and nothing else (help of ``show gpon onu by
    sn``, C320 V2.1). Raises SerialWithoutLetters."""
    if not serial.vendor:
        raise SerialWithoutLetters(serial.normal)
    return f"{serial.vendor}{serial.normal[8:]}"


def serial(text: str) -> Serial:
    """A serial number as a device prints it; raises Unreadable."""
    try:
        return Serial.parse(text)
    except SerialMalformed as error:
        raise Unreadable(f"{text!r} is not a serial number") from error


def serial_or_none(text: str) -> Serial | None:
    """None for an ONT that is registered by password or LOID, or whose label has no hexadecimal number."""
    try:
        return Serial.parse(text)
    except SerialMalformed:
        return None


def kbps_of(bytes_a_second: int | None) -> float | None:
    """A rate in kbit/s, from the bytes a second that some displays have."""
    return None if bytes_a_second is None else bytes_a_second * 8 / 1000
