"""Evidence is kept as long as the policy says: what was said to devices goes, what was done stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.sections import Engine as EngineSettings
from isp_lifecycle.intake import clockwork
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views import support as support_views
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import Did, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import outside, workflow
from tests.flows.engine.test_hands import acting, door
from tests.flows.engine.test_seen import window


def told(case: Case, site: Site) -> Did[Case]:
    """Speak to a device; the first time it goes wrong."""
    site.transcript.sent("display board 0")
    site.transcript.received("Unit is on fire", 0.25)
    if not site.person_asked:
        raise NeedsPerson("The board burns.", remedy="Call the fire brigade.")
    return Did(case, "The fire is out.")


FLOW = workflow(outside("b", do=told))


def fails(bench: Bench) -> UUID:
    delivery = bench.request()
    assert bench.run(FLOW, delivery) is Ended.FAILED
    return delivery


def mended(bench: Bench) -> UUID:
    delivery = fails(bench)
    bench.retry(delivery)
    assert bench.run(FLOW, delivery) is Ended.DONE
    return delivery


def keeping(bench: Bench, days: int) -> Door:
    given = bench.parts.settings
    engine = given.engine.model_copy(update={"evidence_days": days})
    return replace(door(bench), settings=given.model_copy(update={"engine": engine}))


def attempts(bench: Bench, delivery: UUID) -> list[Any]:
    shown = support_views.delivery(window(bench), SYSTEM, delivery_id=delivery).attempts
    return [(a.state, a.has_transcript, a.forgotten_on, a.failure.what if a.failure else a.says) for a in shown]


def test_old_evidence_of_what_is_over_goes_and_the_steps_stay(bench: Bench) -> None:
    over, open_still = mended(bench), fails(bench)
    policy = keeping(bench, 30)
    bench.clock.push(timedelta(days=29))
    young = mended(bench)
    assert clockwork.forget_evidence(policy, SYSTEM) == 0
    bench.clock.push(timedelta(days=2))
    assert clockwork.forget_evidence(policy, SYSTEM) == 2 + 1  # two attempts and the incident
    assert clockwork.forget_evidence(policy, SYSTEM) == 0
    # Audited once, with what it did; not each time that there was nothing to do.
    with bench.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT detail->>'did' FROM audit WHERE action LIKE '%forget_evidence'"))
        assert list(rows.scalars()) == ["3"]
    today = bench.clock.now().date()
    assert attempts(bench, over) == [
        ("failed", False, today, "The board burns."),
        ("done", False, today, "The fire is out. (seen)"),
    ]
    assert [a[1:3] for a in attempts(bench, young)] == [(True, None), (True, None)]
    # What stands with a person keeps its evidence, however old it is.
    assert [a[1:3] for a in attempts(bench, open_still)] == [(True, None)]
    assert bench.count("incidents", "transcript IS NULL AND forgotten_at IS NOT NULL") == 1
    assert bench.count("incidents", "transcript IS NOT NULL") == 2


def test_much_evidence_goes_in_several_transactions(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "FORGOTTEN_AT_ONCE", 2)
    for _ in range(3):
        mended(bench)
    bench.clock.push(timedelta(days=400))
    dropped = []
    while number := clockwork.forget_evidence(keeping(bench, 365), SYSTEM):
        dropped.append(number)
    assert (sum(dropped), max(dropped)) == (6 + 3, 4)


def test_without_a_policy_everything_is_kept(bench: Bench) -> None:
    over = mended(bench)
    bench.clock.push(timedelta(days=4000))
    assert clockwork.forget_evidence(door(bench), SYSTEM) == 0
    assert all(has for _state, has, _on, _says in attempts(bench, over))


def test_a_policy_is_at_least_a_month(bench: Bench) -> None:
    with pytest.raises(ValidationError, match="at least 30 days"):
        EngineSettings(evidence_days=3)


def test_dropping_evidence_needs_its_own_permission(bench: Bench) -> None:
    with pytest.raises(Forbidden):
        clockwork.forget_evidence(keeping(bench, 30), acting(Role.SUPPORT))
