"""Kinds of command parameters where a C600 spells them otherwise."""

import re
from collections.abc import Mapping

from isp_lifecycle.lab.grammar import Kind
from isp_lifecycle.lab.zxa10.kinds import KINDS, Read, place


def _uplink(text: str) -> str | None:
    return text if re.fullmatch(r"x?gei-1/\d+/\d+", text) else None


TITAN_KINDS: Mapping[str, Kind] = {
    **KINDS,
    "pon": place(r"gpon_olt-1/(\d+)/(\d+)"),
    "onu": place(r"gpon_onu-1/(\d+)/(\d+):(\d+)"),
    "vport": place(r"vport-1/(\d+)/(\d+)\.(\d+):(\d+)"),
    "uplink": Read("interface", _uplink),
}
