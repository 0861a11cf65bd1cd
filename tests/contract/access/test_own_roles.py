"""Roles that are defined here: who may define them, what they let do, and who can always make administrators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from dashboards.identity import Identity, decode, encode
from isp_lifecycle.access import actions, admission
from isp_lifecycle.access.errors import (
    BeyondOneself,
    Forbidden,
    LastAdministrator,
    OwnRoleInUse,
    OwnRoleWrong,
    OwnRoleYours,
    PermissionUnknown,
)
from isp_lifecycle.access.model import GRANTABLE, OF_ALL_STAFF, ROLES, SYSTEM, Actor, Role, actor_of
from isp_lifecycle.access.ports import Person
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts
from isp_lifecycle.intake import own_roles as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.trail import store as trail
from isp_lifecycle.views import access as views
from isp_lifecycle.views import own_roles
from isp_lifecycle.views.window import Window

DESK = {"name": "night desk", "base": "support", "permissions": {"ticket.read", "ont.reset"}, "reason": "Nights."}


@pytest.fixture
def door(engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setattr(actions, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return Door(engine, SystemClock(), Settings(var=tmp_path))


@pytest.fixture
def window(door: Door) -> Window:
    return Window(door.engine, door.clock, door.settings, Olts([]))


@pytest.fixture
def chief(door: Door) -> Actor:
    """The only administrator."""
    return somebody(door, "chief", "administrator")


def somebody(door: Door, username: str, role: str) -> Actor:
    """An account of this role, and the actor that it is."""
    accounts.create_staff_account(
        door, SYSTEM, username=username, name=username, role=role, email="", password="a1b2 c3d4 e5f6"
    )
    return again(door, username)


def again(door: Door, username: str) -> Actor:
    """The actor that an account is now."""
    with read(door.engine) as tx:
        user = actions.user_by_username(tx=tx, username=username)
    assert user is not None
    return actor_of(user, source="cli")


def test_a_role_is_defined_given_changed_and_removed_and_each_is_told(door: Door, chief: Actor, window: Window) -> None:
    made = intake.define_role(door, chief, **DESK)
    assert made.permissions == {"ticket.read", "ont.reset"} | OF_ALL_STAFF
    nora = somebody(door, "nora", "support")
    accounts.change_role(door, chief, username="nora", role="night desk", reason="Nights.")
    nora = again(door, "nora")
    assert (nora.role, nora.role_shown, nora.may("ont.reset"), nora.may("order.read")) == (
        Role.SUPPORT,
        "night desk",
        True,
        False,
    )
    changed = {**DESK, "permissions": {"ticket.read", "order.read"}, "base": "sales", "reason": "Orders as well."}
    intake.change_own_role(door, chief, **changed)
    nora = again(door, "nora")
    assert (nora.role, nora.may("ont.reset"), nora.may("order.read")) == (Role.SALES, False, True)
    with pytest.raises(OwnRoleInUse, match="nora"):
        intake.remove_role(door, chief, name="night desk", reason="x")
    accounts.change_role(door, chief, username="nora", role="support", reason="Days.")
    assert again(door, "nora").permissions == ROLES[Role.SUPPORT]
    intake.remove_role(door, chief, name="night desk", reason="Nobody works at night.")
    assert own_roles.own_roles(window, chief) == ()
    with read(door.engine) as tx:
        entries = [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]
    told = [(e.action, e.subject_id, [(c.what, c.before, c.after) for c in e.changes]) for e in entries[1:]]
    assert [line for line in told if line[1] == "night desk"] == [
        (
            "own_roles.define_role",
            "night desk",
            [("Base", "none", "support"), ("May", "not", "ont.reset, ticket.read")],
        ),
        (
            "own_roles.change_own_role",
            "night desk",
            [("Base", "support", "sales"), ("May", "not", "order.read"), ("May", "ont.reset", "no more")],
        ),
        ("own_roles.remove_role", "night desk", [("Role", "night desk", "removed")]),
    ]
    assert ("accounts.change_role", "nora", [("Role", "support", "night desk")]) in told


def test_it_is_shown_in_the_table_and_explained(door: Door, chief: Actor, window: Window) -> None:
    intake.define_role(door, chief, **DESK)
    somebody(door, "nora", "night desk")
    table = views.matrix(window, chief)
    assert table.roles["night desk"] == 1
    assert {row.name for row in table.rows if "night desk" in row.held_by} == set(DESK["permissions"]) | OF_ALL_STAFF
    found = views.explain(window, chief, username="nora", permission="ont.reset")
    assert (found.may, found.why) == (True, "The role night desk, defined here, holds ont.reset.")
    assert "night desk" in found.others
    refused = views.explain(window, chief, username="nora", permission="order.confirm")
    assert (refused.may, refused.why) == (False, "The role night desk, defined here, does not hold order.confirm.")
    assert views.account(window, chief, username="nora").role == "night desk"


def test_the_doors_ask_its_permissions_and_tell_its_name(door: Door, chief: Actor, window: Window) -> None:
    intake.define_role(door, chief, **DESK | {"permissions": {"user.read"}})
    nora = somebody(door, "nora", "night desk")
    assert views.accounts(window, nora)
    with pytest.raises(Forbidden, match=r"nora \(night desk\) may not do this: user.write"):
        accounts.close_account(door, nora, username="chief", reason="x")
    with read(door.engine) as tx:
        last = [kept.entry for kept in trail.unsealed(tx=tx, limit=99)][-1]
    assert (last.action, last.actor, last.role) == ("refused", "nora", "night desk")


def test_a_page_carries_it_so_that_its_change_is_seen(door: Door, chief: Actor) -> None:
    intake.define_role(door, chief, **DESK)
    nora = somebody(door, "nora", "night desk")
    header = encode(Identity(nora, "s"))
    assert decode(header).actor == nora
    intake.change_own_role(door, chief, **DESK | {"permissions": {"ticket.read"}})
    assert encode(Identity(again(door, "nora"), "s")) != header


def test_nobody_gives_or_decides_over_more_than_they_hold(door: Door, chief: Actor) -> None:
    """Somebody who makes accounts, and nothing else, stays that, whichever way they try."""
    intake.define_role(door, chief, **DESK | {"name": "clerk", "permissions": {"user.read", "user.write"}})
    intake.define_role(door, chief, **DESK)
    clerk = somebody(door, "clare", "clerk")
    somebody(door, "nora", "support")
    new = {"username": "x", "name": "x", "email": "x@isp.example", "password": "a1b2 c3d4 e5f6"}
    tries = [
        lambda: intake.define_role(door, clerk, **DESK | {"name": "other", "permissions": {"olt.trust"}}),
        lambda: intake.change_own_role(door, clerk, **DESK),
        lambda: intake.remove_role(door, clerk, name="night desk", reason="x"),
        lambda: accounts.create_staff_account(door, clerk, **new, role="administrator"),
        lambda: accounts.create_staff_account(door, clerk, **new, role="night desk"),
        lambda: accounts.change_role(door, clerk, username="nora", role="clerk", reason="x"),
        lambda: accounts.close_account(door, clerk, username="chief", reason="x"),
        lambda: accounts.set_password(door, clerk, username="chief", password="seven quiet lighthouses"),
    ]
    for one in tries:
        with pytest.raises(BeyondOneself):
            one()
    for one in (
        lambda: intake.change_own_role(door, clerk, **DESK | {"name": "clerk", "permissions": {"user.write"}}),
        lambda: intake.remove_role(door, clerk, name="clerk", reason="x"),
    ):
        with pytest.raises(OwnRoleYours):
            one()
    assert accounts.create_staff_account(door, clerk, **new, role="clerk").role_shown == "clerk"


def test_an_import_of_staff_reaches_no_further(door: Door, chief: Actor) -> None:
    intake.define_role(door, chief, **DESK | {"name": "importer", "permissions": {"import.run"}})
    ivan = somebody(door, "ivan", "importer")
    row = "staff:\n- {username: evil, name: E, role: administrator, email: e@isp.example}\n"
    result = apply(door, ivan, kind="staff", file=ImportFile("staff.yaml", row.encode()))
    assert result.rejected == 1
    with pytest.raises(NotFound):
        accounts.reopen_account(door, chief, username="evil", reason="x")


def test_what_is_wrong_is_named(door: Door, chief: Actor) -> None:
    intake.define_role(door, chief, **DESK)
    for wrong in ({"name": "Night  Desk!"}, {"name": "support"}, {"name": "night desk"}, {"base": "customer"}):
        with pytest.raises(OwnRoleWrong):
            intake.define_role(door, chief, **DESK | {"name": "other"} | wrong)
    for permission in ("own.read", "schedule.run"):
        with pytest.raises(OwnRoleWrong, match="cannot be given"):
            intake.define_role(door, chief, **DESK | {"name": "other", "permissions": {permission}})
    with pytest.raises(PermissionUnknown):
        intake.define_role(door, chief, **DESK | {"name": "other", "permissions": {"ticket.eat"}})
    with pytest.raises(Refused, match="reason"):
        intake.define_role(door, chief, **DESK | {"name": "other", "reason": " "})
    with pytest.raises(NotFound):
        intake.change_own_role(door, chief, **DESK | {"name": "other"})


def test_somebody_can_always_make_administrators(door: Door, chief: Actor) -> None:
    whole = DESK | {"name": "chief of all", "base": "administrator", "permissions": GRANTABLE}
    intake.define_role(door, chief, **whole)
    second = somebody(door, "second", "chief of all")
    intake.define_role(door, chief, **DESK | {"name": "clerk", "permissions": {"user.write"}})
    somebody(door, "clare", "clerk")  # makes accounts, and no administrators
    accounts.close_account(door, second, username="chief", reason="x")
    with pytest.raises(LastAdministrator):
        accounts.change_role(door, SYSTEM, username="second", role="support", reason="x")
    with pytest.raises(LastAdministrator):
        accounts.close_account(door, SYSTEM, username="second", reason="x")
    with pytest.raises(LastAdministrator):
        intake.change_own_role(door, SYSTEM, **whole | {"permissions": {"user.write"}})
    accounts.reopen_account(door, second, username="chief", reason="x")
    intake.change_own_role(door, SYSTEM, **whole | {"permissions": {"user.write"}})


def test_two_who_act_at_once_leave_one(door: Door, chief: Actor) -> None:
    """One closes the administrator, the other takes the power out of the role that the only other one has."""
    whole = DESK | {"name": "chief of all", "base": "administrator", "permissions": GRANTABLE}
    intake.define_role(door, chief, **whole)
    somebody(door, "second", "chief of all")
    start = Barrier(2)

    def attempt(number: int) -> bool:
        start.wait()
        try:
            if number:
                accounts.close_account(door, SYSTEM, username="chief", reason="x")
            else:
                intake.change_own_role(door, SYSTEM, **whole | {"permissions": {"user.write"}})
        except LastAdministrator:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]


def test_a_source_that_gives_a_role_takes_the_one_defined_here(door: Door, chief: Actor) -> None:
    intake.define_role(door, chief, **DESK)
    somebody(door, "nora", "night desk")
    person = Person("office", "guid-1", "nora", "Nora", "nora@isp.example", frozenset({"engineers"}))
    with write(door.engine) as tx:
        tx.execute(sa.text("UPDATE users SET email = 'nora@isp.example' WHERE username = 'nora'"))
        admission.admit(tx=tx, at=door.clock.now(), person=person, tables={"office": {"engineers": "network"}})
    nora = again(door, "nora")
    assert (nora.role_shown, nora.permissions) == ("network", ROLES[Role.NETWORK])
