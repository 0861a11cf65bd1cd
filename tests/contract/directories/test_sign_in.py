"""Signing in by a real directory at a real server, and what becomes of open pages when it changes its mind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from html import unescape

import httpx
import pytest
import sqlalchemy as sa

from dashboards.accounts import KEEP_SECONDS
from dashboards.connections import REVIEW_SECONDS
from dashboards.proof import proved, proved_again
from isp_lifecycle.access import actions
from isp_lifecycle.access.errors import AccountBarred, MappedRoleUnknown, SignInRefused
from isp_lifecycle.access.model import STAFF_ROLES, SYSTEM, Role, User
from isp_lifecycle.bootstrap import Doors, open_directories
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.directories import Directory
from isp_lifecycle.foundation.sections import Web
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.sources import LOOKS_EVERY_SECONDS
from isp_lifecycle.trail import store as trail
from isp_lifecycle.views.window import Window
from tests.directories.openldap import OpenLdap
from tests.directories.samba import Samba
from tests.directories.tree import LOCKS_AFTER, PASSWORD, Tree
from tests.pages.conftest import PASSWORD as LOCAL_PASSWORD
from tests.pages.conftest import Running, sign_in
from tests.pages.test_guard import closed_with, socket_of, token_of
from workers import runtime, tasks

Serve = Callable[..., Running]
UNFIT = "User name and password do not fit. Type both again; after that, ask an administrator."


class Suite:
    """The staff suite with directories, and what the schedule's workers have."""

    def __init__(self, serve: Serve, engine: sa.Engine, settings: Settings, directories: dict[str, Directory]) -> None:
        clock = SystemClock()
        settings = settings.model_copy(update={"directories": directories})
        self.window = Window(
            engine=engine,
            clock=clock,
            settings=settings,
            olts=Olts([]),
            directories=open_directories(settings, clock),
        )
        self.doors = Doors(Door(engine=engine, clock=clock, settings=settings), self.window, settings)
        self._serve = serve

    @cached_property
    def running(self) -> Running:
        """The server, for those who look at what it answers."""
        return self._serve(doors=self.doors)

    def proved(self, username: str, password: str = PASSWORD) -> User:
        """What the form does with a name and a password."""
        return proved(
            self.doors.door,
            roles=STAFF_ROLES,
            directories=self.window.directories,
            username=username,
            password=password,
        )

    def answer(self, username: str, password: str = PASSWORD) -> httpx.Response:
        return sign_in(self.running.client(), username, password)

    def said(self, username: str, password: str = PASSWORD) -> tuple[int, str]:
        """How somebody is refused: the status, and what they read."""
        answer = self.answer(username, password)
        return answer.status_code, unescape(answer.text.split('role="alert">')[1].split("<")[0])

    def user(self, username: str) -> User:
        with read(self.window.engine) as tx:
            found = actions.user_by_username(tx=tx, username=username)
        assert found is not None
        return found

    def told(self) -> list[tuple[str, str, str]]:
        with read(self.window.engine) as tx:
            entries = [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]
        return [(e.action, e.actor, e.reason) for e in entries]


@pytest.fixture
def suites(
    serve: Serve, engine: sa.Engine, settings: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Suite]]:
    """Start suites with these directories, in this order."""
    monkeypatch.setenv("REDIS_URL", redis_url)  # Celery asks for its settings when a task of it is first touched
    made: list[Suite] = []

    def start(*, attempts: int = 8, **directories: Directory) -> Suite:
        made.append(
            Suite(serve, engine, settings.model_copy(update={"web": Web(sign_in_attempts=attempts)}), directories)
        )
        return made[-1]

    yield start
    for suite in made:
        suite.window.olts.close()


Suites = Callable[..., Suite]


