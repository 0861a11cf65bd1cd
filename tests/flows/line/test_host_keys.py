"""An OLT's SSH host key: recorded when it is first reached, held to, and changed by a person only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.bootstrap import open_olts
from isp_lifecycle.drivers.contract import OltAccess, Transcript
from isp_lifecycle.drivers.errors import HostKeyChanged
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.sections import Credential
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import plant as intake
from isp_lifecycle.views import network
from isp_lifecycle.views.live import LiveOnts
from isp_lifecycle.views.window import Window
from tests.flows.line.conftest import CREDENTIAL, Lab, Plant, accesses, actor

OLT = "OLT-NORTH"
ENGINEER = actor(Role.NETWORK)


@pytest.fixture
def settings(plant: Plant) -> Settings:
    """The plant's settings with the account that its OLTs accept."""
    account = Credential(username=CREDENTIAL[0], password=SecretStr(CREDENTIAL[1]))
    return plant.settings.model_copy(update={"credentials": {"default": account}})


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
        yield replace(plant.window, olts=olts)


def look(window: Window) -> LiveOnts:
    """Ask the OLT for what it sees."""
    return network.unconfigured(window, ENGINEER, olt=OLT)


def known(plant: Plant) -> str | None:
    """The host key on record."""
    key: str | None = plant.one("SELECT host_key FROM olts WHERE name = :n", n=OLT).host_key
    return key


def test_first_key_is_recorded_and_another_is_refused_before_any_password_until_a_person_accepts_it(
    plant: Plant, window: Window
) -> None:
    assert look(window).error is None
    first = known(plant)
    assert first is not None
    assert first.startswith("ssh-rsa SHA256:")
    recorded = "SELECT actor, role FROM audit WHERE action = 'plant.first_host_key' AND subject_id = :n"
    assert [tuple(r) for r in plant.many(recorded, n=OLT)] == [("system", "system")]

    plant.lab.renew_key(OLT)
    plant.lab.fault(OLT, "refuse_login", times=1)  # taken off by whoever offers a password
    said = look(window)
    assert said.error is not None
    found = network.host_key(window, ENGINEER, olt=OLT).found
    assert said.error.kind == "needs person"
    assert said.error.what == f"What answers as OLT {OLT} has another SSH host key: {found} instead of {first}."
    assert f"`isp olt trust {OLT}`" in said.error.remedy
    assert [f.kind for f in plant.lab.olt(OLT).faults] == ["refuse_login"]
    assert known(plant) == first

    plant.lab.clear_faults(OLT)
    with pytest.raises(Forbidden):
        intake.accept_host_key(plant.door, actor(Role.SUPPORT), olt=OLT, host_key=found)
    with pytest.raises(Refused, match="is not a host key"):
        intake.accept_host_key(plant.door, ENGINEER, olt=OLT, host_key="nonsense")
    intake.accept_host_key(plant.door, ENGINEER, olt=OLT, host_key=found)
    assert look(window).error is None
    audited = plant.one("SELECT actor, subject_id, changes FROM audit WHERE action = 'plant.accept_host_key'")
    assert (audited.actor, audited.subject_id) == (ENGINEER.username, OLT)
    assert audited.changes == [["Host key", first, found]]


def test_key_that_another_process_recorded_meanwhile_stands(plant: Plant) -> None:
    row = plant.one("SELECT host, port FROM olts WHERE name = :n", n=OLT)
    access = OltAccess(OLT, "huawei", row.host, row.port, *CREDENTIAL)
    real = Olts([access], first_seen=lambda _name, _key: "ssh-rsa SHA256:another")
    with real, pytest.raises(HostKeyChanged, match="instead of ssh-rsa SHA256:another"):
        with real.reader(OLT, Transcript()):
            raise AssertionError("a session was handed out")
    with write(plant.engine) as tx:
        tx.execute(
            sa.text("UPDATE olts SET host_key = 'ssh-rsa SHA256:before', host_key_at = now() WHERE name = :n"),
            {"n": OLT},
        )
    stands = intake.first_host_key(plant.door, SYSTEM, olt=OLT, host_key="ssh-rsa SHA256:later")
    assert stands == "ssh-rsa SHA256:before"


def test_command_shows_both_keys_and_accepts_the_new_one(plant: Plant, window: Window, tmp_path: Path) -> None:
    with write(plant.engine) as tx:
        tx.execute(
            sa.text("UPDATE olts SET host_key = 'ssh-rsa SHA256:before', host_key_at = now() WHERE name = :n"),
            {"n": OLT},
        )
    database = plant.engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": database, "ISP_VAR": str(tmp_path / "var")}
    run = [sys.executable, "-m", "isp_lifecycle.cli", "olt", "trust", OLT]
    asked = subprocess.run(run, env=environment, input="n\n", capture_output=True, text=True, check=False, timeout=60)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.startswith("known: ssh-rsa SHA256:before\nfound: ssh-rsa SHA256:")
    assert asked.stdout.endswith("Nothing was changed.\n")
    assert known(plant) == "ssh-rsa SHA256:before"
    told = subprocess.run(
        [*run, "--yes", "--json"], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    answer = json.loads(told.stdout)
    assert answer == {"olt": OLT, "known": "ssh-rsa SHA256:before", "found": known(plant), "accepted": True}
    assert look(window).error is None
