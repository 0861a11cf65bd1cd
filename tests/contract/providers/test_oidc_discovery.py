"""What a provider publishes: believed only as far as it fits the settings; keys change; Entra's many tenants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from isp_lifecycle.access.oidc.errors import (
    GroupsUnknown,
    NotOurs,
    ProviderNeedsCare,
    ProviderUnreachable,
    TokenRefused,
)
from isp_lifecycle.access.oidc.provider import OidcProvider as Provider
from isp_lifecycle.foundation.providers import OidcProvider
from isp_lifecycle.foundation.settings import SettingWrong, describe, load_settings
from tests.contract.providers.conftest import OWN, PEOPLE, came_back, provider_at
from tests.flows.certificates import certificate
from tests.providers.tampering import Claims, TamperedProvider, claims_of, saying, signed, tampered_provider

TENANT, OTHER = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
MANY = {"domains": (), "kind": "entra", "tenants": (TENANT,)}


@pytest.mark.parametrize(
    ("discovery", "why"),
    [
        ({"issuer": "https://accounts.evil.test"}, "it calls itself https://accounts.evil.test"),
        ({"token_endpoint": "http://evil.test/token"}, "its token_endpoint is no https address"),
        ({"jwks_uri": None}, "its jwks_uri is no https address"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "it signs by no key pair"),
    ],
)
def test_document_that_does_not_fit_is_not_believed(at: TamperedProvider, discovery: dict[str, Any], why: str) -> None:
    at.discovery = discovery
    with pytest.raises(ProviderNeedsCare) as refused:
        provider_at(at).begins_at(state="s", secrets=OWN)
    assert refused.value.why == why


def test_provider_that_is_away_may_be_back_soon(at: TamperedProvider) -> None:
    with pytest.raises(ProviderUnreachable, match="ConnectError"):
        provider_at(at, issuer="http://127.0.0.1:1").begins_at(state="s", secrets=OWN)


def test_provider_is_asked_how_it_is(at: TamperedProvider) -> None:
    (well,) = provider_at(at).probe()
    assert (well.server, well.error, well.notes) == (at.url, "", ("1 key, for RS256",))
    at.discovery = {"issuer": "https://accounts.evil.test"}
    (ill,) = provider_at(at).probe()
    assert "Set ISSUER to exactly that" in ill.error


def test_keys_are_kept_and_fetched_once_more_for_one_that_is_new(at: TamperedProvider) -> None:
    provider, new = provider_at(at), RSAKey.generate_key(2048, {"kid": "new"})
    for _ in range(3):
        came_back(provider, at)
    assert at.fetched == 1
    at.tamper = lambda claims, _key: signed(claims, new)
    with pytest.raises(TokenRefused, match="does not publish"):
        came_back(provider, at)
    assert at.fetched == 2
    at.keys = [
        new.as_dict(private=False),
        {"kty": "oct", "kid": "new", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "broken"},
    ]
    assert came_back(provider, at).subject == "ann"
    assert at.fetched == 3
    came_back(provider, at)
    assert at.fetched == 3


def test_key_for_encryption_or_another_algorithm_signs_nothing(at: TamperedProvider) -> None:
    new = RSAKey.generate_key(2048, {"kid": "new"})
    at.tamper = lambda claims, _key: signed(claims, new)
    for more in ({"use": "enc"}, {"alg": "RS512"}):
        at.keys = [{**new.as_dict(private=False), **more}]
        with pytest.raises(TokenRefused, match="does not publish for that"):
            came_back(provider_at(at), at)


def test_certificate_is_verified(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, address="127.0.0.1")
    with tampered_provider(PEOPLE, tls=(cert, key)) as at:
        with pytest.raises(ProviderNeedsCare, match=r"the certificate of https://127\.0\.0\.1/"):
            provider_at(at).begins_at(state="s", secrets=OWN)
        assert "code_challenge" in provider_at(at, trust=cert).begins_at(state="s", secrets=OWN)


def entra_at(at: TamperedProvider, *, tenant: str, **settings: Any) -> Provider:
    """Entra ID: issuers with a tenant in their path."""
    issuer = f"{at.url}/{tenant}/v2.0"
    shown = issuer.replace("/organizations/", "/{tenantid}/")
    at.discovery = {"issuer": shown}
    return provider_at(at, **{**MANY, "issuer": issuer, **settings})


def of_tenant(at: TamperedProvider, tenant: str, **more: Any) -> Any:
    """A token as Entra issues it; of e-mail addresses it does not say that they are verified."""
    claims: Claims = {
        "iss": f"{at.url}/{tenant}/v2.0",
        "tid": tenant,
        "oid": "0-1-2",
        "preferred_username": "ann@isp.test",
        "email_verified": None,
        "hd": None,
    }
    return saying(**claims | more)


@pytest.mark.parametrize(("tenant", "tenants"), [("organizations", (TENANT,)), (TENANT, ())])
def test_entra_account_is_named_by_tenant_and_object(
    at: TamperedProvider, tenant: str, tenants: tuple[str, ...]
) -> None:
    provider = entra_at(at, tenant=tenant, tenants=tenants)
    at.tamper = of_tenant(at, TENANT)
    person = came_back(provider, at)
    assert (person.subject, person.username) == (f"{TENANT}.0-1-2", "ann@isp.test")
    assert person.email == ""  # nobody vouches for it, so that no account is found by it
    at.tamper = of_tenant(at, TENANT, xms_edov=True)
    assert came_back(provider, at).email == "ann@isp.test"


def test_entra_account_of_another_tenant_is_not_let_in(at: TamperedProvider) -> None:
    provider = entra_at(at, tenant="organizations")
    at.tamper = of_tenant(at, OTHER)
    with pytest.raises(NotOurs, match="another tenant"):
        came_back(provider, at)
    at.tamper = of_tenant(at, OTHER, iss=f"{at.url}/{TENANT}/v2.0")
    with pytest.raises(TokenRefused, match="issued by somebody else"):
        came_back(provider, at)
    at.tamper = of_tenant(at, TENANT, oid=None)
    with pytest.raises(NotOurs, match="does not say which account") as refused:
        came_back(provider, at)
    assert refused.value.remedy == "Add profile to SCOPES."


def test_entra_key_of_another_tenant_signs_nothing(at: TamperedProvider) -> None:
    new, provider = RSAKey.generate_key(2048, {"kid": "new"}), entra_at(at, tenant="organizations")

    def tamper(claims: Claims, key: RSAKey) -> str:
        return signed(claims_of(of_tenant(at, TENANT)(claims, key)), new)

    at.tamper = tamper
    at.keys = [{**new.as_dict(private=False), "issuer": f"{at.url}/{OTHER}/v2.0"}]
    with pytest.raises(TokenRefused, match="the key of another tenant"):
        came_back(provider, at)
    at.keys = [{**new.as_dict(private=False), "issuer": f"{at.url}/{{tenantid}}/v2.0"}]
    assert came_back(entra_at(at, tenant="organizations"), at).subject == f"{TENANT}.0-1-2"


@pytest.mark.parametrize("overage", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}])
def test_too_many_groups_for_a_token_is_an_error_that_says_what_to_do(
    at: TamperedProvider, overage: dict[str, Any]
) -> None:
    at.tamper = saying(groups=None, **overage)
    with pytest.raises(GroupsUnknown) as refused:
        came_back(provider_at(at), at)
    assert "groups assigned to the application" in refused.value.remedy


@pytest.mark.parametrize(
    ("claim", "claims", "groups"),
    [
        ("groups", {"groups": None}, set()),
        ("groups", {"groups": "one"}, {"one"}),
        ("realm_access.roles", {"realm_access": {"roles": ["noc", "desk"]}}, {"noc", "desk"}),
        ("https://isp.test/groups", {"https://isp.test/groups": ["noc"]}, {"noc"}),
        ("realm_access.roles", {"realm_access": ["noc"]}, set()),
    ],
)
def test_groups_stand_in_the_claim_that_is_set(
    at: TamperedProvider, claim: str, claims: dict[str, Any], groups: set[str]
) -> None:
    at.tamper = saying(**claims)
    assert came_back(provider_at(at, groups_claim=claim), at).groups == groups


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"issuer": "http://accounts.isp.test"}, "https"),
        ({"kind": "google", "issuer": ""}, "DOMAINS names at least one domain"),
        ({"kind": "entra", "issuer": "https://login.microsoftonline.com/organizations/v2.0"}, "TENANTS names"),
        ({"scopes": ["email"]}, "SCOPES contains openid"),
        ({"directory_account": "/nowhere"}, "DIRECTORY_ACCOUNT is for google"),
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(wrong: dict[str, Any], says: str) -> None:
    one = {"issuer": "https://sso.isp.test", "client_id": "isp", "client_secret": "hidden-one", **wrong}
    with pytest.raises(SettingWrong, match=says) as refused:
        load_settings(oidc={"sso": one})
    assert "hidden-one" not in str(refused.value)


def test_providers_are_set_by_variables_and_described(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "KIND": "google",
        "CLIENT_ID": "isp",
        "CLIENT_SECRET": "s",
        "DOMAINS": '["isp.test"]',
        "GROUPS": '{"noc@isp.test": "network"}',
    }.items():
        monkeypatch.setenv(f"ISP_OIDC__GOOGLE__{name}", value)
    settings = load_settings()
    assert (settings.oidc["google"].issued_by, settings.oidc["google"].shown_as("google")) == (
        "https://accounts.google.com",
        "Google",
    )
    assert settings.group_tables == {"google": {"noc@isp.test": "network"}}
    described = {name: meaning for name, _, meaning in describe()}
    for name in OidcProvider.model_fields:
        assert described[f"ISP_OIDC__<NAME>__{name.upper()}"]
