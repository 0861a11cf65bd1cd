"""What a person may type on a SmartAX who only looks (device-facts 1.1: views; 1.2: smart mode)."""

from __future__ import annotations

import re

from isp_lifecycle.drivers.reading import SECRETS, Reading

READING = Reading(
    heads=("display",),
    # "interface gpon" enters a board that is there; of all other kinds, some make what they name.
    moves=tuple(
        re.compile(words) for words in ("enable", "config", "quit", "return", r"interface gpon \d{1,2}/\d{1,2}")
    ),
    leaves=frozenset({"quit"}),
    secrets=SECRETS | {"hwtacacs", "startup", "cli-log"},
    set_up=("undo smart", "enable"),
    offers=(
        "display version",
        "display board 0",
        "display ont autofind all",
        "display ont info summary 0/SLOT/PORT",
        "display ont info 0 SLOT PORT all",
        "display ont info by-sn SERIAL",
        "display ont info by-desc TEXT",
        "display ont optical-info PORT all",
        "display ont version 0 SLOT PORT ONT",
        "display ont traffic PORT ONT",
        "display service-port all",
        "display service-port port 0/SLOT/PORT ont ONT",
        "display statistics service-port NUMBER",
        "display statistics ont-line-quality PORT ONT",
        "display traffic table ip from-index 0",
        "display vlan all",
        "display alarm active all",
        "enable",
        "config",
        "interface gpon 0/SLOT",
        "quit",
    ),
)
