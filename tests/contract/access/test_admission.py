"""Whom a source vouches for: an account made or linked, its role the source's, and what no source may touch."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from isp_lifecycle.access import actions, admission
from isp_lifecycle.access.errors import AccountBarred, Bar, LastAdministrator, MappedRoleUnknown, RoleFromSource
from isp_lifecycle.access.model import SYSTEM, Actor, Role, User, actor_of
from isp_lifecycle.access.ports import Person
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.directories import Directory
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts, own_roles, recovery, sources
from isp_lifecycle.intake.door import Door
from isp_lifecycle.trail import store as trail

PASSWORD = "correct horse battery"
ANN = Person("office", "8f1c", "Ann", "Ann Byrne", "Ann@isp.example", frozenset({"ISP-NOC", "all-staff"}))


def directory(**groups: str) -> Directory:
    return Directory(
        servers=("dc1.isp.example",),
        bind_dn="CN=looker",
        bind_password=SecretStr("x"),
        base="DC=isp,DC=example",
        groups={name.replace("_", "-"): role for name, role in groups.items()},
    )


@pytest.fixture
def door(engine: sa.Engine, tmp_path: Path) -> Door:
    both = {
        "office": directory(isp_admins="administrator", isp_noc="network", isp_desk="support"),
        "branch": directory(desk="support", noc="network"),
    }
    return Door(engine, SystemClock(), Settings(var=tmp_path, directories=both))


@pytest.fixture
def chief(door: Door) -> Actor:
    """The only administrator."""
    return actor_of(made(door, "chief", "administrator", email="chief@isp.example"), source="cli")


def made(door: Door, username: str, role: str, *, email: str) -> User:
    return accounts.create_staff_account(
        door, SYSTEM, username=username, name=username.title(), role=role, email=email, password=PASSWORD
    )


def admitted(door: Door, person: Person) -> User:
    return sources.admit(door, SYSTEM, person=person)


def barred(door: Door, person: Person) -> Bar:
    with pytest.raises(AccountBarred) as caught:
        admitted(door, person)
    return caught.value.why


def in_groups(*groups: str, person: Person = ANN) -> Person:
    return replace(person, groups=frozenset(groups))


def user(door: Door, username: str) -> User:
    with read(door.engine) as tx:
        found = actions.user_by_username(tx=tx, username=username)
    assert found is not None
    return found


def looked(door: Door, person: Person | None, *, source: str = "office", subject: str = ANN.subject) -> User | None:
    with write(door.engine) as tx:
        return admission.look_again(
            tx=tx,
            at=door.clock.now(),
            source=source,
            subject=subject,
            person=person,
            tables=door.settings.group_tables,
        )


def told(door: Door) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    with read(door.engine) as tx:
        entries = [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]
    return [
        (e.action, e.subject_id, [(c.what, c.before, c.after) for c in e.changes])
        for e in entries
        if e.action != "accounts.create_staff_account"
    ]


def test_the_first_sign_in_makes_an_account_and_later_ones_follow_the_source(door: Door) -> None:
    first = admitted(door, ANN)
    assert (first.username, first.name, first.role, first.role_from) == ("ann", "Ann Byrne", Role.NETWORK, "office")
    assert not first.has_password
    assert admitted(door, ANN) == first
    later = admitted(door, replace(ANN, username="ann.kelly", name="Ann Kelly", groups=frozenset({"isp-desk"})))
    assert (later.id, later.username, later.name, later.role) == (first.id, "ann", "Ann Kelly", Role.SUPPORT)
    assert told(door) == [
        (
            "sources.admit",
            "ann",
            [("Account", "none", "open"), ("Role", "none", "network"), ("Identity", "none", "office: Ann")],
        ),
        ("sources.admit", "ann", [("Role", "network", "support"), ("Name", "Ann Byrne", "Ann Kelly")]),
    ]


def test_the_first_line_of_the_table_that_fits_decides(door: Door) -> None:
    assert admitted(door, in_groups("isp-desk", "isp-noc")).role is Role.NETWORK
    assert admitted(door, in_groups("isp-desk", "isp-admins", "isp-noc")).role is Role.ADMINISTRATOR


def test_without_a_group_nobody_gets_an_account_and_who_had_one_loses_it(door: Door) -> None:
    assert barred(door, in_groups("all-staff")) is Bar.NO_ROLE
    with read(door.engine) as tx:
        assert actions.all_users(tx=tx) == ()
    admitted(door, ANN)
    assert barred(door, in_groups("all-staff")) is Bar.NO_ROLE
    gone = user(door, "ann")
    assert (gone.active, gone.withdrawn) == (False, True)
    assert told(door)[-1][2] == [("Account", "open", "closed, since no source gives it a role")]
    assert admitted(door, ANN).active


def test_what_an_administrator_closed_no_source_opens(door: Door, chief: Actor) -> None:
    admitted(door, ANN)
    accounts.close_account(door, chief, username="ann", reason="Has left.")
    assert barred(door, ANN) is Bar.CLOSED
    assert looked(door, in_groups("isp-desk")) is not None
    assert not user(door, "ann").active
    accounts.reopen_account(door, chief, username="ann", reason="Is back.")
    assert admitted(door, ANN).active


def test_an_administrator_neither_changes_nor_opens_what_a_source_decides(door: Door, chief: Actor) -> None:
    admitted(door, ANN)
    with pytest.raises(RoleFromSource, match="The role of ann comes from office"):
        accounts.change_role(door, chief, username="ann", role="manager", reason="x")
    assert barred(door, in_groups()) is Bar.NO_ROLE
    with pytest.raises(RoleFromSource):
        accounts.reopen_account(door, chief, username="ann", reason="x")
    without = replace(door, settings=door.settings.model_copy(update={"directories": {}}))
    assert accounts.reopen_account(without, chief, username="ann", reason="No directory any more.").active
    changed = accounts.change_role(without, chief, username="ann", role="manager", reason="x")
    assert (changed.role, changed.role_from) == (Role.MANAGER, None)


def test_an_account_of_the_staff_with_the_same_address_is_the_same_person(door: Door) -> None:
    own = made(door, "a.byrne", "sales", email="ANN@isp.example")
    linked = admitted(door, ANN)
    assert (linked.id, linked.username, linked.role, linked.has_password) == (own.id, "a.byrne", Role.NETWORK, True)
    assert ("Role", "sales", "network") in told(door)[-1][2]


def test_an_address_that_nobody_vouches_for_links_nothing(door: Door) -> None:
    own = made(door, "ann", "sales", email="ann@isp.example")
    other = admitted(door, replace(ANN, email=""))
    assert (other.id != own.id, other.username) == (True, "ann-2")


def test_a_customer_is_never_linked(door: Door) -> None:
    with write(door.engine) as tx:
        customer = actions.create_user(
            tx=tx,
            at=door.clock.now(),
            username="ann@isp.example",
            name="Ann",
            role=Role.CUSTOMER,
            email="ann@isp.example",
            customer_id=new_id(),
        )
    assert admitted(door, ANN).id != customer.id


def test_two_accounts_with_one_address_and_two_people_with_one_address_stay_apart(door: Door) -> None:
    ids = {made(door, name, "sales", email="ann@isp.example").id for name in ("one", "two")}
    third = admitted(door, ANN)
    assert third.id not in ids
    desk = Person("office", "77", "desk", "Desk", "desk@isp.example", frozenset({"isp-desk"}))
    assert admitted(door, desk).id != admitted(door, replace(desk, subject="78", username="desk2")).id


def test_one_person_with_two_sources_is_one_account_and_the_first_that_gives_a_role_decides(door: Door) -> None:
    branch = Person("branch", "b-1", "abyrne", "Ann B.", "ann@isp.example", frozenset({"desk"}))
    by_branch = admitted(door, branch)
    assert (by_branch.role, by_branch.role_from) == (Role.SUPPORT, "branch")
    by_office = admitted(door, ANN)
    assert (by_office.id, by_office.role, by_office.role_from) == (by_branch.id, Role.NETWORK, "office")
    again = admitted(door, branch)
    assert (again.id, again.role, again.name) == (by_branch.id, Role.NETWORK, "Ann Byrne")
    left = looked(door, None)
    assert left is not None
    assert (left.active, left.role, left.role_from) == (True, Role.SUPPORT, "branch")
    gone = looked(door, None, source="branch", subject="b-1")
    assert gone is not None
    assert (gone.active, gone.withdrawn) == (False, True)


def test_an_administrator_made_here_is_never_linked_nor_touched(door: Door, chief: Actor) -> None:
    """Whoever can write addresses in a directory can neither become the chief nor take the chief's role."""
    other = admitted(door, replace(ANN, email="chief@isp.example", username="chief"))
    assert (other.id != chief.user_id, other.username) == (True, "chief-2")
    assert user(door, "chief").role is Role.ADMINISTRATOR


