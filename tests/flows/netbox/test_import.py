"""Pools out of NetBox: shown first, put once, wrong ones named by their address, field and value there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, SYSTEM, Actor, Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.cli.doctor import machine
from isp_lifecycle.cli.doctor.finding import Health
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.sections import NetBox as NetBoxSettings
from isp_lifecycle.foundation.settings import Settings, SettingWrong, load_settings
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.imports.model import Imported
from isp_lifecycle.intake.imports.netbox import apply, preview, read_pools
from isp_lifecycle.ipam.errors import NetBoxPoolsUnnamed
from isp_lifecycle.ipam.netbox import NetBox
from isp_lifecycle.views.window import Window
from tests.flows.netbox.server import FakeNetBox
from workers import nightly

POOLS = [{"slug": "pools"}]


def prefix(netbox: FakeNetBox, text: str, name: str, policy: object = "static", **fields: Any) -> dict[str, Any]:
    custom = {"isp_policy": policy, "isp_area": None, "isp_gateway": None} | fields.pop("custom", {})
    return netbox.add(
        "ipam/prefixes", **{"prefix": text, "description": name, "tags": POOLS, "custom_fields": custom} | fields
    )


def run(door: Door, actor: Actor, api: NetBox, *, applied: bool = True) -> Imported:
    return (apply if applied else preview)(door, actor, pools=read_pools(api, door.settings.netbox))


def pools(engine: sa.Engine) -> list[tuple[str, ...]]:
    with engine.connect() as connection:
        query = "SELECT name, policy, prefix::text, area, host(gateway), excluded::text[] FROM pools ORDER BY name"
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_pools_are_shown_put_and_found_so_again(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, engine: sa.Engine
) -> None:
    gateway = {"id": 4, "url": "...", "display": "198.51.100.1/24", "address": "198.51.100.1/24"}
    custom = {"isp_area": {"id": 3, "name": "Northgate"}, "isp_gateway": gateway}
    prefix(netbox, "198.51.100.0/24", "static-north", custom=custom)
    prefix(netbox, "2001:db8::/40", "homes-v6", "pd56")
    prefix(netbox, "203.0.113.0/24", "old", status="deprecated")
    netbox.add("ipam/prefixes", prefix="10.0.0.0/8", description="somebody else's")
    netbox.add(
        "ipam/ip-ranges", start_address="198.51.100.2/24", end_address="198.51.100.7/24", status="reserved", tags=POOLS
    )
    netbox.page_at_most = 1
    shown = run(door, administrator, api, applied=False)
    assert (shown.count(Change.CREATED), shown.rejected, shown.applied, pools(engine)) == (2, 0, False, [])
    assert run(door, administrator, api).count(Change.CREATED) == 2
    assert pools(engine) == [
        ("homes-v6", "pd56", "2001:db8::/40", None, None, []),
        (
            "static-north",
            "static",
            "198.51.100.0/24",
            "Northgate",
            "198.51.100.1",
            ["198.51.100.2/31", "198.51.100.4/30"],
        ),
    ]
    again = run(door, administrator, api)
    assert (again.count(Change.SAME), again.count(Change.CHANGED), again.count(Change.CREATED)) == (2, 0, 0)
    netbox.things["ipam/prefixes"][2]["custom_fields"]["isp_area"] = "Southgate"
    assert run(door, administrator, api).count(Change.CHANGED) == 1
    with engine.connect() as connection:
        last = connection.execute(sa.text("SELECT detail->>'pools' FROM audit ORDER BY at DESC, id DESC")).scalars()
        assert next(iter(last)) == f"{netbox.url}, 2 prefixes, 1 reserved ranges"


def test_wrong_ones_are_named_and_the_others_are_put(
    netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor, engine: sa.Engine
) -> None:
    prefix(netbox, "198.51.100.0/24", "good")
    prefix(netbox, "198.51.101.0/24", "", custom={"isp_policy": None})
    prefix(netbox, "198.51.102.0/24", "odd", "magic", custom={"isp_area": ["a", "b"]})
    prefix(netbox, "198.51.103.0/24", "away", custom={"isp_gateway": "192.0.2.1/24"})
    prefix(netbox, "198.51.104.0/24", "good")
    netbox.add(
        "ipam/ip-ranges", start_address="192.0.2.1/24", end_address="192.0.2.9/24", status="reserved", tags=POOLS
    )
    done = run(door, administrator, api)
    at = f"{netbox.url}/ipam/prefixes/"
    assert [(e.place, e.field, e.value) for e in done.errors] == [
        (f"{at}2/", "description", ""),
        (f"{at}2/", "custom_fields.isp_policy", ""),
        (f"{at}3/", "custom_fields.isp_area", "['a', 'b']"),
        (f"{at}3/", "custom_fields.isp_policy", "magic"),
        (f"{at}4/", "custom_fields.isp_gateway", "192.0.2.1"),
        (f"{at}5/", "description", "good"),
        (f"{netbox.url}/ipam/ip-ranges/1/", "start_address", "192.0.2.1/24 - 192.0.2.9/24"),
    ]
    assert str(done.errors[3]) == (
        f"{at}3/, custom_fields.isp_policy 'magic': It is not known. Write one of dynamic, static, block30, block29, "
        "block28, block27, block26, block25, block24, pd48, pd52, pd56, pd60, pd64."
    )
    assert done.errors[5].what == f"{at}1/ is about good already."
    assert [pool[0] for pool in pools(engine)] == ["good"]


def test_pools_by_role_and_by_another_name(netbox: FakeNetBox, api: NetBox, door: Door, administrator: Actor) -> None:
    prefix(netbox, "198.51.100.0/24", "For homes.", tags=[], role={"slug": "customers"}, custom={"pool": "homes"})
    prefix(netbox, "198.51.101.0/24", "other")
    settings = NetBoxSettings(pool_role="customers", name_field="pool")
    door = Door(door.engine, door.clock, door.settings.model_copy(update={"netbox": settings}))
    assert [row.key for row in run(door, administrator, api).rows] == ["homes"]


def test_all_prefixes_cannot_be_meant_and_not_everybody_may(
    netbox: FakeNetBox, api: NetBox, door: Door, engine: sa.Engine
) -> None:
    with pytest.raises(NetBoxPoolsUnnamed):
        read_pools(api, NetBoxSettings())
    seller = Actor(None, "sam", "Sam", Role.SALES, ROLES[Role.SALES], "web")
    with pytest.raises(Forbidden):
        run(door, seller, api)
    assert pools(engine) == []


def test_what_is_exported_cannot_come_back_as_pools() -> None:
    with pytest.raises(SettingWrong, match=r"ISP_NETBOX: .*must differ"):
        load_settings(netbox={"pool_tag": "isp-lifecycle"})


def test_the_schedule_exchanges_as_the_settings_say_and_tells_when_that_went_wrong(
    door: Door, netbox: FakeNetBox, engine: sa.Engine
) -> None:
    asked = NetBoxSettings(url=netbox.url, token="hush", pool_tag="pools", import_nightly=True, export_nightly=True)
    door = replace(door, settings=Settings(netbox=asked))
    doors = Doors(door, Window(engine=engine, clock=door.clock, settings=door.settings, olts=Olts(())), door.settings)
    prefix(netbox, "198.51.100.0/24", "static-north")
    nightly.exchange_with_netbox(doors, SYSTEM)
    assert [pool[0] for pool in pools(engine)] == ["static-north"]
    with read(engine) as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM notifications")).scalar_one() == 0
        told = tx.execute(
            sa.text("SELECT detail->>'text' FROM audit WHERE action = 'numbers.note_netbox'")
        ).scalar_one()
    exported = "0 created, 0 changed, 0 removed, 0 left alone, 0 not accepted"
    assert told == f"NetBox {netbox.url}: 1 pools taken, 0 rejected; {exported}."
    assert [f.what for f in machine.netbox(door.settings)] == [f"{netbox.url} answers; each night: import and export."]

    wrong = replace(doors, settings=Settings(netbox=asked.model_copy(update={"pool_tag": "gone"})))
    assert [(f.health, f.what) for f in machine.netbox(wrong.settings)] == [
        (Health.WARNING, f"{netbox.url} has no tag gone, so no prefix there is a pool.")
    ]
    shut = replace(doors, settings=Settings(netbox=asked.model_copy(update={"token": SecretStr("wrong")})))
    nightly.exchange_with_netbox(shut, SYSTEM)
    with read(engine) as tx:
        (text,) = tx.execute(sa.text("SELECT text FROM notifications WHERE role = 'network'")).scalars()
    assert text.startswith("NetBox: ")
    nightly.exchange_with_netbox(replace(doors, settings=Settings()), SYSTEM)  # nothing is connected: nothing is asked
