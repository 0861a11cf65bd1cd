"""The ways in which gateways write a MAC address."""

from __future__ import annotations

import pytest

from isp_lifecycle.aaa.accounting import spellings


@pytest.mark.parametrize(
    "written",
    ["AA:BB:CC:DD:EE:FF", "aa-bb-cc-dd-ee-ff", "AABB.CCDD.EEFF", "aabb-ccdd-eeff", "AABBCC-DDEEFF", "aabbccddeeff"],
)
def test_each_way_to_write_it_is_looked_for(written: str) -> None:
    found = spellings("AABBCCDDEEFF")
    assert written in found
    assert len(found) == len(set(found)) < 30
