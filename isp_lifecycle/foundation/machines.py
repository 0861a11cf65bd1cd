"""The settings of the HTTP API for machines."""

from __future__ import annotations

from pydantic import Field

from isp_lifecycle.foundation.sections import Section


class Api(Section):
    """The HTTP API, by which partners and the operator's own machines ask."""

    host: str = Field("127.0.0.1", description="Address to listen on; put TLS in front before it is another one.")
    public_origin: str = Field(
        "",
        pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+/?)?$",
        description="API as machines see it, on a host or port of its own: https://api.isp.example; for `isp proxy`.",
    )
    requests_per_minute: int = Field(
        600, ge=1, le=1_000_000, description="Requests that one token may send in a minute."
    )
    wrong_tokens: int = Field(30, ge=1, le=10_000, description="Wrong tokens that one address may send in 15 minutes.")
    documents: bool = Field(True, description="Serve the OpenAPI document at /openapi.json; it needs no token.")
