"""One provider for all tests of a module; each finds it answering truly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from isp_lifecycle.access.oidc.provider import OidcProvider as Provider
from isp_lifecycle.access.ports import Person, Secrets
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.providers import OidcProvider
from tests.providers.tampering import CLIENT, SECRET, TamperedProvider, tampered_provider

BACK = "https://ops.isp.test/sign-in/with/google/callback"
OWN = Secrets(nonce="n-0123456789", verifier="v" * 64, back=BACK)
PEOPLE: dict[str, dict[str, Any]] = {
    "ann": {
        "email": "ann@isp.test",
        "email_verified": True,
        "name": "Ann Lee",
        "hd": "isp.test",
        "groups": ["isp-noc", "staff"],
    },
}


@pytest.fixture(scope="module")
def _served() -> Iterator[TamperedProvider]:
    with tampered_provider(PEOPLE) as state:
        yield state


@pytest.fixture
def at(_served: TamperedProvider) -> TamperedProvider:
    """The provider, answering truly."""
    _served.reset()
    return _served


def provider_at(at: TamperedProvider, **settings: Any) -> Provider:
    """Our side of it, new, with nothing kept."""
    wanted = {"issuer": at.url, "client_id": CLIENT, "client_secret": SECRET, "domains": ("isp.test",), **settings}
    return Provider("google", OidcProvider.model_validate(wanted), clock=SystemClock())


def came_back(provider: Provider, at: TamperedProvider, sub: str = "ann", own: Secrets = OWN) -> Person:
    """Sign in at the provider and come back."""
    where = at.consent(provider.begins_at(state="s", secrets=own), sub)
    return provider.came_back(code=code_in(where), issuer="", error="", secrets=own)


def code_in(address: str) -> str:
    """The code in the address that the browser is sent back to."""
    return address.split("code=")[1].split("&")[0]


Came = Callable[..., Person]
