"""ONTs that stand on an OLT and are known, while no service of ours is known to be theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.inventory.model.drift import FoundLine


@dataclass(frozen=True, kw_only=True)
class AdoptedOnt:
    """An ONT as it was found with its flow, and who took note of it; gone once a service's line is recorded for it."""

    olt_id: UUID
    line: FoundLine
    description: str
    noted_at: datetime
    noted_by: str
