"""Roles and permissions: the table itself, and what an actor may do."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import (
    MACHINE_ROLES,
    NOT_FOR_MACHINES,
    PERMISSIONS,
    PORTAL_ROLES,
    ROLES,
    STAFF_ROLES,
    SYSTEM,
    VISITOR,
    Role,
    User,
    actor_of,
    require,
)
from isp_lifecycle.foundation.ids import new_id


def _user(role: Role) -> User:
    return User(new_id(), "u", "U", role, True, datetime(2026, 5, 1, tzinfo=UTC))


def test_every_role_has_permissions_that_are_declared() -> None:
    assert set(ROLES) == set(Role)
    assert {p for granted in ROLES.values() for p in granted} == set(PERMISSIONS)


def test_permission_names_are_a_thing_and_a_verb_with_a_sentence() -> None:
    assert [n for n in PERMISSIONS if not re.fullmatch(r"[a-z]+\.[a-z_]+", n)] == []
    assert [n for n, words in PERMISSIONS.items() if not words.endswith(".")] == []


def test_every_role_signs_in_at_one_realm_except_visitor_and_system() -> None:
    assert not PORTAL_ROLES & STAFF_ROLES
    assert not MACHINE_ROLES & (PORTAL_ROLES | STAFF_ROLES)
    assert set(Role) - PORTAL_ROLES - STAFF_ROLES - MACHINE_ROLES == {Role.APPLICANT, Role.SYSTEM}


def test_auditor_only_reads_and_asks_no_device() -> None:
    assert {p.split(".")[1] for p in ROLES[Role.AUDITOR] - {"account.own", "token.own"}} == {"read", "read_all"}
    assert "network.read_live" not in ROLES[Role.AUDITOR]


def test_only_customers_hold_what_is_their_own() -> None:
    holders = {role for role, granted in ROLES.items() if any(p.startswith("own.") for p in granted)}
    assert holders == {Role.CUSTOMER, Role.SYSTEM}
    assert {p.split(".")[0] for p in ROLES[Role.CUSTOMER] - VISITOR.permissions} == {"own", "account"}
    assert not ROLES[Role.CUSTOMER] & {"order.place", "order.read"}


def test_only_partners_hold_what_is_a_partners_and_nothing_of_the_staffs() -> None:
    holders = {role for role, granted in ROLES.items() if any(p.startswith("partner.") for p in granted)}
    assert holders == {Role.PARTNER, Role.SYSTEM}
    assert {p.split(".")[0] for p in ROLES[Role.PARTNER]} == {"plan", "address", "partner"}
    assert set(PERMISSIONS) >= NOT_FOR_MACHINES


def test_visitor_may_apply_and_nothing_else() -> None:
    assert VISITOR.permissions == {"order.place", "plan.read", "account.recover", "address.read"}


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.APPLICANT, Role.SYSTEM)])
def test_require_agrees_with_the_table(role: Role) -> None:
    actor = actor_of(_user(role), source="staff")
    for permission in PERMISSIONS:
        if permission in ROLES[role]:
            require(actor, permission)
        else:
            with pytest.raises(Forbidden) as refused:
                require(actor, permission)
            assert (refused.value.permission, refused.value.role) == (permission, role)


def test_asking_for_an_unknown_permission_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        SYSTEM.may("order.confrim")