def test_the_last_administrator_made_here_stays_though_a_directory_names_others(door: Door, chief: Actor) -> None:
    by_source = admitted(door, in_groups("isp-admins"))
    with pytest.raises(LastAdministrator):
        accounts.close_account(door, actor_of(by_source, source="cli"), username="chief", reason="x")
    accounts.close_account(door, chief, username="ann", reason="x")


@pytest.mark.parametrize("role", ["customer", "system", "boss"])
def test_a_role_that_there_is_not_is_named_and_lets_nobody_in(door: Door, role: str) -> None:
    wrong = door.settings.model_copy(update={"directories": {"office": directory(isp_noc=role)}})
    with pytest.raises(MappedRoleUnknown, match=role):
        admitted(replace(door, settings=wrong), ANN)


def test_a_role_that_was_defined_here_is_given_by_a_group_as_well(door: Door, chief: Actor) -> None:
    held = ["order.read", "ticket.read"]
    own_roles.define_role(door, chief, name="desk-lead", base="support", permissions=held, reason="x")
    other = directory(isp_noc="desk-lead", isp_desk="support")
    mapped = replace(door, settings=door.settings.model_copy(update={"directories": {"office": other}}))
    found = sources.admit(mapped, SYSTEM, person=ANN)
    assert (found.role_shown, found.role, found.role_from) == ("desk-lead", Role.SUPPORT, "office")
    assert set(held) <= found.permissions
    assert "ticket.write" not in found.permissions
    moved = sources.admit(mapped, SYSTEM, person=in_groups("isp-desk"))
    assert (moved.role_shown, moved.own_role) == ("support", None)
    assert ("Role", "desk-lead", "support") in told(door)[-1][2]


def test_who_signs_in_by_a_source_gets_no_link_that_would_set_a_password_here(door: Door) -> None:
    admitted(door, ANN)
    recovery.ask_link(door, SYSTEM, name="ann@isp.example", realm="staff")
    assert told(door)[-1][2] == [("Link", "none", "not sent: the password is office's, as an e-mail tells")]


def test_looking_again_changes_only_what_changed(door: Door) -> None:
    admitted(door, ANN)
    assert looked(door, ANN) is None
    assert looked(door, None, subject="nobody") is None
    changed = looked(door, in_groups("isp-desk"))
    assert changed is not None
    assert changed.role is Role.SUPPORT


@pytest.mark.parametrize("person", [lambda n: ANN, lambda n: replace(ANN, source=("office", "branch")[n % 2])])
def test_first_sign_ins_at_the_same_time_make_one_account(door: Door, person: Callable[[int], Person]) -> None:
    people = [replace(person(n), groups=frozenset({"isp-noc", "noc"})) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert len({found.id for found in pool.map(lambda one: admitted(door, one), people)}) == 1
