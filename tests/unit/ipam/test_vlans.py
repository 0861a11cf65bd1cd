"""VLANs: one purpose for a number on an OLT."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.ipam import actions
from isp_lifecycle.ipam.errors import VlanOwned, VlanWrong
from isp_lifecycle.ipam.model import Vlan

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def test_vlan_is_taken_once_for_a_purpose_and_refused_for_another(engine: sa.Engine) -> None:
    home = Vlan(olt="OLT-NORTH", number=100, purpose="home", reserved_at=AT)
    with write(engine) as tx:
        first = actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="home", at=AT)
        again = actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="home", at=AT + timedelta(days=1))
        assert first == Put(value=home, change=Change.CREATED)
        assert again == Put(value=home, change=Change.SAME)
        with pytest.raises(VlanOwned) as refused:
            actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="voice", at=AT)
        actions.reserve_vlan(tx=tx, olt="OLT-SOUTH", number=100, purpose="voice", at=AT)
        low = actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=20, purpose="voice", at=AT).value
        assert actions.vlans(tx=tx, olt="OLT-NORTH") == (low, home)
    assert refused.value.owner == "home"


@pytest.mark.parametrize("number", [-1, 0, 1, 4095])
def test_number_that_no_service_may_use_is_refused(engine: sa.Engine, number: int) -> None:
    with write(engine) as tx, pytest.raises(VlanWrong):
        actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=number, purpose="home", at=AT)


def test_vlan_is_freed_only_for_the_purpose_it_was_taken_for(engine: sa.Engine) -> None:
    with write(engine) as tx:
        held = actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="home", at=AT).value
        assert actions.forget_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="voice") is None
        assert actions.forget_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="home") == held
        assert actions.forget_vlan(tx=tx, olt="OLT-NORTH", number=100, purpose="home") is None
        assert actions.vlans(tx=tx, olt="OLT-NORTH") == ()
