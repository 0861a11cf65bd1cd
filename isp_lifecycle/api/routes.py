"""The paths: each asks one of the doors as the machine behind the token, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import JSONResponse

from isp_lifecycle.api import shapes
from isp_lifecycle.api.bearer import Bearer, Caller
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake import leads, lines
from isp_lifecycle.intake import portal as intake
from isp_lifecycle.intake.once import Placed
from isp_lifecycle.views import machines as views
from isp_lifecycle.views import portal as offers

Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=views.MOST_ROWS)]
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]


def router(bearer: Bearer) -> APIRouter:
    """All paths that need a token."""
    made = APIRouter()
    who = Depends(bearer)
    for path, method, function, status in (
        (f"{shapes.CATALOGUE}/productOffering", "GET", _offerings, 200),
        (f"{shapes.CATALOGUE}/productOffering/{{code}}", "GET", _offering, 200),
        (f"{shapes.ADDRESSES}/geographicAddress", "GET", _addresses, 200),
        (f"{shapes.QUALIFICATION}/checkServiceQualification", "POST", _qualify, 201),
        (f"{shapes.ORDERING}/productOrder", "GET", _orders, 200),
        (f"{shapes.ORDERING}/productOrder/{{code}}", "GET", _order, 200),
        (f"{shapes.ORDERING}/productOrder", "POST", _place, 201),
        (f"{shapes.ORDERING}/cancelProductOrder/{{code}}", "POST", _withdraw, 204),
        (f"{shapes.SALES}/salesLead", "GET", _leads, 200),
        (f"{shapes.SALES}/salesLead/{{code}}", "GET", _one_lead, 200),
        (f"{shapes.SALES}/salesLead", "POST", _lead, 201),
        (f"{shapes.INVENTORY}/service", "GET", _services, 200),
        (f"{shapes.INVENTORY}/service/{{code}}", "GET", _service, 200),
        ("/v1/incidents", "GET", _incidents, 200),
    ):
        endpoint = function(who)
        made.add_api_route(path, endpoint, methods=[method], status_code=status, summary=endpoint.__doc__)
    return made


def _offerings(who: Any) -> Callable[..., Any]:
    def list_product_offerings(caller: Caller = who) -> Any:
        """The plans on sale (TMF620)."""
        return [shapes.offering(plan) for plan in caller.look(offers.plans)]

    return list_product_offerings


def _offering(who: Any) -> Callable[..., Any]:
    def get_product_offering(code: str, caller: Caller = who) -> Any:
        """One plan on sale (TMF620)."""
        for plan in caller.look(offers.plans):
            if plan.code == code:
                return shapes.offering(plan)
        raise NotFound("plan", code)

    return get_product_offering


def _addresses(who: Any) -> Callable[..., Any]:
    def find_addresses(
        text: Annotated[str, Query(alias="fullText", min_length=3, max_length=200)], caller: Caller = who
    ) -> Any:
        """Places by what somebody typed, best first (TMF673)."""
        return [shapes.address(row) for row in caller.look(offers.find_address, text=text)]

    return find_addresses


def _qualify(who: Any) -> Callable[..., Any]:
    def check_service_qualification(asked: shapes.Qualification, caller: Caller = who) -> Any:
        """Whether a place can be served now (TMF645)."""
        for row in caller.look(offers.find_address, text=asked.place.id):
            if row.premises_code == asked.place.id:
                return shapes.qualified(row)
        raise NotFound("place", asked.place.id)

    return check_service_qualification


def _orders(who: Any) -> Callable[..., Any]:
    def list_product_orders(state: str = "", offset: Offset = 0, limit: Limit = 20, caller: Caller = who) -> Response:
        """Orders, the newest first; a partner's own (TMF622)."""
        ours = _named(shapes.ORDER_STATES, state)
        found = caller.look(views.orders, state=ours, offset=offset, limit=limit)
        return _page([shapes.order(row) for row in found.rows], found.total)

    return list_product_orders


def _order(who: Any) -> Callable[..., Any]:
    def get_product_order(code: str, caller: Caller = who) -> Any:
        """One order (TMF622)."""
        return shapes.order(caller.look(views.order, order_code=code))

    return get_product_order


def _place(who: Any) -> Callable[..., Any]:
    def create_product_order(asked: shapes.ProductOrder, key: Key = "", caller: Caller = who) -> Response:
        """Order a line (add), another plan, a pause or its end (modify), or the end of a service (delete) (TMF622)."""
        placed = _ordered(asked, key, caller)
        place = f"{shapes.ORDERING}/productOrder/{placed.order_code}"
        document = {"id": placed.order_code, "href": place, "@type": "ProductOrder"}
        if caller.actor.may("partner.read") or caller.actor.may("order.read"):
            document = shapes.order(caller.look(views.order, order_code=placed.order_code))
        return JSONResponse(document, 201, headers={"location": place})

    return create_product_order


