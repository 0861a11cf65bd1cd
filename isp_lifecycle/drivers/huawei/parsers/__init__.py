"""Texts of a SmartAX to records: pure functions, tested on public captures of old and new firmware.

A parser that does not find the form it knows raises Unreadable; it never guesses. Layouts: device-facts 1.7.
"""

from isp_lifecycle.drivers.huawei.parsers.flows import (
    FlowBlock,
    FlowRow,
    ProfileRow,
    TableRow,
    VersionBlock,
    VlanBlock,
    flow_block,
    flow_rows,
    port_vlans,
    profile_rows,
    table_name,
    table_rows,
    version,
    vlan_block,
)
from isp_lifecycle.drivers.huawei.parsers.onts import (
    AutofindRow,
    OntBlock,
    OntRow,
    OpticalRow,
    SummaryRow,
    autofind,
    descriptions,
    ont_block,
    ont_rows,
    optical_block,
    optical_rows,
    summary,
)

__all__ = [
    "AutofindRow",
    "FlowBlock",
    "FlowRow",
    "OntBlock",
    "OntRow",
    "OpticalRow",
    "ProfileRow",
    "SummaryRow",
    "TableRow",
    "VersionBlock",
    "VlanBlock",
    "autofind",
    "descriptions",
    "flow_block",
    "flow_rows",
    "ont_block",
    "ont_rows",
    "optical_block",
    "optical_rows",
    "port_vlans",
    "profile_rows",
    "summary",
    "table_name",
    "table_rows",
    "version",
    "vlan_block",
]
