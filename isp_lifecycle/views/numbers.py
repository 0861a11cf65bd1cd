"""Who had an address, or a port of one that many share, at an instant; as an authority or an abuse desk asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import FIRST_PORT, LAST_PORT, parsed_address
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class Whose:
    """The answer. ``inside`` and ``outside`` are the two sides of a carrier's NAT, where there is one.

    ``since`` and ``until`` bound the time in which that service had the address; without a service, nobody had it.
    """

    address: str
    port: int | None
    at: datetime
    inside: str | None
    outside: str | None
    service_code: str | None
    customer: str | None
    since: datetime | None
    until: datetime | None
    words: str


@shows("service.read")
def whose(look: Look, *, address: str, port: int | None = None, at: datetime | None = None) -> Whose:
    """Who had this address at that instant, now unless told; of a shared outside address the port tells who.

    Raises AddressWrong.
    """
    asked, at = parsed_address(address), at or look.at
    behind = None
    if ipam.is_shared(tx=look.tx, address=asked, at=at):
        if port is None or not 0 <= port <= LAST_PORT:
            words = say(
                "Many customers share {asked}: say which port was seen ({first} to {last}).",
                asked=asked,
                first=FIRST_PORT,
                last=LAST_PORT,
            )
            return _nobody(asked, port, at, words)
        behind = ipam.behind(tx=look.tx, outside=asked, port=port, at=at)
        if behind is None:
            return _nobody(asked, port, at, say("Port {port} of {asked} is nobody's.", port=port, asked=asked))
    inside = behind or asked
    seen = ipam.seen_outside(tx=look.tx, inside=inside, at=at)
    outside = f"{seen[0]} ports {seen[1]}" if seen else None
    use = ipam.used_at(tx=look.tx, address=inside, at=at)
    if use is None:
        return _nobody(
            asked, port, at, say("Nobody had {inside} then.", inside=inside), str(inside) if seen else None, outside
        )
    row = look.tx.execute(
        sa.text("SELECT s.code, c.name FROM services s JOIN customers c ON c.id = s.customer_id WHERE s.id = :id"),
        {"id": use.owner},
    ).one_or_none()
    code, name = (row.code, row.name) if row else (str(use.owner), say("a service that is not on record"))
    until = "" if use.released_at is None else f" until {use.released_at:%Y-%m-%d %H:%M:%S} UTC"
    words = say(
        "{code} ({name}) had {prefix} since {since:%Y-%m-%d %H:%M:%S} UTC{until}.",
        code=code,
        name=name,
        prefix=use.prefix,
        since=use.since,
        until=until,
    )
    return Whose(
        str(asked), port, at, str(inside) if seen else None, outside, code, name, use.since, use.released_at, words
    )


@dataclass(frozen=True)
class GroupRow:
    """A VLAN group and how full it is; ``ports`` is empty where it serves them all."""

    olt: str
    outer: int
    inner: str
    ports: tuple[str, ...]
    size: int
    taken: int
    resting: int
    free: int


@shows("network.read")
def vlan_groups(look: Look) -> tuple[GroupRow, ...]:
    """Every group that lines with tags of their own are given them from."""
    return tuple(
        GroupRow(
            olt=one.group.olt,
            outer=one.group.outer,
            inner=f"{one.group.first}-{one.group.last}",
            ports=one.group.ports,
            size=one.group.size,
            taken=one.taken,
            resting=one.quarantined,
            free=one.free,
        )
        for one in ipam.group_fill(tx=look.tx)
    )


def _nobody(
    asked: object, port: int | None, at: datetime, words: str, inside: str | None = None, outside: str | None = None
) -> Whose:
    return Whose(str(asked), port, at, inside, outside, None, None, None, None, words)


@dataclass(frozen=True)
class HoldRow:
    """Numbers that are held for an order until an instant, unless it is confirmed before."""

    order_code: str
    customer: str
    prefix: str
    pool: str
    held_at: datetime
    until: datetime


@dataclass(frozen=True)
class Conflict:
    """A number that is in use otherwise than on record, and what to do."""

    kind: str
    about: str
    key: str
    what: str
    remedy: str


@dataclass(frozen=True)
class CheckRow:
    """The newest comparison: what it found, what it could not look at and why, what it looked at."""

    checked_at: datetime
    checked_by: str
    with_devices: bool
    seconds: float
    conflicts: tuple[Conflict, ...]
    missed: tuple[tuple[str, str, str], ...]
    looked_at: tuple[tuple[str, int], ...]


@shows("network.read", "order.confirm")
def holds(look: Look) -> tuple[HoldRow, ...]:
    """What is held for orders, the next to end first."""
    held = ipam.holds(tx=look.tx)
    query = "SELECT o.id, o.code, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = ANY(:ids)"
    orders = {row.id: row for row in look.tx.execute(sa.text(query), {"ids": [one.owner for one in held]})}
    return tuple(
        HoldRow(orders[one.owner].code, orders[one.owner].name, one.shown, one.pool, one.reserved_at, one.until)
        for one in held
        if one.owner in orders and one.until is not None
    )


@shows("network.read")
def last_check(look: Look) -> CheckRow | None:
    """What the newest comparison of numbers with what is really in use came to; None when there was none."""
    check = ipam.last_check(tx=look.tx)
    if check is None:
        return None
    report = check.report
    return CheckRow(
        checked_at=check.checked_at,
        checked_by=check.checked_by,
        with_devices=check.with_devices,
        seconds=report["seconds"],
        conflicts=tuple(
            Conflict(**{**one, "what": again(one["what"]), "remedy": again(one["remedy"])})
            for one in report["findings"]
        ),
        missed=tuple((one["what"], one["why"], one["remedy"]) for one in report["not_looked_at"]),
        looked_at=tuple((one["what"], one["count"]) for one in report["looked_at"]),
    )
