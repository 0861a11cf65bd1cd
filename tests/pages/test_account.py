"""“Your account”: own sessions and password, by forms that only one's own page can send."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from dashboards.account import browser_name
from isp_lifecycle.foundation.db import read
from isp_lifecycle.trail import store as trail
from tests.pages.conftest import PASSWORD, Running, sign_in

Serve = Callable[..., Running]
NEW = "seven quiet lighthouses"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox on Linux"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("", "unknown"),
    ],
)
def test_browsers_are_called_what_people_call_them(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def seal_of(html: str) -> str:
    found = re.search(r'name="seal" value="([^"]+)"', html)
    assert found is not None
    return found.group(1)


def changed(client: httpx.Client, **fields: str) -> httpx.Response:
    """Fill the form for another password and send it."""
    wanted = {"current": PASSWORD, "new": NEW, "again": NEW, "seal": seal_of(client.get("/account").text)}
    return client.post("/account/password", data=wanted | fields)


def test_a_changed_password_ends_all_other_sessions_and_is_told(serve: Serve) -> None:
    running = serve()
    desk, laptop = running.signed_in("sales"), running.signed_in("sales")
    assert laptop.get("/orders").status_code == 200
    answer = changed(desk)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password")
    assert "is changed" in desk.get(answer.headers["location"]).text
    assert laptop.get("/orders").status_code == 303  # to the sign-in
    assert sign_in(running.client(), "sales", PASSWORD).status_code == 401
    assert sign_in(running.client(), "sales", NEW).status_code == 303
    with read(running.engine) as tx:
        entries = [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]
    actions = [e.action for e in entries]
    assert actions.count("accounts.change_own_password") == actions.count("accounts.note_sessions_ended") == 1
    assert PASSWORD not in repr(entries)
    assert NEW not in repr(entries)


def test_what_is_wrong_is_said_and_nothing_is_changed(serve: Serve) -> None:
    client = serve().signed_in("sales")
    for fields, says in (
        ({"current": "wrong"}, "The present password does not fit."),
        ({"again": "typed otherwise"}, "was not typed the same twice"),
        ({"new": "short", "again": "short"}, "12 to 128 characters"),
        ({"new": "password1234", "again": "password1234"}, "one of the most common"),
    ):
        answer = changed(client, **fields)
        assert (answer.status_code, says in answer.text) == (400, True)
    assert changed(client).status_code == 303  # only a wrong present password counts as one


def test_guessing_the_present_password_shuts_the_door(serve: Serve) -> None:
    client = serve().signed_in("sales")
    for _ in range(4):
        assert "The present password does not fit." in changed(client, current="a guess").text
    answer = changed(client)
    assert (answer.status_code, "Too many wrong passwords" in answer.text) == (400, True)


def test_one_session_or_all_others_are_ended(serve: Serve) -> None:
    running = serve()
    desk, laptop, phone = (running.signed_in("sales") for _ in range(3))
    page = desk.get("/account").text
    references = re.findall(r'name="which" value="(\w+)"', page)
    assert len(references) == 3  # two others, and all others
    assert desk.post("/account/end", data={"which": references[0], "seal": seal_of(page)}).status_code == 303
    open_now = [client.get("/orders").status_code for client in (laptop, phone)]
    assert sorted(open_now) == [200, 303]
    desk.post("/account/end", data={"which": "others", "seal": seal_of(page)})
    assert {client.get("/orders").status_code for client in (laptop, phone)} == {303}
    assert desk.get("/orders").status_code == 200


def test_forms_of_others_are_refused(serve: Serve) -> None:
    running = serve()
    sales, manager = running.signed_in("sales"), running.signed_in("manager")
    theirs = seal_of(manager.get("/account").text)
    assert sales.post("/account/end", data={"which": "others", "seal": theirs}).status_code == 403
    own = seal_of(sales.get("/account").text)
    evil = {"origin": "http://evil.example"}
    assert sales.post("/account/end", data={"which": "others", "seal": own}, headers=evil).status_code == 403
    assert running.client().post("/account/password", data={"current": PASSWORD, "seal": own}).status_code == 403
    assert running.client().get("/account").status_code == 303


def test_nobody_ends_somebody_elses_session(serve: Serve) -> None:
    running = serve()
    sales, manager = running.signed_in("sales"), running.signed_in("manager")
    second = running.signed_in("manager")
    reference = re.findall(r'name="which" value="(\w+)"', manager.get("/account").text)[0]
    sales.post("/account/end", data={"which": reference, "seal": seal_of(sales.get("/account").text)})
    assert second.get("/orders").status_code == 200
