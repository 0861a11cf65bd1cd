"""Signing in by a provider: a real one, with a layer that falsifies its answers; none of these begins a session."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import panel as pn
import pyotp
import pytest
import redis
import sqlalchemy as sa
from playwright.sync_api import Browser, expect
from pydantic import SecretStr

from dashboards.pages import sources as sources_page
from dashboards.route import PageSession
from isp_lifecycle.access import actions
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import Doors, open_providers
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.providers import OidcProvider
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import sources
from isp_lifecycle.intake.door import Door
from isp_lifecycle.trail import store as trail
from isp_lifecycle.trail.model import Entry
from isp_lifecycle.views.window import Window
from tests.pages.browser import new_context
from tests.pages.conftest import PASSWORD, Running, sign_in
from tests.pages.test_second_factor import answered, set_up
from tests.providers import tampering
from tests.providers.google import workspace
from tests.providers.tampering import CLIENT, SECRET, Tamper, TamperedProvider, saying, tampered_provider

Serve = Callable[..., Running]
OURS = {"email_verified": True, "hd": "isp.test"}
PEOPLE: dict[str, dict[str, Any]] = {
    "108": {**OURS, "email": "ann@isp.test", "name": "Ann Lee", "groups": ["ISP-NOC", "staff"]},
    "109": {**OURS, "email": "bob@isp.test", "name": "Bob Ray", "groups": ["canteen"]},
    "110": {**OURS, "email": "Sales@isp.test", "name": "Sal Es", "groups": ["isp-sales"]},
}


@pytest.fixture(scope="module")
def _served() -> Iterator[TamperedProvider]:
    with tampered_provider(PEOPLE) as state:
        yield state


@pytest.fixture
def at(_served: TamperedProvider) -> TamperedProvider:
    """The provider, answering truly."""
    _served.reset()
    return _served


@pytest.fixture
def settings(tmp_path: Path, redis_url: str, at: TamperedProvider) -> Settings:
    """As for all tests of pages, with a provider that is called google, and another one by the same."""
    google = OidcProvider(
        issuer=at.url,
        client_id=CLIENT,
        client_secret=SecretStr(SECRET),
        label="Google",
        domains=("isp.test",),
        groups={"isp-noc": "network", "isp-sales": "sales"},
    )
    return Settings(
        var=tmp_path,
        secret_key=SecretStr("s" * 64),
        redis_url=SecretStr(redis_url),
        web=Web(sign_in_attempts=6),
        oidc={"google": google, "other": google.model_copy(update={"label": "Other"})},
    )


def begun(client: httpx.Client, *, name: str = "google", **more: str) -> str:
    """Press a provider's button; the address that the browser is led to."""
    form = client.get("/sign-in", params=more).text
    found = form.split(f'action="/sign-in/with/{name}"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))
    answer = client.post(f"/sign-in/with/{name}", data=hidden)
    assert answer.status_code == 200, answer.text
    return answer.headers["refresh"].removeprefix("0; url=")


def came_back(client: httpx.Client, at: TamperedProvider, sub: str = "108", **more: str) -> httpx.Response:
    """Press the button, sign in at the provider, come back."""
    return client.get(at.consent(begun(client, **more), sub))


def entries(running: Running) -> list[Entry]:
    """What the audit was told, oldest first."""
    with read(running.engine) as tx:
        return [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]


def refused(running: Running, client: httpx.Client, answer: httpx.Response, *, status: int, says: str) -> Entry:
    """That an answer says so, that the audit was told, and that nobody is signed in; returns the audit's entry."""
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert client.get("/whoami").json() == {"signed_in": False}
    assert "isp_staff" not in client.cookies
    last = entries(running)[-1]
    assert (last.action, last.address) == ("session.sign_in_refused", "127.0.0.1")
    return last


def test_group_gives_the_role_and_the_wanted_page_is_kept(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    answer = came_back(client, at, next="/network?olt=3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/network?olt=3")
    assert client.get("/network").status_code == 200
    assert client.get("/orders").status_code == 403
    with read(running.engine) as tx:
        ann = actions.user_by_username(tx=tx, username="ann@isp.test")
    assert ann is not None
    assert (ann.role, ann.name, ann.has_password) == ("network", "Ann Lee", False)
    told = [e for e in entries(running) if e.action in ("sources.admit", "session.sign_in")]
    assert [(e.action, e.subject_id, e.source, e.address) for e in told] == [
        ("sources.admit", "ann@isp.test", "staff", "127.0.0.1"),
        ("session.sign_in", "ann@isp.test", "staff", "127.0.0.1"),
    ]
    assert told[1].detail == {"by": "google"}


def test_one_person_by_password_and_provider_is_one_user(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    with read(running.engine) as tx:
        before = actions.user_by_username(tx=tx, username="sales")
        number = len(actions.all_users(tx=tx))
    assert before is not None
    with running.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE users SET email = 'sales@isp.test' WHERE username = 'sales'")
    assert came_back(running.client(), at, "110").headers["location"] == "/orders"
    assert sign_in(running.client(), "sales", PASSWORD).status_code == 303
    assert [e.subject_id for e in entries(running) if e.action == "session.sign_in"] == ["sales", "sales"]
    with read(running.engine) as tx:
        assert len(actions.all_users(tx=tx)) == number


#: What an answer becomes, the status that it is refused with, and what the page says.
FALSE: list[tuple[Tamper, int, str]] = [
    (tampering.forged, 401, "signature is wrong"),
    (tampering.unsigned, 401, "not signed, or not by a key pair"),
    (tampering.signed_by_public_key, 401, "not signed, or not by a key pair"),
    (saying(exp=1), 401, "has run out"),
    (saying(nbf=1e11), 401, "not valid yet"),
    (saying(iss="https://evil.test"), 401, "issued by somebody else"),
    (saying(aud="another"), 401, "for another application"),
    (saying(nonce="another"), 401, "belongs to another sign-in"),
    (saying(hd=None), 403, "belongs to no organisation"),
    (saying(hd="evil.test"), 403, "belongs to another organisation"),
    (saying(email_verified=False), 403, "e-mail address is not verified"),
    (saying(_claim_names={"groups": "src1"}), 403, "too many for a token"),
]


def test_false_answers_begin_no_session_and_are_audited(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    for number, (tamper, status, says) in enumerate(FALSE, start=1):
        client = running.client()
        at.tamper = tamper
        entry = refused(running, client, came_back(client, at), status=status, says=says)
        assert (says in entry.reason, entry.detail) == (True, {"by": "google"})
        assert not any(part in repr(entry) for part in ("ann@", "evil", at.sent[-1][:20]))
        assert len(entries(running)) == number
    at.tamper = None  # the same browser signs in once the answer is true
    assert came_back(client, at).status_code == 303


def test_token_of_another_session_is_refused(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    came_back(running.client(), at)
    stolen = at.sent[-1]
    at.tamper = lambda _claims, _key: stolen
    client = running.client()
    refused(running, client, came_back(client, at), status=401, says="belongs to another sign-in")


def test_answer_is_worth_something_once(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    where = at.consent(begun(client), "108")
    cookies = dict(client.cookies)
    assert client.get(where).status_code == 303
    replay = running.client()
    replay.cookies.update(cookies)
    refused(running, replay, replay.get(where), status=401, says="out of date, was used already")
    other = running.client()  # the code is fresh in a sign-in of its own, and the provider knows it no more
    state = re.search(r"state=([^&]+)", begun(other))
    assert state is not None
    code = where.split("code=")[1].split("&")[0]
    answer = other.get("/sign-in/with/google/callback", params={"code": code, "state": state[1]})
    refused(running, other, answer, status=401, says="does not know the code")


def test_answer_for_another_browser_signs_nobody_in(serve: Serve, at: TamperedProvider) -> None:
    """Login CSRF: an attacker's own answer, opened by a victim's browser."""
    running = serve()
    attacker, victim = running.client(), running.client()
    where = at.consent(begun(attacker), "108")
    begun(victim)
    refused(running, victim, victim.get(where), status=401, says="began in another browser")
    assert attacker.get(where).status_code == 401  # and is worth nothing any more


def test_answer_at_another_providers_address_is_refused(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    where = at.consent(begun(client), "108").replace("/google/", "/other/")
    entry = refused(running, client, client.get(where), status=401, says="out of date")
    assert entry.reason == "it was begun at another provider"


@pytest.mark.parametrize("issuer", ["https://evil.test", ""])
def test_answer_that_names_another_issuer_is_refused(serve: Serve, at: TamperedProvider, issuer: str) -> None:
    at.discovery = {"authorization_response_iss_parameter_supported": True}
    running = serve()
    client = running.client()
    where = at.consent(begun(client), "108") + (f"&iss={issuer}" if issuer else "")
    refused(running, client, client.get(where), status=401, says="came from another provider")
    assert at.asked == []  # the code went nowhere
    assert client.get(at.consent(begun(client), "108") + f"&iss={at.url}").status_code == 303


def test_what_the_provider_refuses_is_said_plainly(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    where = httpx.post(begun(client), data={"action": "deny"}).headers["location"]
    entry = refused(
        running, client, client.get(where), status=403, says="Google did not sign you in: access was denied"
    )
    assert entry.reason == "access was denied there"
    state = re.search(r"state=([^&]+)", begun(client))
    assert state is not None
    answer = client.get("/sign-in/with/google/callback", params={"error": "<b>hm</b>", "state": state[1]})
    refused(running, client, answer, status=403, says="it sent an error")
    assert "<b>hm" not in answer.text


def test_who_must_confirm_signs_in_again_and_is_asked_for_it(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    long_ago = int(time.time() - 7200)
    at.tamper = saying(auth_time=long_ago)  # the provider knew them already
    assert came_back(client, at).status_code == 303
    cookie = client.cookies["isp_staff"]
    assert "session.sign_in" in [e.action for e in entries(running)]
    where = client.post("/sign-in/with/google", data=hidden_in(client)).headers["refresh"].removeprefix("0; url=")
    assert "prompt=login&max_age=0" in where
    answer = client.get(at.consent(where, "108"))
    assert (answer.status_code, "did not ask again who you are" in answer.text) == (401, True)
    assert client.cookies["isp_staff"] == cookie  # and is still who they were
    at.tamper = None
    where = client.post("/sign-in/with/google", data=hidden_in(client)).headers["refresh"].removeprefix("0; url=")
    answer = client.get(at.consent(where, "108"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/network?olt=3")
    assert client.cookies["isp_staff"] != cookie


def hidden_in(client: httpx.Client) -> dict[str, str]:
    """What the form of confirming by the provider sends."""
    page = client.get("/account/confirm", params={"next": "/network?olt=3"}).text
    form = page.split('action="/sign-in/with/google"')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_own_second_factor_is_asked_for_after_the_provider_too(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    owner, client = running.client(), running.client()
    came_back(owner, at)
    seed, _ = set_up(owner)
    answer = came_back(client, at, next="/network?olt=3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert client.get("/network").status_code == 303  # there is no session yet
    assert answered(client, pyotp.TOTP(seed).now()).headers["location"] == "/network?olt=3"
    told = [(e.action, e.reason.split(" and ")[0]) for e in entries(running)[-2:]]
    assert told == [("session.provider_fits", ""), ("session.sign_in", "Google")]


def test_nobody_without_a_group_is_let_in(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    entry = refused(running, client, came_back(client, at, "109"), status=403, says="in no group that has a role here")
    assert entry.subject_id == "bob@isp.test"
    with read(running.engine) as tx:
        assert actions.user_by_username(tx=tx, username="bob@isp.test") is None


def test_account_is_looked_at_again_where_a_directory_stands_behind(
    serve: Serve, at: TamperedProvider, settings: Settings, tmp_path: Path
) -> None:
    with workspace() as google:
        google.users["108"] = {"primaryEmail": "ann@isp.test", "name": {"fullName": "Ann Lee"}}
        google.groups = {"noc@isp.test": {"night@isp.test"}, "night@isp.test": {"108"}}
        more = {"kind": "google", "groups": {"noc@isp.test": "network"}, "directory_admin": "admin@isp.test"}
        more |= {"directory_url": google.url, "directory_account": google.key_file(tmp_path)}
        settings.oidc["google"] = settings.oidc["google"].model_copy(update=more)
        running = serve()
        client = running.client()
        assert came_back(client, at).headers["location"] == "/network"
        assert looked_again(running, settings) == 0
        google.groups["night@isp.test"].clear()
        assert looked_again(running, settings) == 1
        assert "in no more" not in entries(running)[-1].reason  # they are still there, in no group with a role
        again = running.client()
        refused(running, again, came_back(again, at), status=403, says="in no group that has a role here")
        google.groups["night@isp.test"].add("108")
        assert came_back(again, at).status_code == 303
        google.users["108"]["suspended"] = True
        assert looked_again(running, settings) == 1
        assert "google lets ann@isp.test in no more" in entries(running)[-1].reason


def looked_again(running: Running, settings: Settings) -> int:
    """What the schedule does; returns how many accounts that changed."""
    door = Door(engine=running.engine, clock=SystemClock(), settings=settings)
    found = open_providers(settings, SystemClock())
    return sources.look_again(door, SYSTEM, sources=[one for one in found.values() if one.can_look_again])


def test_sign_in_begins_by_our_own_form_only(serve: Serve) -> None:
    running = serve()
    assert running.client().get("/sign-in/with/google").status_code == 405
    assert running.client().post("/sign-in/with/google").status_code == 403
    attacker, victim = running.client(), running.client()
    seal = attacker.get("/sign-in").text.split('name="seal" value="')[1].split('"')[0]
    victim.get("/sign-in")
    assert victim.post("/sign-in/with/google", data={"seal": seal}).status_code == 403
    attacker.headers["origin"] = "https://evil.test"
    assert attacker.post("/sign-in/with/google", data={"seal": seal}).status_code == 403
    attacker.headers["origin"] = running.url
    assert attacker.post("/sign-in/with/unknown", data={"seal": seal}).status_code == 404
    assert attacker.get("/sign-in/with/unknown/callback").status_code == 404


def test_sign_in_never_leads_away(serve: Serve, at: TamperedProvider) -> None:
    answer = came_back(serve().client(), at, next="//evil.test/network")
    assert answer.headers["location"] == "/network"


def test_guessing_at_the_way_back_is_stopped_and_fills_no_audit(serve: Serve, at: TamperedProvider) -> None:
    running = serve()
    client = running.client()
    answers = [client.get("/sign-in/with/google/callback", params={"state": str(n)}).status_code for n in range(32)]
    assert answers == [401] * 30 + [429] * 2
    assert len(entries(running)) == 30
    assert "Too many failed sign-ins from this address" in client.get("/sign-in/with/google/callback").text


def test_good_sign_in_is_not_counted(serve: Serve, at: TamperedProvider, redis_client: redis.Redis) -> None:
    assert came_back(serve().client(), at).status_code == 303
    assert redis_client.get("isp:web:staff:attempts:address:127.0.0.1") == "0"


def test_provider_that_is_away_is_said_and_passwords_still_work(
    serve: Serve, at: TamperedProvider, settings: Settings
) -> None:
    at.says = (503, {})
    running = serve()
    client = running.client()
    refused(running, client, came_back(client, at), status=503, says="Google does not answer just now")
    at.says = (401, {"error": "invalid_client"})
    says = "Tell an administrator: Compare CLIENT_ID and CLIENT_SECRET"
    answer = came_back(client, at)
    refused(running, client, answer, status=503, says=says)
    assert SECRET not in answer.text
    assert sign_in(client, "sales", PASSWORD).status_code == 303


def test_page_of_sources_says_that_a_provider_alone_is_not_asked_again(
    engine: sa.Engine, settings: Settings, people: None
) -> None:
    clock, olts = SystemClock(), Olts([])
    window = Window(engine, clock, settings, olts, providers=open_providers(settings, clock))
    doors = Doors(Door(engine=engine, clock=clock, settings=settings), window, settings)
    parts = sources_page.page(PageSession(SYSTEM, doors, settings, "/sources"), {})
    olts.close()
    text = " ".join(str(pane.object) for part in parts for pane in part.select(pn.pane.HTML))
    assert "OIDC provider" in text
    assert "never: whom it lets in no more is noticed when they sign in, which they do after 12 hours" in text


def test_portal_has_no_provider(serve: Serve) -> None:
    portal = serve("portal")
    assert "Google" not in portal.client().get("/sign-in").text
    assert portal.client().get("/sign-in/with/google/callback").status_code == 404


def test_button_form_of_the_provider_and_home_page_in_a_browser(
    serve: Serve, at: TamperedProvider, chromium: Browser
) -> None:
    running = serve()
    page = new_context(chromium, "phone").new_page()
    page.route("https://**", lambda route: route.abort())  # the provider's page has a style sheet elsewhere
    page.goto(running.url + "/network")
    page.get_by_role("button", name="Sign in with Google").click()
    page.get_by_role("button", name="Authorize as 108").click()
    page.wait_for_url(running.url + "/network")
    expect(page.get_by_text("The network, for ann@isp.test")).to_be_visible()
