"""Signing in with a second factor, setting one up, and confirming who sits there before what is dangerous."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from isp_lifecycle.access.errors import ProofNeeded, RoleUnknown
from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts as intake
from isp_lifecycle.intake import second_factor
from isp_lifecycle.intake.door import Door
from tests.pages.browser import PICTURES, Visit, new_context
from tests.pages.conftest import PASSWORD, Running, sign_in
from tests.pages.test_account import seal_of

Serve = Callable[..., Running]


def told(engine: sa.Engine) -> list[str]:
    query = "SELECT action FROM audit WHERE action ~ '^(session|second_factor)' ORDER BY at, id"
    with engine.connect() as connection:
        return list(connection.execute(sa.text(query)).scalars())


def set_up(client: httpx.Client) -> tuple[str, list[str]]:
    """Set a second factor up as a person would; its seed and recovery codes."""
    begun = client.post("/account/factor/begin", data={"seal": seal_of(client.get("/account/factor").text)})
    assert (begun.status_code, begun.headers["location"]) == (303, "/account/factor")
    page = client.get("/account/factor").text
    seed = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert seed is not None
    assert "<svg" in page
    passcode = pyotp.TOTP(seed.group(1)).at(datetime.now(UTC) - timedelta(seconds=30))  # leaves the present one unused
    shown = client.post("/account/factor/confirm", data={"seal": seal_of(page), "passcode": passcode})
    assert shown.status_code == 200, shown.text
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text)
    assert len(codes) == 10
    return seed.group(1), codes


def answered(client: httpx.Client, passcode: str) -> httpx.Response:
    page = client.get("/sign-in/code")
    return client.post("/sign-in/code", data={"seal": seal_of(page.text), "passcode": passcode})


def test_a_password_alone_opens_nothing_any_more(serve: Serve) -> None:
    running = serve()
    seed, codes = set_up(running.signed_in("network"))
    client = running.client()
    asked = sign_in(client, "network", PASSWORD, next="/network")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/code")
    assert client.get("/network").status_code == 303  # to the sign-in: there is no session yet
    wrong = answered(client, "000000")
    assert wrong.status_code == 401
    assert "does not fit" in wrong.text
    right = answered(client, pyotp.TOTP(seed).now())
    assert (right.status_code, right.headers["location"]) == (303, "/network")
    assert client.get("/network").status_code == 200
    assert client.get("/sign-in/code").status_code == 303  # answered: there is nothing to answer again

    other = running.client()
    sign_in(other, "network", PASSWORD)
    assert answered(other, codes[0]).status_code == 303
    assert "9 recovery codes left" in other.get("/account/factor").text
    assert [a for a in told(running.engine) if a.startswith("session.")][-6:] == [
        "session.sign_in",
        "session.password_fits",
        "session.sign_in_refused",
        "session.sign_in",
        "session.password_fits",
        "session.sign_in",
    ]
    with running.engine.connect() as connection:
        kept = str(connection.execute(sa.text("SELECT detail, reason, changes FROM audit")).all())
    assert seed not in kept
    assert codes[0] not in kept


def test_wrong_codes_shut_the_door(serve: Serve) -> None:
    running = serve()
    seed, _ = set_up(running.signed_in("network"))
    client = running.client()
    sign_in(client, "network", PASSWORD)
    answers = [answered(client, "000000").status_code for _ in range(5)]
    assert answers == [401, 401, 401, 401, 429]
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    sign_in(client, "network", PASSWORD)
    assert answered(client, pyotp.TOTP(seed).now()).status_code == 429  # also by the right one, for a while


def test_a_form_from_elsewhere_and_a_challenge_of_nobody_are_refused(serve: Serve) -> None:
    running = serve()
    seed, _ = set_up(running.signed_in("network"))
    client = running.client()
    assert client.post("/sign-in/code", data={"passcode": pyotp.TOTP(seed).now()}).headers["location"] == "/sign-in"
    sign_in(client, "network", PASSWORD)
    for bad in ({"seal": "0" * 64}, {}):
        assert client.post("/sign-in/code", data={"passcode": pyotp.TOTP(seed).now(), **bad}).status_code == 403
    page = client.get("/sign-in/code").text
    foreign = client.post(
        "/sign-in/code",
        data={"seal": seal_of(page), "passcode": pyotp.TOTP(seed).now()},
        headers={"origin": "https://elsewhere.example"},
    )
    assert foreign.status_code == 403


def test_it_is_taken_off_by_a_code_of_it_and_reset_by_an_administrator(
    serve: Serve, engine: sa.Engine, settings: Settings
) -> None:
    running = serve()
    client = running.signed_in("network")
    _, codes = set_up(client)

    def off(passcode: str) -> httpx.Response:
        seal = seal_of(client.get("/account/factor").text)
        return client.post("/account/factor/off", data={"seal": seal, "passcode": passcode})

    assert off("000000").status_code == 400
    assert off(codes[1]).headers["location"] == "/account/factor?done=off"
    assert sign_in(running.client(), "network", PASSWORD).headers["location"] != "/sign-in/code"

    set_up(client)
    door = Door(engine, SystemClock(), settings)
    admin = Actor(None, "root", "Root", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], "cli")
    second_factor.reset(door, admin, username="network", reason="Phone fell into the sea; seen in person.")
    assert sign_in(running.client(), "network", PASSWORD).headers["location"] != "/sign-in/code"


def test_a_role_that_must_have_one_reaches_nothing_before(serve: Serve, settings: Settings) -> None:
    running = serve(settings=settings.model_copy(update={"web": Web(second_factor_for=("manager",))}))
    client = running.client()
    assert sign_in(client, "manager", PASSWORD).status_code == 303
    for path in ("/figures", "/", "/orders"):
        assert client.get(path).headers["location"] == "/account/factor"
    assert "Your role must have a second factor" in client.get("/account/factor").text
    seed, _ = set_up(client)
    assert client.get("/figures").status_code == 200
    seal = seal_of(client.get("/account/factor").text)
    refused = client.post("/account/factor/off", data={"seal": seal, "passcode": pyotp.TOTP(seed).now()})
    assert refused.status_code == 400
    assert "must have a second factor" in refused.text
    assert running.signed_in("sales").get("/orders").status_code == 200


def test_a_role_that_there_is_not_is_named_at_the_start(serve: Serve, settings: Settings) -> None:
    """A mistyped role would leave everybody without the factor that somebody had meant them to have."""
    with pytest.raises(RoleUnknown, match="administrater"):
        serve(settings=settings.model_copy(update={"web": Web(second_factor_for=("administrater",))}))


def test_what_is_dangerous_asks_anew_after_a_while(engine: sa.Engine, settings: Settings) -> None:
    """Whoever sits down at an unlocked screen makes no administrator."""
    door, now = Door(engine, SystemClock(), settings), datetime.now(UTC)

    def try_as(source: str, proved_at: datetime | None) -> None:
        actor = Actor(None, "root", "R", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], source, proved_at=proved_at)
        intake.create_staff_account(
            door,
            actor,
            username=f"x{now.microsecond}",
            name="X",
            role="sales",
            email="",
            password=PASSWORD,
        )

    for proved_at in (None, now - timedelta(minutes=settings.web.proof_minutes, seconds=1)):
        with pytest.raises(ProofNeeded, match="once more"):
            try_as("staff", proved_at)
    with pytest.raises(ProofNeeded, match="never by a token"):
        try_as("api", None)
    try_as("staff", now - timedelta(minutes=settings.web.proof_minutes - 1))


def test_confirming_needs_the_password_and_the_code(serve: Serve) -> None:
    running = serve()
    client = running.signed_in("network")

    def confirm(**fields: str) -> httpx.Response:
        page = client.get("/account/confirm", headers={"referer": f"{running.url}/network?olt=1"}).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return client.post("/account/confirm", data=hidden | fields)

    assert confirm(current="wrong").status_code == 401
    done = confirm(current=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/network?olt=1")
    seed, _ = set_up(client)
    assert confirm(current=PASSWORD).status_code == 401
    assert confirm(current=PASSWORD, passcode="000000").status_code == 401
    assert confirm(current=PASSWORD, passcode=pyotp.TOTP(seed).now()).status_code == 303
    assert client.get("/account/confirm", headers={"referer": "https://elsewhere.example/x"}).status_code == 200
    asked = told(running.engine)
    assert (asked.count("session.confirmed"), asked.count("session.confirm_refused")) == (2, 3)


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_it_is_set_up_and_used_in_a_browser(serve: Serve, chromium: Browser, size: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser = Visit(new_context(chromium, size), serve().url)
    browser.sign_in("sales")
    page = browser.page
    page.goto(f"{browser.url}/account/factor")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code for your authenticator")).to_be_visible()
    page.screenshot(path=PICTURES / f"factor-setup-{size}.png", full_page=True)
    totp = pyotp.TOTP(page.locator("code").first.inner_text())
    page.get_by_role("textbox", name="Code").fill(totp.at(datetime.now(UTC) - timedelta(seconds=30)))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("Your recovery codes")).to_be_visible()
    assert page.locator("ol.codes code").count() == 10
    page.screenshot(path=PICTURES / f"factor-codes-{size}.png", full_page=True)
    page.context.clear_cookies()
    page.goto(f"{browser.url}/sign-in")
    page.get_by_label("User name").fill("sales")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    page.screenshot(path=PICTURES / f"factor-code-{size}.png")
    page.get_by_role("textbox", name="Code").fill(totp.now())
    page.get_by_role("button", name="Sign in").click()
    browser.ready()
    page.goto(f"{browser.url}/account")
    new, says = page.get_by_label("New password"), page.get_by_role("status")
    for typed, said in (("short", "Too short"), ("aaaaaaaaaaaaaa", "Easy to guess"), ("seven quiet lamps 9", "Hard")):
        new.fill(typed)
        expect(says).to_contain_text(said)
    page.get_by_role("button", name="Show what is typed").nth(1).click()
    expect(new).to_have_attribute("type", "text")
    page.screenshot(path=PICTURES / f"account-{size}.png", full_page=True)
    assert browser.foreign() == []
    assert browser.errors() == []
