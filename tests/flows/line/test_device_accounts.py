"""The accounts by which OLTs are signed in to: kept sealed, used from the next session on, shown to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.bootstrap import open_olts
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.sections import Credential
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import secrets as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.inventory.errors import DeviceAccountInUse, DeviceAccountWrong
from isp_lifecycle.views import network
from isp_lifecycle.views import secrets as views
from isp_lifecycle.views.window import Window
from tests.flows.line.conftest import CREDENTIAL, Lab, Plant, accesses, actor

OLT = "OLT-NORTH"
ROOT = replace(actor(Role.ADMINISTRATOR), source="cli")


@pytest.fixture
def settings(plant: Plant) -> Settings:
    """The plant's settings without any account on devices."""
    return plant.settings.model_copy(update={"credentials": {}})


@pytest.fixture(autouse=True)
def _forgotten(plant: Plant, olts: Olts, lab: Lab) -> Iterator[None]:
    """The pool that tests share knows the keys that were before: it takes the first ones that it meets again."""
    yield
    for access in accesses(plant.town, lab.ports):
        olts.trust_again(access)


@pytest.fixture
def window(plant: Plant, settings: Settings) -> Iterator[Window]:
    """A view of the plant whose OLTs are reached as in production."""
    with open_olts(settings, plant.engine) as olts:
        yield replace(plant.window, olts=olts, settings=settings)


@pytest.fixture
def door(plant: Plant, settings: Settings) -> Door:
    return replace(plant.door, settings=settings)


def said(window: Window) -> str:
    """What goes wrong when the OLT is asked; empty when nothing does."""
    found = network.unconfigured(window, actor(Role.NETWORK), olt=OLT)
    return f"{found.error.what} {found.error.remedy}" if found.error else ""


def test_an_account_is_used_from_the_next_session_on_and_stays_secret(
    plant: Plant, window: Window, door: Door, settings: Settings
) -> None:
    username, password = CREDENTIAL
    assert "`isp secrets set default`" in said(window)
    intake.set_device_account(door, ROOT, name="default", username=username, password="not this one")
    assert "is not accepted" in said(window) or "refused" in said(window)
    intake.set_device_account(door, ROOT, name="default", username=username, password=password)
    assert said(window) == ""  # the pool asks again which account it is

    assert intake.rotate(door, ROOT) == 1
    assert intake.forget_old_keys(door, ROOT) == 1
    with open_olts(settings, plant.engine) as fresh:
        assert said(replace(window, olts=fresh)) == ""

    row = next(row for row in views.device_accounts(window, ROOT) if row.name == "default")
    assert (row.username, row.changed_by, row.in_settings) == (username, ROOT.username, False)
    assert row.olts >= 1
    with pytest.raises(DeviceAccountInUse, match=OLT):
        intake.remove_device_account(door, ROOT, name="default")
    with plant.engine.connect() as connection:
        kept = f"{connection.execute(sa.text('SELECT * FROM device_accounts')).all()}"
        kept += f"{connection.execute(sa.text('SELECT * FROM audit')).all()}"
    assert password not in kept
    assert "not this one" not in kept


def test_what_stands_in_the_settings_holds_where_the_database_has_none(plant: Plant, settings: Settings) -> None:
    account = Credential(username=CREDENTIAL[0], password=SecretStr(CREDENTIAL[1]))
    own = settings.model_copy(update={"credentials": {"default": account, "spare_1": account}})
    with open_olts(own, plant.engine) as olts:
        window = replace(plant.window, olts=olts, settings=own)
        assert said(window) == ""
        assert [(r.name, r.in_settings, r.changed_at) for r in views.device_accounts(window, ROOT)] == [
            ("default", True, None),
            ("spare_1", True, None),
        ]


def test_only_an_administrator_sets_one_and_a_wrong_one_is_named(plant: Plant, door: Door) -> None:
    for role in (Role.NETWORK, Role.MANAGER, Role.AUDITOR):
        with pytest.raises(Forbidden):
            intake.set_device_account(door, actor(role), name="core", username="a", password="b")
    for name in ("", "Core", "core olts", "9core", "c" * 41):
        with pytest.raises(DeviceAccountWrong, match="name"):
            intake.set_device_account(door, ROOT, name=name, username="a", password="b")
    for username, password in (("", "b"), ("a", "")):
        with pytest.raises(DeviceAccountWrong, match="username"):
            intake.set_device_account(door, ROOT, name="core", username=username, password=password)
    intake.set_device_account(door, ROOT, name="core", username="a", password="b", enable_password="c")
    intake.remove_device_account(door, ROOT, name="core")
