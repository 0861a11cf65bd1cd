"""Services, plant, lines as built, and the loss budget between them; all without a database."""

from isp_lifecycle.inventory.model.budget import RATIO_LOSS_DB, expected_rx_dbm, path_loss_db
from isp_lifecycle.inventory.model.line import Line, LineSource
from isp_lifecycle.inventory.model.plant import Olt, PonPort, Route, Splitter, SplitterPorts
from isp_lifecycle.inventory.model.service import SERVICE_MOVES, Service, ServiceState, SuspendedFor, SuspendedWay

__all__ = [
    "RATIO_LOSS_DB",
    "SERVICE_MOVES",
    "Line",
    "LineSource",
    "Olt",
    "PonPort",
    "Route",
    "Service",
    "ServiceState",
    "Splitter",
    "SplitterPorts",
    "SuspendedFor",
    "SuspendedWay",
    "expected_rx_dbm",
    "path_loss_db",
]
