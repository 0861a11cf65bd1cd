"""Texts of a ZXA10 to records: pure functions, tested on public captures of C300, C320, C600, C610 and C620.

Most displays differ in spelling only, and are read in either; what Titan prints otherwise is read in ``titan``. A
parser that does not find the form it knows raises Unreadable; it never guesses. Layouts: device-facts 2.3.
"""

from __future__ import annotations

from isp_lifecycle.drivers.zte.parsers.care import (
    EquipmentBlock,
    InterfaceCounters,
    UnitVersions,
    equipment,
    interface_counters,
    unit_versions,
)
from isp_lifecycle.drivers.zte.parsers.config import (
    Configuration,
    GemPort,
    OnuBlock,
    RegisteredOnu,
    ServicePort,
    described,
    remote_config,
    running_config,
)
from isp_lifecycle.drivers.zte.parsers.onus import (
    Attenuation,
    AuthRow,
    DetailBlock,
    StateRow,
    UncfgRow,
    attenuation,
    base_info,
    by_serial,
    detail_info,
    powers,
    states,
    unconfigured,
)
from isp_lifecycle.drivers.zte.parsers.plant import (
    CardRow,
    ProfileRate,
    SystemBlock,
    cards,
    system_group,
    tcont_profiles,
    traffic_profiles,
    vlan_summary,
)
from isp_lifecycle.drivers.zte.parsers.remote import remote_service, vlan_profiles

__all__ = [
    "Attenuation",
    "AuthRow",
    "CardRow",
    "Configuration",
    "DetailBlock",
    "EquipmentBlock",
    "GemPort",
    "InterfaceCounters",
    "OnuBlock",
    "ProfileRate",
    "RegisteredOnu",
    "ServicePort",
    "StateRow",
    "SystemBlock",
    "UncfgRow",
    "UnitVersions",
    "attenuation",
    "base_info",
    "by_serial",
    "cards",
    "described",
    "detail_info",
    "equipment",
    "interface_counters",
    "powers",
    "remote_config",
    "remote_service",
    "running_config",
    "states",
    "system_group",
    "tcont_profiles",
    "traffic_profiles",
    "unconfigured",
    "unit_versions",
    "vlan_profiles",
    "vlan_summary",
]
