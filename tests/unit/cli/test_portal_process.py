"""What `isp up` tells the portal's process: its own way in and its own secret, and nothing that opens the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from typer.testing import CliRunner

from isp_lifecycle.bootstrap import SettingMissing
from isp_lifecycle.cli.db import db
from isp_lifecycle.cli.doctor.finding import Health
from isp_lifecycle.cli.doctor.machine import portal_role
from isp_lifecycle.cli.surroundings import NOT_FOR_THE_PORTAL, environment, portal_environment
from isp_lifecycle.cli.up.part import Part
from isp_lifecycle.cli.up.parts import all_parts
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.settings import Settings, describe
from isp_lifecycle.migrations import portal
from tests.conftest import PORTAL_KEY, portal_url


def test_the_portal_is_told_nothing_that_opens_the_staffs_side(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, environment="production")
    parts = {part.name: part for part in all_parts(settings)[0]}
    told, staff = dict(parts["portal"].env), dict(parts["staff"].env)
    assert told["ISP_PORTAL_DATABASE_URL"].startswith("postgresql://isp_portal:")
    assert not NOT_FOR_THE_PORTAL & told.keys()
    assert told["REDIS_URL"].startswith("redis://isp_portal:")
    assert parts["portal"].without == NOT_FOR_THE_PORTAL
    assert not {"ISP_PORTAL_DATABASE_URL", "ISP_PORTAL_KEY"} & staff.keys()
    secrets = {value for name, value in staff.items() if name in NOT_FOR_THE_PORTAL}
    assert not [name for name, value in told.items() if any(secret in value for secret in secrets)]
    assert told["ISP_PORTAL_KEY"] not in environment(settings)["ISP_SECRET_KEY"]


def test_every_secret_setting_is_either_the_portals_or_kept_from_it() -> None:
    """A new setting that is a secret must be put on one side or the other."""
    secret = {name for name, *_ in describe() if name.endswith(("_KEY", "_URL", "PASSWORD", "TOKEN", "SECRET"))}
    secret -= {"ISP_CRM__URL", "ISP_NETBOX__URL", "ISP_PROBE__URL"}
    secret |= {f"ISP_{n.upper()}" for n, f in Settings.model_fields.items() if "dict[" in str(f.annotation)}
    kept = Part(name="portal", argv=(), stage=0, without=NOT_FOR_THE_PORTAL).surroundings(dict.fromkeys(secret, ""))
    assert kept.keys() == {"ISP_PORTAL_DATABASE_URL", "ISP_PORTAL_REDIS_URL", "ISP_PORTAL_KEY"}
    below = {"ISP_CREDENTIALS__DEFAULT__PASSWORD": "x", "ISP_OIDC__GOOGLE__CLIENT_SECRET": "x", "PATH": "/bin"}
    part = Part(name="portal", argv=(), stage=0, without=NOT_FOR_THE_PORTAL, env={"ISP_PORT": "1"})
    assert part.surroundings(below) == {"PATH": "/bin", "ISP_PORT": "1"}


def test_without_its_own_way_into_your_own_database_nothing_is_started(tmp_path: Path) -> None:
    settings = Settings(
        var=tmp_path, environment="production", database_url=SecretStr("postgresql://isp:x@db.example/isp")
    )
    with pytest.raises(SettingMissing, match="own way into the database"):
        all_parts(settings)
    assert all_parts(settings, pages=False)
    assert "ISP_PORTAL_DATABASE_URL" not in portal_environment(settings)


def test_the_command_prints_what_to_run_and_the_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://isp:secret@db.example:5433/lifecycle")
    monkeypatch.setenv("REDIS_URL", "redis://:secret@redis.example:6380/3")
    monkeypatch.setenv("ISP_VAR", str(tmp_path))
    said = CliRunner().invoke(db, ["portal-role"]).stdout
    assert "CREATE ROLE isp_portal" in said
    assert "NOSUPERUSER" in said
    assert "@db.example:5433/lifecycle" in said
    assert "secret@" not in said
    assert "ACL SETUSER isp_portal reset on >" in said
    assert "@redis.example:6380/0" in said


def test_doctor_finds_rights_that_are_not_declared_and_a_key_that_is_not_believed(
    engine: sa.Engine, database: str, tmp_path: Path
) -> None:
    settings = Settings(
        var=tmp_path, portal_database_url=SecretStr(portal_url(database)), portal_key=SecretStr(PORTAL_KEY)
    )
    assert [f.health for f in portal_role(settings, engine)] == [Health.OK]
    other = settings.model_copy(update={"portal_key": SecretStr("o" * 64)})
    assert "another one" in next(iter(portal_role(other, engine))).what
    with write(engine) as tx:
        tx.execute(sa.text("GRANT SELECT ON users, olts TO isp_portal"))
    found = list(portal_role(settings, engine))
    assert [f.health for f in found] == [Health.FAILED]
    assert "olts" in found[0].what
    with write(engine) as tx:
        portal.bring_up(tx=tx)
    assert [f.health for f in portal_role(settings, engine)] == [Health.OK]
