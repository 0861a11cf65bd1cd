"""Keep pools, take from them and give back, and note which VLAN is in use for what."""

from isp_lifecycle.ipam.actions.allocation import (
    QUARANTINE,
    adopt,
    allocation_of,
    assign,
    drop_next,
    end_quarantine,
    release,
    reserve,
    reserve_next,
    serves,
    switch,
)
from isp_lifecycle.ipam.actions.nat import all_nats, behind, is_shared, put_nat, seen_outside, used_at
from isp_lifecycle.ipam.actions.pool import all_pools, fill, put_pool
from isp_lifecycle.ipam.actions.vlan import forget_vlan, reserve_vlan, vlans

__all__ = [
    "QUARANTINE",
    "adopt",
    "all_nats",
    "all_pools",
    "allocation_of",
    "assign",
    "behind",
    "drop_next",
    "end_quarantine",
    "fill",
    "forget_vlan",
    "is_shared",
    "put_nat",
    "put_pool",
    "release",
    "reserve",
    "reserve_next",
    "reserve_vlan",
    "seen_outside",
    "serves",
    "switch",
    "used_at",
    "vlans",
]
