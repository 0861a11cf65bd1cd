"""Looking after a line that stands: its ONT is made to start anew."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events.vocabulary import OntResetRequested
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NoLineToReset
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState

_UNFINISHED = """
    SELECT id FROM deliveries WHERE service_id = :service AND subscriber = 'ont_reset'
      AND state NOT IN ('done', 'cancelled') ORDER BY created_at LIMIT 1
"""


@enters("ont.reset")
def reset_ont(act: Act, *, service_code: str) -> UUID:
    """Have the ONT of a service start anew, now; returns the delivery, that of one under way where there is one.

    Its customer is offline for a minute or two. Raises NoLineToReset where there is none.
    """
    service = inventory.service_by_code(tx=act.tx, code=service_code)
    act.about("service", service.code)
    line = inventory.line_of_service(tx=act.tx, service_id=service.id)
    if line is None or service.state not in (ServiceState.ACTIVE, ServiceState.SUSPENDED):
        raise NoLineToReset(service.code, str(service.state))
    under_way: UUID | None = act.tx.execute(sa.text(_UNFINISHED), {"service": service.id}).scalar_one_or_none()
    event = OntResetRequested(service_id=service.id, customer_id=service.customer_id)
    return under_way or act.record(event)["ont_reset"]
