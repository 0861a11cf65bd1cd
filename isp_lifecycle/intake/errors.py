"""What the door refuses that no single capability could see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from isp_lifecycle.foundation.errors import Refused


class NotServiceable(Refused):
    """No fibre reaches these premises."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} cannot be served yet: no splitter is recorded for it.",
            field="premises",
            value=address,
            remedy="Choose another address, or leave yours with the sales desk so that they can call when fibre comes.",
        )


class PremisesServed(Refused):
    """There is a service at these premises already."""

    def __init__(self, address: str, service_code: str) -> None:
        super().__init__(
            f"{address} has the service {service_code} already.",
            field="premises",
            value=address,
            remedy="Ask for a plan change instead, or call support when you are moving in.",
        )


class AddressTaken(Refused):
    """What a stranger is told whose address has a line or an open application: neither whose nor which."""

    def __init__(self, phone: str) -> None:
        super().__init__(
            "We cannot take another application for this address now.",
            field="premises",
            remedy=f"If you live there or are moving in, call {phone}.",
        )


class ConsentMissing(Refused):
    """The applicant has not agreed to the terms."""

    def __init__(self) -> None:
        super().__init__(
            "The terms and the privacy notice must be agreed to.",
            field="consent",
            value=False,
            remedy="Tick the box above the button.",
        )


class DateWrong(Refused):
    """The date lies before today, or too far ahead."""

    def __init__(self, wanted: date, earliest: date, latest: date) -> None:
        super().__init__(
            f"{wanted} is not possible.",
            field="wanted_on",
            value=wanted,
            remedy=f"Choose a day from {earliest} to {latest}.",
        )


class SamePlan(Refused):
    """The service is on this plan already."""

    def __init__(self, plan: str) -> None:
        super().__init__(
            f"The service is on {plan} already.", field="plan_code", value=plan, remedy="Choose another plan."
        )


class OtherAddressKind(Refused):
    """The new plan comes with another kind of address, which is a change of numbers and not of rates."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(
            f"This plan comes with a {new} address, the service has a {old} one.",
            field="plan_code",
            value=new,
            remedy="Ask the sales desk: the address changes with it, which needs a talk about your equipment.",
        )


class NotYours(Refused):
    """The service belongs to another customer."""

    def __init__(self, service_code: str) -> None:
        super().__init__(
            f"{service_code} is not a service of yours.",
            field="service_code",
            value=service_code,
            remedy="Check the number on your invoice, or call support.",
        )


class NotTheirsToOpen(Refused):
    """A customer may end the pause that they asked for, and no other."""

    def __init__(self, service_code: str) -> None:
        super().__init__(
            f"{service_code} was not paused at your wish, so you cannot open it yourself.",
            field="service_code",
            value=service_code,
            remedy="Call support: they tell you what is open and switch the line on again.",
        )


class WordUnknown(Refused):
    """A choice that does not exist."""

    def __init__(self, field: str, value: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"{value!r} is not possible here.", field=field, value=value, remedy=f"Use one of {', '.join(allowed)}."
        )


class WalledGardenMissing(Refused):
    """No VLAN is set that leads to the provider's own pages."""

    def __init__(self) -> None:
        super().__init__(
            "No walled-garden VLAN is set.",
            field="way",
            value="walled_garden",
            remedy="Choose another way, or have ISP_NETWORK__WALLED_GARDEN_VLAN set.",
        )


class AlreadyThere(Refused):
    """The service is at these premises."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The service is at {address} already.",
            field="premises",
            value=address,
            remedy="Choose the address that it is to move to.",
        )


class OntOnRecord(Refused):
    """The ONT belongs to a line."""

    def __init__(self, serial: str, service_code: str) -> None:
        super().__init__(
            f"The ONT {serial} is on record for service {service_code}.",
            field="serial",
            value=serial,
            remedy="Check the label; the serial number must be that of the new ONT.",
        )


class BegunAlready(Refused):
    """The change is under way, or was done, or given up."""

    def __init__(self, order_code: str, state: str) -> None:
        super().__init__(
            f"Order {order_code} is {state.replace('_', ' ')} and cannot be withdrawn any more.",
            field="order_code",
            value=order_code,
            remedy="Have support look at it: what has begun is given up on the engine's page, and undone there.",
        )


class NotTheirVisit(Refused):
    """The visit is another engineer's."""

    def __init__(self, visit_code: str, engineer: str) -> None:
        super().__init__(
            f"Visit {visit_code} belongs to {engineer}.",
            field="visit_code",
            value=visit_code,
            remedy="Ask the dispatcher to give the visit to you.",
        )


class NotWaiting(Refused):
    """The work does not wait for an ONT's number now."""

    def __init__(self, visit_code: str, state: str) -> None:
        super().__init__(
            f"The work of visit {visit_code} is {state}; it does not wait for a serial number.",
            field="visit_code",
            value=visit_code,
            remedy="Watch the steps on the page; when it stands still, the page says why.",
        )


class CannotTakeTickets(Refused):
    """Tickets are given to those who may write in them."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"{username} cannot take tickets.",
            field="assignee",
            value=username,
            remedy="Choose somebody with an open account in support or the network team.",
        )


class NotSignedUp(Refused):
    """The account belongs to no customer."""

    default_remedy = "Sign in with the account that was sent to you when your line became active."


class NotTheirs(Refused):
    """Somebody cannot be given this piece of work."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name} {why}.", field="username", value=name, remedy="Choose somebody else; the page lists who may."
        )


class NothingAhead(Refused):
    """Nothing of this lies ahead."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"Nothing that lies ahead is called {key}.",
            field="key",
            value=key,
            remedy="`isp due`, or the page What will happen, lists what does; it may have begun meanwhile.",
        )


class DateFixed(Refused):
    """This lies ahead, and its date is not one that a person sets here."""

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(f"{what} cannot be moved or cancelled here: {why}.", field="key", value=what, remedy=remedy)


class RetryTooLate(Refused):
    """A change that stands half done must not stand so for long."""

    def __init__(self, wanted: datetime, latest: datetime) -> None:
        super().__init__(
            "What has begun cannot wait that long: the line stands between two states.",
            field="to",
            value=wanted,
            remedy=f"Give a time up to {latest:%d %b %H:%M} UTC, or cancel it on the page Needs attention.",
        )


class NoLineToReset(Refused):
    """A service that has no line, so that no ONT could be reset."""

    def __init__(self, code: str, state: str) -> None:
        super().__init__(
            f"Service {code} is {state} and has no line with an ONT that could be reset.",
            field="service",
            value=code,
            remedy="Look at what is under way for the service; its ONT can be reset once the line is built.",
        )


class NoPlan(Refused):
    """A drift for which no plan could be made."""

    def __init__(self, key: str, obstacle: str) -> None:
        super().__init__(
            f"There is no plan that would mend {key}: {obstacle or 'nothing would change'}",
            field="drift",
            value=key,
            remedy="Mend the cause, then compare the OLT again.",
        )


class OtherRemedy(Refused):
    """A drift that is not mended in the way that was asked for."""

    def __init__(self, key: str, remedy: str) -> None:
        super().__init__(
            f"The drift of {key} is not mended so; its remedy is: {remedy}.",
            field="drift",
            value=key,
            remedy="Reload the page, and decide by the plan that it shows.",
        )


class UnknownCredentials(Refused):
    """No account on devices is set under this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"No credentials {name!r} are set.",
            field="credentials",
            value=name,
            remedy=f"Use one of: {', '.join(sorted(known)) or 'none are set'}; or set "
            f"ISP_CREDENTIALS__{name.upper()}__USERNAME and __PASSWORD first.",
        )
