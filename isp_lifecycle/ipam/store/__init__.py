"""The tables of pools, free extents, allocations, VLANs and pairs of tags."""

from isp_lifecycle.ipam.store.allocation import allocations
from isp_lifecycle.ipam.store.checks import number_checks
from isp_lifecycle.ipam.store.nat import nats
from isp_lifecycle.ipam.store.pool import free_extents, pools
from isp_lifecycle.ipam.store.tags import vlan_groups, vlan_tags
from isp_lifecycle.ipam.store.vlan import vlans

__all__ = ["allocations", "free_extents", "nats", "number_checks", "pools", "vlan_groups", "vlan_tags", "vlans"]
