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
from isp_lifecycle.ipam.actions.checks import last_check, note_check
from isp_lifecycle.ipam.actions.hold import end_holds, hold, holds, let_go, take_over
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
    "end_holds",
    "end_quarantine",
    "fill",
    "forget_vlan",
    "hold",
    "holds",
    "is_shared",
    "last_check",
    "let_go",
    "note_check",
    "put_nat",
    "put_pool",
    "release",
    "reserve",
    "reserve_next",
    "reserve_vlan",
    "seen_outside",
    "serves",
    "switch",
    "take_over",
    "used_at",
    "vlans",
]
