"""The two spellings of an ONT's serial number (ITU-T G.984.3)."""

import re

_LABEL = re.compile(r"([A-Z]{4})-?([0-9A-F]{8})")
_HEX = re.compile(r"[0-9A-F]{16}")


def serial_hex(text: str) -> str | None:
    """Return a serial number as 16 hex digits, from either of its two spellings; None when it is neither."""
    text = text.upper()
    if _HEX.fullmatch(text):
        return text
    match = _LABEL.fullmatch(text)
    return match[1].encode().hex().upper() + match[2] if match else None


def serial_shown(serial: str) -> str:
    """Return the vendor spelling: HWTC-AABBCCDD for 48575443AABBCCDD."""
    return f"{bytes.fromhex(serial[:8]).decode('ascii', errors='replace')}-{serial[8:]}"
