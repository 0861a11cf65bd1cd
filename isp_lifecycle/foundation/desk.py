"""Settings of the sales desk: how long somebody who asked is kept, and what is kept of customers."""

from __future__ import annotations

from pydantic import Field

from isp_lifecycle.foundation.sections import Section


class Desk(Section):
    """The sales desk: leads, and documents of customers."""

    lead_days: int = Field(
        180, ge=7, le=1095, description="Somebody who asked is forgotten after so many days without an order."
    )
    document_bytes: int = Field(
        10_000_000, ge=100_000, le=50_000_000, description="The largest document that is kept of a customer."
    )
    documents_per_customer: int = Field(50, ge=1, le=1000, description="So many documents are kept of one customer.")
