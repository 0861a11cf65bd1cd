"""The table of VLANs in use."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.ipam.model import Vlan

vlans = sa.Table(
    "vlans",
    db.metadata,
    sa.Column("olt", sa.Text(), primary_key=True),
    sa.Column("number", sa.SmallInteger(), primary_key=True),
    db.text("purpose"),
    db.instant("reserved_at"),
    sa.CheckConstraint("number BETWEEN 2 AND 4094", name="number_usable"),
)


def insert_vlan(*, tx: Tx, vlan: Vlan) -> bool:
    """Note a VLAN; False when the number is in use on this OLT."""
    statement = pg.insert(vlans).values(
        olt=vlan.olt, number=vlan.number, purpose=vlan.purpose, reserved_at=vlan.reserved_at
    )
    return tx.execute(statement.on_conflict_do_nothing().returning(vlans.c.number)).scalar_one_or_none() is not None


def vlan(*, tx: Tx, olt: str, number: int) -> Vlan | None:
    """This VLAN of an OLT."""
    query = sa.select(vlans).where(vlans.c.olt == olt, vlans.c.number == number)
    row = tx.execute(query).mappings().one_or_none()
    return Vlan(**row) if row is not None else None


def vlans_of(*, tx: Tx, olt: str) -> tuple[Vlan, ...]:
    """The VLANs of an OLT, by number."""
    query = sa.select(vlans).where(vlans.c.olt == olt).order_by(vlans.c.number)
    return tuple(Vlan(**row) for row in tx.execute(query).mappings())


def dedicate_vlan(*, tx: Tx, vlan: Vlan, instead_of: str) -> bool:
    """Give a VLAN another purpose where it has that one; False otherwise, also where it is the same."""
    if vlan.purpose == instead_of:
        return False
    statement = vlans.update().where(
        vlans.c.olt == vlan.olt, vlans.c.number == vlan.number, vlans.c.purpose == instead_of
    )
    return tx.execute(statement.values(purpose=vlan.purpose, reserved_at=vlan.reserved_at)).rowcount == 1


def delete_vlan(*, tx: Tx, olt: str, number: int, purpose: str) -> Vlan | None:
    """Remove a VLAN that was noted for this purpose, and return it as it was."""
    here = sa.and_(vlans.c.olt == olt, vlans.c.number == number, vlans.c.purpose == purpose)
    row = tx.execute(vlans.delete().where(here).returning(vlans)).mappings().one_or_none()
    return Vlan(**row) if row is not None else None
