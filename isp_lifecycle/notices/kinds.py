"""Every kind of message: when it is sent, to whom, what can stand in it, and an example to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_type_hints

import jinja2

from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import LANGUAGES, Text, say
from isp_lifecycle.notices import model as letters
from isp_lifecycle.notices.blocks import CONTENT
from isp_lifecycle.notices.errors import WordingRefused
from isp_lifecycle.notices.model import LINK_MARK, Letter, Provider, Rendered
from isp_lifecycle.notices.render import FRAME, OF_ALL, render
from isp_lifecycle.notices.wording import Problem, Words, problems, shown

CUSTOMERS = say("Customers")
OWNERS = say("Whoever has the account: customers and staff")


@dataclass(frozen=True)
class Kind:
    """One kind of message; ``needed`` are the placeholders without which it would be pointless."""

    name: str
    title: Text
    group: Text
    when: Text
    to: Text
    example: Letter
    needed: tuple[str, ...] = ()

    @property
    def is_frame(self) -> bool:
        """Whether it is what stands around all the others."""
        return self.name == FRAME

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names that can stand in it, its own first."""
        if self.is_frame:
            return ("content", *OF_ALL)
        own = [one.name for one in fields(self.example) if one.name not in OF_ALL]
        return (*own, *OF_ALL)

    @property
    def bare(self) -> Letter:
        """The example without what a message may lack."""
        hints = get_type_hints(type(self.example))
        lacking: Any = {name: None for name, hint in hints.items() if type(None) in getattr(hint, "__args__", ())}
        return replace(self.example, **lacking)


#: What each placeholder is, by its name.
MEANINGS: Mapping[str, Text] = {
    "customer": say("the customer’s name"),
    "company": say("our name"),
    "support_phone": say("our telephone number"),
    "content": say("the text of the message itself"),
    "order_code": say("the order’s number"),
    "service_code": say("the line’s number"),
    "plan": say("the plan’s name"),
    "old_plan": say("the plan’s name before"),
    "new_plan": say("the plan’s name from now on"),
    "address": say("where the line is"),
    "old_address": say("where the line was before"),
    "visit_start": say("when the engineer comes at the earliest: |day, |clock"),
    "visit_end": say("when the engineer comes at the latest: |day, |clock"),
    "work": say("what the engineer does, as the end of a sentence"),
    "down_kbps": say("the speed towards the customer: |rate"),
    "up_kbps": say("the speed from the customer: |rate"),
    "ip_address": say("the address, if it is a fixed one"),
    "first_charge": say("what is charged first"),
    "charge": say("what is charged"),
    "charged_from": say("the first day that is charged: |day"),
    "charged_to": say("the last day that is charged: |day"),
    "price": say("what a month costs"),
    "credit": say("what is given back, if anything"),
    "on": say("the day: |day"),
    "old_on": say("the day before: |day"),
    "new_on": say("the new day: |day"),
    "effect": say("what suspended means here, as a sentence"),
    "why": say("why, as a part of a sentence"),
    "what": say("what it is about, as a part of a sentence"),
    "serial": say("the serial number as its label says it"),
    "old": say("the address before"),
    "new": say("the new address"),
    "gateway": say("the gateway, if there is one"),
    "reason": say("the reason as the sales desk wrote it"),
    "username": say("the name to sign in with"),
    "place": say("the address of the page to sign in at"),
    "days": say("how many days the link works"),
    "minutes": say("how many minutes the link works"),
    "link": say("the link; known when it is sent, and never kept"),
    "source": say("from where, or by what one signs in"),
    "at": say("when: |day, |clock"),
    "forgotten": say("where a new password is asked for"),
}

_NAME, _ADDRESS, _PLAN = "Siobhán O’Connor", "12 Harbour Street, D02 X285 Dublin", "Fibre 500"
_ORDER = {"customer": _NAME, "order_code": "O-000123", "plan": _PLAN, "address": _ADDRESS}
_LINE = {"customer": _NAME, "service_code": "S-000045"}
_EUR = "EUR"

_ORDERS, _LINES, _ACCOUNTS = say("Orders"), say("Lines"), say("Accounts")

