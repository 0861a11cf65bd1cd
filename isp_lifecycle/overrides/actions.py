"""Keep values of settings, and have a process' settings be as they are kept."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from isp_lifecycle.foundation.changeable import (
    SettingFixed,
    changeable,
    checked,
    set_by_operator,
    take,
    written,
)
from isp_lifecycle.foundation.changes import hears
from isp_lifecycle.foundation.db import DatabaseUnreachable, Tx, read
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.overrides import store
from isp_lifecycle.overrides.model import Override, SettingChange

#: What is told could be lost with a connection: so often it is looked at besides.
LOOKS_EVERY_SECONDS = 10.0
#: After a lost connection it is tried again so soon.
AGAIN_SECONDS = 1.0
_log = log(__name__)


def change(*, tx: Tx, settings: Settings, name: str, value: str, at: datetime, by: str, reason: str) -> SettingChange:
    """Have a setting hold this value from now on.

    Raises SettingNotChangeable, SettingFixed where the operator gave it, and SettingWrong with the setting, its value
    and what is allowed, also where it does not fit another one as it is.
    """
    one = changeable(name)
    if where := set_by_operator(settings, one.name):
        raise SettingFixed(one.name, where)
    store.lock_all(tx=tx)
    kept = store.values(tx=tx)
    holding = settings.still()
    for bad in take(holding, kept):
        kept.pop(bad, None)
    sections = checked(holding, kept | {one.name: value.strip()})
    after = written(getattr(sections[one.section], one.key))
    done = SettingChange(one.name, kept.get(one.name), after, at, by, reason)
    store.put(tx=tx, override=Override(one.name, after, at, by, reason))
    store.insert_change(tx=tx, change=done)
    return done


def reset(*, tx: Tx, settings: Settings, name: str, at: datetime, by: str, reason: str) -> SettingChange:
    """Have a setting's default hold again. One that has its default stays as it is.

    Raises SettingNotChangeable, and SettingWrong where another one that was given fits only what this one is now.
    """
    one = changeable(name)
    store.lock_all(tx=tx)
    kept = store.values(tx=tx)
    left_before = take(settings.still(), kept)
    before = kept.pop(one.name, None)
    if left := set(take(settings.still(), kept)) - set(left_before):
        checked(settings, {n: v for n, v in kept.items() if n in left})  # raises, in its words
    done = SettingChange(one.name, before, None, at, by, reason)
    if before is not None:
        store.remove(tx=tx, name=one.name)
        store.insert_change(tx=tx, change=done)
    return done


def overrides(*, tx: Tx) -> dict[str, Override]:
    """Every value that was given, by the setting's name."""
    return {one.name: one for one in store.select_overrides(tx=tx)}


def changes(*, tx: Tx, name: str, many: int) -> Sequence[SettingChange]:
    """The newest changes, of one setting or of all, the newest first."""
    return store.select_changes(tx=tx, name=name, many=many)


def bring(settings: Settings, *, engine: sa.Engine) -> None:
    """Have these settings be as they are kept now. Where no database answers they stay as they are."""
    try:
        _bring(settings, engine)
    except (DatabaseUnreachable, sa.exc.DBAPIError) as error:
        _log.debug("settings_not_asked", reason=str(error).partition("\n")[0])


def _bring(settings: Settings, engine: sa.Engine) -> None:
    with read(engine) as tx:
        kept = store.values(tx=tx)
    for name in take(settings, kept):
        _log.warning("setting_left_out", name=name, value=kept.get(name, ""))


def follow(settings: Settings, *, engine: sa.Engine) -> threading.Event:
    """Have these settings follow what is kept, in a thread of its own, until the event that it returns is set."""
    ended = threading.Event()
    threading.Thread(target=_follow, args=(settings, engine, ended), name="settings", daemon=True).start()
    return ended


def _follow(settings: Settings, engine: sa.Engine, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            for word in hears(engine, every=LOOKS_EVERY_SECONDS):
                if ended.is_set():
                    return
                if word in ("", store.TOPIC):
                    _bring(settings, engine)
        except DatabaseUnreachable as error:
            _log.warning("settings_hear_nothing", reason=error.message)
        except Exception as error:  # noqa: BLE001 - the thread's edge: its end would leave old settings here for good
            _log.error("settings_not_followed", exc_info=error)
        ended.wait(AGAIN_SECONDS)
