"""What machines read: orders, services and leads in pages, each partner those that came by it; tokens; incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import tokens
from isp_lifecycle.access.model import ApiToken
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.window import Look, shows

MOST_ROWS = 100


@dataclass(frozen=True)
class Page[R]:
    """Some rows, and how many there are in all."""

    rows: tuple[R, ...]
    total: int


@dataclass(frozen=True)
class OrderRow:
    """An order; times are UTC."""

    order_code: str
    kind: str
    state: str
    terms: Terms
    premises_code: str
    address: str
    customer_code: str
    service_code: str | None
    partner: str | None
    submitted_at: datetime
    wanted_on: date | None
    closed_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class ServiceRow:
    """A service with what it holds."""

    service_code: str
    state: str
    terms: Terms
    premises_code: str
    address: str
    customer_code: str
    order_code: str | None
    active_on: date | None
    ended_on: date | None
    suspended_on: date | None
    suspended_for: str | None
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class LeadRow:
    """Somebody who asked for a line, without what names them; ``can_be_served``: a splitter is near the address."""

    lead_code: str
    state: str
    wish: str
    address: str
    premises_code: str | None
    can_be_served: bool
    order_code: str | None
    partner: str | None
    created_at: datetime
    closed_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class IncidentRow:
    """Something that failed, as monitoring wants it: no evidence."""

    code: str
    kind: str
    step: str
    what: str
    remedy: str
    device: str | None
    service_code: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class TokenRow:
    """A token as people see it: never its secret."""

    token: ApiToken
    username: str
    state: str


@shows("partner.read", "order.read")
def orders(look: Look, *, state: str = "", offset: int = 0, limit: int = 20) -> Page[OrderRow]:
    """Orders, the newest first; a partner sees those that came by it."""
    where = {"partner": _partner(look, "order.read"), "state": state or None}
    total = look.tx.execute(sa.text(f"SELECT count(*) {_ORDERS}"), where).scalar_one()
    rows = look.tx.execute(sa.text(_ORDER_ROWS), {**where, **_part(offset, limit)})
    return Page(tuple(_order(row) for row in rows.mappings()), total)


@shows("partner.read", "order.read")
def order(look: Look, *, order_code: str) -> OrderRow:
    """One order; raises NotFound, also for one that came by another partner."""
    where = {"partner": _partner(look, "order.read"), "state": None, "code": order_code}
    row = look.tx.execute(sa.text(_ONE_ORDER), where).mappings().one_or_none()
    if row is None:
        raise NotFound("order", order_code)
    return _order(row)


@shows("partner.read", "service.read")
def services(look: Look, *, state: str = "", offset: int = 0, limit: int = 20) -> Page[ServiceRow]:
    """Services, the newest first; a partner sees those whose first order came by it."""
    where = {"partner": _partner(look, "service.read"), "state": state or None}
    total = look.tx.execute(sa.text(f"SELECT count(*) {_SERVICES}"), where).scalar_one()
    rows = look.tx.execute(sa.text(_SERVICE_ROWS), {**where, **_part(offset, limit)})
    return Page(tuple(_service(row) for row in rows.mappings()), total)


@shows("partner.read", "service.read")
def service(look: Look, *, service_code: str) -> ServiceRow:
    """One service; raises NotFound, also for one that came by another partner."""
    where = {"partner": _partner(look, "service.read"), "state": None, "code": service_code}
    row = look.tx.execute(sa.text(_ONE_SERVICE), where).mappings().one_or_none()
    if row is None:
        raise NotFound("service", service_code)
    return _service(row)


@shows("partner.read", "lead.read")
def leads(look: Look, *, state: str = "", offset: int = 0, limit: int = 20) -> Page[LeadRow]:
    """Leads, the newest first; a partner sees those that it sent."""
    where = {"partner": _partner(look, "lead.read"), "state": state or None}
    total = look.tx.execute(sa.text(f"SELECT count(*) {_LEADS}"), where).scalar_one()
    rows = look.tx.execute(sa.text(_LEAD_ROWS), {**where, **_part(offset, limit)})
    return Page(tuple(LeadRow(**row) for row in rows.mappings()), total)


@shows("partner.read", "lead.read")
def lead(look: Look, *, lead_code: str) -> LeadRow:
    """One lead; raises NotFound, also for one that another partner sent."""
    where = {"partner": _partner(look, "lead.read"), "state": None, "code": lead_code}
    row = look.tx.execute(sa.text(_ONE_LEAD), where).mappings().one_or_none()
    if row is None:
        raise NotFound("lead", lead_code)
    return LeadRow(**row)


@shows("incident.read")
def incidents(look: Look, *, standing: bool = True, offset: int = 0, limit: int = 20) -> Page[IncidentRow]:
    """Incidents, the newest first; only those that stand unless all are asked for."""
    where = {"standing": standing}
    total = look.tx.execute(sa.text(f"SELECT count(*) {_INCIDENTS}"), where).scalar_one()
    rows = look.tx.execute(sa.text(_INCIDENT_ROWS), {**where, **_part(offset, limit)})
    return Page(tuple(IncidentRow(**row) for row in rows.mappings()), total)


@shows("token.own")
def own_tokens(look: Look) -> tuple[TokenRow, ...]:
    """The tokens of one's own account, the newest first."""
    if look.actor.user_id is None:
        return ()
    mine = tokens.tokens_of(tx=look.tx, user_id=look.actor.user_id)
    return tuple(TokenRow(one, look.actor.username, _state(one, look.at)) for one in mine)


