"""The tables of services, plant, lines, drift, and ONTs without a service."""

from isp_lifecycle.inventory.store.account import device_accounts
from isp_lifecycle.inventory.store.adopted import adopted_onts
from isp_lifecycle.inventory.store.drift import drifts, reconciliations
from isp_lifecycle.inventory.store.line import lines
from isp_lifecycle.inventory.store.passive import cards, closure_passages, closures
from isp_lifecycle.inventory.store.plant import olts, pon_ports, splitters
from isp_lifecycle.inventory.store.service import services

__all__ = [
    "adopted_onts",
    "cards",
    "closure_passages",
    "closures",
    "device_accounts",
    "drifts",
    "lines",
    "olts",
    "pon_ports",
    "reconciliations",
    "services",
    "splitters",
]
