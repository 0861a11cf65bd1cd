"""What the portal's own database role can reach, declared beside each table; what is not declared it cannot reach.

The portal is open to strangers, so that its process has a role of its own (``claims.PORTAL_ROLE``). A store says next
to its table which verbs on which columns the portal's doors need, and of which rows; ``migrations/portal.py`` makes
grants and row-level security of it at every ``isp db upgrade``. Conditions are SQL in the words of the table, and may
ask ``CUSTOMER_WHO_ASKS``: NULL for a visitor, and never what the portal merely says (``foundation/claims.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

#: The customer on whose behalf the transaction asks, checked once a statement.
CUSTOMER_WHO_ASKS = "(SELECT portal_asks('customer')::uuid)"
#: The account behind a session, and the name whose password is being checked.
ACCOUNT_WHO_ASKS = "(SELECT portal_asks('user')::uuid)"
NAME_WHO_ASKS = "(SELECT portal_asks('username'))"
#: The name or address that a link is asked for, and the account that a link of ours names (``access/recovery.py``).
NAME_FORGOTTEN = "(SELECT portal_asks('forgotten'))"
ACCOUNT_OF_LINK = "(SELECT portal_asks('link')::uuid)"

Verb = Literal["SELECT", "INSERT", "UPDATE"]
_KEY = "portal"


@dataclass(frozen=True)
class Reach:
    """One verb on a table: on which columns, for which rows, and for UPDATE what must be so afterwards."""

    verb: Verb
    columns: frozenset[str]
    rows: str
    becomes: str = ""


@dataclass(frozen=True)
class Answer:
    """A question that the portal may ask about rows it cannot see: a function that runs with the owner's rights.

    ``body`` is a block of PL/pgSQL; ``volatile`` where it writes, or must see what this very statement wrote.
    """

    name: str
    arguments: str
    returns: str
    body: str
    volatile: bool = False

    @property
    def signature(self) -> str:
        """Name and argument types, as GRANT wants them."""
        types = ", ".join(one.strip().partition(" ")[2] for one in self.arguments.split(",") if one.strip())
        return f"{self.name}({types})"


def portal_reads(table: sa.Table, *, rows: str, columns: Iterable[str] = ()) -> None:
    """Let the portal read these rows; of all columns unless some are named."""
    _declare(table, Reach("SELECT", _columns(table, columns), rows))


def portal_adds(table: sa.Table, *, rows: str, columns: Iterable[str] = ()) -> None:
    """Let the portal add rows of which this is true."""
    _declare(table, Reach("INSERT", _columns(table, columns), rows))


def portal_changes(table: sa.Table, *, rows: str, becomes: str, columns: Iterable[str]) -> None:
    """Let the portal change these columns of these rows into rows of which ``becomes`` is true."""
    _declare(table, Reach("UPDATE", _columns(table, columns), rows, becomes))


def portal_draws(sequence: sa.Sequence) -> None:
    """Let the portal draw numbers from a sequence."""
    sequence.info[_KEY] = True


def portal_is_answered(metadata: sa.MetaData, answer: Answer) -> None:
    """Let the portal ask this."""
    metadata.info.setdefault(_KEY, []).append(answer)


def reaches_of(table: sa.Table) -> tuple[Reach, ...]:
    """What was declared for a table."""
    return tuple(table.info.get(_KEY, ()))


def may_draw(sequence: sa.Sequence) -> bool:
    """Whether the portal draws from this sequence."""
    return bool(sequence.info.get(_KEY))


def answers_of(metadata: sa.MetaData) -> tuple[Answer, ...]:
    """Every declared question, by name."""
    return tuple(sorted(metadata.info.get(_KEY, ()), key=lambda answer: answer.name))


def _declare(table: sa.Table, reach: Reach) -> None:
    table.info.setdefault(_KEY, []).append(reach)


def _columns(table: sa.Table, named: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(named)
    known = frozenset(column.name for column in table.columns)
    if unknown := wanted - known:
        raise KeyError(f"{table.name} has no {', '.join(sorted(unknown))}")
    return wanted or known
