"""What the door refuses that no single capability could see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class NotServiceable(Refused):
    """No fibre reaches these premises."""

    def __init__(self, address: str) -> None:
        super().__init__(
            say("{address} cannot be served yet: no splitter is recorded for it.", address=address),
            field="premises",
            value=address,
            remedy=say(
                "Choose another address, or leave yours with the sales desk so that they can call when fibre comes."
            ),
        )


class PremisesServed(Refused):
    """There is a service at these premises already."""

    def __init__(self, address: str, service_code: str) -> None:
        super().__init__(
            say("{address} has the service {service_code} already.", address=address, service_code=service_code),
            field="premises",
            value=address,
            remedy=say("Ask for a plan change instead, or call support when you are moving in."),
        )


class AddressTaken(Refused):
    """What a stranger is told whose address has a line or an open application: neither whose nor which."""

    def __init__(self, phone: str) -> None:
        super().__init__(
            say("We cannot take another application for this address now."),
            field="premises",
            remedy=say("If you live there or are moving in, call {phone}.", phone=phone),
        )


class ConsentMissing(Refused):
    """The applicant has not agreed to the terms."""

    def __init__(self) -> None:
        super().__init__(
            say("The terms and the privacy notice must be agreed to."),
            field="consent",
            value=False,
            remedy=say("Tick the box above the button."),
        )


class DateWrong(Refused):
    """The date lies before today, or too far ahead."""

    def __init__(self, wanted: date, earliest: date, latest: date) -> None:
        super().__init__(
            say("{wanted} is not possible.", wanted=wanted),
            field="wanted_on",
            value=wanted,
            remedy=say("Choose a day from {earliest} to {latest}.", earliest=earliest, latest=latest),
        )


class SamePlan(Refused):
    """The service is on this plan already."""

    def __init__(self, plan: str) -> None:
        super().__init__(
            say("The service is on {plan} already.", plan=plan),
            field="plan_code",
            value=plan,
            remedy=say("Choose another plan."),
        )


class OtherAddressKind(Refused):
    """The new plan comes with another kind of address, which is a change of numbers and not of rates."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(
            say("This plan comes with a {new} address, the service has a {old} one.", new=word(new), old=word(old)),
            field="plan_code",
            value=new,
            remedy=say("Ask the sales desk: the address changes with it, which needs a talk about your equipment."),
        )


class NotYours(Refused):
    """The service belongs to another customer."""

    def __init__(self, service_code: str) -> None:
        super().__init__(
            say("{service_code} is not a service of yours.", service_code=service_code),
            field="service_code",
            value=service_code,
            remedy=say("Check the number on your invoice, or call support."),
        )


class NotTheirsToOpen(Refused):
    """A customer may end the pause that they asked for, and no other."""

    def __init__(self, service_code: str) -> None:
        super().__init__(
            say(
                "{service_code} was not paused at your wish, so you cannot open it yourself.", service_code=service_code
            ),
            field="service_code",
            value=service_code,
            remedy=say("Call support: they tell you what is open and switch the line on again."),
        )


class WordUnknown(Refused):
    """A choice that does not exist."""

    def __init__(self, field: str, value: str, allowed: Iterable[str]) -> None:
        super().__init__(
            say("{value} is not possible here.", value=repr(value)),
            field=field,
            value=value,
            remedy=say("Use one of {allowed}.", allowed=", ".join(allowed)),
        )


class WalledGardenMissing(Refused):
    """No VLAN is set that leads to the provider's own pages."""

    def __init__(self) -> None:
        super().__init__(
            say("No walled-garden VLAN is set."),
            field="way",
            value="walled_garden",
            remedy=say("Choose another way, or have ISP_NETWORK__WALLED_GARDEN_VLAN set."),
        )


class AlreadyThere(Refused):
    """The service is at these premises."""

    def __init__(self, address: str) -> None:
        super().__init__(
            say("The service is at {address} already.", address=address),
            field="premises",
            value=address,
            remedy=say("Choose the address that it is to move to."),
        )


class OntOnRecord(Refused):
    """The ONT belongs to a line."""

    def __init__(self, serial: str, service_code: str) -> None:
        super().__init__(
            say("The ONT {serial} is on record for service {service_code}.", serial=serial, service_code=service_code),
            field="serial",
            value=serial,
            remedy=say("Check the label; the serial number must be that of the new ONT."),
        )


class BegunAlready(Refused):
    """The change is under way, or was done, or given up."""

    def __init__(self, order_code: str, state: str) -> None:
        super().__init__(
            say(
                "Order {order_code} is {state} and cannot be withdrawn any more.",
                order_code=order_code,
                state=word(state),
            ),
            field="order_code",
            value=order_code,
            remedy=say("Have support look at it: what has begun is given up on the engine's page, and undone there."),
        )


class NotTheirVisit(Refused):
    """The visit is another engineer's."""

    def __init__(self, visit_code: str, engineer: str) -> None:
        super().__init__(
            say("Visit {visit_code} belongs to {engineer}.", visit_code=visit_code, engineer=engineer),
            field="visit_code",
            value=visit_code,
            remedy=say("Ask the dispatcher to give the visit to you."),
        )


