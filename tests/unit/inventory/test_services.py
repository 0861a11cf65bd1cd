"""Services: opened once, moved by the table, the same again when the same is reported again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.codes import CodeMalformed
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Terms
from isp_lifecycle.inventory import actions
from isp_lifecycle.inventory.errors import ServiceCodeTaken, ServiceEnded
from isp_lifecycle.inventory.model import SERVICE_MOVES, Service, ServiceState, SuspendedFor, SuspendedWay
from isp_lifecycle.inventory.store import services

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2026, 5, 4), date(2026, 8, 31)
TERMS = Terms(
    plan_code="home-100",
    plan_name="Home 100",
    down_kbps=102_400,
    up_kbps=51_200,
    price=Money(Decimal("29.90"), "EUR"),
    address_policy=AddressPolicy.DYNAMIC,
    vlan=100,
)


def opened(tx: Tx, **more: object) -> Service:
    fields = {"customer_id": new_id(), "premises_id": new_id(), "terms": TERMS, "at": AT, **more}
    return actions.open_service(tx=tx, **fields)


Step = Callable[[Tx, UUID], Service]
STEPS: dict[str, Step] = {
    "activate": lambda tx, key: actions.activate_service(tx=tx, service_id=key, on=FIRST_DAY),
    "suspend": lambda tx, key: actions.suspend_service(
        tx=tx, service_id=key, on=FIRST_DAY, way=SuspendedWay.OFF, why=SuspendedFor.NON_PAYMENT
    ),
    "resume": lambda tx, key: actions.resume_service(tx=tx, service_id=key),
    "terminate": lambda tx, key: actions.terminate_service(tx=tx, service_id=key, on=LAST_DAY),
    "withdraw": lambda tx, key: actions.withdraw_service(tx=tx, service_id=key, on=LAST_DAY),
}
WAY_TO = {
    ServiceState.PENDING: (),
    ServiceState.ACTIVE: ("activate",),
    ServiceState.SUSPENDED: ("activate", "suspend"),
    ServiceState.TERMINATED: ("activate", "terminate"),
}
LEADS_TO = {
    ("activate", ServiceState.PENDING): ServiceState.ACTIVE,
    ("activate", ServiceState.ACTIVE): ServiceState.ACTIVE,
    ("suspend", ServiceState.ACTIVE): ServiceState.SUSPENDED,
    ("suspend", ServiceState.SUSPENDED): ServiceState.SUSPENDED,
    ("resume", ServiceState.SUSPENDED): ServiceState.ACTIVE,
    ("resume", ServiceState.ACTIVE): ServiceState.ACTIVE,
    ("terminate", ServiceState.ACTIVE): ServiceState.TERMINATED,
    ("terminate", ServiceState.SUSPENDED): ServiceState.TERMINATED,
    ("terminate", ServiceState.TERMINATED): ServiceState.TERMINATED,
    ("withdraw", ServiceState.PENDING): ServiceState.TERMINATED,
    ("withdraw", ServiceState.TERMINATED): ServiceState.TERMINATED,
}


def brought_to(tx: Tx, state: ServiceState) -> Service:
    service = opened(tx)
    for step in WAY_TO[state]:
        service = STEPS[step](tx, service.id)
    assert service.state is state
    return service


def test_moves_reach_every_state_and_end_in_one() -> None:
    assert SERVICE_MOVES.reachable() == frozenset(ServiceState)
    assert SERVICE_MOVES.terminal == {ServiceState.TERMINATED}


def test_opened_service_is_pending_and_found_by_each_key(engine: sa.Engine) -> None:
    with write(engine) as tx:
        service = opened(tx)
        assert (service.code, service.state, service.active_on) == ("S-000001", ServiceState.PENDING, None)
        assert actions.service_by_id(tx=tx, service_id=service.id) == service
        assert actions.service_by_code(tx=tx, code="S-000001") == service
        newer = opened(tx, customer_id=service.customer_id, at=AT + timedelta(days=1))
        assert actions.services_of(tx=tx, customer_id=service.customer_id) == (newer, service)
        assert actions.services_at(tx=tx, premises_id=service.premises_id) == (service,)
        with pytest.raises(NotFound):
            actions.service_by_code(tx=tx, code="S-000009")


def test_order_opens_one_service_however_often_it_is_asked(engine: sa.Engine) -> None:
    order_id, customer_id, premises_id = new_id(), new_id(), new_id()

    def once(_: int) -> Service:
        with write(engine) as tx:
            return opened(tx, order_id=order_id, customer_id=customer_id, premises_id=premises_id)

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(once, range(8)))
    assert len(found) == 1
    with write(engine) as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(services)).scalar_one() == 1


def test_import_keeps_the_key_that_stands_on_the_device(engine: sa.Engine) -> None:
    with write(engine) as tx:
        imported = opened(tx, code="S-000120")
        again = opened(tx, code="S-000120", customer_id=imported.customer_id, premises_id=imported.premises_id, at=AT)
        assert (imported.code, again) == ("S-000120", imported)
        assert opened(tx).code == "S-000121"
        with pytest.raises(ServiceCodeTaken):
            opened(tx, code="S-000120")
        with pytest.raises(CodeMalformed):
            opened(tx, code="line 7")


@pytest.mark.parametrize("found", ServiceState)
@pytest.mark.parametrize("step", STEPS)
def test_service_moves_as_its_actions_say(engine: sa.Engine, step: str, found: ServiceState) -> None:
    with write(engine) as tx:
        service = brought_to(tx, found)
        wanted = LEADS_TO.get((step, found))
        if wanted is None:
            with pytest.raises(IllegalMove) as refused:
                STEPS[step](tx, service.id)
            assert service.code in str(refused.value)
            assert actions.service_by_id(tx=tx, service_id=service.id) == service
            return
        moved = STEPS[step](tx, service.id)
        assert moved.state is wanted
        assert STEPS[step](tx, service.id) == moved
        if wanted is found:
            assert moved == service


def test_dates_are_kept_over_suspension_and_end(engine: sa.Engine) -> None:
    with write(engine) as tx:
        suspended = brought_to(tx, ServiceState.SUSPENDED)
        resumed = actions.resume_service(tx=tx, service_id=suspended.id)
        ended = actions.terminate_service(tx=tx, service_id=suspended.id, on=LAST_DAY)
        withdrawn = actions.withdraw_service(tx=tx, service_id=opened(tx).id, on=LAST_DAY)
    assert (suspended.suspended_on, suspended.suspended_for) == (FIRST_DAY, SuspendedFor.NON_PAYMENT)
    open_again = {"suspended_on": None, "suspended_way": None, "suspended_for": None}
    assert resumed == replace(suspended, state=ServiceState.ACTIVE, **open_again)
    assert (ended.active_on, ended.ended_on) == (FIRST_DAY, LAST_DAY)
    assert (withdrawn.active_on, withdrawn.ended_on) == (None, LAST_DAY)


def test_terms_change_until_the_service_has_ended(engine: sa.Engine) -> None:
    faster = replace(TERMS, plan_code="home-500", down_kbps=512_000)
    with write(engine) as tx:
        for state in (ServiceState.PENDING, ServiceState.ACTIVE, ServiceState.SUSPENDED):
            service = brought_to(tx, state)
            for _ in range(2):
                assert actions.change_terms(tx=tx, service_id=service.id, terms=faster) == replace(
                    service, terms=faster
                )
        ended = brought_to(tx, ServiceState.TERMINATED)
        with pytest.raises(ServiceEnded):
            actions.change_terms(tx=tx, service_id=ended.id, terms=faster)


@pytest.mark.parametrize("state", [ServiceState.ACTIVE, ServiceState.SUSPENDED, ServiceState.TERMINATED])
def test_database_refuses_a_state_without_its_date(engine: sa.Engine, state: ServiceState) -> None:
    with write(engine) as tx:
        service = opened(tx)
    bare = {"state": str(state)}
    with pytest.raises(sa.exc.IntegrityError), write(engine) as tx:
        tx.execute(services.update().where(services.c.id == service.id).values(bare))
