"""Accounts of the staff: made, given another role, closed; and what nobody may do to themselves or to the last one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions
from isp_lifecycle.access.errors import LastAdministrator, OwnAccount, RoleUnknown, SignInRefused, UsernameTaken
from isp_lifecycle.access.model import SYSTEM, Actor, Role, User, actor_of
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.trail import store as trail

PASSWORD = "correct horse battery"
MADE = {"username": "Sally.Murphy", "name": "Sally Murphy", "email": "s@example.org", "password": PASSWORD}


@pytest.fixture
def door(engine: sa.Engine, tmp_path: Path) -> Door:
    return Door(engine, SystemClock(), Settings(var=tmp_path))


@pytest.fixture
def chief(door: Door) -> Actor:
    """The only administrator."""
    made = intake.create_staff_account(door, SYSTEM, **MADE | {"username": "chief"}, role="administrator")
    return actor_of(made, source="cli")


def told(door: Door) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    with read(door.engine) as tx:
        entries = [kept.entry for kept in trail.unsealed(tx=tx, limit=99)]
    return [(e.action, e.subject_id, e.reason, [(c.what, c.before, c.after) for c in e.changes]) for e in entries]


def test_a_password_that_somebody_sets_is_told_to_its_owner_and_one_of_the_demo_to_nobody(
    door: Door, chief: Actor
) -> None:
    """The sample town gets its passwords before its invented past, which wants a database where nothing happened."""
    intake.create_staff_account(door, SYSTEM, **MADE, role="support")
    for actor, events in ((SYSTEM, 0), (chief, 1)):
        intake.set_password(door, actor, username="sally.murphy", password="seven quiet lighthouses")
        with read(door.engine) as tx:
            told_of = "SELECT count(*) FROM events WHERE kind = 'AccountChanged'"
            assert tx.execute(sa.text(told_of)).scalar_one() == events


def test_an_account_is_made_changed_closed_and_opened_and_each_is_told(door: Door, chief: Actor) -> None:
    made = intake.create_staff_account(door, chief, **MADE, role="support")
    assert (made.username, made.role) == ("sally.murphy", Role.SUPPORT)
    intake.change_role(door, chief, username="sally.murphy", role="network", reason="Moves to the network.")
    intake.close_account(door, chief, username="sally.murphy", reason="Has left.")
    with write(door.engine) as tx, pytest.raises(SignInRefused):
        actions.check_password(tx=tx, username="sally.murphy", password=PASSWORD)
    opened = intake.reopen_account(door, chief, username="sally.murphy", reason="Is back.")
    assert (opened.active, opened.role) == (True, Role.NETWORK)
    assert told(door)[1:] == [
        ("accounts.create_staff_account", "sally.murphy", "", [("Role", "none", "support")]),
        ("accounts.change_role", "sally.murphy", "Moves to the network.", [("Role", "support", "network")]),
        ("accounts.close_account", "sally.murphy", "Has left.", [("Account", "open", "closed")]),
        ("accounts.reopen_account", "sally.murphy", "Is back.", [("Account", "closed", "open")]),
    ]
    with door.engine.connect() as connection:
        assert PASSWORD not in str(connection.execute(sa.text("SELECT * FROM audit")).all())


def test_nobody_changes_or_closes_their_own_account(door: Door, chief: Actor) -> None:
    with pytest.raises(OwnAccount):
        intake.change_role(door, chief, username="chief", role="support", reason="x")
    with pytest.raises(OwnAccount):
        intake.close_account(door, chief, username="CHIEF", reason="x")


@pytest.mark.parametrize("act", [intake.close_account, lambda *a, **k: intake.change_role(*a, **k, role="support")])
def test_the_last_administrator_stays_one(door: Door, chief: Actor, act: Callable[..., User]) -> None:
    with pytest.raises(LastAdministrator):
        act(door, SYSTEM, username="chief", reason="x")
    intake.create_staff_account(door, chief, **MADE, role="administrator")
    act(door, SYSTEM, username="chief", reason="x")
    with pytest.raises(LastAdministrator):
        act(door, SYSTEM, username="sally.murphy", reason="x")


def test_what_is_wrong_is_named(door: Door, chief: Actor) -> None:
    for role in ("customer", "system", "boss"):
        with pytest.raises(RoleUnknown, match=role):
            intake.create_staff_account(door, chief, **MADE, role=role)
    intake.create_staff_account(door, chief, **MADE, role="sales")
    with pytest.raises(UsernameTaken):
        intake.create_staff_account(door, chief, **MADE, role="sales")
    with pytest.raises(Refused, match="reason"):
        intake.change_role(door, chief, username="sally.murphy", role="support", reason=" ")
