"""Who had an address or a shared address's port: by arithmetic and history, while a line is in use and after."""

from __future__ import annotations

import json
from datetime import timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from typer.testing import CliRunner

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.cli.__main__ import app
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake import portal
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import Nat
from isp_lifecycle.views import numbers, services
from isp_lifecycle.views.window import Window
from tests.flows.line.acts import ADMIN, day, in_use
from tests.flows.line.conftest import Plant, actor


def test_port_of_a_shared_address_leads_to_the_customer_for_any_instant(plant: Plant, tmp_path: Path) -> None:
    window = Window(plant.engine, plant.parts.clock, plant.settings, plant.parts.olts)
    nat = Nat(name="n", inside=IPv4Network("100.64.0.0/22"), outside=IPv4Network("192.0.2.0/28"), ports=1000)
    with write(plant.engine) as tx:
        ipam.put_nat(tx=tx, nat=nat, at=plant.parts.clock.now())
    service, _serial = in_use(plant)
    seen = services.service(window, ADMIN, service_code=service).seen_as
    assert seen == "192.0.2.0, ports 3024-4023"  # of 100.64.0.2: the first two are the network's and the gateway's
    found = numbers.whose(window, ADMIN, address="192.0.2.0", port=4000)
    assert (found.service_code, found.customer, found.inside) == (service, "Ada Byrne", "100.64.0.2")
    assert numbers.whose(window, ADMIN, address="100.64.0.2").service_code == service
    assert numbers.whose(window, ADMIN, address="192.0.2.0", port=4024).service_code is None
    assert numbers.whose(window, ADMIN, address="192.0.2.0").words.startswith("Many customers share 192.0.2.0")
    with pytest.raises(Forbidden):
        numbers.whose(window, actor(Role.INSTALLER), address="192.0.2.0", port=4000)
    then = plant.parts.clock.now()
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    plant.work()
    assert numbers.whose(window, ADMIN, address="192.0.2.0", port=4000).service_code is None
    assert numbers.whose(window, ADMIN, address="192.0.2.0", port=4000, at=then).service_code == service
    asked = ["ipam", "whose", "192.0.2.0", "4000", "--json", "--at", f"{then + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}"]
    database = plant.engine.url.render_as_string(hide_password=False)
    env = {"DATABASE_URL": database, "REDIS_URL": "redis://127.0.0.1:1", "ISP_VAR": str(tmp_path)}
    told = json.loads(CliRunner().invoke(app, asked, env=env).stdout)
    assert (told["inside"], told["outside"]) == ("100.64.0.2", "192.0.2.0 ports 3024-4023")
