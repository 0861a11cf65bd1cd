"""How the parts stand by what stands in the database, told alike to the page and to the doctor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.doctor import work
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import accounts
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views.health import parts as views
from isp_lifecycle.views.health.model import Health
from isp_lifecycle.views.window import Window

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


def test_each_part_is_told_as_it_stands_and_with_what_to_do(engine: sa.Engine) -> None:
    clock = PushableClock(NOW)
    window = Window(engine=engine, clock=clock, settings=Settings(), olts=None)  # type: ignore[arg-type]  # not asked

    def look() -> dict[str, tuple[Health, str]]:
        groups = views.health(window, SYSTEM)
        for group in groups:
            assert all(one.remedy or one.health is Health.OK for one in group.findings)
        return {one.name: (one.health, one.what) for group in groups for one in group.findings}

    found = look()
    assert found["relay"] == (Health.FAILED, "No relay lives; one was never seen.")
    assert found["database"][0] is found["connections"][0] is found["mail"][0] is found["sealing"][0] is Health.OK
    assert [(f.name, f.health) for f in work.engine(window)] == [
        (name, found[name][0]) for name in ("relay", "worker", "queue")
    ]

    with write(engine) as tx:
        for name, kind in (("r1", "relay"), ("w1", "worker")):
            relay.beat(tx=tx, name=name, kind=kind, now=NOW)
        tx.execute(
            sa.text(
                'INSERT INTO emails (id, key, "to", subject, body_text, body_html, message_id, created_at)'
                " VALUES (gen_random_uuid(), 'k', 'a@b.example', '', '', '', 'm', :at)"
            ),
            {"at": NOW},
        )
        tx.execute(
            sa.text(
                "INSERT INTO olts (id, name, vendor, model, area, host, port, credentials, uplink, added_at)"
                " VALUES (gen_random_uuid(), 'OLT-1', 'huawei', 'X', 'N', '127.0.0.1', 22, 'c', '0/0', :at)"
            ),
            {"at": NOW},
        )
    door = Door(engine=engine, clock=clock, settings=Settings())
    accounts.create_staff_account(
        door, SYSTEM, username="ann", name="Ann", role="sales", email="ann@isp.example", password="a long password"
    )
    found = look()
    assert {found[name][0] for name in ("relay", "worker", "mail", "comparison", "sealing")} == {Health.OK}

    clock.push(timedelta(hours=27))
    found = look()
    assert found["mail"] == (Health.WARNING, "1 e-mails wait; the oldest for 1620 minutes.")
    assert found["comparison"][0] is Health.WARNING
    assert "OLT-1" in found["comparison"][1]
    assert found["sealing"][0] is Health.FAILED
    assert found["relay"] == (Health.FAILED, f"No relay lives; one was last seen {27 * 3600} s ago.")
    assert {g.title: g.health for g in views.health(window, SYSTEM)}["Engine"] is Health.FAILED
