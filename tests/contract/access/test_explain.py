"""Why somebody may, or may not."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions
from isp_lifecycle.access.errors import PermissionUnknown
from isp_lifecycle.access.model import PERMISSIONS, SYSTEM, Role
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.views import access as views
from isp_lifecycle.views.window import Window


@pytest.fixture
def window(engine: sa.Engine, tmp_path: Path) -> Window:
    """A database with a sales desk and a network engineer who has left."""
    clock = SystemClock()
    with write(engine) as tx:
        actions.create_user(tx=tx, at=clock.now(), username="sally", name="Sally", role=Role.SALES)
        left = actions.create_user(tx=tx, at=clock.now(), username="nora", name="Nora", role=Role.NETWORK)
        actions.set_active(tx=tx, user_id=left.id, active=False)
    return Window(engine, clock, Settings(var=tmp_path), Olts([]))


def test_it_says_which_role_holds_it(window: Window) -> None:
    found = views.explain(window, SYSTEM, username="SALLY", permission="order.confirm")
    assert (found.may, found.why) == (True, "The role sales holds order.confirm.")
    assert "manager" in found.others
    refused = views.explain(window, SYSTEM, username="sally", permission="line.repair")
    assert (refused.may, refused.why) == (False, "The role sales does not hold line.repair.")
    assert refused.others == ("administrator", "network", "support")


def test_a_closed_account_may_nothing(window: Window) -> None:
    found = views.explain(window, SYSTEM, username="nora", permission="line.repair")
    assert (found.may, found.why) == (False, "The account is closed; its role network holds line.repair.")


def test_what_there_is_not_is_refused_with_what_is_near(window: Window) -> None:
    with pytest.raises(PermissionUnknown) as refused:
        views.explain(window, SYSTEM, username="sally", permission="line.mend")
    assert "line.repair" in refused.value.remedy
    with pytest.raises(NotFound):
        views.explain(window, SYSTEM, username="nobody", permission="line.repair")


def test_the_table_shows_every_permission_and_how_many_hold_each_role(window: Window) -> None:
    found = views.matrix(window, SYSTEM)
    assert [row.name for row in found.rows] == list(PERMISSIONS)
    assert (found.roles["sales"], found.roles["network"]) == (1, 0)  # who has left is not counted
