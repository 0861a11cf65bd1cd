"""Note which VLAN is in use on which OLT, and what for."""

from __future__ import annotations

from datetime import datetime

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.terms import VLANS
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.ipam.errors import VlanOwned, VlanWrong
from isp_lifecycle.ipam.model import FOUND, Vlan
from isp_lifecycle.ipam.store import vlan as store


def reserve_vlan(*, tx: Tx, olt: str, number: int, purpose: str, at: datetime) -> Put[Vlan]:
    """Take a VLAN number on an OLT for a purpose; the same again is the same. One that was only found gets it.

    Raises VlanWrong, and VlanOwned, which tells what the number is in use for.
    """
    if number not in VLANS:
        raise VlanWrong(number)
    wanted = Vlan(olt=olt, number=number, purpose=purpose, reserved_at=at)
    if store.insert_vlan(tx=tx, vlan=wanted):
        return Put(value=wanted, change=Change.CREATED)
    if store.dedicate_vlan(tx=tx, vlan=wanted, instead_of=FOUND):
        return Put(value=wanted, change=Change.CHANGED)
    held = store.vlan(tx=tx, olt=olt, number=number)
    if held is None or held.purpose != purpose:
        raise VlanOwned(
            olt=olt, number=number, purpose=purpose, owner=held.purpose if held else say("(freed just now)")
        )
    return Put(value=held, change=Change.SAME)


def forget_vlan(*, tx: Tx, olt: str, number: int, purpose: str) -> Vlan | None:
    """Free a number that was taken for this purpose; None, and nothing changes, when it was not."""
    return store.delete_vlan(tx=tx, olt=olt, number=number, purpose=purpose)


def vlans(*, tx: Tx, olt: str) -> tuple[Vlan, ...]:
    """The VLANs in use on an OLT, by number."""
    return store.vlans_of(tx=tx, olt=olt)
