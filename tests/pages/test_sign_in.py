"""Signing in: forged forms, redirects that lead away, guessing, and what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isp_lifecycle.foundation.db import read
from isp_lifecycle.trail import store as trail
from tests.pages.conftest import PASSWORD, Running, sign_in

Serve = Callable[..., Running]


def test_sign_in_leads_to_the_roles_home_with_a_careful_cookie(serve: Serve) -> None:
    client = serve().client()
    answer = sign_in(client, "Network", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/network")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("isp_staff="))
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}


def test_sign_in_leads_to_the_page_that_was_wanted(serve: Serve) -> None:
    answer = sign_in(serve().client(), "manager", PASSWORD, next="/figures?first=2026-05-01")
    assert answer.headers["location"] == "/figures?first=2026-05-01"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/orders",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5cevil.example",
        "javascript:alert(1)",
        "/orders\r\nSet-Cookie: a=b",
        "/unknown",
        "http:orders",
        "/orders/../network",
        " //evil.example",
    ],
)
def test_sign_in_never_leads_away(serve: Serve, wanted: str) -> None:
    answer = sign_in(serve().client(), "sales", PASSWORD, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")


def test_wrong_password_is_told_without_telling_which_names_exist(serve: Serve) -> None:
    running = serve()
    known, unknown = (sign_in(running.client(), name, "wrong password") for name in ("sales", "nobody"))
    assert (known.status_code, unknown.status_code) == (401, 401)
    texts = {answer.text.split('role="alert">')[1].split("<")[0] for answer in (known, unknown)}
    assert texts == {"User name and password do not fit. Type both again; after that, ask an administrator."}


def test_form_without_its_seal_or_cookie_is_refused(serve: Serve) -> None:
    running = serve()
    fields = {"username": "sales", "password": PASSWORD}
    assert running.client().post("/sign-in", data=fields).status_code == 403
    attacker, victim = running.client(), running.client()
    seal = attacker.get("/sign-in").text.split('name="seal" value="')[1].split('"')[0]
    assert victim.post("/sign-in", data={**fields, "seal": seal}).status_code == 403
    victim.get("/sign-in")
    assert victim.post("/sign-in", data={**fields, "seal": seal}).status_code == 403
    assert victim.post("/sign-in", data={**fields, "seal": "ä"}).status_code == 403


def test_form_from_another_origin_is_refused(serve: Serve) -> None:
    client = serve().client()
    for origin in ("http://evil.example", "null", ""):
        client.headers["origin"] = origin
        assert sign_in(client, "sales", PASSWORD).status_code == 403


def test_sign_out_needs_the_seal_of_this_session(serve: Serve) -> None:
    client = serve().signed_in("sales")
    assert client.post("/sign-out", data={"seal": "guess"}).status_code == 403
    assert client.get("/sign-out").status_code == 405
    assert client.get("/orders").status_code == 200


def test_guessing_is_stopped_and_says_how_long_to_wait(serve: Serve) -> None:
    running = serve()
    answers = [sign_in(running.client(), "sales", f"guess {n}").status_code for n in range(4)]
    assert answers == [401, 401, 401, 401]
    shut = sign_in(running.client(), "sales", PASSWORD)
    assert shut.status_code == 429
    assert "Too many wrong passwords" in shut.text
    assert 0 < int(shut.headers["retry-after"]) <= 900
    assert sign_in(running.client(), "manager", PASSWORD).status_code == 303


def test_signing_in_again_ends_the_session_before(serve: Serve) -> None:
    running = serve()
    client = running.signed_in("sales")
    before = client.cookies["isp_staff"]
    form = running.client()
    form.cookies.set("isp_staff", before)
    seal_page = running.client()
    fresh = sign_in(seal_page, "sales", PASSWORD)
    assert fresh.status_code == 303
    assert seal_page.cookies["isp_staff"] != before


def test_proposed_session_id_is_never_taken(serve: Serve) -> None:
    client = serve().client()
    client.cookies.set("isp_staff", "x" * 43)
    assert sign_in(client, "sales", PASSWORD).status_code == 303
    assert "x" * 43 not in [c.value for c in client.cookies.jar if c.value and c.domain.startswith("127")]


def test_signing_in_and_out_is_audited(serve: Serve) -> None:
    running = serve()
    sign_in(running.client(), "sales", "wrong password")
    running.signed_in("sales")
    with read(running.engine) as tx:
        entries = [kept.entry for kept in trail.unsealed(tx=tx, limit=9)]
    assert [(e.action, e.actor, e.source, e.address) for e in reversed(entries)] == [
        ("session.sign_in", "sales", "staff", "127.0.0.1"),
        ("session.sign_in_refused", "sales", "staff", "127.0.0.1"),
    ]


def test_markup_in_a_user_name_stays_text(serve: Serve) -> None:
    answer = sign_in(serve().client(), '"><script>alert(1)</script>', "wrong password")
    assert "<script>alert" not in answer.text
