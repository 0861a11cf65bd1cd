"""The settings of OIDC providers: where staff may sign in by an account that the company already has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from isp_lifecycle.foundation.https import is_safe
from isp_lifecycle.foundation.sections import Section

#: What a provider is called in addresses, variables and the audit.
ProviderName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]

GOOGLE = "https://accounts.google.com"
#: Parts of Entra's addresses that stand for many tenants; what each token is of then stands in the token.
SHARED_TENANTS = frozenset({"organizations", "common", "consumers"})


class OidcProvider(Section):
    """One OIDC provider (OpenID Connect Core 1.0), registered there as a confidential web application."""

    kind: Literal["google", "entra", "generic"] = Field(
        "generic", description="google: Workspace; entra: Microsoft Entra ID; generic: any other (Keycloak, Okta...)."
    )
    label: str = Field("", max_length=40, description="On the button; empty = Google, Microsoft, or the name.")
    issuer: str = Field(
        "",
        description="As its discovery document names it; empty = Google's. Entra: "
        "https://login.microsoftonline.com/TENANT-ID/v2.0.",
    )
    client_id: str = Field(min_length=1, description="Of the application as registered there.")
    client_secret: SecretStr = Field(description="Its secret.")
    scopes: tuple[str, ...] = Field(("openid", "email", "profile"), description="What is asked for; a JSON list.")
    domains: tuple[str, ...] = Field(
        (), description="Hosted domains (claim hd) whose accounts are let in; google needs one. A JSON list."
    )
    tenants: tuple[str, ...] = Field(
        (), description="entra: ids of the tenants let in, where the issuer is /organizations/. A JSON list."
    )
    groups_claim: str = Field(
        "groups", min_length=1, description="Claim that lists groups; a.b reaches into objects (realm_access.roles)."
    )
    groups: dict[str, str] = Field(
        default_factory=dict, description='Which group gives which role: {"isp-noc": "network"}.'
    )
    directory_account: Path | None = Field(
        None, description="google: key file of a service account that reads groups by the Directory API; empty = claim."
    )
    directory_admin: str = Field(
        "", description="google: whom that account acts as (domain-wide delegation); an administrator who may read."
    )
    directory_url: str = Field("https://admin.googleapis.com", description="google: where the Directory API is.")
    trust: Path | None = Field(
        None, description="File of certificates that the provider's is checked by; empty = the usual ones."
    )
    timeout_seconds: float = Field(10.0, gt=0, description="The provider is given so long for each answer.")
    leeway_seconds: int = Field(60, ge=0, le=300, description="Its clock may differ from ours by so much.")

    @model_validator(mode="after")
    def _whole(self) -> OidcProvider:
        if not self.issuer and self.kind != "google":
            raise ValueError("ISSUER is needed")
        if not is_safe(self.issued_by):
            raise ValueError("ISSUER is an https address (http only on this machine)")
        if "openid" not in self.scopes:
            raise ValueError("SCOPES contains openid")
        if self.kind == "google" and not self.domains:
            raise ValueError("DOMAINS names at least one domain, or every Google account could sign in")
        if self.shared and not self.tenants:
            raise ValueError("TENANTS names at least one tenant's id, or every Microsoft account could sign in")
        if self.directory_account and not (self.kind == "google" and self.directory_admin):
            raise ValueError("DIRECTORY_ACCOUNT is for google and needs DIRECTORY_ADMIN")
        return self

    @property
    def issued_by(self) -> str:
        """The issuer."""
        return self.issuer or GOOGLE

    @property
    def tenant(self) -> str:
        """Entra: the tenant that the issuer names."""
        return urlsplit(self.issued_by).path.strip("/").split("/")[0] if self.kind == "entra" else ""

    @property
    def shared(self) -> bool:
        """Entra: whether the issuer is that of many tenants."""
        return self.tenant in SHARED_TENANTS

    def shown_as(self, name: str) -> str:
        """What people call it."""
        return self.label or {"google": "Google", "entra": "Microsoft"}.get(self.kind, name)