KINDS: tuple[Kind, ...] = (
    Kind(
        FRAME,
        say("Around every message"),
        say("All messages"),
        say("Greeting and closing words of every message: what the law wants below a letter stands here."),
        OWNERS,
        letters.ApplicationReceived(**_ORDER),
        ("content",),
    ),
    Kind(
        "application_received",
        say("Application received"),
        _ORDERS,
        say("When an application for a new line arrives."),
        CUSTOMERS,
        letters.ApplicationReceived(**_ORDER),
        ("order_code",),
    ),
    Kind(
        "order_confirmed",
        say("Order confirmed, with the appointment"),
        _ORDERS,
        say("When an engineer’s visit is booked, and when it is moved."),
        CUSTOMERS,
        letters.OrderConfirmed(
            **_ORDER,
            visit_start=datetime(2026, 3, 9, 9, 0, tzinfo=UTC),
            visit_end=datetime(2026, 3, 9, 11, 0, tzinfo=UTC),
            work=say("fit the connection"),
        ),
        ("visit_start",),
    ),
    Kind(
        "order_rejected",
        say("Order rejected"),
        _ORDERS,
        say("When the sales desk says no."),
        CUSTOMERS,
        letters.OrderRejected(**_ORDER, reason="There is no fibre in this street yet."),
        ("reason",),
    ),
    Kind(
        "visit_missed",
        say("Nobody was at home"),
        _ORDERS,
        say("When the engineer came and nobody opened, or could not come in."),
        CUSTOMERS,
        letters.VisitMissed(_NAME, "O-000123", _ADDRESS, datetime(2026, 3, 9, 9, 10, tzinfo=UTC)),
    ),
    Kind(
        "line_active",
        say("Line active"),
        _LINES,
        say("When a new line works."),
        CUSTOMERS,
        letters.LineActive(
            **_LINE,
            plan=_PLAN,
            address=_ADDRESS,
            down_kbps=500_000,
            up_kbps=100_000,
            ip_address="203.0.113.17",
            first_charge=Money(Decimal("31.45"), _EUR),
            charged_from=date(2026, 3, 9),
            charged_to=date(2026, 3, 31),
        ),
    ),
    Kind(
        "plan_changed",
        say("Plan changed"),
        _LINES,
        say("When a line runs on another plan."),
        CUSTOMERS,
        letters.PlanChanged(
            **_LINE,
            old_plan=_PLAN,
            new_plan="Fibre 1000",
            down_kbps=1_000_000,
            up_kbps=500_000,
            on=date(2026, 4, 1),
            price=Money(Decimal("59.00"), _EUR),
        ),
        ("new_plan",),
    ),
    Kind(
        "change_rescheduled",
        say("Change on another day"),
        _LINES,
        say("When what was agreed for a day is put on another one."),
        CUSTOMERS,
        letters.ChangeRescheduled(
            **_LINE,
            what=say("change to {plan}", plan="Fibre 1000"),
            old_on=date(2026, 4, 1),
            new_on=date(2026, 4, 15),
        ),
        ("new_on",),
    ),
    Kind(
        "change_withdrawn",
        say("Change withdrawn"),
        _LINES,
        say("When what was agreed is taken back before it begins."),
        CUSTOMERS,
        letters.ChangeWithdrawn(
            **_LINE, what=say("change to {plan}", plan="Fibre 1000"), on=date(2026, 4, 1), plan=_PLAN
        ),
        ("what",),
    ),
    Kind(
        "service_suspended",
        say("Service suspended"),
        _LINES,
        say("When a service is shut for a while."),
        CUSTOMERS,
        letters.ServiceSuspended(
            **_LINE,
            plan=_PLAN,
            address=_ADDRESS,
            on=date(2026, 3, 9),
            effect=say("Until it is resumed it goes on at a low speed."),
            why=say("charges have not been paid"),
        ),
        ("why",),
    ),
    Kind(
        "service_resumed",
        say("Service resumed"),
        _LINES,
        say("When a suspended service is opened again."),
        CUSTOMERS,
        letters.ServiceResumed(
            **_LINE,
            plan=_PLAN,
            address=_ADDRESS,
            charge=Money(Decimal("31.45"), _EUR),
            charged_from=date(2026, 3, 9),
            charged_to=date(2026, 3, 31),
        ),
    ),
    Kind(
        "ont_exchanged",
        say("Fibre terminal exchanged"),
        _LINES,
        say("When a line has another ONT."),
        CUSTOMERS,
        letters.OntExchanged(**_LINE, address=_ADDRESS, serial="HWTC-1A2B3C4D"),
    ),
    Kind(
        "line_moved",
        say("Line moved"),
        _LINES,
        say("When a line works at another address."),
        CUSTOMERS,
        letters.LineMoved(
            **_LINE,
            plan=_PLAN,
            old_address=_ADDRESS,
            address="4 Mill Lane, D04 A1B2 Dublin",
            on=date(2026, 3, 9),
            ip_address="203.0.113.18",
        ),
    ),
    Kind(
        "ip_address_changed",
        say("IP address changed"),
        _LINES,
        say("When a line has another IP address."),
        CUSTOMERS,
        letters.IpAddressChanged(
            **_LINE, old="203.0.113.17", new="203.0.113.18", gateway="203.0.113.1", on=date(2026, 3, 9)
        ),
        ("new",),
    ),
    Kind(
        "service_ended",
        say("Service ended"),
        _LINES,
        say("When a line is switched off for good."),
        CUSTOMERS,
        letters.ServiceEnded(**_LINE, address=_ADDRESS, on=date(2026, 3, 31), credit=Money(Decimal("12.90"), _EUR)),
        ("on",),
    ),
    Kind(
        "account_invitation",
        say("Invitation to an account"),
        _ACCOUNTS,
        say("When an account is made, for the portal or for the staff."),
        OWNERS,
        letters.AccountInvitation(_NAME, "siobhan@example.org", "https://my.isp.example", 7),
        ("link", "username"),
    ),
    Kind(
        "password_reset",
        say("New password"),
        _ACCOUNTS,
        say("When somebody asks for a new password."),
        OWNERS,
        letters.PasswordReset(_NAME, "siobhan@example.org", 30),
        ("link",),
    ),
    Kind(
        "password_elsewhere",
        say("Password kept elsewhere"),
        _ACCOUNTS,
        say("When somebody asks for a new password of an account that is signed in to by another source."),
        OWNERS,
        letters.PasswordElsewhere(_NAME, "s.oconnor", "Active Directory"),
        ("source",),
    ),
    Kind(
        "account_notice",
        say("Account changed"),
        _ACCOUNTS,
        say("When a password or second factor is changed."),
        OWNERS,
        letters.AccountNotice(
            _NAME,
            "siobhan@example.org",
            say("your password was changed"),
            datetime(2026, 3, 9, 9, 0, tzinfo=UTC),
            "203.0.113.200",
            "https://my.isp.example/sign-in/forgotten",
        ),
        ("what", "forgotten"),
    ),
)
_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(name: str) -> Kind:
    """The kind of message with this name; raises NotFound."""
    found = _BY_NAME.get(name)
    if found is None:
        raise NotFound("kind of message", name)
    return found


