"""The tables of services, plant and lines."""

from isp_lifecycle.inventory.store.line import lines
from isp_lifecycle.inventory.store.plant import olts, pon_ports, splitters
from isp_lifecycle.inventory.store.service import services

__all__ = ["lines", "olts", "pon_ports", "services", "splitters"]
