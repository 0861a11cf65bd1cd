"""The audit can fail: damage of every kind is done to one invented line each, and it names that very object."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock, today
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.views.audit import addresses, charges, events, messages, orders, services
from isp_lifecycle.views.audit.model import Outcome
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.audit.whole import audit
from isp_lifecycle.views.window import Window
from tests.flows.audit.damages import DAMAGES, Damage
from tests.flows.audit.many import invent
from tests.flows.line.conftest import actor

CHECKS = [check for part in (events, services, orders, addresses, charges, messages) for check in part.CHECKS]
UNREAD = Outside(crm=None, crm_name="The CRM's webhook", mail_folder=None)


@pytest.fixture
def window(engine: sa.Engine) -> Window:
    return Window(engine, SystemClock(), load_settings(), Olts([]))


def day_of(window: Window) -> date:
    return today(clock=window.clock, zone=window.settings.company.tz)


def end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def done_to(tx: sa.Connection, number: int, damage: Damage, now: date) -> dict[str, Any]:
    """Do it to the service of that number; returns what the text may name."""
    kind, subscriber = damage.of.split("/")
    row = tx.execute(
        sa.text(
            "SELECT s.id AS s, s.code, o.code AS order, d.id AS d, e.id AS e FROM services s JOIN orders o ON o.id = "
            "s.order_id JOIN events e ON e.order_id = o.id AND e.kind = :kind JOIN deliveries d ON d.event_id = e.id "
            "AND d.subscriber = :subscriber WHERE s.code = :code"
        ),
        {"code": f"S-{number:06}", "kind": kind, "subscriber": subscriber},
    ).one()
    month = (now.replace(day=1) - timedelta(days=62)).replace(day=1)
    names = dict(row._mapping) | {"month": month, "month_end": end_of_month(month)}
    names["other"] = tx.execute(sa.text("SELECT id FROM deliveries WHERE state = 'failed' LIMIT 1")).scalar()
    names |= {"month_10": month + timedelta(days=9), "this_month_end": end_of_month(now)}
    for statement in filter(None, (damage.constraint, *re.split(r";\s+", damage.sql))):
        question = sa.text(statement)
        tx.execute(question, {name: names[name] for name in question.compile().params})
    return names


def test_each_damage_is_named_and_nothing_else(window: Window) -> None:
    expected: list[tuple[str, str, str, str]] = []
    now = day_of(window)
    with write(window.engine) as tx:
        invent(tx, count=len(DAMAGES) + 3, today=now)
        for number, damage in enumerate(DAMAGES.values(), 2):
            names = done_to(tx, number, damage, now)
            expected += [
                (kind, about, key.format(**names), words.format(**names)) for kind, about, key, words in damage.says
            ]
    report = audit(window, SYSTEM, outside=UNREAD, devices=False)
    said = sorted((str(f.kind), f.about, f.key) for f in report.findings)
    assert said == sorted(damage[:3] for damage in expected)
    for kind, about, key, words in expected:
        texts = [f.what for f in report.findings if (str(f.kind), f.about, f.key) == (kind, about, key)]
        assert any(words in text for text in texts), (words, texts)
    assert all(finding.remedy for finding in report.findings)
    unseen = [c.what for c in CHECKS if not any(re.search(form(c.what), f.what) for f in report.findings)]
    assert unseen == []
    assert report.outcome is Outcome.FOUND
    assert sum(report.counts.values()) == len(expected)
    assert any("1 of reports wait for a worker" in note.what for note in report.notes)
    assert any("subscriber:crm is paused by nuala" in note.what for note in report.notes)
    assert any("LineTerminated are older than the subscription" in note.what for note in report.notes)


def form(what: str) -> str:
    """A check's text as a pattern of what it says."""
    return re.sub(r"\\{\w+\\}", ".*", re.escape(what))


def test_questions_do_not_grow_with_the_rows(window: Window) -> None:
    asked: list[int] = []
    for count in (5, 400):
        with write(window.engine) as tx:
            for table in reversed(sa.inspect(tx).get_table_names()):
                if table not in ("alembic_version", "subscription_starts") and not table.startswith("audit"):
                    tx.execute(sa.text(f"TRUNCATE {table} CASCADE"))
            invent(tx, count=count, today=day_of(window))
        asked.append(0)

        def count_one(*_: object) -> None:
            asked[-1] += 1

        sa.event.listen(window.engine, "before_cursor_execute", count_one)
        assert audit(window, SYSTEM, outside=UNREAD, devices=False).outcome is Outcome.CLEAN
        sa.event.remove(window.engine, "before_cursor_execute", count_one)
    assert asked[0] == asked[1]


def test_an_olt_that_nobody_knows_and_an_actor_that_may_not_are_refused(window: Window) -> None:
    with pytest.raises(NotFound):
        audit(window, SYSTEM, outside=UNREAD, olt="OLT-NOWHERE")
    with pytest.raises(Forbidden):
        audit(window, actor(Role.SALES), outside=UNREAD, devices=False)