@shows("token.own")
def own_scopes(look: Look) -> tuple[str, ...]:
    """What a token of one's own account can be made for."""
    if look.actor.user_id is None:
        return ()
    return tuple(sorted(tokens.machine_scopes(access.user_by_id(tx=look.tx, user_id=look.actor.user_id))))


@shows("user.read")
def all_tokens(look: Look) -> tuple[TokenRow, ...]:
    """Everybody's tokens, the newest first."""
    names = {user.id: user.username for user in access.all_users(tx=look.tx)}
    return tuple(TokenRow(one, names[one.user_id], _state(one, look.at)) for one in tokens.tokens_of(tx=look.tx))


def _state(token: ApiToken, at: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at <= at else "stands"


def _partner(look: Look, everybodys: str) -> str | None:
    """Whose rows are shown: None is everybody's, which takes a permission of the staff."""
    if look.actor.may(everybodys):
        return None
    if look.actor.partner is None:
        raise NotFound("partner of", look.actor.username)
    return look.actor.partner


def _part(offset: int, limit: int) -> dict[str, int]:
    return {"offset": max(0, offset), "limit": min(max(1, limit), MOST_ROWS)}


_ORDERS = """
    FROM orders o JOIN premises p ON p.id = o.premises_id JOIN customers c ON c.id = o.customer_id
    LEFT JOIN services s ON s.id = o.service_id
    WHERE (CAST(:partner AS text) IS NULL OR o.partner = :partner)
      AND (CAST(:state AS text) IS NULL OR o.state = :state)
"""
_ORDER = f"""
    SELECT o.code AS order_code, o.kind, o.state, o.terms, p.code AS premises_code, {ADDRESS} AS address,
           c.code AS customer_code, s.code AS service_code, o.partner, o.submitted_at, o.wanted_on, o.closed_at,
           o.reason {_ORDERS}
"""
_ORDER_ROWS = f"{_ORDER} ORDER BY o.submitted_at DESC, o.code DESC OFFSET :offset LIMIT :limit"
_ONE_ORDER = f"{_ORDER} AND o.code = :code"
_SERVICES = """
    FROM services s JOIN premises p ON p.id = s.premises_id JOIN customers c ON c.id = s.customer_id
    LEFT JOIN orders o ON o.id = s.order_id
    WHERE (CAST(:partner AS text) IS NULL OR o.partner = :partner)
      AND (CAST(:state AS text) IS NULL OR s.state = :state)
"""
_SERVICE = f"""
    SELECT s.code AS service_code, s.state, s.terms, p.code AS premises_code, {ADDRESS} AS address,
           c.code AS customer_code, o.code AS order_code, s.active_on, s.ended_on, s.suspended_on, s.suspended_for,
           ARRAY(SELECT a.prefix::text FROM allocations a WHERE a.owner = s.id AND a.state = 'assigned'
                 ORDER BY 1) AS prefixes {_SERVICES}
"""
_SERVICE_ROWS = f"{_SERVICE} ORDER BY s.opened_at DESC, s.code DESC OFFSET :offset LIMIT :limit"
_ONE_SERVICE = f"{_SERVICE} AND s.code = :code"
#: A partner has as many accounts as it has machines: what one of them sent, all may read.
_LEADS = """
    FROM leads l LEFT JOIN users u ON u.username = l.created_by
    LEFT JOIN premises p ON p.id = l.premises_id LEFT JOIN orders o ON o.id = l.order_id
    WHERE (CAST(:partner AS text) IS NULL OR u.partner = :partner AND l.source = 'partner')
      AND (CAST(:state AS text) IS NULL OR l.state = :state)
"""
_LEAD = f"""
    SELECT l.code AS lead_code, l.state, l.wish, l.address, p.code AS premises_code,
           p.splitter_code IS NOT NULL AS can_be_served, o.code AS order_code, u.partner, l.created_at, l.closed_at,
           l.reason {_LEADS}
"""
_LEAD_ROWS = f"{_LEAD} ORDER BY l.created_at DESC, l.code DESC OFFSET :offset LIMIT :limit"
_ONE_LEAD = f"{_LEAD} AND l.code = :code"
_INCIDENTS = "FROM incidents i LEFT JOIN services s ON s.id = i.service_id WHERE NOT :standing OR i.closed_at IS NULL"
_INCIDENT_ROWS = f"""
    SELECT i.code, i.kind, i.step, i.what, i.remedy, i.device, s.code AS service_code, i.opened_at, i.closed_at
    {_INCIDENTS} ORDER BY i.opened_at DESC, i.code DESC OFFSET :offset LIMIT :limit
"""


def _order(row: Mapping[Any, Any]) -> OrderRow:
    return OrderRow(**{**row, "terms": Terms.from_json(row["terms"])})


def _service(row: Mapping[Any, Any]) -> ServiceRow:
    return ServiceRow(**{**row, "terms": Terms.from_json(row["terms"]), "prefixes": tuple(row["prefixes"])})
