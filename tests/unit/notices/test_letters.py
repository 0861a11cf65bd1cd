"""Letters in words: the facts in both forms, times on the provider's wall clock, nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from isp_lifecycle.foundation.money import Money
from isp_lifecycle.notices.errors import AddressMalformed
from isp_lifecycle.notices.model import (
    LINK_MARK,
    AccountInvitation,
    AccountNotice,
    ApplicationReceived,
    ChangeRescheduled,
    ChangeWithdrawn,
    IpAddressChanged,
    Letter,
    LineActive,
    LineMoved,
    OntExchanged,
    OrderConfirmed,
    OrderRejected,
    PasswordElsewhere,
    PasswordReset,
    PlanChanged,
    Provider,
    ServiceEnded,
    ServiceResumed,
    ServiceSuspended,
    VisitMissed,
    checked_address,
    message_id,
)
from isp_lifecycle.notices.render import day, rate, render

PROVIDER = Provider("Brightwater Fibre", "+353 1 555 0100", ZoneInfo("Europe/Dublin"))
ORDER = {"customer": "Mary Byrne", "order_code": "O-000002", "plan": "Fibre 500", "address": "7 Quay Street"}
CONFIRMED = OrderConfirmed(
    **ORDER,
    visit_start=datetime(2026, 7, 6, 8, tzinfo=UTC),
    visit_end=datetime(2026, 7, 6, 9, tzinfo=UTC),
)
ACTIVE = LineActive(
    customer="Mary Byrne",
    service_code="S-000003",
    plan="Fibre 500",
    address="7 Quay Street",
    down_kbps=500_000,
    up_kbps=100_000,
    ip_address="192.0.2.7",
    first_charge=Money(Decimal("17.00"), "EUR"),
    charged_from=date(2025, 12, 15),
    charged_to=date(2025, 12, 31),
)
CHANGED = PlanChanged(
    customer="Mary Byrne",
    service_code="S-000003",
    old_plan="Fibre 500",
    new_plan="Fibre 2500",
    down_kbps=2_500_000,
    up_kbps=500_000,
    on=date(2026, 1, 1),
    price=Money(Decimal(62), "EUR"),
)
ENDED = ServiceEnded(
    customer="Mary Byrne",
    service_code="S-000003",
    address="7 Quay Street",
    on=date(2026, 1, 10),
    credit=Money(Decimal("21.00"), "EUR"),
)
LINE = {"customer": "Mary Byrne", "service_code": "S-000003", "address": "7 Quay Street"}
SUSPENDED = ServiceSuspended(
    **LINE, plan="Fibre 500", on=date(2026, 1, 10), effect="It is off.", why="as you have asked"
)
RESUMED = ServiceResumed(
    **LINE,
    plan="Fibre 500",
    charge=Money(Decimal("17.00"), "EUR"),
    charged_from=date(2025, 12, 15),
    charged_to=date(2025, 12, 31),
)
MOVED = LineMoved(**LINE, plan="Fibre 500", old_address="1 Mill Lane", on=date(2026, 1, 10), ip_address=None)
RENUMBERED = IpAddressChanged(
    "Mary Byrne", "S-000003", old="192.0.2.7", new="198.51.100.9", gateway="198.51.100.1", on=date(2026, 1, 10)
)
ACTIVE_AT = datetime(2026, 7, 6, 8, tzinfo=UTC)
LETTERS: tuple[tuple[Letter, tuple[str, ...]], ...] = (
    (ApplicationReceived(**ORDER), ("O-000002", "Fibre 500", "7 Quay Street")),
    (
        VisitMissed("Mary Byrne", "O-000002", "7 Quay Street", datetime(2026, 7, 6, 8, tzinfo=UTC)),
        ("Monday 6 July 2026, 09:00", "O-000002", "7 Quay Street", "+353 1 555 0100"),
    ),
    (CONFIRMED, ("Monday 6 July 2026", "09:00 to 10:00", "O-000002", "Fibre 500", "7 Quay Street")),
    (ACTIVE, ("S-000003", "500 Mbit/s down, 100 Mbit/s up", "192.0.2.7", "17.00 EUR", "Wednesday 31 December 2025")),
    (CHANGED, ("Fibre 500", "Fibre 2500", "2.5 Gbit/s down, 500 Mbit/s up", "62.00 EUR", "Thursday 1 January 2026")),
    (ENDED, ("S-000003", "Saturday 10 January 2026", "21.00 EUR")),
    (SUSPENDED, ("S-000003", "Saturday 10 January 2026", "as you have asked", "It is off.", "not charged")),
    (RESUMED, ("S-000003", "17.00 EUR", "Wednesday 31 December 2025")),
    (OntExchanged(**LINE, serial="HWTC-AABBCCDD"), ("S-000003", "HWTC-AABBCCDD")),
    (MOVED, ("S-000003", "1 Mill Lane", "7 Quay Street", "as before")),
    (RENUMBERED, ("S-000003", "192.0.2.7", "198.51.100.9", "198.51.100.1")),
    (
        ChangeRescheduled("Mary Byrne", "S-000003", "change to Fibre 2500", date(2026, 1, 1), date(2026, 1, 10)),
        ("S-000003", "change to Fibre 2500", "Thursday 1 January 2026", "Saturday 10 January 2026"),
    ),
    (
        ChangeWithdrawn("Mary Byrne", "S-000003", "change to Fibre 2500", date(2026, 1, 1), "Fibre 500"),
        ("S-000003", "change to Fibre 2500", "Thursday 1 January 2026", "Fibre 500"),
    ),
    (OrderRejected(**ORDER, reason="No fibre in the street."), ("O-000002", "No fibre in the street.")),
    (
        AccountInvitation("Mary Byrne", "mary", "https://my.isp.example", 7),
        ("https://my.isp.example", "mary", LINK_MARK, "for 7 days"),
    ),
    (PasswordReset("Mary Byrne", "mary", 30), ("mary", LINK_MARK, "for 30 minutes")),
    (PasswordElsewhere("Mary Byrne", "mary", "office"), ("mary", "Somebody, probably you", "Signs in by", "office")),
    (
        AccountNotice("Mary Byrne", "mary", "your password was changed", ACTIVE_AT, "192.0.2.7", "https://i.ex/f"),
        ("mary", "your password was changed", "Monday 6 July 2026, 09:00", "192.0.2.7", "https://i.ex/f"),
    ),
)


@pytest.mark.parametrize(("letter", "facts"), LETTERS, ids=lambda value: getattr(value, "template", ""))
def test_a_letter_tells_the_same_facts_in_both_forms(letter: Letter, facts: tuple[str, ...]) -> None:
    rendered = render(letter=letter, provider=PROVIDER)
    html = unescape(re.sub(r"<[^>]*>", "", rendered.body_html))
    for fact in ("Hello Mary Byrne", *facts, "+353 1 555 0100", "Brightwater Fibre"):
        assert fact in rendered.body_text
        assert fact in html
    assert "{" not in rendered.body_text


def test_every_kind_of_letter_is_tried_here() -> None:
    assert {type(letter) for letter, _ in LETTERS} == set(get_args(Letter))


def test_a_letter_reads_like_one() -> None:
    assert render(letter=replace(ACTIVE, ip_address=None), provider=PROVIDER).body_text == (
        "Hello Mary Byrne,\n"
        "\n"
        "Your line is active and ready to use.\n"
        "\n"
        "  Line         S-000003\n"
        "  Plan         Fibre 500\n"
        "  Speed        500 Mbit/s down, 100 Mbit/s up\n"
        "  IP address   given automatically\n"
        "  Address      7 Quay Street\n"
        "\n"
        "The first charge is 17.00 EUR for Monday 15 December 2025 to Wednesday 31 December 2025.\n"
        "\n"
        "Questions? Call us on +353 1 555 0100.\n"
        "This message was sent automatically.\n"
        "\n"
        "Brightwater Fibre\n"
    )


def test_the_end_of_a_service_without_credit_speaks_of_none() -> None:
    assert "credit" not in render(letter=replace(ENDED, credit=None), provider=PROVIDER).body_text


def test_a_name_with_markup_is_escaped_in_html_and_plain_in_text() -> None:
    letter = replace(CONFIRMED, customer="<b>Mary</b> & Co")
    rendered = render(letter=letter, provider=PROVIDER)
    assert "Hello &lt;b&gt;Mary&lt;/b&gt; &amp; Co," in rendered.body_html
    assert "<b>" not in rendered.body_html
    assert "Hello <b>Mary</b> & Co," in rendered.body_text


def test_a_subject_stays_on_one_line() -> None:
    letter = replace(CHANGED, new_plan="Fibre\r\nBcc: all@isp.example")
    assert render(letter=letter, provider=PROVIDER).subject == "Your line S-000003 is now on Fibre Bcc: all@isp.example"


def test_html_loads_nothing_from_elsewhere() -> None:
    for letter, _ in LETTERS:
        html = render(letter=letter, provider=PROVIDER).body_html.replace(f'href="{LINK_MARK}"', "")
        assert re.findall(r"(?:src|href|url\()", html) == []


@pytest.mark.parametrize(
    ("kbps", "words"),
    [
        (512, "512 kbit/s"),
        (1_000, "1 Mbit/s"),
        (1_500, "1.5 Mbit/s"),
        (100_000, "100 Mbit/s"),
        (1_000_000, "1 Gbit/s"),
        (10_000_000, "10 Gbit/s"),
    ],
)
def test_rates_are_told_in_their_unit(kbps: int, words: str) -> None:
    assert rate(kbps) == words


def test_an_instant_is_told_as_the_day_of_the_zone() -> None:
    assert day(datetime(2026, 7, 6, 23, 30, tzinfo=UTC), "en", PROVIDER.zone) == "Tuesday 7 July 2026"


def test_message_id_is_the_same_for_the_same_key_and_another_for_another() -> None:
    first = message_id(key="line-active:1", sender="hello@isp.example")
    assert first == message_id(key="line-active:1", sender="hello@isp.example")
    assert first != message_id(key="line-active:2", sender="hello@isp.example")
    assert first.endswith("@isp.example>")


@pytest.mark.parametrize("address", ["mary@isp.example", "o'brien+x@sub.isp.example", "jürgen@isp.example"])
def test_an_address_is_taken(address: str) -> None:
    assert checked_address(address) == address


@pytest.mark.parametrize(
    "address", ["", "mary", "mary@", "a@b@c", "a@b, c@d", "a@b\r\nBcc: c@d", "Mary <a@b>", "a b@c", "a" * 250 + "@b.ie"]
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(AddressMalformed):
        checked_address(address)
