"""Which passwords are refused."""

from __future__ import annotations

import pytest

from isp_lifecycle.access.passwords import weakness_of

OWN = ("sally.murphy", "Sally Murphy", "sally.murphy@example.org")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Password1", "most common"),
        ("password2026!", "most common"),
        ("CHANGEME", "most common"),
        ("aaaaaaaaaa", "over and over"),
        ("abcabcabcabc", "over and over"),
        ("hijklmnop", "a run"),
        ("876543210", "a run"),
        ("poiuytrewq", "a run"),
        ("murphy123", "own name"),
        ("Sally.Murphy", "own name"),
    ],
)
def test_what_anybody_tries_first_is_refused_with_the_reason(password: str, why: str) -> None:
    assert why in weakness_of(password, own_words=OWN)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "murphys law of seven seas", "kT7!vv29", "ünïcode zebra", "12 drummers drumming"],
)
def test_everything_else_is_taken_whatever_its_kinds_of_characters(password: str) -> None:
    assert weakness_of(password, own_words=OWN) == ""
