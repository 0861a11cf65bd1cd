"""What a person may type on a V1600G who only looks; most of it is asked from the view of a PON port."""

from __future__ import annotations

import re

from isp_lifecycle.drivers.reading import SECRETS, Reading

READING = Reading(
    heads=("show",),
    moves=tuple(
        re.compile(words)
        for words in ("enable", "configure terminal", "exit", "end", r"interface gpon \d{1,2}/\d{1,2}")
    ),
    leaves=frozenset({"exit"}),
    secrets=SECRETS | {"web", "manage"},
    set_up=("enable",),
    offers=(
        "show version",
        "show interface brief",
        "show onu auto-find",
        "show onu state",
        "show onu info",
        "show onu detail-info NUMBER",
        "show onu NUMBER optical_info",
        "show onu NUMBER distance",
        "show onu NUMBER desc",
        "show onu NUMBER statistics",
        "show pon onu all rx-power",
        "show profile dba",
        "show profile traffic",
        "enable",
        "configure terminal",
        "interface gpon 0/PORT",
        "exit",
    ),
    later=frozenset({"sn"}),
)
