"""Accounts, passwords and the audit trail, on a real PostgreSQL."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime

import argon2
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from isp_lifecycle.access import actions, store
from isp_lifecycle.access.errors import PasswordTooShort, SignInRefused, UsernameTaken, UsernameWrong
from isp_lifecycle.access.model import Role, User
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def sales(engine: sa.Engine) -> User:
    with write(engine) as tx:
        return actions.create_user(
            tx=tx, at=AT, username=" Sally.Murphy ", name="Sally Murphy", role=Role.SALES, password=PASSWORD
        )


def test_user_is_stored_and_found_whatever_the_case(engine: sa.Engine, sales: User) -> None:
    assert sales.username == "sally.murphy"
    with read(engine) as tx:
        assert actions.user_by_username(tx=tx, username="SALLY.murphy") == sales
        assert actions.user_by_id(tx=tx, user_id=sales.id) == sales
        assert store.all_users(tx=tx) == [sales]


def test_username_is_unique_and_checked(engine: sa.Engine, sales: User) -> None:
    with write(engine) as tx:
        with pytest.raises(UsernameTaken):
            actions.create_user(tx=tx, at=AT, username="SALLY.MURPHY", name="x", role=Role.SALES)
        for wrong in ("", "two words", "x" * 81):
            with pytest.raises(UsernameWrong):
                actions.create_user(tx=tx, at=AT, username=wrong, name="x", role=Role.SALES)


def test_customer_account_must_name_its_customer(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), write(engine) as tx:
        actions.create_user(tx=tx, at=AT, username="c", name="c", role=Role.CUSTOMER)
    with pytest.raises(sa.exc.IntegrityError), write(engine) as tx:
        actions.create_user(tx=tx, at=AT, username="s", name="s", role=Role.SALES, customer_id=new_id())


def test_right_password_opens_and_any_other_does_not(engine: sa.Engine, sales: User) -> None:
    with write(engine) as tx:
        assert actions.check_password(tx=tx, username="Sally.Murphy", password=PASSWORD) == sales
        for username, password in [
            ("sally.murphy", "wrong"),
            ("sally.murphy", ""),
            ("sally.murphy", PASSWORD + "x" * 500),
            ("nobody", PASSWORD),
            ("", ""),
        ]:
            with pytest.raises(SignInRefused) as refused:
                actions.check_password(tx=tx, username=username, password=password)
            assert str(refused.value) == "User name and password do not fit."


def test_closed_account_and_one_without_password_are_refused_alike(engine: sa.Engine, sales: User) -> None:
    with write(engine) as tx:
        actions.set_active(tx=tx, user_id=sales.id, active=False)
        actions.create_user(tx=tx, at=AT, username="ldap.only", name="L", role=Role.SALES)
        for username in ("sally.murphy", "ldap.only"):
            with pytest.raises(SignInRefused):
                actions.check_password(tx=tx, username=username, password=PASSWORD)


def test_unknown_name_costs_what_a_wrong_password_costs(engine: sa.Engine, sales: User) -> None:
    def cost(username: str) -> float:
        times = []
        for _ in range(5):
            begun = time.process_time()
            with write(engine) as tx, pytest.raises(SignInRefused):
                actions.check_password(tx=tx, username=username, password="wrong password")
            times.append(time.process_time() - begun)
        return statistics.median(times)

    ratio = cost("nobody.at.all") / cost("sally.murphy")
    assert 0.5 < ratio < 2.0


def test_hash_is_argon2id_and_the_one_of_nobody_has_its_parameters(engine: sa.Engine, sales: User) -> None:
    with read(engine) as tx:
        stored = store.password_hash_of(tx=tx, user_id=sales.id)
    assert stored is not None
    assert stored.startswith("$argon2id$")
    nobody, real = argon2.extract_parameters(actions._NOBODY), argon2.extract_parameters(stored)
    assert (nobody.memory_cost, nobody.time_cost, nobody.parallelism) == (
        real.memory_cost,
        real.time_cost,
        real.parallelism,
    )


def test_hash_of_older_parameters_is_renewed_at_sign_in(engine: sa.Engine, sales: User) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with write(engine) as tx:
        store.update_user(tx=tx, user_id=sales.id, values={"password_hash": weak})
        actions.check_password(tx=tx, username="sally.murphy", password=PASSWORD)
        renewed = store.password_hash_of(tx=tx, user_id=sales.id)
        assert renewed is not None
        assert not PasswordHasher().check_needs_rehash(renewed)
        actions.check_password(tx=tx, username="sally.murphy", password=PASSWORD)


def test_password_length_is_checked(engine: sa.Engine, sales: User) -> None:
    with write(engine) as tx:
        for wrong in ("1234567", "x" * 257):
            with pytest.raises(PasswordTooShort):
                actions.set_password(tx=tx, user_id=sales.id, password=wrong)
        actions.set_password(tx=tx, user_id=sales.id, password="a new password")
        actions.check_password(tx=tx, username="sally.murphy", password="a new password")
        with pytest.raises(SignInRefused):
            actions.check_password(tx=tx, username="sally.murphy", password=PASSWORD)


def test_changing_an_unknown_account_is_refused(engine: sa.Engine) -> None:
    with write(engine) as tx:
        with pytest.raises(NotFound):
            actions.set_role(tx=tx, user_id=new_id(), role=Role.SALES)
        with pytest.raises(NotFound):
            actions.set_active(tx=tx, user_id=new_id(), active=True)
        with pytest.raises(NotFound):
            actions.set_password(tx=tx, user_id=new_id(), password=PASSWORD)
