"""Texts of a V1600G to records: pure functions, tested on public captures of V1.4, V2.1 and V2.3.

A parser that does not find the form it knows raises Unreadable; it never guesses.
"""

from __future__ import annotations

from isp_lifecycle.drivers.vsol.parsers.care import DetailBlock, Statistics, detail, statistics
from isp_lifecycle.drivers.vsol.parsers.config import (
    Configuration,
    GemPort,
    OnuBlock,
    ServicePort,
    onu_config,
    running_config,
)
from isp_lifecycle.drivers.vsol.parsers.onus import (
    FoundRow,
    InfoRow,
    OpticalBlock,
    StateRow,
    auto_find,
    description,
    distance,
    info,
    optical,
    rx_power,
    states,
)
from isp_lifecycle.drivers.vsol.parsers.plant import (
    InterfaceRow,
    ProfileRate,
    VersionBlock,
    dba_profiles,
    interface_brief,
    traffic_profiles,
    version,
)
from isp_lifecycle.drivers.vsol.parsers.router import WAN_INDEX

__all__ = [
    "WAN_INDEX",
    "Configuration",
    "DetailBlock",
    "FoundRow",
    "GemPort",
    "InfoRow",
    "InterfaceRow",
    "OnuBlock",
    "OpticalBlock",
    "ProfileRate",
    "ServicePort",
    "StateRow",
    "Statistics",
    "VersionBlock",
    "auto_find",
    "dba_profiles",
    "description",
    "detail",
    "distance",
    "info",
    "interface_brief",
    "onu_config",
    "optical",
    "running_config",
    "rx_power",
    "states",
    "statistics",
    "traffic_profiles",
    "version",
]
