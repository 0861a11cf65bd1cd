"""Applications by strangers: what the form must not tell, and what a known e-mail address does not prove."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isp_lifecycle.access.model import VISITOR, Actor, Role
from isp_lifecycle.foundation.errors import IllegalMove
from isp_lifecycle.intake import portal, sales
from isp_lifecycle.intake.errors import AddressTaken, PremisesServed
from isp_lifecycle.orders.errors import ApplicantUnchecked, OrderOpen
from isp_lifecycle.views import common
from isp_lifecycle.views import portal as portal_views
from isp_lifecycle.views import sales as sales_views
from tests.flows.line.conftest import Plant, actor

DESK = actor(Role.SALES)


def houses(plant: Plant, number: int) -> list[str]:
    """Serviceable addresses."""
    return [p.code for p in plant.town.premises if p.outlet is not None][:number]


def apply(plant: Plant, premises: str, *, who: Actor = VISITOR, name: str = "Ada Byrne", phone: str = "0851") -> str:
    """Somebody applies who gives Ada's e-mail address."""
    return portal.place_application(
        plant.door,
        who,
        premises_code=premises,
        plan_code="home-500",
        name=name,
        email="ADA@example.org",
        phone=f"+353 {phone} 550100",
        consent=True,
    ).order_code


def ada(plant: Plant) -> Actor:
    """Ada, signed in at the portal."""
    return replace(actor(Role.CUSTOMER), customer_id=plant.one("SELECT id FROM customers").id)


def orders_of_ada(plant: Plant) -> list[str]:
    """What Ada sees in the portal."""
    return [o.order_code for o in portal_views.my_account(plant.window, ada(plant)).orders]


def test_strangers_order_is_no_order_of_the_customer_until_somebody_has_asked_them(plant: Plant) -> None:
    own, elsewhere = houses(plant, 2)
    first = apply(plant, own)
    assert sales_views.order(plant.window, DESK, order_code=first).claim is None
    second = apply(plant, elsewhere, name="Mallory Quinn", phone="0869")
    assert orders_of_ada(plant) == [first]
    assert common.timeline(plant.window, ada(plant), order_code=second) == ()
    seen = sales_views.order(plant.window, DESK, order_code=second)
    assert seen.claim is not None
    assert (seen.claim.name, seen.claim.phone) == ("Mallory Quinn", "+353 0869 550100")
    assert (seen.customer, seen.phone) == ("Ada Byrne", "+353 0851 550100")
    with pytest.raises(ApplicantUnchecked, match="without signing in"):
        sales.confirm_order(plant.door, DESK, order_code=second)
    assert plant.many("SELECT id FROM services") == []

    sales.accept_applicant(plant.door, DESK, order_code=second)
    assert orders_of_ada(plant) == [second, first]
    with pytest.raises(IllegalMove):
        sales.accept_applicant(plant.door, DESK, order_code=second)
    assert sales.confirm_order(plant.door, DESK, order_code=second).service_code
    audited = plant.many(
        "SELECT actor FROM audit WHERE action = 'sales.accept_applicant' AND subject_id = :o", o=second
    )
    assert [row.actor for row in audited] == [DESK.username]


def test_rejected_stranger_never_shows_at_the_customer(plant: Plant) -> None:
    own, elsewhere = houses(plant, 2)
    first, second = apply(plant, own), apply(plant, elsewhere, name="Mallory Quinn")
    sales.reject_order(plant.door, DESK, order_code=second, reason="We could not reach you.")
    assert orders_of_ada(plant) == [first]


def test_customer_who_is_signed_in_and_staff_need_no_check(plant: Plant) -> None:
    own, second, third = houses(plant, 3)
    apply(plant, own)
    mine = portal.place_application(
        plant.door,
        ada(plant),
        premises_code=second,
        plan_code="home-500",
        name="",
        email="somebody.else@example.org",
        phone="",
        consent=True,
    ).order_code
    by_phone = apply(plant, third, who=DESK)
    for code in (mine, by_phone):
        assert sales_views.order(plant.window, DESK, order_code=code).claim is None
    assert plant.one("SELECT count(*) AS n FROM customers").n == 1


def test_taken_address_tells_a_stranger_nothing_and_staff_everything(plant: Plant) -> None:
    (house,) = houses(plant, 1)
    code = apply(plant, house)
    with pytest.raises(AddressTaken) as refused:
        apply(plant, house, name="Mallory Quinn")
    said = f"{refused.value} {refused.value.remedy}"
    assert code not in said
    assert refused.value.__cause__ is None
    with pytest.raises(OrderOpen, match=code):
        apply(plant, house, who=DESK)
    service = sales.confirm_order(plant.door, DESK, order_code=code).service_code
    with pytest.raises(AddressTaken):
        apply(plant, house)
    with pytest.raises(PremisesServed, match=service):
        apply(plant, house, who=DESK)
