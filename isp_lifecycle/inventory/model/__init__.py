"""Services, plant, lines as built, and the loss budget between them; all without a database."""

from isp_lifecycle.inventory.model.account import DeviceAccount, SignIn
from isp_lifecycle.inventory.model.adopted import AdoptedOnt
from isp_lifecycle.inventory.model.budget import RATIO_LOSS_DB, expected_rx_dbm, path_loss_db
from isp_lifecycle.inventory.model.drift import (
    DRIFT_MOVES,
    Drift,
    DriftFound,
    DriftState,
    FoundLine,
    Reconciliation,
    Remedy,
)
from isp_lifecycle.inventory.model.line import Line, LineSource
from isp_lifecycle.inventory.model.passive import Card, CardSeen, Closure, Launch, Passage, kept, standing
from isp_lifecycle.inventory.model.plant import Olt, PonPort, Route, Splitter, SplitterPorts
from isp_lifecycle.inventory.model.service import (
    SERVICE_MOVES,
    Service,
    ServiceState,
    SuspendedFor,
    SuspendedWay,
    is_service_code,
)

__all__ = [
    "DRIFT_MOVES",
    "RATIO_LOSS_DB",
    "SERVICE_MOVES",
    "AdoptedOnt",
    "Card",
    "CardSeen",
    "Closure",
    "DeviceAccount",
    "Drift",
    "DriftFound",
    "DriftState",
    "FoundLine",
    "Launch",
    "Line",
    "LineSource",
    "Olt",
    "Passage",
    "PonPort",
    "Reconciliation",
    "Remedy",
    "Route",
    "Service",
    "ServiceState",
    "SignIn",
    "Splitter",
    "SplitterPorts",
    "SuspendedFor",
    "SuspendedWay",
    "expected_rx_dbm",
    "is_service_code",
    "kept",
    "path_loss_db",
    "standing",
]
