"""Tokens of machines: what is kept, what they may, and when they let nobody in any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import tokens
from isp_lifecycle.access.errors import Forbidden, ProofNeeded, ScopesWrong, TokenRefused, TokenTermWrong
from isp_lifecycle.access.model import NOT_FOR_MACHINES, ROLES, Actor, Role, actor_of
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts
from isp_lifecycle.intake import tokens as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views import machines as views
from isp_lifecycle.views.window import Window

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ADMIN = Actor(None, "root", "Root", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], "cli")


@pytest.fixture
def doors(engine: sa.Engine, tmp_path: Path) -> Doors:
    settings, clock = Settings(var=tmp_path), SystemClock()
    return Doors(Door(engine, clock, settings), Window(engine, clock, settings, Olts([])), settings)


def account(engine: sa.Engine, role: Role, name: str = "") -> Actor:
    with write(engine) as tx:
        user = access.create_user(tx=tx, at=AT, username=name or f"a.{role}", name="A", role=role)
        return replace(actor_of(user, source="staff"), proved_at=SystemClock().now())


def ask(engine: sa.Engine, secret: str, *, at: datetime | None = None, address: str = "192.0.2.9") -> Actor:
    with write(engine) as tx:
        return tokens.bearer(tx=tx, secret=secret, at=at or SystemClock().now(), address=address)[0]


def test_a_token_is_shown_once_and_kept_as_a_hash(doors: Doors, engine: sa.Engine) -> None:
    network = account(engine, Role.NETWORK)
    made = intake.create(doors.door, network, name="monitoring", scopes=["incident.read"])
    assert tokens.FORM.fullmatch(made.secret)
    with engine.connect() as connection:
        for table in ("api_tokens", "audit"):
            text = str(connection.execute(sa.text(f"SELECT * FROM {table}")).all())
            assert made.secret not in text
            assert made.secret[12:] not in text
    assert made.token.expires_at - made.token.created_at == timedelta(days=90)
    found = ask(engine, made.secret)
    assert (found.username, found.source, found.permissions) == ("a.network", "api", {"incident.read"})


def test_a_token_is_never_for_more_than_the_role_gives_now(doors: Doors, engine: sa.Engine) -> None:
    sales = account(engine, Role.SALES)
    for wrong in ("network.read", "own.read", "nonsense", "token.own", "account.own", ""):
        with pytest.raises(ScopesWrong):
            intake.create(doors.door, sales, name="x", scopes=[wrong] if wrong else [])
    made = intake.create(doors.door, sales, name="x", scopes=["order.read", "order.confirm"])
    accounts.change_role(doors.door, ADMIN, username="a.sales", role="auditor", reason="moved")
    assert ask(engine, made.secret).permissions == {"order.read"}
    accounts.close_account(doors.door, ADMIN, username="a.sales", reason="left")
    with pytest.raises(TokenRefused, match="closed account"):
        ask(engine, made.secret)


def test_no_token_can_make_tokens_or_change_accounts(engine: sa.Engine, doors: Doors) -> None:
    root = account(engine, Role.ADMINISTRATOR)
    for scope in NOT_FOR_MACHINES:
        with pytest.raises(ScopesWrong):
            intake.create(doors.door, root, name="x", scopes=[scope])
    made = intake.create(doors.door, root, name="x", scopes=["user.read"])
    with write(engine) as tx:  # even if one stood in the table
        tx.execute(sa.text("UPDATE api_tokens SET scopes = ARRAY['token.own', 'user.write', 'user.read']"))
    machine = ask(engine, made.secret)
    assert machine.permissions == {"user.read"}
    with pytest.raises(Forbidden):
        intake.create(doors.door, machine, name="x", scopes=["user.read"])
    with pytest.raises(ProofNeeded):  # nor could it with the permission
        intake.create(
            doors.door, replace(machine, permissions=ROLES[Role.ADMINISTRATOR]), name="x", scopes=["user.read"]
        )


def test_whoever_proved_who_they_are_too_long_ago_is_asked_again(engine: sa.Engine, doors: Doors) -> None:
    network = replace(account(engine, Role.NETWORK), proved_at=SystemClock().now() - timedelta(hours=5))
    with pytest.raises(ProofNeeded):
        intake.create(doors.door, network, name="x", scopes=["incident.read"])


def test_terms_are_bounded_and_over_when_they_say(doors: Doors, engine: sa.Engine) -> None:
    network = account(engine, Role.NETWORK)
    for days in (0, -1, 366):
        with pytest.raises(TokenTermWrong):
            intake.create(doors.door, network, name="x", scopes=["incident.read"], days=days)
    with pytest.raises(TokenTermWrong):
        intake.create(doors.door, network, name="  ", scopes=["incident.read"])
    made = intake.create(doors.door, network, name="x", scopes=["incident.read"], days=1)
    assert ask(engine, made.secret, at=made.token.expires_at - timedelta(seconds=1))
    with pytest.raises(TokenRefused, match="expired"):
        ask(engine, made.secret, at=made.token.expires_at)


def test_what_is_not_a_token_of_ours_lets_nobody_in(doors: Doors, engine: sa.Engine) -> None:
    network = account(engine, Role.NETWORK)
    secret = intake.create(doors.door, network, name="x", scopes=["incident.read"]).secret
    for wrong in (
        "",
        "isp_",
        secret[:-1],
        secret + "0",
        secret.upper(),
        "isp_" + "0" * 64,
        secret[4:],
        "isp_" + "é" * 64,
    ):
        with pytest.raises(TokenRefused):
            ask(engine, wrong)


def test_uses_are_noted_at_most_each_minute(doors: Doors, engine: sa.Engine) -> None:
    network = account(engine, Role.NETWORK)
    made = intake.create(doors.door, network, name="x", scopes=["incident.read"])
    first = made.token.created_at + timedelta(hours=1)
    for seconds, address in ((0, "192.0.2.1"), (30, "192.0.2.2"), (61, "192.0.2.3")):
        ask(engine, made.secret, at=first + timedelta(seconds=seconds), address=address)
        token = views.own_tokens(doors.window, network)[0].token
        expected = {0: (0, "192.0.2.1"), 30: (0, "192.0.2.1"), 61: (61, "192.0.2.3")}[seconds]
        assert (token.used_at, token.used_from) == (first + timedelta(seconds=expected[0]), expected[1])


def test_one_ends_ones_own_and_an_administrator_anybodys_with_a_reason(doors: Doors, engine: sa.Engine) -> None:
    network, sales = account(engine, Role.NETWORK), account(engine, Role.SALES)
    made = [intake.create(doors.door, network, name=n, scopes=["incident.read"]) for n in "ab"]
    with pytest.raises(NotFound):
        intake.revoke(doors.door, sales, key=made[0].token.id)
    intake.revoke(doors.door, network, key=made[0].token.id)
    with pytest.raises(Refused, match="reason"):
        intake.revoke_anybodys(doors.door, ADMIN, key=made[1].token.id, reason=" ")
    intake.revoke_anybodys(doors.door, ADMIN, key=made[1].token.id, reason="leaked")
    for one in made:
        with pytest.raises(TokenRefused, match="revoked"):
            ask(engine, one.secret)
    assert {row.state for row in views.all_tokens(doors.window, ADMIN)} == {"revoked"}
    with engine.connect() as connection:
        told = connection.execute(
            sa.text("SELECT action, subject_id, reason FROM audit WHERE subject_kind = 'token' ORDER BY at")
        ).all()
    assert [row.action for row in told] == ["tokens.create"] * 2 + ["tokens.revoke", "tokens.revoke_anybodys"]
    assert told[-1].reason == "leaked"


def test_tokens_are_made_for_partners_and_not_for_people(doors: Doors, engine: sa.Engine) -> None:
    account(engine, Role.SALES)
    for wrong in ("", "A", "acme corp", "x" * 41, "-acme"):
        with pytest.raises(Refused):
            intake.create_partner(doors.door, ADMIN, username="acme", name="Acme", code=wrong)
    intake.create_partner(doors.door, ADMIN, username="acme", name="Acme", code="acme")
    with pytest.raises(Refused, match="person's account"):
        intake.create_for(doors.door, ADMIN, username="a.sales", name="x")
    made = intake.create_for(doors.door, ADMIN, username="acme", name="shop")
    machine = ask(engine, made.secret)
    assert (machine.partner, machine.permissions) == ("acme", ROLES[Role.PARTNER])
    with pytest.raises(NotFound):  # nobody's rows, rather than everybody's
        views.orders(doors.window, replace(machine, partner=None))
