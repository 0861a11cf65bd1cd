"""What is said of sources: in the views, by the commands with settings from the environment, and by the doctor."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from isp_lifecycle.access.errors import NobodyThere, SourceUnknown
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import open_directories
from isp_lifecycle.cli.access import access as commands
from isp_lifecycle.cli.doctor.finding import Health
from isp_lifecycle.cli.doctor.work import sources as examined
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.settings import Settings, SettingWrong, load_settings
from isp_lifecycle.intake import accounts, sources
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views import access
from isp_lifecycle.views import sources as views
from isp_lifecycle.views.window import Window
from tests.directories.openldap import OpenLdap
from tests.directories.samba import Samba
from tests.directories.tree import LOCKS_AFTER, LOOKER_PASSWORD, PASSWORD, TABLE, Tree

MakeWindow = Callable[..., Window]


@pytest.fixture
def window_on(engine: sa.Engine, tmp_path: Path) -> MakeWindow:
    """A window with the directory ``office`` by these settings."""

    def made(tree: Tree, **other: Any) -> Window:
        clock = SystemClock()
        settings = Settings(var=tmp_path, directories={"office": tree.settings(**other)})
        directories = open_directories(settings, clock)
        return Window(engine, clock, settings, Olts([]), directories=directories)

    return made


def door_of(window: Window) -> Door:
    return Door(window.engine, window.clock, window.settings)


def tried(window: Window, username: str) -> views.TriedOut:
    return views.try_out(window, SYSTEM, source="office", username=username)


def test_it_is_foreseen_what_somebody_would_see(tree: Tree, window_on: MakeWindow) -> None:
    window = window_on(tree)
    name = tree.person(groups=("isp-field-north", "all-staff"))
    found = tried(window, f" {name} ")
    assert (found.let_in, found.role, found.line, found.role_from) == (True, "installer", "isp-field", "office")
    assert found.groups == ("all-staff", "isp-field", "isp-field-north")
    assert "visit.work" in found.permissions
    assert (found.account, found.known) == ("", False)
    outside = tried(window, tree.person(groups=("all-staff",)))
    assert (outside.let_in, outside.role, outside.line) == (False, "", "")
    for change, words in ((tree.disable, "is disabled in The office"), (tree.expire, "has expired")):
        gone = tree.person(groups=("isp-noc",))
        change(gone)
        barred = tried(window, gone)
        assert (barred.let_in, words in barred.bar) == (False, True)
    with pytest.raises(NobodyThere, match="The office has nobody who signs in as 'nobody'"):
        tried(window, "nobody")
    with pytest.raises(SourceUnknown) as caught:
        views.try_out(window, SYSTEM, source="elsewhere", username=name)
    assert caught.value.remedy == "Use one of: office."


def test_it_is_foreseen_whose_account_it_would_be(open_ldap: OpenLdap, window_on: MakeWindow) -> None:
    window, name = window_on(open_ldap), open_ldap.person(groups=("isp-noc",))
    made = {"name": "Own", "role": "sales", "email": f"{name}@isp.example", "password": "correct horse battery"}
    accounts.create_staff_account(door_of(window), SYSTEM, username="own", **made)
    assert (tried(window, name).account, tried(window, name).known) == ("own", False)
    person = window.directories["office"].authenticate(username=name, password=PASSWORD)
    sources.admit(door_of(window), SYSTEM, person=person)
    assert (tried(window, name).account, tried(window, name).known) == ("own", True)
    why = access.explain(window, SYSTEM, username="own", permission="line.repair").why
    assert why == "The role network holds line.repair. The role comes from office, by the groups there."
    accounts.close_account(door_of(window), SYSTEM, username="own", reason="Has left.")
    assert (tried(window, name).closed, tried(window, name).let_in) == (True, False)


def test_a_withdrawn_account_says_so(open_ldap: OpenLdap, window_on: MakeWindow) -> None:
    window, name = window_on(open_ldap), open_ldap.person(groups=("isp-noc",))
    person = window.directories["office"].authenticate(username=name, password=PASSWORD)
    sources.admit(door_of(window), SYSTEM, person=person)
    open_ldap.disable(name)
    assert sources.look_again(door_of(window), SYSTEM, sources=window.directories.values()) == 1
    assert "no role any more" in access.explain(window, SYSTEM, username=name, permission="line.repair").why
    (row,) = views.sources(window, SYSTEM)
    assert (row.people, row.let_in, row.looked_at) == (1, 0, None)


def test_the_doctor_says_what_is_wrong_with_a_directory(
    open_ldap: OpenLdap, window_on: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(**other: Any) -> list[tuple[Health, str]]:
        return [(one.health, one.what) for one in examined(window_on(open_ldap, **other))]

    good, dead = f"127.0.0.1:{open_ldap.ldaps}", f"127.0.0.1:{free_port()}"
    assert found() == [(Health.OK, "1 answers; 3 groups have roles.")]
    ((health, what),) = found(servers=(dead,))
    assert (health, what.startswith("No server lets us look anybody up: 127.0.0.1:")) == (Health.FAILED, True)
    assert found(servers=(dead, good))[0][0] is Health.WARNING
    assert found(groups={"isp-nocc": "network"}) == [
        (Health.WARNING, "As to the table of groups, it has no group isp-nocc.")
    ]
    assert found(groups={"isp-noc": "boss"})[0] == (
        Health.FAILED,
        "The settings name roles that there are not: boss (of isp-noc).",
    )
    window, name = window_on(open_ldap), open_ldap.person(groups=("isp-noc",))
    person = window.directories["office"].authenticate(username=name, password=PASSWORD)
    sources.admit(door_of(window), SYSTEM, person=person)
    later = window.clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(SystemClock, "now", lambda _clock: later)
    assert next(one.what for one in examined(window)).startswith("Nobody who is signed in by it was looked at")


def test_the_doctor_warns_where_strangers_could_lock_people_out(active_directory: Samba, window_on: MakeWindow) -> None:
    window = window_on(active_directory)
    first = next(examined(window))
    assert (first.health, first.what) == (
        Health.WARNING,
        f"It locks an account after {LOCKS_AFTER} wrong passwords, and the form here lets 8 through.",
    )
    web = window.settings.web.model_copy(update={"sign_in_attempts": LOCKS_AFTER - 1})
    careful = replace(window, settings=window.settings.model_copy(update={"web": web}))
    assert next(examined(careful)).health is Health.OK


@pytest.fixture
def from_environment(
    open_ldap: OpenLdap, engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Set what an administrator sets."""

    def put(**other: str) -> None:
        url = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        values = {"DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1", "ISP_VAR": str(tmp_path)}
        office = {
            "SERVERS": json.dumps([f"127.0.0.1:{open_ldap.ldaps}"]),
            "CA_FILE": str(open_ldap.ca),
            "BIND_DN": open_ldap.looker,
            "BIND_PASSWORD": LOOKER_PASSWORD,
            "BASE": "DC=isp,DC=test",
            "GROUPS": json.dumps(TABLE),
        }
        values |= {f"ISP_DIRECTORIES__OFFICE__{name}": value for name, value in (office | other).items()}
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def test_the_commands_say_the_same_by_settings_of_the_environment(
    open_ldap: OpenLdap, from_environment: Callable[..., None]
) -> None:
    from_environment()
    name, run = open_ldap.person(groups=("isp-noc",)), CliRunner().invoke
    asked = run(commands, ["source", "office"])
    assert (asked.exit_code, "isp-noc" in asked.output, "LDAP" in asked.output) == (0, True, True)
    told = run(commands, ["try-out", "office", name, "--json"])
    assert (told.exit_code, json.loads(told.output)["role"]) == (0, "network")
    outside = run(commands, ["try-out", "office", open_ldap.person()])
    assert (outside.exit_code, "no group of theirs has a role" in outside.output) == (1, True)
    assert LOOKER_PASSWORD not in asked.output + told.output
    assert list(load_settings().group_tables["office"]) == list(TABLE), "the order of the lines decides"


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("TLS", "none", "passwords are never sent to a directory unencrypted"),
        ("TLS", "plain", "passwords are never sent to a directory unencrypted"),
        ("SERVERS", '["ldap://dc1.isp.example"]', "is not a server's name or name:port"),
        ("SERVERS", '["dc1.isp.example:99999"]', "is not a server's name or name:port"),
        ("SERVERS", "[]", "at least 1 item"),
        ("CA_FILE", "/nowhere/ca.pem", "there is no file /nowhere/ca.pem"),
        ("USER_FILTER", "(a=b", "is a filter in parentheses"),
        ("USER_ATTRIBUTES", '["uid)(cn"]', "should match pattern"),
        ("ANSWER_SECONDS", "0", "greater than or equal to 1"),
        ("COLOUR", "blue", "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_setting_is_named(from_environment: Callable[..., None], setting: str, value: str, says: str) -> None:
    from_environment(**{setting: value})
    with pytest.raises(SettingWrong) as caught:
        load_settings()
    assert f"ISP_DIRECTORIES__OFFICE__{setting}" in caught.value.message
    assert says in caught.value.message


def test_an_empty_password_for_looking_up_is_refused(from_environment: Callable[..., None]) -> None:
    from_environment(BIND_PASSWORD="")
    with pytest.raises(SettingWrong, match="BIND_PASSWORD is empty"):
        load_settings()
