"""Texts that are written in English and said in the language of whoever reads them."""

from __future__ import annotations

import contextvars
import copy
import json
import pickle
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from isp_lifecycle.foundation import texts
from isp_lifecycle.foundation.catalogues import language_of
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import (
    Language,
    _,
    language,
    n_,
    one_after_other,
    p_,
    said,
    say,
    say_as,
    say_many,
    speak,
    spoken,
)
from isp_lifecycle.foundation.words import small, some_of

GERMAN = Language(
    "de",
    {
        ("", "There is no order {code}."): ("Es gibt keinen Auftrag {code}.",),
        ("", "{count} order"): ("{count} Auftrag", "{count} Aufträge"),
        ("", "New"): ("Neu",),
        ("state", "open"): ("offen",),
        ("verb", "open"): ("öffnen",),
        ("", "{share:.1f} % of {what}"): ("{share:.1f} % von {what}",),
        ("", "On {day:%d %B %Y}"): ("Am {day:%d %B %Y}",),
    },
    lambda number: int(number != 1),
    lambda written: written.translate(str.maketrans(".,", ",.")),
    lambda value, _spec: f"{value.day}. {value.month}.",
)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    """A German of a few texts, for this test."""
    before = texts._source
    texts.translate_by(lambda code: GERMAN if code == "de" else None)
    yield
    texts.translate_by(before)


def test_a_text_is_english_and_is_said_in_the_language_that_is_spoken() -> None:
    text = say("There is no order {code}.", code="O-1")
    assert text == "There is no order O-1." == said(text) == _("There is no order {code}.", code="O-1")
    with spoken("de"):
        assert said(text) == _("There is no order {code}.", code="O-1") == "Es gibt keinen Auftrag O-1."
        assert text == "There is no order O-1."
    assert language() == "en"


def test_what_people_typed_is_never_translated() -> None:
    with spoken("de"):
        assert said("New") == "New"
        assert said(say("There is no order {code}.", code="New")) == "Es gibt keinen Auftrag New."
        assert said(say("New")) == "Neu"
        assert _("There is no order {code}.") == "Es gibt keinen Auftrag {code}."  # for who fills it in elsewhere
        assert (
            said(say("There is no order {code}.", code="{code.__class__}"))
            == "Es gibt keinen Auftrag {code.__class__}."
        )


def test_numbers_of_things_and_meanings_of_one_word() -> None:
    assert [n_("{count} order", "{count} orders", n) for n in (0, 1, 2)] == ["0 orders", "1 order", "2 orders"]
    assert p_("verb", "open") == say_as("state", "open") == "open"
    with spoken("de"):
        assert [said(say_many("{count} order", "{count} orders", n)) for n in (1, 2)] == ["1 Auftrag", "2 Aufträge"]
        assert (p_("verb", "open"), p_("state", "open")) == ("öffnen", "offen")


def test_values_are_said_as_the_language_writes_them() -> None:
    text = say("{share:.1f} % of {what}", share=12.25, what=say_many("{count} order", "{count} orders", 1200))
    assert text == "12.2 % of 1200 orders"
    when = say("On {day:%d %B %Y}", day=date(2026, 5, 4))
    assert when == "On 04 May 2026"
    with spoken("de"):
        assert said(text) == "12,2 % von 1200 Aufträge"
        assert said(when) == "Am 4. 5."


def test_what_was_given_is_quoted_as_it_was_given() -> None:
    with spoken("de"):
        assert said(say("It cannot be {given!r}.", given="-5,0")) == "It cannot be '-5,0'."


def test_a_title_is_small_in_an_english_sentence_only() -> None:
    assert (small(say("New")), small("Order 1")) == ("new", "order 1")
    with spoken("de"):
        assert said(small(say("New"))) == "Neu"
    assert [some_of(["a", "b"], 2), some_of(["a", "b", "c", "d"], 2)] == ["a, b", "a, b and 2 more"]


def test_what_is_not_translated_yet_is_said_in_english() -> None:
    with spoken("de"):
        assert _("Nobody knows {what}.", what=say("New")) == "Nobody knows Neu."
        assert n_("{count} thing", "{count} things", 2) == "2 things"
    with spoken("tlh"):
        assert said(say("New")) == "New"


def test_texts_stand_one_after_the_other() -> None:
    both = one_after_other(say("New"), "", say("There is no order {code}.", code="O-1"))
    assert both == "New There is no order O-1."
    with spoken("de"):
        assert said(both) == "Neu Es gibt keinen Auftrag O-1."


def test_an_error_carries_its_text_and_logs_english() -> None:
    error = Refused(say("There is no order {code}.", code="O-1"), remedy=say("New"))
    with spoken("de"):
        assert (str(error), json.dumps(error.message)) == ("There is no order O-1.", '"There is no order O-1."')
        assert (said(error.message), said(error.remedy)) == ("Es gibt keinen Auftrag O-1.", "Neu")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_copy_remembers_as_well(copied: object) -> None:
    text = copied(say_many("{count} order", "{count} orders", 2))  # type: ignore[operator]
    with spoken("de"):
        assert said(text) == "2 Aufträge"


def test_one_context_does_not_speak_for_another() -> None:
    other = contextvars.copy_context()
    other.run(speak, "de")
    assert (language(), other.run(language)) == ("en", "de")


def test_babel_writes_dates_and_numbers_the_german_way() -> None:
    found = language_of("de")
    assert found is not None
    assert found.number("1,234.5") == "1.234,5"
    at = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    assert found.date(at, "%H:%M") == "09:30"
    assert found.date(at.date(), "%A %d %B %Y") == "Mo., 4. Mai 2026"
    assert found.date(at, "%d %b, %H:%M") == "4. Mai, 09:30"
    assert found.date(at.date(), "") == "04.05.2026"
