"""In which language pages speak: each session its own, also in what threads and the database tell it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboards import language
from dashboards.parts import words
from dashboards.parts.html import html_pane, show, tag
from dashboards.parts.inputs import button
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice
from dashboards.route import PageSession, Route
from isp_lifecycle.foundation.changes import CHANNEL
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, n_, say, spoken
from tests.pages.browser import Visit, new_context
from tests.pages.conftest import Running

Serve = Callable[..., Running]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-FR,fr;q=0.9,en;q=0.5,de;q=0.4", "en"),
        ("en;q=0.3, de;q=0.7", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("de;q=0, fr", ""),
        ("de;q=much", ""),
        ("", ""),
    ],
)
def test_a_browser_asks_for_languages_in_its_order(accepted: str, code: str) -> None:
    assert language.wanted(accepted) == code


def test_the_own_choice_goes_before_the_browsers() -> None:
    assert language.chosen(own="", cookie="", accepted="fr", usual="de") == "de"
    assert language.chosen(own="", cookie="", accepted="en", usual="de") == "en"
    assert language.chosen(own="", cookie="de", accepted="en", usual="en") == "de"
    assert language.chosen(own="en", cookie="de", accepted="de", usual="de") == "en"
    assert language.chosen(own="tlh", cookie="tlh", accepted="tlh", usual="tlh") == "en"


def test_a_number_is_typed_as_the_language_writes_it() -> None:
    with spoken("de"):
        assert [words.decimal(typed) for typed in ("39,90", "-27,5", "39.90", "1.000,5", "12")] == [
            *("39.90", "-27.5", "39.90", "1.000,5", "12")
        ]
    assert words.decimal("1,000") == "1,000"


def everywhere(session: PageSession) -> Sequence[Any]:
    """A page that says something while it is made, in a press that takes long, in an error, and in what is live."""
    notice, place, asked = Notice(), html_pane(), count(1)
    when = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)

    def linger() -> None:
        time.sleep(1.5)
        notice.good(_("There are no orders."))

    def refuse() -> None:
        raise Refused(say("A day is needed."), remedy=say("Choose it, then press again."))

    def told(number: int) -> None:
        time.sleep(0.2)
        show(place, tag("p", _("Looked at {at}.", at=f"#{number}")))

    live = Live(
        ask=lambda: next(asked), show=told, every=60, notice=notice, changes=session.changes, topics=("orders",)
    )
    return [
        notice.pane,
        html_pane(tag("p", n_("{count} order", "{count} orders", 2), " · ", words.moment(when, session.zone))),
        html_pane(tag("p", words.rates(2_500_000, 500_000))),
        button(_("Try again"), linger, notice=notice),
        button(_("Retry"), refuse, notice=notice),
        place,
        live.start(),
    ]


@pytest.mark.browser
def test_two_sessions_of_one_process_speak_each_its_own(serve: Serve, engine: sa.Engine, chromium: Browser) -> None:
    running = serve(pages={"/orders": Route(say("Orders"), "assignment", everywhere, any_of=("order.read",))})
    both: dict[str, Page] = {}
    for code, locale in (("de", "de-AT"), ("en", "en-US")):
        visit = Visit(new_context(chromium, "desktop", locale), running.url)
        both[code] = visit.page
        visit.sign_in("sales", at="/orders")
        expect(visit.page.locator(f"html[lang={code}]")).to_be_attached()
    german, english = both["de"], both["en"]
    assert german.title().startswith("Aufträge · ")
    expect(german.get_by_text("2 Aufträge · 4. Mai, 10:30")).to_be_visible()
    expect(english.get_by_text("2 orders · 4 May, 10:30")).to_be_visible()
    expect(german.get_by_text("2,5 Gbit/s Download, 500 Mbit/s Upload")).to_be_visible()
    expect(german.get_by_role("navigation")).to_have_count(0)

    german.get_by_role("button", name="Noch einmal versuchen").click()
    english.get_by_role("button", name="Try again").click()
    expect(german.get_by_text("Es gibt keine Aufträge.")).to_be_visible()
    expect(english.get_by_text("There are no orders.")).to_be_visible()
    german.wait_for_timeout(600)  # a press right after another one is taken for the same
    german.get_by_role("button", name="Wiederholen").click()
    expect(german.get_by_text("Es fehlt ein Tag.")).to_be_visible()
    expect(german.get_by_text("Wählen Sie ihn und drücken Sie noch einmal.")).to_be_visible()

    with engine.begin() as connection:
        connection.execute(sa.text(f"NOTIFY {CHANNEL}, 'orders'"))
    expect(german.get_by_text("Nachgesehen um #1.")).to_be_visible()
    expect(english.get_by_text("Looked at #1.")).to_be_visible()


def test_the_language_is_chosen_before_and_after_signing_in(serve: Serve) -> None:
    running = serve()
    visitor = running.client()
    assert '<html lang="en">' in visitor.get("/sign-in").text
    german = visitor.get("/sign-in", headers={"accept-language": "de"}).text
    assert '<html lang="de">' in german
    assert "Passwort vergessen?" in german
    assert visitor.get("/sign-in/language?to=de").headers["location"] == "/sign-in"
    assert "Benutzername" in visitor.get("/sign-in").text
    assert visitor.get("/sign-in/language?to=tlh").headers["location"] == "/sign-in"
    assert "Benutzername" in visitor.get("/sign-in").text

    client = running.signed_in("sales")
    account = client.get("/account").text
    assert "Where you are signed in" in account
    seal = re.search(r'name="seal" value="([^"]*)"', account)
    assert seal is not None
    assert client.post("/account/language", data={"language": "de", "seal": "none"}).status_code == 403
    wrong = client.post("/account/language", data={"language": "tlh", "seal": seal[1]})
    assert (wrong.status_code, "Pages do not speak &#39;tlh&#39;." in wrong.text) == (400, True)
    chosen = client.post("/account/language", data={"language": "de", "seal": seal[1]})
    assert chosen.headers["location"] == "/account?done=language"
    page = client.get(chosen.headers["location"]).text
    assert "Von jetzt an sprechen die Seiten diese Sprache mit Ihnen." in page
    assert '<option value="de" lang="de" selected>' in page
    elsewhere = running.signed_in("sales")
    assert "Wo Sie angemeldet sind" in elsewhere.get("/account", headers={"accept-language": "en"}).text
    assert "Diese Seite gibt es nicht" in elsewhere.get("/nowhere").text
