"""FreeRADIUS's SQL tables, as its ``rlm_sql`` schema for PostgreSQL declares them: read, compared, written.

Only what differs is written, and only rows of attributes and groups that are ours; what an operator added by hand
beside them stays. The tables have no unique constraints, so that whoever may race takes a lock first.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from ipaddress import IPv4Address
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import one_after_other, say, say_many

#: An attribute's operator and value (``:=`` sets or, among check items, configures; ``=`` answers; ``==`` compares).
OpValue = tuple[str, str]


def _attributes(name: str, key: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(c) for c in ("id", key, "attribute", "op", "value")))


CHECK = _attributes("radcheck", "username")
REPLY = _attributes("radreply", "username")
GROUP_REPLY = _attributes("radgroupreply", "groupname")
MEMBERS = sa.table("radusergroup", *(sa.column(c) for c in ("id", "username", "groupname", "priority")))
NAS = sa.table("nas", *(sa.column(c) for c in ("id", "nasname", "secret")))


def settle(tx: Tx, table: sa.TableClause, key: str, wanted: Mapping[str, OpValue], owned: Set[str]) -> int:
    """Make the ``owned`` attributes of a user or group stand as wanted; says how many rows were written."""
    column = table.c[1]
    found = tx.execute(sa.select(table).where(column == key, table.c.attribute.in_(owned)).order_by(table.c.id)).all()
    standing: dict[str, Any] = {}
    spare = []
    for row in found:
        if row.attribute in standing or row.attribute not in wanted:
            spare.append(row.id)
        else:
            standing[row.attribute] = row
    written = len(spare)
    if spare:
        tx.execute(sa.delete(table).where(table.c.id.in_(spare)))
    for attribute, (op, value) in wanted.items():
        if attribute not in standing:
            new = {column.name: key, "attribute": attribute, "op": op, "value": value}
            tx.execute(sa.insert(table).values(new))
            written += 1
        elif (standing[attribute].op, standing[attribute].value) != (op, value):
            tx.execute(sa.update(table).where(table.c.id == standing[attribute].id).values(op=op, value=value))
            written += 1
    return written


def settle_shared(tx: Tx, table: sa.TableClause, key: str, wanted: Mapping[str, OpValue], owned: Set[str]) -> int:
    """The same for a group, which other lines share: whoever finds it different writes it alone."""
    standing = tx.execute(sa.select(table).where(table.c[1] == key, table.c.attribute.in_(owned))).all()
    if sorted((r.attribute, r.op, r.value) for r in standing) == sorted((a, *v) for a, v in wanted.items()):
        return 0
    tx.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{table.name} {key}"})
    return settle(tx, table, key, wanted, owned)


def groups_of(tx: Tx, username: str, prefix: str) -> set[str]:
    """The groups that a user is in and whose names begin with ``prefix``."""
    mine = MEMBERS.c.groupname.startswith(prefix, autoescape=True)
    return set(tx.execute(sa.select(MEMBERS.c.groupname).where(MEMBERS.c.username == username, mine)).scalars())


def settle_groups(tx: Tx, username: str, wanted: Mapping[str, int], prefix: str) -> int:
    """Make a user member of these groups, by priority (0 comes first), and of no other that begins with ``prefix``."""
    mine = MEMBERS.c.groupname.startswith(prefix, autoescape=True)
    rows = tx.execute(sa.select(MEMBERS).where(MEMBERS.c.username == username, mine).order_by(MEMBERS.c.id)).all()
    kept: set[str] = set()
    spare = []
    for row in rows:
        if row.groupname in kept or wanted.get(row.groupname) != row.priority:
            spare.append(row.id)
        else:
            kept.add(row.groupname)
    if spare:
        tx.execute(sa.delete(MEMBERS).where(MEMBERS.c.id.in_(spare)))
    missing = [{"username": username, "groupname": g, "priority": p} for g, p in wanted.items() if g not in kept]
    if missing:
        tx.execute(sa.insert(MEMBERS), missing)
    return len(spare) + len(missing)


def password_of(tx: Tx, username: str) -> OpValue | None:
    """The clear-text password that a user has already."""
    mine = sa.select(CHECK.c.op, CHECK.c.value).where(CHECK.c.username == username)
    row = tx.execute(mine.where(CHECK.c.attribute == "Cleartext-Password").order_by(CHECK.c.id)).first()
    return None if row is None else (row.op, row.value)


def answer_of(tx: Tx, username: str, attribute: str) -> str | None:
    """What a user is answered of this attribute."""
    mine = sa.select(REPLY.c.value).where(REPLY.c.username == username, REPLY.c.attribute == attribute)
    return tx.execute(mine.order_by(REPLY.c.id).limit(1)).scalar_one_or_none()


def secret_of(tx: Tx, gateway: IPv4Address) -> str | None:
    """The secret that FreeRADIUS shares with an access gateway, where its table ``nas`` names it by its address."""
    return tx.execute(
        sa.select(NAS.c.secret).where(NAS.c.nasname == str(gateway)).order_by(NAS.c.id).limit(1)
    ).scalar_one_or_none()


def standing_words(tx: Tx, prefix: str) -> str:
    """How many users are in groups that begin with ``prefix``; fails where the tables cannot be written."""
    for table in ("radcheck", "radreply", "radusergroup", "radgroupreply"):
        tx.execute(sa.text(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE"))  # needs the right to write, and hinders nobody
    tx.execute(sa.text("SELECT FROM radacct LIMIT 0"))
    mine = MEMBERS.c.groupname.startswith(prefix, autoescape=True)
    lines = tx.execute(sa.select(sa.func.count(sa.distinct(MEMBERS.c.username))).where(mine)).scalar_one()
    return say_many(
        "Its tables answer; they let {count} line on.", "Its tables answer; they let {count} lines on.", lines
    )


#: What a line is answered of its numbers (RFC 2865, 5.8; RFC 4818; RFC 6911).
ADDRESS, DELEGATED, WAN = "Framed-IP-Address", "Delegated-IPv6-Prefix", "Framed-IPv6-Address"
#: How a line stands that is known and not let on.
REFUSED = "refused"


def described(groups: str, address: str | None, delegated: str | None, wan: str | None) -> str:
    """How a line stands that is let on."""
    more = one_after_other(*(say(" and {address}", address=one) for one in (delegated, wan) if one), between="")
    return say(
        "in group {groups} with {address}{more}",
        groups=groups,
        address=address or say("an address of a pool"),
        more=more,
    )


def standing(tx: Tx, *, prefix: str, notes: Set[str], refusal: str) -> dict[str, str]:
    """How each user stands who is in a group that begins with ``prefix`` or is refused with that reason."""
    mine = MEMBERS.c.groupname.startswith(prefix, autoescape=True)
    rows = tx.execute(sa.select(MEMBERS.c.username, MEMBERS.c.groupname).where(mine).order_by(MEMBERS.c.groupname))
    groups: dict[str, list[str]] = {}
    for user, group in rows:
        groups.setdefault(user, []).append(say("{group} (not done yet)", group=group) if group in notes else group)
    answers = sa.select(REPLY.c.username, REPLY.c.attribute, REPLY.c.value)
    read = (ADDRESS, DELEGATED, WAN, "Reply-Message")
    asked = tx.execute(answers.where(REPLY.c.attribute.in_(read))).all()
    given = {(row.username, row.attribute): row.value for row in asked}
    found = {
        user: described(
            " and ".join(names), given.get((user, ADDRESS)), given.get((user, DELEGATED)), given.get((user, WAN))
        )
        for user, names in groups.items()
    }
    return found | {row.username: REFUSED for row in asked if row.value == refusal and row.username not in groups}
