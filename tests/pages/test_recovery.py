"""“Forgot your password?” at both sign-ins: what strangers are told, and the form behind a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from isp_lifecycle.access import actions, recovery
from isp_lifecycle.access.recovery import Purpose
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.settings import Settings
from tests.pages.conftest import PASSWORD, Running, sign_in

Serve = Callable[..., Running]
NEW = "seven quiet lighthouses"


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.recovery.ANSWER_SECONDS", 0.0)


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def ask(client: httpx.Client, name: str) -> httpx.Response:
    """Open the form, fill it, send it."""
    return client.post("/sign-in/forgotten", data={**hidden(client.get("/sign-in/forgotten").text), "name": name})


def token_for(running: Running, settings: Settings, username: str, realm: str = "staff") -> str:
    """A token as an e-mail has it."""
    key = recovery.key_of(settings, realm)  # type: ignore[arg-type]
    ends_at = SystemClock().now() + timedelta(minutes=30)
    with write(running.engine) as tx:
        user = actions.user_by_username(tx=tx, username=username)
        assert user is not None
        return recovery.make_token(tx=tx, key=key, user=user, purpose=Purpose.RESET, ends_at=ends_at)


def opened(client: httpx.Client, token: str) -> httpx.Response:
    return client.get("/sign-in/password", params={"token": token})


def sent(client: httpx.Client, token: str, **fields: str) -> httpx.Response:
    """Open a link, fill the form, send it."""
    form = hidden(opened(client, token).text)
    return client.post("/sign-in/password", data={**form, "token": token, "new": NEW, "again": NEW} | fields)


def asked_of(running: Running) -> list[str]:
    with running.engine.connect() as connection:
        found = connection.execute(sa.text("SELECT payload->>'user_id' FROM events WHERE kind = 'PasswordLinkAsked'"))
        return list(found.scalars())


@pytest.mark.parametrize(
    ("realm", "own", "other"), [("staff", "sales", "ada@example.org"), ("portal", "ada@example.org", "sales")]
)
def test_the_answer_is_the_same_whoever_it_is_about(serve: Serve, realm: str, own: str, other: str) -> None:
    running = serve(realm)
    with write(running.engine) as tx:
        tx.execute(sa.text("UPDATE users SET email = 'x@isp.example'"))
    assert "/sign-in/forgotten" in running.client().get("/sign-in").text
    answers = [ask(running.client(), name) for name in (own, other, "nobody at all")]
    texts = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert ({a.status_code for a in answers}, len(texts)) == ({200}, 1)
    assert "If there is an account of that name" in texts.pop()
    assert len(asked_of(running)) == 1


def test_an_answer_waits_for_its_time(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the clock is asked but what the answer waits for: all that is left of a fixed time."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("dashboards.recovery.ANSWER_SECONDS", 1000.0)
    monkeypatch.setattr("dashboards.recovery.sleep", sleep)
    running = serve()
    for name in ("sales", "nobody"):
        assert ask(running.client(), name).status_code == 200
    waited = [one for one in waited if one > 10]
    assert len(waited) == 2
    assert all(900 < one <= 1000 for one in waited)


def test_asking_is_limited_for_an_account_and_an_address_over_servers(serve: Serve) -> None:
    one, two = serve(), serve()
    assert [ask(running.client(), "Sales").status_code for running in (one, two, one, two)] == [200, 200, 200, 429]
    assert "Too many links were asked for" in ask(one.client(), "sales").text
    answers = [ask(two.client(), f"guess {number}").status_code for number in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("realm", "name", "page"), [("staff", "sales", "/orders"), ("portal", "ada@example.org", "/my")]
)
def test_a_link_sets_the_password_ends_all_sessions_and_leads_to_the_sign_in(
    serve: Serve, settings: Settings, realm: str, name: str, page: str
) -> None:
    running = serve(realm)
    laptop = running.signed_in(name)
    assert laptop.get(page).status_code == 200
    token, client = token_for(running, settings, name, realm), running.client()
    assert opened(client, token).status_code == 200
    answer = sent(client, token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?done=password")
    assert f"isp_{realm}" not in answer.cookies  # nobody is signed in by it
    assert "The password is set." in client.get("/sign-in?done=password").text
    assert laptop.get(page).status_code == 303
    assert sign_in(running.client(), name, PASSWORD).status_code == 401
    assert sign_in(running.client(), name, NEW).status_code == 303
    dead = opened(client, token)
    assert (dead.status_code, "This link does not work any more." in dead.text) == (410, True)


def test_the_portal_makes_and_opens_no_link_of_the_staff(serve: Serve, settings: Settings) -> None:
    """Neither key opens an account of the other side, and a name that nobody can have is nobody's."""
    staff, portal = serve(), serve("portal")
    for username, key_of in (("sales", "portal"), ("sales", "staff"), ("ada@example.org", "staff")):
        assert opened(portal.client(), token_for(portal, settings, username, key_of)).status_code == 410
    assert opened(staff.client(), token_for(staff, settings, "sales", "portal")).status_code == 410
    assert {ask(running.client(), "ada\0").status_code for running in (staff, portal)} == {200}
    assert asked_of(portal) == []
    assert {sign_in(running.client(), "ada\0", PASSWORD).status_code for running in (staff, portal)} == {401}


