"""What is in use, in NetBox: shown first, written once, following its state, and nothing of others ever touched."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.bootstrap import SettingMissing, open_netbox
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.sections import NetBox as NetBoxSettings
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.terms import AddressPolicy, Family, Ipv6Policy, Policy
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.netbox import Exported, export
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.errors import NetBoxAnswerWrong, NetBoxUnreachable
from isp_lifecycle.ipam.netbox import NetBox
from tests.flows.netbox.conftest import NOW
from tests.flows.netbox.server import FakeNetBox

POOLS: tuple[tuple[str, Policy, str], ...] = (
    ("static", AddressPolicy.STATIC, "198.51.100.0/24"),
    ("blocks", AddressPolicy.BLOCK29, "203.0.113.0/24"),
    ("homes-v6", Ipv6Policy.PD56, "2001:db8::/40"),
)
WRITES = ("POST", "PATCH", "DELETE")


def service(engine: sa.Engine, code: str) -> UUID:
    """A service that is active."""
    statement = """
        INSERT INTO services (id, code, customer_id, premises_id, state, terms, opened_at, active_on)
        VALUES (:id, :code, :id, :id, 'active', '{}', :now, :now)
    """
    key = new_id()
    with engine.begin() as connection:
        connection.execute(sa.text(statement), {"id": key, "code": code, "now": NOW})
    return key


@pytest.fixture
def first(engine: sa.Engine) -> UUID:
    """A service with a single address and a prefix in use, beside one that has a block reserved."""
    one, other = service(engine, "S-000001"), service(engine, "S-000002")
    with write(engine) as tx:
        for name, policy, prefix in POOLS:
            ipam.put_pool(tx=tx, name=name, policy=policy, prefix=prefix)
        for owner, policy in ((one, POOLS[0][1]), (one, POOLS[2][1]), (other, POOLS[1][1])):
            ipam.reserve(tx=tx, owner=owner, policy=policy, area=None, at=NOW)
        ipam.assign(tx=tx, owner=one)
        ipam.assign(tx=tx, owner=one, family=Family.IPV6)
    return one


def run(door: Door, actor: Actor, api: NetBox, *, applied: bool = True) -> Exported:
    return export(door, actor, netbox=api, applied=applied)


def counts(done: Exported) -> tuple[int, ...]:
    return len(done.created), len(done.changed), len(done.removed), done.same, len(done.foreign), done.left


def written(netbox: FakeNetBox) -> int:
    return sum(method in WRITES for method, _ in netbox.asked)


def ours(netbox: FakeNetBox) -> list[tuple[str, str, str]]:
    things = [t for kind in ("ipam/ip-addresses", "ipam/prefixes") for t in netbox.things[kind].values()]
    tagged = [t for t in things if [tag["slug"] for tag in t["tags"]] == ["isp-lifecycle"]]
    return [(t.get("address") or t["prefix"], t["status"]["value"], t["description"]) for t in tagged]


def test_what_is_in_use_is_shown_written_once_and_follows_its_life(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, engine: sa.Engine, first: UUID
) -> None:
    assert counts(run(door, administrator, api, applied=False)) == (3, 0, 0, 0, 0, 0)
    assert (written(netbox), ours(netbox)) == (0, [])
    assert counts(run(door, administrator, api)) == (3, 0, 0, 0, 0, 0)
    assert ours(netbox) == [
        ("198.51.100.1/24", "active", "S-000001 active"),
        ("203.0.113.0/29", "reserved", "S-000002 active"),
        ("2001:db8::/56", "active", "S-000001 active"),
    ]
    before = written(netbox)
    assert counts(run(door, administrator, api)) == (0, 0, 0, 3, 0, 0)
    assert written(netbox) == before, "the second time writes nothing"

    with write(engine) as tx:
        ipam.release(tx=tx, owner=first, at=NOW, quarantine=timedelta(days=2))
    netbox.things["ipam/prefixes"][2] |= {"description": "somebody's note", "comments": "theirs"}
    assert counts(run(door, administrator, api)) == (0, 2, 0, 1, 0, 0)
    assert ours(netbox)[0] == ("198.51.100.1/24", "deprecated", "was of S-000001, rests until 2026-03-20 10:00 UTC")
    assert netbox.things["ipam/prefixes"][2]["description"] == "S-000001 active"
    assert netbox.things["ipam/prefixes"][2]["comments"] == "theirs"

    with write(engine) as tx:
        ipam.end_quarantine(tx=tx, at=NOW + timedelta(days=2))
    assert counts(run(door, administrator, api, applied=False)) == (0, 0, 1, 2, 0, 0)
    assert counts(run(door, administrator, api)) == (0, 0, 1, 2, 0, 0)
    assert [text for text, _, _ in ours(netbox)] == ["203.0.113.0/29", "2001:db8::/56"]
    with engine.connect() as connection:
        told = connection.execute(
            sa.text("SELECT subject_id, detail->>'applied' FROM audit WHERE action LIKE 'netbox%'")
        )
        assert [tuple(row) for row in told] == [
            (netbox.url, str(applied)) for applied in (False, True, True, True, False, True)
        ]


def test_what_others_wrote_is_named_and_never_touched(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, first: UUID
) -> None:
    netbox.add("ipam/ip-addresses", address="198.51.100.1/32", description="a router")
    netbox.add("ipam/ip-addresses", address="198.51.100.9/24", tags=[{"slug": "pools"}])
    netbox.add("ipam/prefixes", prefix="203.0.113.0/24", description="the pool")
    before = copy.deepcopy(netbox.things)
    done = run(door, administrator, api)
    assert counts(done) == (2, 0, 0, 0, 1, 0)
    assert [(one.text, where) for one, where in done.foreign] == [
        ("198.51.100.1/24", f"{netbox.url}/ipam/ip-addresses/1/")
    ]
    assert all(netbox.things[kind][number] == thing for kind in before for number, thing in before[kind].items())
    assert counts(run(door, administrator, api)) == (0, 0, 0, 2, 1, 0)


def test_a_second_object_of_ours_for_one_address_goes(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, first: UUID
) -> None:
    run(door, administrator, api)
    netbox.things["ipam/ip-addresses"][7] = netbox.things["ipam/ip-addresses"][1] | {"id": 7}
    assert counts(run(door, administrator, api)) == (0, 0, 1, 3, 0, 0)
    assert list(netbox.things["ipam/ip-addresses"]) == [1]


def test_nothing_is_removed_when_the_tag_is_not_heeded(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, first: UUID
) -> None:
    netbox.add("ipam/ip-addresses", address="192.0.2.1/24")
    run(door, administrator, api)
    before, netbox.ignores_tags = written(netbox), True
    with pytest.raises(NetBoxAnswerWrong, match="without it"):
        run(door, administrator, api)
    assert written(netbox) == before


def test_what_netbox_does_not_accept_is_told_and_the_rest_written(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, first: UUID
) -> None:
    netbox.add("ipam/ip-addresses", address="198.51.100.1/24")
    netbox.hidden = frozenset({"198.51.100.1/24"})
    done = run(door, administrator, api)
    assert done.refused == ("198.51.100.1/24: address: Duplicate address found in global table: 198.51.100.1/24",)
    assert [text for text, _, _ in ours(netbox)] == ["203.0.113.0/29", "2001:db8::/56"]


def test_not_everybody_may_and_netbox_may_be_away(door: Door, administrator: Actor, first: UUID) -> None:
    away = NetBox("http://127.0.0.1:1", "hush")
    engineer = Actor(None, "ned", "Ned", Role.NETWORK, ROLES[Role.NETWORK], "web")
    with pytest.raises(Forbidden):
        run(door, engineer, away)
    with pytest.raises(NetBoxUnreachable):
        run(door, administrator, away)


def test_the_commands(netbox: FakeNetBox, database: str, tmp_path: Path, first: UUID) -> None:
    def isp(*arguments: str, token: str = "hush") -> subprocess.CompletedProcess[str]:
        own: dict[str, Any] = {"DATABASE_URL": database, "ISP_VAR": str(tmp_path / "var"), "COLUMNS": "200"}
        own |= {"ISP_NETBOX__URL": netbox.url, "ISP_NETBOX__TOKEN": token, "ISP_NETBOX__POOL_TAG": "pools"}
        command = [sys.executable, "-m", "isp_lifecycle.cli", "netbox", *arguments]
        return subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False, timeout=60)

    shown = isp("export")
    assert (shown.returncode, shown.stdout.splitlines()[0], shown.stdout.splitlines()[-2:]) == (
        0,
        "would be created  198.51.100.1/24 active: S-000001 active",
        [
            f"{netbox.url}: 3 created, 0 changed, 0 removed, 0 same, 0 left alone, 0 not accepted.",
            "Nothing was written. Add --apply to write this to NetBox.",
        ],
    )
    done = json.loads(isp("export", "--apply", "--json").stdout)
    assert (done["applied"], len(done["created"]), done["left"], len(ours(netbox))) == (True, 3, 0, 3)
    netbox.add("ipam/prefixes", prefix="192.0.2.0/24", description="bad", tags=[{"slug": "pools"}])
    imported = isp("import", "--apply")
    assert (imported.returncode, imported.stderr) == (
        1,
        f"rejected: {netbox.url}/ipam/prefixes/3/, custom_fields.isp_policy '': "
        "It is empty but required. Fill it in.\n",
    )
    wrong = isp("import", token="guess")
    assert (wrong.returncode, wrong.stderr.splitlines()[0]) == (
        2,
        f"NetBox at {netbox.url} does not let us: "
        "GET /api/ipam/prefixes/ was answered with 403 Forbidden (Invalid v1 token).",
    )


def test_without_an_address_or_a_token_no_netbox_is_connected() -> None:
    for given, missing in (({}, "URL"), ({"url": "https://netbox.example"}, "TOKEN")):
        with pytest.raises(SettingMissing) as error:
            open_netbox(Settings(netbox=NetBoxSettings(**given)))
        assert error.value.field == f"ISP_NETBOX__{missing}"
