"""Premises: who is served there, who was, what was ordered for it, and whether it can be served."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from isp_lifecycle.customers import actions as known
from isp_lifecycle.views.customers.one import OF_EACH, Held
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class PremisesDetail:
    """A place, what of the plant leads there, and its services and orders; a part that may not be read is None."""

    code: str
    address: str
    area: str
    splitter: str | None
    splitter_port: int | None
    drop_m: int | None
    services: tuple[Held, ...] | None
    orders: tuple[Held, ...] | None


_SERVICES = """
    SELECT s.code, c.name AS what, c.code AS says, s.state, s.opened_at AS at FROM services s
    JOIN customers c ON c.id = s.customer_id WHERE s.premises_id = :id
    ORDER BY s.state = 'terminated', s.opened_at DESC LIMIT :many
"""
_ORDERS = """
    SELECT o.code, c.name AS what, c.code AS says, o.state, o.submitted_at AS at FROM orders o
    JOIN customers c ON c.id = o.customer_id WHERE o.premises_id = :id ORDER BY o.submitted_at DESC LIMIT :many
"""


@shows("order.read", "service.read")
def premises(look: Look, *, premises_code: str) -> PremisesDetail:
    """One place; raises NotFound."""
    one = known.premises_by_code(tx=look.tx, code=premises_code)

    def held(permission: str, statement: str) -> tuple[Held, ...] | None:
        if not look.actor.may(permission):
            return None
        return tuple(Held(*row) for row in look.tx.execute(sa.text(statement), {"id": one.id, "many": OF_EACH}))

    return PremisesDetail(
        code=one.code,
        address=one.address,
        area=one.area,
        splitter=one.splitter_code,
        splitter_port=one.splitter_port,
        drop_m=one.drop_m,
        services=held("service.read", _SERVICES),
        orders=held("order.read", _ORDERS),
    )
