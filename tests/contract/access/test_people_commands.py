"""``isp access`` where it changes something: roles that are defined here, invitations, links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from typer.testing import CliRunner

from isp_lifecycle.access.errors import OwnRoleInUse
from isp_lifecycle.cli.__main__ import app
from isp_lifecycle.foundation.errors import NotFound


@pytest.fixture
def isp(database: str, tmp_path: Path) -> Any:
    """Run a command of ``isp access`` against the test's database; an error of the product is raised."""

    def run(*arguments: str) -> str:
        env = {"DATABASE_URL": database, "REDIS_URL": "redis://127.0.0.1:1", "ISP_VAR": str(tmp_path)}
        with structlog.testing.capture_logs():  # the command itself logs to standard error
            done = CliRunner().invoke(app, ["access", *arguments], env=env | {"COLUMNS": "200"})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


def test_a_role_is_defined_given_by_an_invitation_changed_and_removed(isp: Any, engine: sa.Engine) -> None:
    assert "night desk may" in isp(
        "role", "define", "Night Desk", "--base", "support", "--may", "ticket.read,ont.reset", "--reason", "Nights."
    )
    invited = isp("invite", "nora", "--role", "night desk", "--email", "nora@isp.example", "--name", "Nora")
    assert invited == "nora is night desk; an invitation goes to nora@isp.example.\n"
    isp("role", "change", "night desk", "--may", "order.read", "--no-more", "ont.reset", "--reason", "Orders.")
    (row,) = json.loads(isp("role", "list", "--json"))["roles"]
    assert row == {
        "name": "night desk",
        "base": "support",
        "permissions": ["order.read", "ticket.read"],
        "accounts": 1,
    }
    assert "nora may: The role night desk, defined here, holds order.read." in isp("explain", "nora", "order.read")
    with pytest.raises(OwnRoleInUse):
        isp("role", "remove", "night desk", "--reason", "x")
    assert isp("give", "nora", "support", "--reason", "Days.") == "nora is support now.\n"
    assert isp("link", "nora") == "A link for nora goes to nora@isp.example.\n"
    isp("role", "remove", "night desk", "--reason", "x")
    with pytest.raises(NotFound):
        isp("role", "change", "night desk", "--may", "order.read", "--reason", "x")
    with engine.connect() as connection:
        asked = sa.text("SELECT payload->>'purpose' FROM events WHERE kind = 'PasswordLinkAsked'")
        assert connection.execute(asked).scalars().all() == ["invitation", "invitation"]
