"""What was measured when a line came up, as telemetry keeps it; and the undo of steps that leave nothing behind."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.workflows.line.device import Light, Target
from isp_lifecycle.workflows.steps import Did, Room


def nothing_to_take_back[C](case: C, _where: object) -> Did[C]:
    """This step left nothing behind."""
    return Did(case, say("Nothing to take back."))


def keep_reading(service_id: UUID, target: Target, light: Light | None, room: Room) -> None:
    """Keep the measurement as the line's reading at this instant."""
    if light is None or target.ont_id is None:
        return
    telemetry.record_reading(
        tx=room.tx,
        service_id=service_id,
        olt=target.olt,
        pon_port=target.pon_port,
        ont_id=target.ont_id,
        serial=target.serial,
        at=room.at,
        ont_rx_dbm=light.ont_rx_dbm,
        ont_tx_dbm=light.ont_tx_dbm,
        olt_rx_dbm=light.olt_rx_dbm,
        distance_m=light.distance_m,
        source=room.workflow,
    )