class NotWaiting(Refused):
    """The work does not wait for an ONT's number now."""

    def __init__(self, visit_code: str, state: str) -> None:
        super().__init__(
            say(
                "The work of visit {visit_code} is {state}; it does not wait for a serial number.",
                visit_code=visit_code,
                state=word(state),
            ),
            field="visit_code",
            value=visit_code,
            remedy=say("Watch the steps on the page; when it stands still, the page says why."),
        )


class VisitGivenUp(Refused):
    """The visit could not be done, or was called off."""

    def __init__(self, visit_code: str, state: str, why: str) -> None:
        super().__init__(
            say("Visit {visit_code} is {state}: {why}", visit_code=visit_code, state=word(state), why=why)
            if why
            else say("Visit {visit_code} is {state}", visit_code=visit_code, state=word(state)),
            field="visit_code",
            value=visit_code,
            remedy=say("Ask the dispatcher to book it again; the new visit stands in your list then."),
        )


class VisitNotMissed(Refused):
    """Only a visit that could not be done is booked again."""

    def __init__(self, visit_code: str, why: str) -> None:
        super().__init__(
            say("Visit {visit_code} cannot be booked again: {why}.", visit_code=visit_code, why=why),
            field="visit_code",
            value=visit_code,
            remedy=say("Reload: somebody else may have seen to it meanwhile."),
        )


class CannotTakeTickets(Refused):
    """Tickets are given to those who may write in them."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("{username} cannot take tickets.", username=username),
            field="assignee",
            value=username,
            remedy=say("Choose somebody with an open account in support or the network team."),
        )


class NotSignedUp(Refused):
    """The account belongs to no customer."""

    default_remedy = say("Sign in with the account that was sent to you when your line became active.")


class NotTheirs(Refused):
    """Somebody cannot be given this piece of work."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            say("{name} {why}.", name=name, why=why),
            field="username",
            value=name,
            remedy=say("Choose somebody else; the page lists who may."),
        )


class NothingAhead(Refused):
    """Nothing of this lies ahead."""

    def __init__(self, key: str) -> None:
        super().__init__(
            say("Nothing that lies ahead is called {key}.", key=key),
            field="key",
            value=key,
            remedy=say("`isp due`, or the page What will happen, lists what does; it may have begun meanwhile."),
        )


class DateFixed(Refused):
    """This lies ahead, and its date is not one that a person sets here."""

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(
            say("{what} cannot be moved or cancelled here: {why}.", what=what, why=why),
            field="key",
            value=what,
            remedy=remedy,
        )


class RetryTooLate(Refused):
    """A change that stands half done must not stand so for long."""

    def __init__(self, wanted: datetime, latest: datetime) -> None:
        super().__init__(
            say("What has begun cannot wait that long: the line stands between two states."),
            field="to",
            value=wanted,
            remedy=say(
                "Give a time up to {latest:%d %b %H:%M} UTC, or cancel it on the page Needs attention.", latest=latest
            ),
        )


class NoLineToReset(Refused):
    """A service that has no line, so that no ONT could be reset."""

    def __init__(self, code: str, state: str) -> None:
        super().__init__(
            say(
                "Service {code} is {state} and has no line with an ONT that could be reset.",
                code=code,
                state=word(state),
            ),
            field="service",
            value=code,
            remedy=say("Look at what is under way for the service; its ONT can be reset once the line is built."),
        )


class NoPlan(Refused):
    """A drift for which no plan could be made."""

    def __init__(self, key: str, obstacle: str) -> None:
        super().__init__(
            say(
                "There is no plan that would mend {key}: {obstacle}",
                key=key,
                obstacle=obstacle or "nothing would change",
            ),
            field="drift",
            value=key,
            remedy=say("Mend the cause, then compare the OLT again."),
        )


class OtherRemedy(Refused):
    """A drift that is not mended in the way that was asked for."""

    def __init__(self, key: str, remedy: str) -> None:
        super().__init__(
            say("The drift of {key} is not mended so; its remedy is: {remedy}.", key=key, remedy=remedy),
            field="drift",
            value=key,
            remedy=say("Reload the page, and decide by the plan that it shows."),
        )


class UnknownCredentials(Refused):
    """No account on devices is set under this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            say("There is no device account {name}.", name=repr(name)),
            field="credentials",
            value=name,
            remedy=say(
                "Use one of: {known}; or have an administrator run `isp secrets set {name}` first.",
                known=", ".join(sorted(known)) or "there is none yet",
                name=name,
            ),
        )


class TimeTaken(Refused):
    """The engineer is somewhere else at that time; nobody can be in two places."""

    def __init__(self, engineer: str, visit: str, hours: str) -> None:
        super().__init__(
            say("{engineer} has {visit} from {hours}.", engineer=engineer, visit=visit, hours=hours),
            field="starts",
            value=hours,
            remedy=say("Choose another time or another engineer."),
        )


class MoveAgainstRules(Refused):
    """A visit may go there, but only when somebody says why."""

    def __init__(self, visit: str, rules: Iterable[str]) -> None:
        super().__init__(
            say("{visit} is not moved there without a reason: {rules}.", visit=visit, rules=", ".join(rules)),
            field="reason",
            remedy=say("Move it elsewhere, or say in a few words why it has to be so."),
        )


class MovedMeanwhile(Refused):
    """Somebody else has moved the visit since it was looked at."""

    def __init__(self, visit: str) -> None:
        super().__init__(
            say("Somebody else has just moved {visit}.", visit=visit),
            field="visit",
            value=visit,
            remedy=say("Look where it is now, then move it from there."),
        )
