"""Logins that must never be repeated, nor answered with a guess: each more of them may lock the account."""

from __future__ import annotations

import pytest

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.drivers.conversation import Conversation
from isp_lifecycle.drivers.dialect import Dialect
from isp_lifecycle.drivers.errors import LoginRefused, PasswordExpired, UnknownPrompt
from isp_lifecycle.drivers.registry import vendor_named, vendors
from tests.unit.drivers.scripted_device import ACCESS, GREETING, Said, ScriptedWire

DIALECTS = [pytest.param(vendor_named(name).dialect, id=name) for name in vendors()]


def login(dialect: Dialect, greeting: list[Said], wire: ScriptedWire | None = None) -> ScriptedWire:
    wire = wire or ScriptedWire(lambda line: "", greeting=greeting)
    Conversation(wire, dialect, ACCESS, Transcript()).login()
    return wire


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "said",
    [
        "The password has expired.\r\nThe password needs to be changed. Change now? [Y/N]:",
        "Your password has already expired, please enter a new one.\r\nNew password:",
        "Password must be changed.\r\nOld password:",
        "% The user's password is expired\r\n",
    ],
)
def test_expired_password_is_told_and_nothing_is_typed(dialect: Dialect, said: str) -> None:
    wire = ScriptedWire(lambda line: "", greeting=[f"\r\n{said[:20]}", said[20:]])
    with pytest.raises(PasswordExpired) as expired:
        login(dialect, [], wire)
    assert (expired.value.field, expired.value.value) == ("password", ACCESS.username)
    assert ACCESS.password not in str(expired.value)
    assert wire.typed == []
    assert wire.closed


@pytest.mark.parametrize(
    "said",
    [
        "Your password will expire in 5 days, please change it.",
        "Warning: The user password is set by other administrator or NMS, it is\r\nrecommended to change the password.",
        "Passwords must be kept secret.",
    ],
)
def test_advice_on_passwords_keeps_nobody_out(said: str) -> None:
    login(vendor_named("huawei").dialect, [f"\r\n  {said}\r\n{GREETING}"])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("said", ["Choose a new secret:", "New password:", "Do you accept the terms? [Y/N]:"])
def test_question_that_nobody_knows_is_for_a_person(dialect: Dialect, said: str) -> None:
    wire = ScriptedWire(lambda line: "", greeting=[f"\r\n{said}"])
    with pytest.raises(UnknownPrompt) as unknown:
        login(dialect, [], wire)
    assert said in unknown.value.message
    assert wire.typed == []
    assert wire.closed


@pytest.mark.parametrize(
    ("name", "user", "secret"), [("huawei", ">>User name:", ">>User password:"), ("zte", "Username:", "Password:")]
)
def test_password_that_is_asked_for_again_is_not_given_again(name: str, user: str, secret: str) -> None:
    says = {ACCESS.username: [f"\r\n{secret}"], ACCESS.password: [f"\r\n{user}"]}
    wire = ScriptedWire(lambda line: list[Said](says[line]), greeting=[f"\r\n{user}"])
    with pytest.raises(LoginRefused, match=f"asks once more: {secret}"):
        login(vendor_named(name).dialect, [], wire)
    assert wire.typed == [ACCESS.username, ACCESS.password, ACCESS.username]


def test_locked_address_is_a_refusal() -> None:
    with pytest.raises(LoginRefused, match="The IP address has been locked"):
        login(vendor_named("huawei").dialect, ["\r\n  The IP address has been locked, you cannot log on it\r\n", None])
