"""Against a real provider: the true answer names a person, and each false one is refused for what is false in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from isp_lifecycle.access.oidc.errors import NotOurs, TokenRefused
from isp_lifecycle.access.ports import Person
from isp_lifecycle.foundation.errors import LifecycleError
from tests.contract.providers.conftest import OWN, came_back, code_in, provider_at
from tests.providers import tampering
from tests.providers.tampering import CLIENT, SECRET, Claims, Tamper, TamperedProvider, saying


def soon(seconds: float) -> Callable[[Claims], int]:
    """An instant from when the token is sent, as tokens write it."""
    return lambda _claims: int(time.time() + seconds)


def test_true_answer_names_the_person_and_their_groups(at: TamperedProvider) -> None:
    assert came_back(provider_at(at), at) == Person(
        source="google",
        subject="ann",
        username="ann@isp.test",
        name="Ann Lee",
        email="ann@isp.test",
        groups=frozenset({"isp-noc", "staff"}),
    )


def test_code_is_asked_for_by_pkce_and_exchanged_with_its_verifier(at: TamperedProvider) -> None:
    provider = provider_at(at)
    address = provider.begins_at(state="s-1", secrets=OWN)
    assert "code_challenge_method=S256" in address
    assert OWN.verifier not in address
    assert "response_type=code" in address
    provider.came_back(code=code_in(at.consent(address, "ann")), issuer="", error="", secrets=OWN)
    asked = at.asked[-1]
    assert asked["code_verifier"] == OWN.verifier
    assert (asked["client"], asked["secret"]) == (CLIENT, "a+secret%3A+with+%2F+signs+%25")


def test_secret_goes_into_the_form_where_the_provider_takes_no_basic(at: TamperedProvider) -> None:
    at.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    came_back(provider_at(at), at)
    assert (at.asked[-1]["client_id"], at.asked[-1]["client_secret"]) == (CLIENT, SECRET)


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        (tampering.forged, "signature is wrong"),
        (tampering.altered, "signature is wrong"),
        (tampering.forged_of_no_key, "signed by a key that it does not publish"),
        (tampering.unsigned, "not signed, or not by a key pair"),
        (tampering.signed_by_public_key, "not signed, or not by a key pair"),
        (saying(exp=soon(-61)), "has run out"),
        (saying(exp=None), "leaves out what it must say"),
        (saying(nbf=soon(120)), "not valid yet"),
        (saying(iat=soon(120)), "issued in the future"),
        (saying(iss="https://accounts.evil.test"), "issued by somebody else"),
        (saying(iss=None), "leaves out what it must say"),
        (saying(aud="another-application"), "for another application"),
        (saying(aud=[CLIENT, "another-application"]), "for other applications too"),
        (saying(azp="another-application"), "handed out to another application"),
        (saying(nonce="of-another-sign-in"), "belongs to another sign-in"),
        (saying(nonce=None), "leaves out what it must say"),
        (saying(sub=None), "leaves out what it must say"),
        (saying(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "do not belong together"),
        (lambda _claims, _key: "no token", "cannot be read"),
    ],
)
def test_false_token_is_refused_for_what_is_false_in_it(at: TamperedProvider, tamper: Tamper, why: str) -> None:
    at.tamper = tamper
    with pytest.raises(TokenRefused) as refused:
        came_back(provider_at(at), at)
    assert why in refused.value.why
    assert refused.value.remedy


def test_tampering_alone_refuses_nothing(at: TamperedProvider) -> None:
    """What is signed anew with nothing changed is taken, so that each refusal above is for its change."""
    at.tamper = saying()
    assert came_back(provider_at(at), at).subject == "ann"
    at.tamper = saying(exp=soon(-30), aud=[CLIENT], azp=CLIENT)  # within what clocks may differ
    assert came_back(provider_at(at), at).subject == "ann"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hd": None}, "belongs to no organisation"),
        ({"hd": "evil.test"}, "belongs to another organisation"),
        ({"hd": "evil.test", "email": "ann@isp.test"}, "belongs to another organisation"),
        ({"hd": ["isp.test"]}, "belongs to another organisation"),
        ({"email_verified": False}, "is not verified"),
        ({"email_verified": None}, "is not verified"),
        ({"email_verified": "true"}, "is not verified"),
    ],
)
def test_genuine_account_of_others_is_not_let_in(at: TamperedProvider, changes: dict[str, Any], why: str) -> None:
    at.tamper = saying(**changes)
    with pytest.raises(NotOurs) as refused:
        came_back(provider_at(at), at)
    assert why in refused.value.why


def test_code_works_once(at: TamperedProvider) -> None:
    provider = provider_at(at)
    code = code_in(at.consent(provider.begins_at(state="s", secrets=OWN), "ann"))
    provider.came_back(code=code, issuer="", error="", secrets=OWN)
    with pytest.raises(TokenRefused, match="does not know the code"):
        provider.came_back(code=code, issuer="", error="", secrets=OWN)


def test_no_refusal_repeats_what_a_token_says(at: TamperedProvider) -> None:
    for tamper in (tampering.forged, saying(iss="https://accounts.evil.test"), saying(hd="evil.test")):
        at.tamper = tamper
        with pytest.raises(LifecycleError) as refused:
            came_back(provider_at(at), at)
        said = f"{refused.value!r} {refused.value} {refused.value.remedy}"
        assert not any(part in said for part in ("ann", "evil", at.sent[-1].split(".")[1][:20]))
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
