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
from isp_lifecycle.ipam.actions.tags import (
    drop_next_tags,
    free_rested_tags,
    group_fill,
    put_group,
    release_tags,
    reserve_tags,
    tags_of,
    use_tags,
)
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
    "drop_next_tags",
    "end_holds",
    "end_quarantine",
    "fill",
    "forget_vlan",
    "free_rested_tags",
    "group_fill",
    "hold",
    "holds",
    "is_shared",
    "last_check",
    "let_go",
    "note_check",
    "put_group",
    "put_nat",
    "put_pool",
    "release",
    "release_tags",
    "reserve",
    "reserve_next",
    "reserve_tags",
    "reserve_vlan",
    "seen_outside",
    "serves",
    "switch",
    "tags_of",
    "take_over",
    "use_tags",
    "used_at",
    "vlans",
]