def checked_language(code: str) -> str:
    """The code of a language that messages are written in; raises NotFound."""
    if code not in LANGUAGES:
        raise NotFound("language", code)
    return code


def example(
    kind: Kind, words: Words, *, provider: Provider, language: str, frame: Words | None, bare: bool = False
) -> Rendered:
    """The message with the example's data; a frame is shown around another message. Raises what rendering raises."""
    letter = kind.bare if bare else kind.example
    if kind.is_frame:
        return render(letter=letter, provider=provider, language=language, frame=words)
    return render(letter=letter, provider=provider, language=language, words=words, frame=frame)


def all_problems(kind: Kind, words: Words, *, provider: Provider, language: str) -> tuple[Problem, ...]:
    """All for which these words cannot be kept: what is told by reading them, and by filling in the example."""
    found = problems(words, allowed=kind.placeholders, needed=kind.needed, subject=not kind.is_frame)
    return found or tuple(_tried(kind, words, provider, language))


def _tried(kind: Kind, words: Words, provider: Provider, language: str) -> Iterator[Problem]:
    for bare in (False, True):
        try:
            made = example(kind, words, provider=provider, language=language, frame=None, bare=bare)
        except Exception as error:  # noqa: BLE001 - whatever it is, a letter cannot be made of these words
            yield Problem(say("It cannot be filled in: {why}.", why=why(error)), _line_of(error))
            return
        if "link" in kind.needed and LINK_MARK not in made.body_text:
            what = say("{placeholder} is not always there: no “if” may leave it out.", placeholder=shown("link"))
            yield Problem(what)
            return
        if kind.is_frame and ("O-000123" not in made.body_text or CONTENT in made.body_text):
            yield Problem(say("{placeholder} must always be there, once.", placeholder=shown("content")))
            return
        if not kind.is_frame and not made.subject:
            yield Problem(say("it may come out empty."), where="subject")
            return


def why(error: Exception) -> str:
    """What a template's failure says, in one line."""
    text = error.message if isinstance(error, jinja2.TemplateError) else str(error)
    return " ".join((text or type(error).__name__).split())[:300]


def _line_of(error: Exception) -> int:
    """The line of the template at which filling it in failed; Jinja puts its own lines into the traceback."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def check(kind: Kind, words: Words, *, provider: Provider, language: str) -> None:
    """Raise :class:`WordingRefused`, which names every problem, unless a message can be made of these words."""
    if found := all_problems(kind, words, provider=provider, language=language):
        raise WordingRefused(tuple(one.said for one in found))
