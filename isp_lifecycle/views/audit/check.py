"""A check is one question to the database whose every row is a finding; texts are filled in from the row's columns."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.views.audit.model import Finding, FindingKind, LookedAt, Note


@dataclass(frozen=True)
class Check:
    """``sql`` gives ``key`` and the columns that ``what`` and ``remedy`` name in braces."""

    kind: FindingKind
    about: str
    sql: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Look:
    """One snapshot of the database, the instant and the day it is judged by, and what the checks may refer to."""

    tx: Tx
    at: datetime
    today: date
    values: Mapping[str, Any]


@dataclass
class Gathered:
    """What the parts of an audit add to."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    looked_at: list[LookedAt] = field(default_factory=list)

    def add(self, kind: FindingKind, about: str, key: str, what: str, remedy: str) -> None:
        """One more finding."""
        self.findings.append(Finding(kind, about, key, what, remedy))


def sql(*parts: str) -> str:
    """One question out of parts, all of which stand in this package: none comes from outside."""
    return "".join(parts)


def run_checks(look: Look, checks: Iterable[Check], into: Gathered) -> None:
    """Ask every question and keep what comes back."""
    for check in checks:
        for row in ask(look, check.sql):
            words = dict(row._mapping)
            into.add(check.kind, check.about, str(row.key), check.what.format(**words), check.remedy.format(**words))


def ask(look: Look, question: str, **more: Any) -> Sequence[sa.Row[Any]]:
    """The rows of one question."""
    given = {"now": look.at, "today": look.today, **look.values, **more}
    statement = sa.text(question)
    names = set(statement.compile().params)
    return look.tx.execute(statement, {name: given[name] for name in names}).all()


def counted(look: Look, what: str, table: str, into: Gathered, began: float) -> None:
    """Say how many rows of a table were looked at, since when (by the monotonic clock)."""
    (row,) = ask(look, sql("SELECT count(*) AS n FROM ", table))
    into.looked_at.append(LookedAt(what, row.n, time.monotonic() - began))
