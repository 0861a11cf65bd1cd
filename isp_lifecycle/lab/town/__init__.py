"""An invented town: who lives there, which fibre reaches them, what they already bought."""

from isp_lifecycle.lab.town.build import REFERENCE_DAY, VENDORS, make_town
from isp_lifecycle.lab.town.files import write_files
from isp_lifecycle.lab.town.model import (
    Blemish,
    Customer,
    Nat,
    OltSite,
    Outlet,
    Plan,
    PonPort,
    Pool,
    Premises,
    Splitter,
    StaffMember,
    Town,
)
from isp_lifecycle.lab.town.region import Region

__all__ = [
    "REFERENCE_DAY",
    "VENDORS",
    "Blemish",
    "Customer",
    "Nat",
    "OltSite",
    "Outlet",
    "Plan",
    "PonPort",
    "Pool",
    "Premises",
    "Region",
    "Splitter",
    "StaffMember",
    "Town",
    "make_town",
    "write_files",
]
