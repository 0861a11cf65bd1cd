"""TM Forum's shapes (TMF620, 622, 638, 645, 673, 699; version 4), of what the doors take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.views.machines import IncidentRow, LeadRow, OrderRow, ServiceRow
from isp_lifecycle.views.portal import AddressRow, PlanRow

CATALOGUE = "/tmf-api/productCatalogManagement/v4"
ORDERING = "/tmf-api/productOrderingManagement/v4"
INVENTORY = "/tmf-api/serviceInventory/v4"
QUALIFICATION = "/tmf-api/serviceQualificationManagement/v4"
SALES = "/tmf-api/salesManagement/v4"
ADDRESSES = "/tmf-api/geographicAddressManagement/v4"

#: Our states of an order as TMF622 calls them, and of a service as TMF638 does.
ORDER_STATES = {
    "submitted": "acknowledged",
    "confirmed": "pending",
    "in_progress": "inProgress",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "rejected": "rejected",
}
SERVICE_STATES = {"pending": "reserved", "active": "active", "suspended": "inactive", "terminated": "terminated"}
#: Our states of a lead as TMF699 calls them.
LEAD_STATES = {"open": "acknowledged", "ordered": "accepted", "lost": "rejected"}
_ACTIONS = {"new_line": "add", "termination": "delete"}


class Shape(BaseModel):
    """What is not known is refused, so that a typing error is noticed; TM Forum's own @type and the like pass."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    type_: str | None = Field(None, alias="@type")
    base_type: str | None = Field(None, alias="@baseType")


class Ref(Shape):
    """Something by its code."""

    id: str = Field(min_length=1, max_length=100)
    name: str | None = None
    href: str | None = None
    role: str | None = None


class Characteristic(Shape):
    """How somebody is reached (TMF632)."""

    emailAddress: str = Field("", max_length=200)  # noqa: N815 - TM Forum's own name
    phoneNumber: str = Field("", max_length=40)  # noqa: N815


class ContactMedium(Shape):
    """One way to reach somebody."""

    mediumType: str = ""  # noqa: N815
    characteristic: Characteristic


class Party(Shape):
    """The customer for whom a new line is ordered."""

    role: Literal["customer"] = "customer"
    name: str = Field(min_length=1, max_length=120)
    contactMedium: list[ContactMedium] = Field(min_length=1, max_length=5)  # noqa: N815

    def reached_by(self, part: str) -> str:
        """The first e-mail address or telephone number."""
        return next((found for one in self.contactMedium if (found := getattr(one.characteristic, part))), "")


class Product(Shape):
    """What is to be: a new line at a place, or a service of ours by its code."""

    id: str | None = Field(None, max_length=40)
    status: Literal["active", "suspended"] | None = None
    place: list[Ref] = Field(default_factory=list, max_length=1)


class OrderItem(Shape):
    """One thing that is asked for."""

    id: str = "1"
    action: Literal["add", "modify", "delete"]
    quantity: Literal[1] = 1
    productOffering: Ref | None = None  # noqa: N815
    product: Product


class Note(Shape):
    """A remark."""

    text: str = Field(max_length=500)


class ProductOrder(Shape):
    """A product order (TMF622). ``consent``: the customer has agreed to the provider's terms."""

    externalId: str | None = Field(None, max_length=100)  # noqa: N815
    requestedStartDate: date | datetime | None = None  # noqa: N815
    productOrderItem: list[OrderItem] = Field(min_length=1, max_length=1)  # noqa: N815
    relatedParty: list[Party] = Field(default_factory=list, max_length=1)  # noqa: N815
    note: list[Note] = Field(default_factory=list, max_length=1)
    consent: bool = False

    @property
    def item(self) -> OrderItem:
        """The one thing that is asked for."""
        return self.productOrderItem[0]

    @property
    def wanted_on(self) -> date | None:
        """The day on the provider's calendar."""
        wanted = self.requestedStartDate
        return wanted.date() if isinstance(wanted, datetime) else wanted

    @property
    def remark(self) -> str:
        """The note, or nothing."""
        return self.note[0].text if self.note else ""


class SalesLead(Shape):
    """Somebody who asks for a line (TMF699). ``consent``: they have agreed to being kept until they can have one.

    ``place`` is a place by its code, ``address`` what they say where none is on record.
    """

    description: str = Field("", max_length=1000)
    relatedParty: list[Party] = Field(min_length=1, max_length=1)  # noqa: N815
    place: Ref | None = None
    address: str = Field("", max_length=200)
    consent: bool = False


class Qualification(Shape):
    """Whether places can be served (TMF645)."""

    place: Ref


def missing(field: str, remedy: str) -> Refused:
    """An order that lacks what its action needs."""
    return Refused(f"{field} is missing.", field=field, remedy=remedy)


def _ref(kind: str, code: str, **more: Any) -> dict[str, Any]:
    return {"id": code, "@referredType": kind, **more}


