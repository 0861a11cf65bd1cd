"""Every page of both servers for every role, over the websocket itself: what opens it, and crafted ones that do not.

A page's websocket is where its buttons act. The guard and its table are the real ones; the pages behind it are one line
of text, so that all of them can be opened. The table that comes out stands in ``build/access-pages.md``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from bokeh.io import curdoc
from bokeh.models import Div
from bokeh.util.token import generate_jwt_token, generate_session_id, get_token_payload

from dashboards.identity import PAGE_HEADER
from dashboards.route import Routes
from dashboards.routes import PORTAL, STAFF
from isp_lifecycle.access import actions
from isp_lifecycle.access.model import ROLES, STAFF_ROLES, Role
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from tests.pages.conftest import PASSWORD, Running
from tests.pages.test_guard import attach, token_of

Serve = Callable[..., Running]
TABLE = Path(__file__).parents[2] / "build" / "access-pages.md"
#: So many handshakes at a time.
AT_ONCE = 12


@pytest.fixture(autouse=True)
def _one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.server._page", lambda *_parts: lambda: curdoc().add_root(Div(text="Here.")))


def quiet(routes: Routes) -> Routes:
    """The real table of pages, those of the demo as well."""
    return {path: replace(route, demo_only=False) for path, route in routes.items()}


def everybody(engine: sa.Engine, there: Iterable[str]) -> None:
    """An account of every role of the staff, called by its role."""
    with write(engine) as tx:
        for role in STAFF_ROLES - set(there):
            at = SystemClock().now()
            actions.create_user(tx=tx, at=at, username=str(role), name=str(role), role=role, password=PASSWORD)


def attempts(running: Running, tries: list[tuple[str, str, str]]) -> list[str]:
    """What becomes of handshakes (page, token, cookie), some at a time."""

    async def all_of_them() -> list[str]:
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(page: str, token: str, cookie: str) -> str:
            async with turn:
                return await attach(running, page.rstrip("/"), token, cookie)

        return await asyncio.gather(*(one(*each) for each in tries))

    return asyncio.run(all_of_them())


def tokens_of(running: Running, client: httpx.Client, role: Role) -> dict[str, str]:
    """A token of each page that this role may open, in its session: one as the server made it, the others like it."""
    routes, key = running.realm.routes, running.server.seal.page_key
    paths = [path for path in routes if may(role, routes, path)]
    headers = dict(get_token_payload(token_of(client.get(paths[0]).text))["headers"])
    page = next(name for name in headers if name.lower() == PAGE_HEADER)
    return {path: signed(key, headers | {page: path}) for path in paths}


def signed(key: bytes, headers: dict[str, str]) -> str:
    """A token that this server signed."""
    session = generate_session_id(secret_key=key, signed=True)
    payload = {"headers": headers, "cookies": {}, "arguments": {}}
    return generate_jwt_token(session, secret_key=key, signed=True, extra_payload=payload)


def may(role: Role, routes: Routes, path: str) -> bool:
    return routes[path].public or bool(ROLES[role] & set(routes[path].any_of))


def walked(running: Running, routes: Routes, who: tuple[Role, str], stolen: dict[str, str]) -> dict[str, bool]:
    """Which pages this role's own tokens open; all that is crafted is refused with 403 on the way, and told.

    ``stolen`` are tokens of somebody who may open every page.
    """
    role, username = who
    client = running.signed_in(username)
    cookie, tokens = client.cookies[running.realm.cookie], tokens_of(running, client, role)
    paths = list(tokens)
    crafted = [(path, token, cookie) for path, token in stolen.items()]
    crafted += [(path, "none", cookie) for path in paths]
    crafted += [(path, tokens[paths[0]], cookie) for path in paths[1:2]]
    found = attempts(running, crafted)
    assert Counter(found) == {"403": len(crafted)}, (role, dict(zip(crafted, found, strict=True)))
    opened = dict(zip(tokens, attempts(running, [(p, t, cookie) for p, t in tokens.items()]), strict=True))
    assert set(opened.values()) == {"open"}, (role, opened)
    with running.engine.connect() as connection:
        told = sa.text("SELECT count(*) FROM audit WHERE action = 'refused' AND actor = :name")
        assert connection.execute(told, {"name": username}).scalar_one() == len(crafted)
    return {path: path in opened for path in routes}


def test_every_page_opens_for_whom_it_may_and_every_crafted_websocket_is_refused_and_told(serve: Serve) -> None:
    pages = quiet(STAFF)
    staff = serve("staff", pages)
    everybody(staff.engine, ("sales", "network", "manager", "auditor"))
    stolen = tokens_of(staff, staff.signed_in("administrator"), Role.ADMINISTRATOR)
    assert stolen.keys() == pages.keys()
    table = {role: walked(staff, pages, (role, str(role)), stolen) for role in sorted(STAFF_ROLES)}
    assert table == {role: {path: may(role, pages, path) for path in pages} for role in table}
    _written(table)


def test_the_portal_opens_to_customers_and_visitors_what_is_theirs(serve: Serve) -> None:
    pages = quiet(PORTAL)
    portal, staff = serve("portal", pages), serve("staff", quiet(STAFF))
    ada = "ada@example.org"
    stolen = tokens_of(portal, portal.signed_in(ada), Role.CUSTOMER)
    assert walked(portal, pages, (Role.CUSTOMER, ada), stolen) == dict.fromkeys(pages, True)
    visitors = token_of(portal.client().get("/").text)
    foreign = staff.signed_in("sales").cookies["isp_staff"]
    tries = [("/", visitors, ""), ("/my", visitors, ""), ("/my", stolen["/my"], ""), ("/my", stolen["/my"], foreign)]
    assert attempts(portal, tries) == ["open", "403", "403", "403"]


def _written(table: dict[Role, dict[str, bool]]) -> None:
    """``opened``: with a token of one's own; with anybody else's, or none, that is answered 403 as all else is."""
    head = ["| page | " + " | ".join(table) + " |", "|---" * (len(table) + 1) + "|"]
    pages = next(iter(table.values()))
    rows = [
        f"| `{path}` | " + " | ".join("opened" if found[path] else "403" for found in table.values()) + " |"
        for path in pages
    ]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
