"""What the CRM is told: one message a change, in the shape of TM Forum's event notifications (TMF688).

Names of fields follow TMF622 (product orders) and TMF638 (services). The document has a version of its own: fields may
be added under the same version, a changed meaning raises it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

VERSION = 1


class CrmKind(StrEnum):
    """What the message is about, by TM Forum's name of the event."""

    ORDER_STATE = "ProductOrderStateChangeEvent"  #: An order moved on.
    SERVICE_STATE = "ServiceStateChangeEvent"  #: A service became active, suspended or terminated.
    SERVICE_CHANGE = "ServiceAttributeValueChangeEvent"  #: A service got another plan or address.


@dataclass(frozen=True)
class CrmMessage:
    """One change, by the codes that people use; ``id`` stays the same when the message is sent again."""

    id: UUID
    kind: CrmKind
    at: datetime
    customer_code: str
    state: str
    order_code: str | None = None
    service_code: str | None = None
    plan: str | None = None
    address: str | None = None
    reason: str | None = None

    def document(self) -> dict[str, Any]:
        """The message as JSON has it; what is not known is left out."""
        return {
            "eventId": str(self.id),
            "eventType": str(self.kind),
            "eventTime": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "version": VERSION,
            "event": {self._subject: _present(self._resource())},
        }

    @property
    def _subject(self) -> str:
        return "productOrder" if self.kind is CrmKind.ORDER_STATE else "service"

    def _resource(self) -> dict[str, Any]:
        about_order = self.kind is CrmKind.ORDER_STATE
        return {
            "id": self.order_code if about_order else self.service_code,
            "state": self.state,
            "relatedParty": [{"id": self.customer_code, "role": "customer"}],
            "productOrder": None if about_order or not self.order_code else {"id": self.order_code},
            "service": {"id": self.service_code} if about_order and self.service_code else None,
            "productOffering": {"name": self.plan} if self.plan else None,
            "place": {"name": self.address, "role": "installationAddress"} if self.address else None,
            "statusChangeReason": self.reason,
        }


@dataclass(frozen=True)
class Told:
    """The CRM has it: where, and whether it had it before."""

    where: str
    repeated: bool


@dataclass(frozen=True)
class Standing:
    """A message that stands in a folder: the file's name, the id in it, and when what it tells of happened.

    ``id`` and ``at`` are None where the file is no message.
    """

    file: str
    id: UUID | None
    at: datetime | None


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
