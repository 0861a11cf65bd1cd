"""The port that every way of telling a CRM fills."""

from __future__ import annotations

from typing import Protocol

from isp_lifecycle.crm.model import CrmMessage, Told


class CrmSender(Protocol):
    """Tells the CRM; at least once, so the receiver goes by the message's id."""

    def tell(self, message: CrmMessage) -> Told:
        """Hand the message over, or raise a leaf of ``crm.errors``; the same message again is harmless."""
        ...
