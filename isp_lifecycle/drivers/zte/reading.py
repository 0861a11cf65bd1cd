"""What a person may type on a ZXA10 who only looks; the same on a Titan, where ports are written otherwise."""

from __future__ import annotations

import re

from isp_lifecycle.drivers.reading import SECRETS, Reading

READING = Reading(
    heads=("show",),
    moves=tuple(re.compile(words) for words in ("enable", "configure terminal", "exit", "end")),
    leaves=frozenset({"exit"}),
    secrets=SECRETS | {"command", "radius-server", "startrun.dat"},
    set_up=("enable",),
    offers=(
        "show card",
        "show system-group",
        "show gpon onu uncfg",
        "show gpon onu state",
        "show gpon onu by sn SERIAL",
        "show gpon onu detail-info ONU",
        "show gpon onu baseinfo PORT",
        "show gpon remote-onu equip ONU",
        "show gpon profile tcont",
        "show gpon profile traffic",
        "show pon power attenuation ONU",
        "show pon power onu-rx PORT",
        "show pon power olt-rx PORT",
        "show interface ONU",
        "show vlan summary",
        "enable",
        "configure terminal",
        "exit",
    ),
    later=frozenset({"sn"}),
)