def _ordered(asked: shapes.ProductOrder, key: str, caller: Caller) -> Placed:
    item = asked.item
    door = caller.once(key, asked.model_dump(mode="json"))
    if item.action == "add":
        return _new_line(asked, door, caller)
    if not item.product.id:
        raise shapes.missing("productOrderItem.product.id", "Name the service, such as S-000123.")
    about: dict[str, Any] = {"service_code": item.product.id, "wanted_on": asked.wanted_on or _today(caller)}
    if item.action == "delete":
        return intake.ask_termination(door, caller.actor, **about)
    if item.product.status == "suspended":
        return lines.ask_suspension(door, caller.actor, **about, note=asked.remark)
    if item.product.status == "active":
        return lines.ask_resumption(door, caller.actor, **about)
    if item.productOffering is None:
        remedy = "Name the new plan, or a product.status: suspended or active."
        raise shapes.missing("productOrderItem.productOffering", remedy)
    return intake.ask_plan_change(door, caller.actor, **about, plan_code=item.productOffering.id)


def _new_line(asked: shapes.ProductOrder, door: Any, caller: Caller) -> Placed:
    item, party = asked.item, next(iter(asked.relatedParty), None)
    if item.productOffering is None:
        raise shapes.missing("productOrderItem.productOffering", "Name the plan.")
    if not item.product.place:
        raise shapes.missing("productOrderItem.product.place", "Name the place by its code.")
    if party is None:
        raise shapes.missing("relatedParty", "Say who the customer is, and how they are reached.")
    return intake.place_application(
        door,
        caller.actor,
        premises_code=item.product.place[0].id,
        plan_code=item.productOffering.id,
        name=party.name,
        email=party.reached_by("emailAddress"),
        phone=party.reached_by("phoneNumber"),
        consent=asked.consent,
        wanted_on=asked.wanted_on,
        note=asked.remark,
    )


def _leads(who: Any) -> Callable[..., Any]:
    def list_sales_leads(status: str = "", offset: Offset = 0, limit: Limit = 20, caller: Caller = who) -> Response:
        """Who asked for a line, the newest first; a partner's own (TMF699)."""
        ours = _named(shapes.LEAD_STATES, status)
        found = caller.look(views.leads, state=ours, offset=offset, limit=limit)
        return _page([shapes.lead(row) for row in found.rows], found.total)

    return list_sales_leads


def _one_lead(who: Any) -> Callable[..., Any]:
    def get_sales_lead(code: str, caller: Caller = who) -> Any:
        """One who asked for a line, and whether they can have it by now (TMF699)."""
        return shapes.lead(caller.look(views.lead, lead_code=code))

    return get_sales_lead


def _lead(who: Any) -> Callable[..., Any]:
    def create_sales_lead(asked: shapes.SalesLead, caller: Caller = who) -> Any:
        """Somebody who asks for a line that cannot be had yet, kept until it can (TMF699)."""
        (party,) = asked.relatedParty
        code = leads.leave_lead(
            caller.door,
            caller.actor,
            contact=(party.name, party.reached_by("emailAddress"), party.reached_by("phoneNumber")),
            written=asked.address,
            premises_code=asked.place.id if asked.place else "",
            wish=asked.description,
            consent=asked.consent,
        )
        place = f"{shapes.SALES}/salesLead/{code}"
        document = {"id": code, "href": place, "status": "acknowledged", "@type": "SalesLead"}
        return JSONResponse(document, 201, headers={"location": place})

    return create_sales_lead


def _withdraw(who: Any) -> Callable[..., Any]:
    def cancel_product_order(code: str, caller: Caller = who) -> Response:
        """Take back a change that has not begun (TMF622)."""
        lines.withdraw(caller.door, caller.actor, order_code=code)
        return Response(status_code=204)

    return cancel_product_order


def _services(who: Any) -> Callable[..., Any]:
    def list_services(state: str = "", offset: Offset = 0, limit: Limit = 20, caller: Caller = who) -> Response:
        """Services, the newest first; those that came by a partner (TMF638)."""
        ours = _named(shapes.SERVICE_STATES, state)
        found = caller.look(views.services, state=ours, offset=offset, limit=limit)
        return _page([shapes.service(row) for row in found.rows], found.total)

    return list_services


def _service(who: Any) -> Callable[..., Any]:
    def get_service(code: str, caller: Caller = who) -> Any:
        """One service (TMF638)."""
        return shapes.service(caller.look(views.service, service_code=code))

    return get_service


def _incidents(who: Any) -> Callable[..., Any]:
    def list_incidents(standing: bool = True, offset: Offset = 0, limit: Limit = 20, caller: Caller = who) -> Response:
        """What failed and stands still, the newest first; for monitoring."""
        found = caller.look(views.incidents, standing=standing, offset=offset, limit=limit)
        return _page([shapes.incident(row) for row in found.rows], found.total)

    return list_incidents


def _named(states: dict[str, str], wanted: str) -> str:
    """Our word for TM Forum's; one that there is not gives an empty page."""
    if not wanted:
        return ""
    return next((ours for ours, theirs in states.items() if theirs == wanted), wanted)


def _page(rows: Sequence[dict[str, Any]], total: int) -> Response:
    """A part of a list, with TMF630's counts."""
    return JSONResponse(list(rows), headers={"x-total-count": str(total), "x-result-count": str(len(rows))})


def _today(caller: Caller) -> date:
    return caller.door.clock.now().astimezone(caller.doors.settings.company.tz).date()