def test_a_locked_out_owner_is_let_in_again(serve: Serve, settings: Settings) -> None:
    running = serve()
    for number in range(4):
        sign_in(running.client(), "sales", f"guess {number}")
    assert sign_in(running.client(), "sales", PASSWORD).status_code == 429
    sent(running.client(), token_for(running, settings, "sales"))
    assert sign_in(running.client(), "sales", NEW).status_code == 303


def test_what_is_wrong_is_said_and_the_link_lives(serve: Serve, settings: Settings) -> None:
    running = serve()
    token = token_for(running, settings, "sales")
    for fields, says in (
        ({"again": "x"}, "was not typed the same twice"),
        ({"new": "short", "again": "short"}, "12 to 128"),
    ):
        answer = sent(running.client(), token, **fields)
        assert (answer.status_code, says in answer.text) == (400, True)
    assert sent(running.client(), token).status_code == 303


def test_dead_links_are_refused_and_told_so_often(serve: Serve, settings: Settings) -> None:
    running, portal = serve(), serve("portal")
    token = token_for(running, settings, "sales")
    assert opened(portal.client(), token).status_code == 410
    for wrong in ("", "x", token[:-4] + "AAAA", "ä" * 76):
        assert opened(running.client(), wrong).status_code == 410
    client = running.client()
    form = hidden(opened(client, token).text)
    for _ in range(8):
        answer = client.post("/sign-in/password", data={**form, "token": "A" * 76, "new": NEW, "again": NEW})
        assert answer.status_code == 410
    with running.engine.connect() as connection:
        refused = sa.text("SELECT count(*) FROM audit WHERE action = 'refused' AND subject_id = '/sign-in/password'")
        assert connection.execute(refused).scalar_one() == 5


def test_forms_of_others_are_refused(serve: Serve, settings: Settings) -> None:
    running = serve()
    token, client, other = token_for(running, settings, "sales"), running.client(), running.client()
    fields = {**hidden(opened(client, token).text), "token": token, "new": NEW, "again": NEW}
    opened(other, token)
    assert other.post("/sign-in/password", data=fields).status_code == 403
    evil = {"origin": "http://evil.example"}
    assert client.post("/sign-in/password", data=fields, headers=evil).status_code == 403
    assert client.post("/sign-in/forgotten", data={"name": "sales"}, headers=evil).status_code == 403
    assert running.client().post("/sign-in/forgotten", data={"name": "sales"}).status_code == 403
    assert client.post("/sign-in/password", data=fields).status_code == 303


def test_the_link_is_told_to_no_other_host_nor_the_log(
    serve: Serve, settings: Settings, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    running = serve()
    token = token_for(running, settings, "sales")
    answer = opened(running.client(), token)
    assert answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert set(re.findall(r'(?:href|src|action)="(/?[^/"]*)', answer.text)) == {"/assets", "/sign-in"}
    sent(running.client(), token)
    opened(running.client(), token)
    written = capfd.readouterr()
    with running.engine.connect() as connection:
        audit = "".join(str(tuple(row)) for row in connection.execute(sa.text("SELECT * FROM audit")))
    assert token[:24] not in written.out + written.err + caplog.text + audit


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_real_browser_gets_through_and_tells_nobody_of_the_link(
    serve: Serve, settings: Settings, chromium: Browser, size: tuple[int, int]
) -> None:
    """Browsers call a form's origin “null” under some policies of what they tell: that it is accepted is seen here."""
    running = serve()
    token = token_for(running, settings, "sales")
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page, told = context.new_page(), []
    page.on("request", lambda request: told.append((request.url, request.headers.get("referer", ""))))
    page.goto(f"{running.url}/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("User name or e-mail address").fill("sales")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text("If there is an account of that name")
    page.goto(f"{running.url}/sign-in/password?token={token}")
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The new one again").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("The password is set.")
    assert [referer for _, referer in told if "token" in referer] == []
    assert sum("token=" in url for url, _ in told) == 1
    context.close()