def test_the_form_lets_people_of_a_directory_in_by_their_groups_and_tells_each_state(
    tree: Tree, suites: Suites
) -> None:
    suite = suites(office=tree.settings())
    name = tree.person(groups=("isp-field-north",))
    assert suite.answer(f"  {name.upper()} ").status_code == 303
    assert (suite.user(name).role, suite.user(name).role_from) == (Role.INSTALLER, "office")
    assert suite.said(name, "wrong") == suite.said("nobody") == (401, UNFIT)
    outside = tree.person(groups=("all-staff",))
    status, words = suite.said(outside)
    assert (status, words.startswith("Your account in The office is in no group that has a role here.")) == (403, True)
    tree.disable(name)
    status, words = suite.said(name)
    assert (status, words.startswith("Your account is disabled in The office.")) == (403, True)
    assert ("sources.admit", "system", "") in suite.told()
    assert ("session.sign_in_refused", name, "Your account is disabled in The office.") in suite.told()
    assert PASSWORD not in str(suite.told())


@pytest.mark.parametrize(
    "change",
    [
        lambda tree, name: tree.take(name, "isp-noc"),
        lambda tree, name: tree.disable(name),
    ],
    ids=["out of the group", "disabled"],
)
def test_an_open_page_closes_when_the_directory_takes_the_right_to_it(
    tree: Tree, suites: Suites, change: Callable[[Tree, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LOOKS_EVERY_SECONDS + KEEP_SECONDS + REVIEW_SECONDS < 50, "promised within a minute"
    monkeypatch.setattr("dashboards.connections.REVIEW_SECONDS", 0.1)
    monkeypatch.setattr("dashboards.accounts.KEEP_SECONDS", 0.05)
    suite, name = suites(office=tree.settings()), tree.person(groups=("isp-noc",))
    monkeypatch.setattr(runtime, "doors", lambda: suite.doors)
    client = suite.running.signed_in(name, PASSWORD)
    token, cookie = token_of(client.get("/network").text), client.cookies["isp_staff"]

    async def watch() -> int | None:
        async with socket_of(suite.running, "/network", token, cookie) as socket:
            await socket.recv()
            await asyncio.to_thread(tasks.look_again.run)
            assert len(suite.running.server.connections) == 1, "nothing has changed yet"
            await asyncio.to_thread(change, tree, name)
            await asyncio.to_thread(tasks.look_again.run)
            return await closed_with(socket)

    assert asyncio.run(watch()) == 4401
    assert client.get("/network").status_code == 303
    assert suite.user(name).withdrawn
    assert suite.told()[-1][0] == "sources.look_again"


def test_a_directory_that_is_away_changes_nothing_and_closes_nothing(
    open_ldap: OpenLdap, suites: Suites, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite, name = suites(office=open_ldap.settings()), open_ldap.person(groups=("isp-noc",))
    client = suite.running.signed_in(name, PASSWORD)
    gone = suite.doors.settings.model_copy(
        update={"directories": {"office": open_ldap.settings(servers=(f"127.0.0.1:{free_port()}",))}}
    )
    away = open_directories(gone, SystemClock())
    doors = replace(suite.doors, window=replace(suite.window, directories=away))
    monkeypatch.setattr(runtime, "doors", lambda: doors)
    tasks.look_again.run()
    assert client.get("/network").status_code == 200
    lost = suites(office=gone.directories["office"])
    status, words = lost.said(name)
    assert (status, "127.0.0.1" in words) == (503, False)
    assert words.startswith("The office does not answer just now")
    assert lost.answer("sales", LOCAL_PASSWORD).status_code == 303, "accounts of our own sign in all the same"


def test_one_person_in_two_directories_is_one_account(
    active_directory: Samba, open_ldap: OpenLdap, suites: Suites
) -> None:
    name = active_directory.person(groups=("isp-field",))
    open_ldap.person(name, groups=("isp-noc",), password="Another-Horse-8")
    suite = suites(office=active_directory.settings(), branch=open_ldap.settings(title="The branch"))
    by_branch = suite.proved(name, "Another-Horse-8")
    assert (by_branch.role, by_branch.role_from) == (Role.NETWORK, "branch")
    by_both = suite.proved(name)
    assert (by_both.id, by_both.role, by_both.role_from) == (by_branch.id, Role.INSTALLER, "office")
    active_directory.disable(name)
    with pytest.raises(AccountBarred):
        suite.proved(name)
    assert suite.proved(name, "Another-Horse-8").id == by_branch.id, "the other source still lets them in"


def test_somebody_who_signed_in_by_a_password_of_ours_is_looked_at_again_too(
    open_ldap: OpenLdap, suites: Suites, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite, name = suites(office=open_ldap.settings()), open_ldap.person(groups=("isp-noc",))
    accounts.create_staff_account(
        suite.doors.door,
        SYSTEM,
        username=f"own-{name}",
        name="Own",
        role="sales",
        email=f"{name}@isp.example",
        password=LOCAL_PASSWORD,
    )
    assert suite.proved(name).username == f"own-{name}"
    with write(suite.window.engine) as tx:
        tx.execute(sa.text("UPDATE identities SET seen_at = seen_at - interval '2 days'"))
    assert suite.proved(f"own-{name}", LOCAL_PASSWORD).role is Role.NETWORK
    open_ldap.take(name, "isp-noc")
    monkeypatch.setattr(runtime, "doors", lambda: suite.doors)
    tasks.look_again.run()
    assert suite.user(f"own-{name}").withdrawn


def test_no_directory_ever_hears_what_an_administrator_of_ours_types(open_ldap: OpenLdap, suites: Suites) -> None:
    suite, name = suites(office=open_ldap.settings()), open_ldap.person(groups=("isp-noc",))
    accounts.create_staff_account(
        suite.doors.door, SYSTEM, username=name, name="Chief", role="administrator", email="", password=LOCAL_PASSWORD
    )
    for password in (PASSWORD, *["wrong"] * LOCKS_AFTER):  # that of the namesake there opens nothing here
        with pytest.raises(SignInRefused):
            suite.proved(name, password)
    assert open_ldap.directory().authenticate(username=name, password=PASSWORD).username == name, "not locked there"
    assert suite.proved(name, LOCAL_PASSWORD).role is Role.ADMINISTRATOR


def test_who_is_called_otherwise_here_proves_who_they_are_by_the_name_there(
    open_ldap: OpenLdap, suites: Suites
) -> None:
    suite, name = suites(office=open_ldap.settings()), open_ldap.person(groups=("isp-noc",))
    stranger = open_ldap.person(groups=("isp-noc",), password="Another-Horse-8")
    accounts.create_staff_account(
        suite.doors.door,
        SYSTEM,
        username=stranger,
        name="Own",
        role="sales",
        email=f"{name}@isp.example",
        password=LOCAL_PASSWORD,
    )
    door, user = suite.doors.door, suite.proved(name)
    assert (user.username, user.role_from) == (stranger, "office")

    def again(password: str) -> User:
        return proved_again(
            door, roles=STAFF_ROLES, directories=suite.window.directories, user_id=user.id, password=password
        )

    assert again(PASSWORD).id == again(LOCAL_PASSWORD).id == user.id
    for wrong in ("Another-Horse-8", "wrong"):
        with pytest.raises(SignInRefused):
            again(wrong)


def test_guessing_stops_before_the_directory_locks_the_account_however_the_name_is_written(
    active_directory: Samba, suites: Suites
) -> None:
    suite = suites(office=active_directory.settings(), attempts=LOCKS_AFTER - 1)
    name = active_directory.person(groups=("isp-noc",))
    written = (name, f"ISP\\{name}", f"{name}@isp.test", name.upper())
    assert [suite.answer(one, "wrong").status_code for one in written] == [401, 401, 429, 429]
    assert active_directory.directory().authenticate(username=name, password=PASSWORD).username == name


def test_customers_do_not_sign_in_by_a_directory(open_ldap: OpenLdap, suites: Suites, serve: Serve) -> None:
    suite = suites(office=open_ldap.settings())
    name = open_ldap.person(groups=("isp-noc",))
    portal = serve("portal", doors=suite.doors)
    assert sign_in(portal.client(), name, PASSWORD).status_code == 401


def test_a_role_that_there_is_not_lets_nobody_in_and_says_whose_fault_it_is(
    open_ldap: OpenLdap, suites: Suites
) -> None:
    suite = suites(office=open_ldap.settings(groups={"isp-noc": "boss"}))
    with pytest.raises(MappedRoleUnknown, match="the role 'boss'"):
        suite.proved(open_ldap.person(groups=("isp-noc",)))