def offering(plan: PlanRow) -> dict[str, Any]:
    """A plan as a product offering (TMF620)."""
    return {
        "id": plan.code,
        "href": f"{CATALOGUE}/productOffering/{plan.code}",
        "name": plan.name,
        "lifecycleStatus": "Active",
        "isSellable": True,
        "productOfferingPrice": [
            {
                "priceType": "recurring",
                "recurringChargePeriod": "month",
                "price": {"unit": plan.price.currency, "value": str(plan.price.amount)},
            }
        ],
        "prodSpecCharValueUse": _characteristics(
            downRateKbps=plan.down_kbps, upRateKbps=plan.up_kbps, addressPolicy=plan.address_policy
        ),
        "@type": "ProductOffering",
    }


def order(row: OrderRow) -> dict[str, Any]:
    """An order as a product order (TMF622)."""
    state = ORDER_STATES[row.state]
    product: dict[str, Any] = {"place": [_ref("GeographicAddress", row.premises_code, name=row.address)]}
    if row.service_code:
        product["id"] = row.service_code
    return _without_empty(
        {
            "id": row.order_code,
            "href": f"{ORDERING}/productOrder/{row.order_code}",
            "state": state,
            "category": row.kind,
            "orderDate": row.submitted_at.isoformat(),
            "requestedStartDate": row.wanted_on and row.wanted_on.isoformat(),
            "completionDate": row.closed_at and row.closed_at.isoformat(),
            "stateReason": row.reason,
            "productOrderItem": [
                {
                    "id": "1",
                    "action": _ACTIONS.get(row.kind, "modify"),
                    "quantity": 1,
                    "state": state,
                    "productOffering": _ref("ProductOffering", row.terms.plan_code, name=row.terms.plan_name),
                    "product": product,
                }
            ],
            "relatedParty": [_ref("Customer", row.customer_code, role="customer")],
            "channel": [{"id": row.partner, "role": "partner"}] if row.partner else None,
            "@type": "ProductOrder",
        }
    )


def service(row: ServiceRow) -> dict[str, Any]:
    """A service (TMF638)."""
    return _without_empty(
        {
            "id": row.service_code,
            "href": f"{INVENTORY}/service/{row.service_code}",
            "name": row.terms.plan_name,
            "category": "internet access",
            "state": SERVICE_STATES[row.state],
            "startDate": row.active_on and row.active_on.isoformat(),
            "endDate": row.ended_on and row.ended_on.isoformat(),
            "stateReason": row.suspended_for,
            "serviceCharacteristic": _characteristics(
                plan=row.terms.plan_code,
                downRateKbps=row.terms.down_kbps,
                upRateKbps=row.terms.up_kbps,
                addresses=list(row.prefixes),
            ),
            "place": [_ref("GeographicAddress", row.premises_code, name=row.address, role="installation")],
            "relatedParty": [_ref("Customer", row.customer_code, role="customer")],
            "serviceOrderItem": [{"serviceOrderId": row.order_code}] if row.order_code else None,
            "@type": "Service",
        }
    )


def lead(row: LeadRow) -> dict[str, Any]:
    """A lead as a sales lead (TMF699), without the person: whoever sent them knows who they are."""
    place = _ref("GeographicAddress", row.premises_code, name=row.address) if row.premises_code else None
    return _without_empty(
        {
            "id": row.lead_code,
            "href": f"{SALES}/salesLead/{row.lead_code}",
            "status": LEAD_STATES[row.state],
            "statusChangeReason": row.reason,
            "description": row.wish,
            "creationDate": row.created_at.isoformat(),
            "statusChangeDate": row.closed_at and row.closed_at.isoformat(),
            "address": row.address,
            "place": place,
            "qualified": row.can_be_served,
            "productOrder": [_ref("ProductOrder", row.order_code)] if row.order_code else None,
            "channel": {"id": row.partner, "role": "partner"} if row.partner else None,
            "@type": "SalesLead",
        }
    )


def address(row: AddressRow) -> dict[str, Any]:
    """A place (TMF673)."""
    return {
        "id": row.premises_code,
        "href": f"{ADDRESSES}/geographicAddress/{row.premises_code}",
        "fullText": row.address,
        "locality": row.area,
        "@type": "GeographicAddress",
    }


def qualified(row: AddressRow) -> dict[str, Any]:
    """Whether a place can be served now (TMF645)."""
    can = row.serviceable and not row.occupied
    why = "no fibre passes this address" if not row.serviceable else "this address has a line"
    return _without_empty(
        {
            "state": "done",
            "qualificationResult": "qualified" if can else "unqualified",
            "serviceQualificationItem": [
                _without_empty(
                    {
                        "id": "1",
                        "state": "done",
                        "qualificationItemResult": "qualified" if can else "unqualified",
                        "eligibilityUnavailabilityReason": None if can else [{"label": why}],
                        "service": {"place": [_ref("GeographicAddress", row.premises_code, name=row.address)]},
                    }
                )
            ],
            "@type": "CheckServiceQualification",
        }
    )


def incident(row: IncidentRow) -> dict[str, Any]:
    """Something that failed; no shape of TM Forum's fits what monitoring wants."""
    document = {name: value for name, value in vars(row).items() if value is not None}
    return document | {n: v.isoformat() for n, v in document.items() if isinstance(v, datetime)}


def _characteristics(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _without_empty(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, "")}
