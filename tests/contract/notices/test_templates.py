"""What every template keeps: shipped ones can be sent in every language, and bad ones are refused with their place."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.texts import LANGUAGES, said, spoken
from isp_lifecycle.notices import actions, wordings
from isp_lifecycle.notices.errors import WordingOutdated, WordingRefused
from isp_lifecycle.notices.kinds import KINDS, MEANINGS, all_problems, example, kind_of
from isp_lifecycle.notices.model import LINK_MARK, Letter, Provider
from isp_lifecycle.notices.render import shipped
from isp_lifecycle.notices.store import wordings as table
from isp_lifecycle.notices.wording import Wording, Words

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
PROVIDER = Provider("Brightwater Fibre", "+353 1 555 0100", ZoneInfo("Europe/Dublin"))
GERMAN = "Ihr Auftrag {{ order_code }} steht"
BODY = "Wir kommen am {{ visit_start|day }} um {{ visit_start|clock }} Uhr.\n\n- Auftrag: {{ order_code }}"


def test_every_letter_has_a_kind_and_every_placeholder_a_meaning() -> None:
    assert {type(kind.example) for kind in KINDS} == set(get_args(Letter))
    named = {one.name for kind in KINDS for one in fields(kind.example)} | {"content", "company", "support_phone"}
    assert named == set(MEANINGS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_shipped_passes_its_own_check(kind: object, language: str) -> None:
    found = kind_of(kind.name)  # type: ignore[attr-defined]  # a kind
    assert all_problems(found, shipped(found.name, language), provider=PROVIDER, language=language) == ()
    made = example(found, shipped(found.name, language), provider=PROVIDER, language=language, frame=None)
    greets = {"en": "Hello Siobhán", "de": "Guten Tag Siobhán"}[language]
    assert made.body_text.startswith(greets)
    assert f'<html lang="{language}">' in made.body_html
    assert "{" not in made.subject + made.body_text


def test_german_letters_say_all_their_words_in_german_and_write_dates_so() -> None:
    words = shipped("order_confirmed", "de")
    made = example(kind_of("order_confirmed"), words, provider=PROVIDER, language="de", frame=None)
    assert "Unser Techniker kommt zu Ihnen, um Ihren Anschluss einzurichten." in made.body_text
    assert "Montag, 9. März 2026" in made.body_text
    active = example(kind_of("line_active"), shipped("line_active", "de"), provider=PROVIDER, language="de", frame=None)
    assert "31,45 EUR" in active.body_text
    moved = example(
        kind_of("change_rescheduled"), shipped("change_rescheduled", "de"), provider=PROVIDER, language="de", frame=None
    )
    assert moved.subject == "Neues Datum: Wechsel zu Fibre 1000 (S-000045)"


@pytest.mark.parametrize(
    ("kind", "subject", "body", "says"),
    [
        ("order_confirmed", "S", "a\n{{ visit_strat }}", "Line 2: there is no {{ visit_strat }}; is"),
        ("order_confirmed", "S", "a\n\n{{ visit_start|day }", "Line 3: this cannot be read: unexpected '}'."),
        ("order_confirmed", "S", "{% if plan %}{{ visit_start|day }}", "this cannot be read: "),
        ("order_confirmed", "S", "We come.", "{{ visit_start }} is missing."),
        ("order_confirmed", "S", "{{ visit_start|day }} {{ plan.__class__.__mro__ }}", "nothing behind it with a dot"),
        ("order_confirmed", "S", "{{ visit_start|day }} {{ plan['x'] }}", "nothing behind it with a dot"),
        ("order_confirmed", "S", "{{ visit_start|day }} {{ plan.upper() }}", "nothing behind it with a dot"),
        ("order_confirmed", "S", "{{ visit_start|day }}{% for x in plan %}{% endfor %}", "not “for”."),
        ("order_confirmed", "S", "{{ visit_start|day }}{% set plan = 1 %}", "not “assign”."),
        ("order_confirmed", "S", "{{ visit_start|day }}{% include 'x' %}", "not “include”."),
        ("order_confirmed", "S", "{{ visit_start|day }}{{ 9 ** 99999 }}", "not “pow”."),
        ("order_confirmed", "S", "{{ visit_start|day }}{{ plan|safe }}", "“safe” cannot be used here"),
        ("order_confirmed", "S", "{{ visit_start|day(plan) }}", "“day” cannot be used here"),
        ("order_confirmed", "S", "{{ visit_start|day }} {{ plan|day }}", "Line 1: It cannot be filled in: "),
        ("order_confirmed", "", "{{ visit_start|day }}", "Subject: there is none."),
        ("order_confirmed", "{{ ip }}", "{{ visit_start|day }}", "Subject: there is no {{ ip }}."),
        ("order_confirmed", "S", "", "There is no text."),
        ("order_confirmed", "S", "{{ visit_start|day }}" + "x" * 10_000, "longer than 10000 characters."),
        ("change_withdrawn", "S", "{{ what }} {{ on|day }}", "It cannot be filled in: "),
        ("password_reset", "S", "{% if minutes > 99 %}{{ link }}{% endif %}", "{{ link }} is not always there"),
        ("password_reset", "S", "Call us.", "{{ link }} is missing."),
        ("frame", "", "{{ content }}{{ content }}", "{{ content }} must always be there, once."),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_sent_is_refused_with_its_place(
    engine: sa.Engine, kind: str, subject: str, body: str, says: str
) -> None:
    with write(engine) as tx, pytest.raises(WordingRefused) as caught:
        kept(tx, kind, "en", Words(subject, body), 0)
    assert says in caught.value.message


def test_a_refusal_is_said_in_the_language_of_whoever_reads_it() -> None:
    found = all_problems(kind_of("password_reset"), Words("S", "Ruf an."), provider=PROVIDER, language="de")
    with spoken("de"):
        assert said(WordingRefused(tuple(one.said for one in found)).message) == (
            "Dieser Text kann nicht verwendet werden. {{ link }} fehlt."
        )


def test_values_make_no_structure_no_markup_and_no_link() -> None:
    letter = kind_of("order_rejected").example
    hostile = "No.\n\n- Pay: here\n[Click](https://evil.example)\n<script>x</script> {{ customer }}"
    made = actions.wordings.render(
        letter=type(letter)(customer=hostile, order_code="O-1", plan="P", address="A", reason=hostile),  # type: ignore[call-arg]
        provider=PROVIDER,
        words=Words("{{ customer }}", "{{ reason }}\n\n[{{ reason }}](javascript:alert)\n[x]({{ reason }})"),
    )
    assert "<th" not in made.body_html
    assert "<a " not in made.body_html
    assert "<script" not in made.body_html
    assert "{{ customer }}" in made.body_text
    assert "\n" not in made.subject


def test_own_words_count_until_the_shipped_ones_do_again(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first = kept(tx, "order_confirmed", "de", Words(GERMAN, BODY), 0)
        german = compose(tx, "a", "de")
        english = compose(tx, "b", "en")
        with pytest.raises(WordingOutdated, match="Version 1 was kept by jarlath"):
            kept(tx, "order_confirmed", "de", Words(GERMAN, BODY), 0)
        kept(tx, "order_confirmed", "de", None, first.number)
        again = compose(tx, "c", "de")
        versions = wordings.history(tx=tx, kind="order_confirmed", language="de")
    assert german.subject == "Ihr Auftrag O-000123 steht"
    assert "Wir kommen am Montag, 9. März 2026 um 09:00 Uhr." in german.body_text
    assert english.subject == "Your order O-000123 is confirmed"
    assert again.subject == "Ihr Auftrag O-000123 ist bestätigt"
    assert [(one.number, one.words) for one in versions] == [(2, None), (1, Words(GERMAN, BODY))]


def test_own_words_that_fail_cost_no_message_and_somebody_is_told_once(engine: sa.Engine) -> None:
    """A later version of the suite may know a placeholder no more that an old text asks for."""
    with write(engine) as tx:
        kept(tx, "order_confirmed", "en", Words("Own {{ order_code }}", "{{ visit_start|day }}"), 0)
        kept(tx, "frame", "en", Words("", "Dear {{ customer }},\n\n{{ content }}\n\nCompany register 123"), 0)
        tx.execute(table.update().where(table.c.kind == "order_confirmed").values(body="{{ gone_since }}"))
        first, second = compose(tx, "a", "en"), compose(tx, "b", "en")
        (failed,) = (one for one in wordings.all_newest(tx=tx) if one.failed_at)
        told = actions.notifications_for(tx=tx, username="jarlath.healy", roles=["administrator"])
    assert first.subject == second.subject == "Your order O-000123 is confirmed"
    assert "Company register 123" in first.body_text
    assert (failed.kind, failed.failed_at, failed.failure) == ("order_confirmed", NOON, "'gone_since' is undefined")
    (notice,) = told
    assert "“Order confirmed, with the appointment” (English, version 1) failed" in notice.text
    assert notice.link == "/templates?kind=order_confirmed&language=en"


def test_a_link_stands_in_an_own_text_as_in_the_shipped_one(engine: sa.Engine) -> None:
    with write(engine) as tx:
        kept(tx, "password_reset", "en", Words("Reset", "Here:\n\n[Go on]({{ link }})"), 0)
        email = actions.write_email(
            tx=tx,
            key="k",
            to="m@isp.example",
            letter=kind_of("password_reset").example,
            provider=PROVIDER,
            sender="h@isp.example",
            at=NOON,
        )
    assert f"Go on:\n\n  {LINK_MARK}" in email.body_text
    assert f'href="{LINK_MARK}"' in email.body_html


def kept(tx: Tx, kind: str, language: str, words: Words | None, based_on: int) -> Wording:
    return wordings.keep(
        tx=tx,
        kind=kind_of(kind),
        language=language,
        words=words,
        based_on=based_on,
        provider=PROVIDER,
        by="jarlath.healy",
        at=NOON,
    )


def compose(tx: Tx, key: str, language: str) -> actions.Email:
    return actions.write_email(
        tx=tx,
        key=key,
        to="m@isp.example",
        letter=kind_of("order_confirmed").example,
        provider=PROVIDER,
        sender="h@isp.example",
        at=NOON,
        language=language,
    )
