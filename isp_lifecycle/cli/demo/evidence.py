"""What really stands, looked up where it stands: on the device, in the records, in the mail sink, at the CRM."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.cli.demo.story import Story
from isp_lifecycle.foundation.db import read
from isp_lifecycle.views import demo


@dataclass(frozen=True)
class Evidence:
    """Counts of what one order left, and the light. After an activation each count is 1; after a cancel each is 0.

    ``onts`` and ``service_ports`` are counted on the OLT by the service's key, independently of our drivers.
    """

    onts: int
    online: int
    service_ports: int
    lines: int
    addresses: int
    charges: int
    service_state: str
    order_state: str
    emails: int
    crm_messages: int
    rx_dbm: float | None

    def document(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self)

    @property
    def active(self) -> bool:
        """Exactly one of everything, and light."""
        counts = (self.onts, self.online, self.service_ports, self.lines, self.addresses, self.charges)
        told = self.emails >= 3 and self.crm_messages >= 3
        return set(counts) == {1} and told and (self.service_state, self.order_state) == ("active", "completed")

    @property
    def nothing_left(self) -> bool:
        """No object on the OLT, no number held, nothing charged."""
        counts = (self.onts, self.service_ports, self.lines, self.addresses, self.charges)
        return set(counts) == {0} and (self.service_state, self.order_state) == ("terminated", "cancelled")


def gather(story: Story) -> Evidence:
    """Look everywhere."""
    olts = story.system.lab.state().olts
    onts = [ont for olt in olts for ont in olt.onts if ont.service_code == story.service_code]
    with read(story.system.doors.window.engine) as tx:
        row = tx.execute(_ROW, {"order": story.order_code}).one()
    return Evidence(
        onts=len(onts),
        online=sum(1 for ont in onts if ont.run_state == "online"),
        service_ports=sum(len(ont.vlans) for ont in onts),
        lines=row.lines,
        addresses=row.addresses,
        charges=row.charges,
        service_state=row.service_state,
        order_state=row.order_state,
        emails=sum(
            1 for mail in demo.mails(story.system.doors.window, story.one("administrator")) if row.email in mail.to
        ),
        crm_messages=_crm_messages(story),
        rx_dbm=onts[0].rx_dbm if onts else None,
    )


#: Addresses in quarantine count as held only where the line was never cancelled: they belong to nobody.
_ROW = sa.text(
    """
    SELECT o.state AS order_state, s.state AS service_state, c.email,
           (SELECT count(*) FROM lines l WHERE l.service_id = s.id) AS lines,
           (SELECT count(*) FROM allocations a
             WHERE a.owner = s.id AND a.state IN ('reserved', 'assigned') AND family(a.prefix) = 4) AS addresses,
           (SELECT count(*) FROM charges h WHERE h.service_id = s.id) AS charges
    FROM orders o JOIN services s ON s.order_id = o.id JOIN customers c ON c.id = o.customer_id WHERE o.code = :order
    """
)


def _crm_messages(story: Story) -> int:
    folder = story.system.settings.crm.folder or story.system.settings.var / "crm"
    documents = (json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json"))
    return sum(1 for document in documents if story.order_code in json.dumps(document))
