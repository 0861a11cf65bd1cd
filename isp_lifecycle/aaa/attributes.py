"""RADIUS attributes that set a rate or a filter, a table per vendor, and the dictionary that pyrad needs for them.

Numbers: RFC 2865, 2866, 5176, and FreeRADIUS's dictionaries for the vendors' own. Units
differ: MikroTik takes ``k`` for kbit/s, Huawei's BNGs and WISPr roaming gateways take bit/s.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

from pyrad.dictionary import Dictionary

Attributes = dict[str, str]
FILTER = "Filter-Id"


def _mikrotik(down_kbps: int, up_kbps: int) -> Attributes:
    # The router's own view: "rx/tx", and what it receives is the customer's upload.
    return {"Mikrotik-Rate-Limit": f"{up_kbps}k/{down_kbps}k"}


def _huawei(down_kbps: int, up_kbps: int) -> Attributes:
    # Input is what comes from the customer.
    return {"Huawei-Input-Average-Rate": _bits(up_kbps), "Huawei-Output-Average-Rate": _bits(down_kbps)}


def _wispr(down_kbps: int, up_kbps: int) -> Attributes:
    return {"WISPr-Bandwidth-Max-Up": _bits(up_kbps), "WISPr-Bandwidth-Max-Down": _bits(down_kbps)}


def _bits(kbps: int) -> str:
    # An integer attribute has 32 bits (RFC 2865, 5): of more than 4.29 Gbit/s it can only say that much.
    return str(min(kbps * 1000, 0xFFFFFFFF))


#: What sets a line's rates on each vendor's access gateway, from the download's and the upload's kbit/s.
RATES: dict[str, Callable[[int, int], Attributes]] = {"mikrotik": _mikrotik, "huawei": _huawei, "wispr": _wispr}

_DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE NAS-IP-Address 4 ipaddr
ATTRIBUTE Framed-IP-Address 8 ipaddr
ATTRIBUTE Filter-Id 11 string
ATTRIBUTE Reply-Message 18 string
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE Event-Timestamp 55 date
ATTRIBUTE Message-Authenticator 80 octets
ATTRIBUTE Error-Cause 101 integer
VENDOR Huawei 2011
BEGIN-VENDOR Huawei
ATTRIBUTE Huawei-Input-Average-Rate 2 integer
ATTRIBUTE Huawei-Output-Average-Rate 5 integer
END-VENDOR Huawei
VENDOR WISPr 14122
BEGIN-VENDOR WISPr
ATTRIBUTE WISPr-Bandwidth-Max-Up 7 integer
ATTRIBUTE WISPr-Bandwidth-Max-Down 8 integer
END-VENDOR WISPr
VENDOR Mikrotik 14988
BEGIN-VENDOR Mikrotik
ATTRIBUTE Mikrotik-Rate-Limit 8 string
END-VENDOR Mikrotik
"""
#: Attributes whose values pyrad takes as numbers.
NUMBERS = frozenset(line.split()[1] for line in _DICTIONARY.splitlines() if line.endswith(" integer"))


@cache
def dictionary() -> Dictionary:
    """The attributes by name, read once."""
    return Dictionary(io.StringIO(_DICTIONARY))


def policy(*, vendors: tuple[str, ...], down_kbps: int, up_kbps: int, filter_name: str) -> Attributes:
    """All that sets these rates and this filter, for gateways of these vendors.

    A gateway ignores attributes of vendors that it does not know (RFC 2865, 5.26), so all may be sent to all.
    """
    wanted: Attributes = {}
    for vendor in vendors:
        wanted |= RATES[vendor](down_kbps, up_kbps)
    return wanted | ({FILTER: filter_name} if filter_name else {})
