"""Settings that change while everything runs: what may, who may, what is refused, and that each process follows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden, ProofNeeded
from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.changeable import (
    CHANGEABLE,
    SettingFixed,
    SettingNotChangeable,
    section_of,
    set_by_operator,
    take,
    value_of,
)
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import Settings, SettingWrong, load_settings
from isp_lifecycle.intake import settings as intake
from isp_lifecycle.intake.door import Act, Door, enters
from isp_lifecycle.overrides import actions as overrides
from isp_lifecycle.overrides import store
from isp_lifecycle.trail import store as trail
from isp_lifecycle.views import settings as views
from isp_lifecycle.views.health.model import Health
from isp_lifecycle.views.health.parts import of_settings
from isp_lifecycle.views.window import Window
from tests.conftest import portal_engine_of

CHIEF = Actor(None, "chief", "Chief", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], "cli")
READER = Actor(None, "reader", "Reader", Role.AUDITOR, ROLES[Role.AUDITOR], "staff")
WHY = "The contract says so."


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ISP_CONFIG", str(tmp_path / "isp.toml"))


@pytest.fixture
def door(engine: sa.Engine, tmp_path: Path) -> Door:
    return Door(engine, SystemClock(), Settings(var=tmp_path))


@pytest.fixture
def window(door: Door) -> Window:
    return Window(door.engine, door.clock, door.settings, Olts([]))


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_every_line_of_the_table_is_a_plain_setting_that_allows_its_default_and_is_no_secret(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    for name, one in CHANGEABLE.items():
        assert one.key in section_of(one.section).model_fields, name
        assert one.kind in (str, int, float, bool), name
        assert one.meaning.endswith("."), name
        assert one.affects.endswith("."), name
        assert one.takes_effect.endswith("."), name
        before = getattr(settings, one.section)
        assert take(settings, {name: one.default}) == (), name
        assert getattr(settings, one.section) == before, name


def test_a_value_is_kept_told_shown_with_its_history_and_gone_with_the_default(door: Door, window: Window) -> None:
    name = "support.critical_hours"
    intake.change_setting(door, CHIEF, name=name, value=" 2.5 ", reason=WHY)
    intake.change_setting(door, CHIEF, name="ISP_SUPPORT__CRITICAL_HOURS", value="3", reason="Nights.")
    row = views.setting(window, READER, name=name)
    assert (row.value, row.fixed_by, row.changed) == ("3", "", True)
    assert row.override is not None
    assert (row.override.set_by, row.override.reason) == ("chief", "Nights.")
    said = [one for one in of_settings(views.settings(window, READER)) if one.health is Health.OK]
    assert [one.what for one in said] == ["Changed here: support.critical_hours is 3 (default 4)."]

    intake.reset_setting(door, CHIEF, name=name, reason="Days.")
    assert views.setting(window, READER, name=name).value == "4"
    history = [(c.before, c.after, c.changed_by, c.reason) for c in views.changes(window, READER, name=name)]
    assert history == [("3", None, "chief", "Days."), ("2.5", "3", "chief", "Nights."), (None, "2.5", "chief", WHY)]
    with read(door.engine) as tx:
        told = [kept.entry for kept in trail.unsealed(tx=tx, limit=9)]
    assert [(e.subject_kind, e.subject_id, e.reason) for e in told] == [
        ("setting", name, WHY),
        ("setting", name, "Nights."),
        ("setting", name, "Days."),
    ]
    assert [(c.before, c.after) for e in told for c in e.changes] == [
        ("the default 4", "2.5"),
        ("2.5", "3"),
        ("3", "the default 4"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("support.critical_hours", "0", "greater than 0"),
        ("support.critical_hours", "soon", "valid number"),
        ("support.critical_hours", "inf", "finite"),
        ("web.idle_minutes", "1.5", "valid integer"),
        ("engine.evidence_days", "7", "at least 30 days"),
        ("engine.retry_first_seconds", "400", "at most as long as the longest"),
        ("network.lowest_rx_dbm", "-5", "below the highest"),
        ("field.navigate", "https://maps.example/{place}", "nothing else in braces"),
        ("company.name", "  ", "at least 1 character"),
    ],
)
def test_a_bad_value_is_refused_with_setting_and_value_and_changes_nothing(
    door: Door, window: Window, name: str, value: str, says: str
) -> None:
    with pytest.raises(SettingWrong, match=says) as refused:
        intake.change_setting(door, CHIEF, name=name, value=value, reason=WHY)
    assert (refused.value.field, refused.value.value) == (name, value.strip())
    assert refused.value.remedy.startswith("Allowed: ")
    assert views.setting(window, READER, name=name).override is None


def test_a_value_that_fits_only_what_is_kept_besides_is_judged_together_with_it(door: Door, window: Window) -> None:
    intake.change_setting(door, CHIEF, name="network.highest_rx_dbm", value="-3", reason=WHY)
    intake.change_setting(door, CHIEF, name="network.lowest_rx_dbm", value="-5", reason=WHY)
    assert views.setting(window, READER, name="network.lowest_rx_dbm").value == "-5"
    with pytest.raises(SettingWrong, match=r"network.lowest_rx_dbm cannot be '-5'"):
        intake.reset_setting(door, CHIEF, name="network.highest_rx_dbm", reason=WHY)
    with write(door.engine) as tx:  # as an operator's own value may bring it about, or an upgrade
        store.remove(tx=tx, name="network.highest_rx_dbm")
    left = [one for one in of_settings(views.settings(window, READER)) if one.health is Health.WARNING]
    assert len(left) == 1, left
    assert "network.lowest_rx_dbm" in left[0].what
    assert take(door.settings, {"network.lowest_rx_dbm": "-5", "support.minor_hours": "9"}) == (
        "network.lowest_rx_dbm",
    )
    assert (door.settings.network.lowest_rx_dbm, door.settings.support.minor_hours) == (-27.0, 9.0)


def test_who_may_and_what_may_change(door: Door, window: Window) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR, Role.SYSTEM}:
        other = Actor(None, "other", "Other", role, ROLES[role], "staff")
        with pytest.raises(Forbidden):
            intake.change_setting(door, other, name="company.name", value="Mine", reason=WHY)
    for secret in ("portal_key", "web.host", "port", "smtp.password", "company.zone", "x" * 300):
        with pytest.raises(SettingNotChangeable):
            intake.change_setting(door, CHIEF, name=secret, value="1", reason=WHY)
    with pytest.raises(Refused, match="with a reason"):
        intake.change_setting(door, CHIEF, name="company.name", value="Mine", reason=" ")
    assert not any(row.override for row in views.settings(window, READER))


def test_what_keeps_strangers_out_asks_who_sits_there(door: Door) -> None:
    now = door.clock.now()
    page = replace(CHIEF, source="staff", proved_at=now - timedelta(hours=1))
    intake.change_setting(door, page, name="company.name", value="Northern Light", reason=WHY)
    with pytest.raises(ProofNeeded):
        intake.change_setting(door, page, name="web.idle_minutes", value="600", reason=WHY)
    with pytest.raises(ProofNeeded):
        intake.reset_setting(door, page, name="web.idle_minutes", reason=WHY)
    proved = replace(page, proved_at=now)
    intake.change_setting(door, proved, name="web.idle_minutes", value="60", reason=WHY)


def test_what_the_operator_gave_wins_and_says_where(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Door(engine, SystemClock(), load_settings(var=tmp_path))
    intake.change_setting(free, CHIEF, name="support.critical_hours", value="2", reason=WHY)
    intake.change_setting(free, CHIEF, name="company.name", value="Kept", reason=WHY)
    intake.change_setting(free, CHIEF, name="terminal.idle_minutes", value="7", reason=WHY)
    monkeypatch.setenv("ISP_SUPPORT__CRITICAL_HOURS", "6")
    (tmp_path / "isp.toml").write_text('[company]\nname = "By file"\n', encoding="utf-8")
    door = Door(engine, SystemClock(), load_settings(var=tmp_path))
    window = Window(engine, door.clock, door.settings, Olts([]))
    overrides.bring(door.settings, engine=engine)
    kept = door.settings
    assert (kept.support.critical_hours, kept.company.name, kept.terminal.idle_minutes) == (6.0, "By file", 7)
    with pytest.raises(SettingFixed, match=r"set by the operator in ISP_SUPPORT__CRITICAL_HOURS.*cannot be changed"):
        intake.change_setting(door, CHIEF, name="support.critical_hours", value="3", reason=WHY)
    assert set_by_operator(kept, "company.name") == str(tmp_path / "isp.toml")
    row = views.setting(window, READER, name="support.critical_hours")
    assert (row.value, row.fixed_by, row.changed) == ("6", "ISP_SUPPORT__CRITICAL_HOURS", False)
    idle = [one.what for one in of_settings(views.settings(window, READER)) if one.health is Health.WARNING]
    assert len(idle) == 2, idle
    intake.reset_setting(door, CHIEF, name="support.critical_hours", reason="It is idle.")
    overrides.bring(kept, engine=engine)
    assert kept.support.critical_hours == 6.0


def test_processes_follow_by_the_push_the_portal_too_and_a_lost_push_is_caught(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three processes' settings: the staff's, the portal's by its own database role, and one that hears nothing."""
    staff, portal, deaf = (load_settings(var=tmp_path) for _ in range(3))
    door = Door(engine, SystemClock(), load_settings(var=tmp_path))
    behind = portal_engine_of(engine.url)
    monkeypatch.setattr(overrides, "LOOKS_EVERY_SECONDS", 3600.0)
    ends = [overrides.follow(staff, engine=engine), overrides.follow(portal, engine=behind)]
    until(lambda: len(listeners(engine)) == 2)
    monkeypatch.setattr(overrides, "LOOKS_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(store, "TOPIC", "never told")
    ends.append(overrides.follow(deaf, engine=engine))
    intake.change_setting(door, CHIEF, name="company.name", value="Northern Light", reason=WHY)
    until(lambda: deaf.company.name == "Northern Light")
    monkeypatch.setattr(store, "TOPIC", "settings")
    intake.change_setting(door, CHIEF, name="company.name", value="Southern Light", reason=WHY)
    until(lambda: {one.company.name for one in (staff, portal, deaf)} == {"Southern Light"})
    assert door.settings.company.name == "Brightwater Fibre", "only who follows is brought along"

    before = set(listeners(engine))
    end_all(engine)  # a lost connection: what was told meanwhile is asked for
    intake.reset_setting(door, CHIEF, name="company.name", reason=WHY)
    until(lambda: {one.company.name for one in (staff, portal, deaf)} == {"Brightwater Fibre"})
    for end in ends:
        end.set()
    until(lambda: len(set(listeners(engine)) - before) >= 2)
    end_all(engine)
    behind.dispose()


def test_who_follows_goes_on_after_any_error_and_tells_it(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follower that ended would leave its process with old settings for good, and nobody would know."""
    kept = load_settings(var=tmp_path)
    asked: list[int] = []
    real = store.values

    def values(*, tx: Tx) -> dict[str, str]:
        if threading.current_thread().name != "settings":  # the door's own
            return dict(real(tx=tx))
        asked.append(len(asked))
        if len(asked) == 1:
            raise RuntimeError("not foreseen")
        if len(asked) == 2:
            tx.execute(sa.text("SELECT * FROM no_such_table"))
        return dict(real(tx=tx))

    monkeypatch.setattr(store, "values", values)
    end = overrides.follow(kept, engine=engine)
    door = Door(engine, SystemClock(), load_settings(var=tmp_path))
    intake.change_setting(door, CHIEF, name="company.name", value="Northern Light", reason=WHY)
    until(lambda: kept.company.name == "Northern Light")
    assert len(asked) >= 3
    end.set()
    end_all(engine)


def listeners(engine: sa.Engine) -> list[int]:
    """The connections that hear of changed settings."""
    query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'isp settings' AND datname = current_database()"
    with read(engine) as tx:
        return list(tx.execute(sa.text(query)).scalars())


def end_all(engine: sa.Engine) -> None:
    for pid in listeners(engine):
        with write(engine) as tx:
            tx.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def test_a_unit_of_work_sees_one_value_from_its_begin_to_its_end(door: Door) -> None:
    @enters("setting.write")
    def long_one(act: Act) -> tuple[float, float]:
        before = act.settings.support.critical_hours
        take(door.settings, {"support.critical_hours": "1"})
        return before, act.settings.support.critical_hours

    assert long_one(door, CHIEF) == (4.0, 4.0)
    assert door.settings.support.critical_hours == 1.0
    assert value_of(door.settings, "support.critical_hours") == "1"
    assert take(door.settings, {}) == ()
    assert door.settings.support.critical_hours == 4.0
