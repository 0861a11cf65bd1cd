"""The second factor: which codes are taken, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions, second_factor
from isp_lifecycle.access.errors import CodeWrong, FactorThere, NoFactor
from isp_lifecycle.access.model import Role, User
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.vault import Vault, vault_of

AT = datetime(2026, 11, 26, 12, 0, 10, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return vault_of(Settings(var=tmp_path))


@pytest.fixture
def user(engine: sa.Engine) -> User:
    with write(engine) as tx:
        return actions.create_user(tx=tx, at=AT, username="ada", name="Ada Byrne", role=Role.SUPPORT)


@pytest.fixture
def seed(engine: sa.Engine, vault: Vault, user: User) -> str:
    """The seed of an authenticator that was begun at noon."""
    with write(engine) as tx:
        setup = second_factor.begin(tx=tx, vault=vault, user=user, issuer="Brightwater Fibre", at=AT)
    assert setup.uri.startswith("otpauth://totp/Brightwater%20Fibre:ada?secret=")
    return setup.seed


def code(seed: str, at: datetime = AT) -> str:
    return pyotp.TOTP(seed).at(at)


def check(engine: sa.Engine, vault: Vault, user: User, text: str, at: datetime) -> str:
    with write(engine) as tx:
        return second_factor.check(tx=tx, vault=vault, user_id=user.id, code=text, at=at)


def confirmed(engine: sa.Engine, vault: Vault, user: User, seed: str) -> tuple[str, ...]:
    with write(engine) as tx:
        return second_factor.confirm(tx=tx, vault=vault, user_id=user.id, code=code(seed), at=AT)


def test_it_is_asked_for_once_a_code_of_it_was_shown(engine: sa.Engine, vault: Vault, user: User, seed: str) -> None:
    with read(engine) as tx:
        assert not second_factor.is_asked_for(tx=tx, user_id=user.id)
    with pytest.raises(CodeWrong), write(engine) as tx:
        second_factor.confirm(tx=tx, vault=vault, user_id=user.id, code="000000", at=AT)
    with pytest.raises(CodeWrong):
        check(engine, vault, user, code(seed), AT)  # it counts for nothing yet

    assert len(set(confirmed(engine, vault, user, seed))) == second_factor.RECOVERY_CODES
    with read(engine) as tx:
        assert second_factor.is_asked_for(tx=tx, user_id=user.id)
    with pytest.raises(FactorThere), write(engine) as tx:
        second_factor.begin(tx=tx, vault=vault, user=user, issuer="B", at=AT)


def test_a_code_holds_for_its_time_and_a_step_around_and_once(
    engine: sa.Engine, vault: Vault, user: User, seed: str
) -> None:
    confirmed(engine, vault, user, seed)
    later = AT + timedelta(minutes=10)
    with pytest.raises(CodeWrong):
        check(engine, vault, user, code(seed, later - timedelta(seconds=60)), later)
    with pytest.raises(CodeWrong):
        check(engine, vault, user, code(seed, later + timedelta(seconds=60)), later)
    assert check(engine, vault, user, code(seed, later - timedelta(seconds=30)), later) == "authenticator"
    spaced = f"{code(seed, later)[:3]} {code(seed, later)[3:]}"
    assert check(engine, vault, user, spaced, later) == "authenticator"
    for used in (later, later - timedelta(seconds=30)):  # the same again, and one before it
        with pytest.raises(CodeWrong):
            check(engine, vault, user, code(seed, used), later)
    for nonsense in ("", "12345", "1234567", "abcdef", "１２３４５６"):
        with pytest.raises(CodeWrong):
            check(engine, vault, user, nonsense, later)


def test_a_recovery_code_lets_in_once_however_it_is_typed(
    engine: sa.Engine, vault: Vault, user: User, seed: str
) -> None:
    first, second, *_ = confirmed(engine, vault, user, seed)
    assert check(engine, vault, user, first.upper().replace("-", " "), AT) == "recovery code"
    with pytest.raises(CodeWrong):
        check(engine, vault, user, first, AT)
    with write(engine) as tx:
        assert second_factor.codes_left(tx=tx, user_id=user.id) == second_factor.RECOVERY_CODES - 1
        fresh = second_factor.new_codes(tx=tx, user_id=user.id)
    with pytest.raises(CodeWrong):
        check(engine, vault, user, second, AT)
    assert check(engine, vault, user, fresh[0], AT) == "recovery code"


def test_what_is_kept_opens_nothing(engine: sa.Engine, vault: Vault, user: User, seed: str) -> None:
    codes = confirmed(engine, vault, user, seed)
    with engine.connect() as connection:
        factors = connection.execute(sa.text("SELECT * FROM second_factors")).all()
        kept = f"{factors} {connection.execute(sa.text('SELECT * FROM recovery_codes')).all()}"
    assert seed not in kept
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)
    assert seed not in repr(second_factor.Setup(seed, "otpauth://"))


def test_another_key_seals_it_anew_and_it_is_taken_off_whole(
    engine: sa.Engine, vault: Vault, user: User, seed: str
) -> None:
    codes = confirmed(engine, vault, user, seed)
    vault.add_key()
    with write(engine) as tx:
        assert second_factor.reseal(tx=tx, vault=vault) == 1
        assert second_factor.reseal(tx=tx, vault=vault) == 0
    vault.drop_old_keys()
    later = AT + timedelta(minutes=1)
    assert check(engine, vault, user, code(seed, later), later) == "authenticator"
    with write(engine) as tx:
        second_factor.remove(tx=tx, user_id=user.id)
    with pytest.raises(NoFactor), write(engine) as tx:
        second_factor.remove(tx=tx, user_id=user.id)
    with pytest.raises(CodeWrong):
        check(engine, vault, user, codes[3], later)
