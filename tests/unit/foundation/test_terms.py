"""Terms: the value that orders, services and billing share."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, OntMode, Terms, TermsUnreadable

terms = st.builds(
    Terms,
    plan_code=st.text(min_size=1, max_size=20),
    plan_name=st.text(min_size=1, max_size=20),
    down_kbps=st.integers(1, 10_000_000),
    up_kbps=st.integers(1, 10_000_000),
    price=st.builds(Money, st.decimals(0, 10_000, places=4), st.sampled_from(["EUR", "GBP"])),
    address_policy=st.sampled_from(AddressPolicy),
    vlan=st.integers(2, 4094),
    ont=st.sampled_from(OntMode),
    own_vlan=st.booleans(),
)


@given(terms)
def test_terms_survive_the_way_through_json(agreed: Terms) -> None:
    assert Terms.from_json(json.loads(json.dumps(agreed.to_json()))) == agreed


def test_terms_of_an_unknown_version_are_refused() -> None:
    agreed = Terms(
        plan_code="p",
        plan_name="P",
        down_kbps=1,
        up_kbps=1,
        price=Money(Decimal(1), "EUR"),
        address_policy=AddressPolicy.STATIC,
        vlan=2,
    )
    with pytest.raises(TermsUnreadable):
        Terms.from_json({**agreed.to_json(), "version": 2})


def test_address_policies_know_their_prefix_length() -> None:
    assert {str(policy): policy.prefix_length for policy in AddressPolicy} == {
        "dynamic": 32,
        "static": 32,
        "block30": 30,
        "block29": 29,
        "block28": 28,
        "block27": 27,
        "block26": 26,
        "block25": 25,
        "block24": 24,
    }
