"""Settings that may change while everything runs: changing one, and going back to its default."""

from __future__ import annotations

from datetime import timedelta

from isp_lifecycle.access.model import require_proof
from isp_lifecycle.foundation.changeable import Changeable, changeable
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.overrides import actions as overrides
from isp_lifecycle.overrides.model import SettingChange

SHORTEST_REASON = 3


@enters("setting.write")
def change_setting(act: Act, *, name: str, value: str, reason: str) -> SettingChange:
    """Have a setting hold this value; every process follows within seconds.

    Raises SettingNotChangeable, SettingFixed (the operator gave it), SettingWrong (with setting, value and what is
    allowed), Refused without a reason, and ProofNeeded for one that keeps strangers out.
    """
    one = _named(act, name, reason)
    done = overrides.change(
        tx=act.tx, settings=act.settings, name=one.name, value=value, at=act.at, by=act.actor.username, reason=reason
    )
    act.changed(one.name, _said(done.before, one), _said(done.after, one))
    return done


@enters("setting.write")
def reset_setting(act: Act, *, name: str, reason: str) -> SettingChange:
    """Have a setting's default hold again.

    Raises SettingNotChangeable, SettingWrong (another one fits only what this is now), Refused without a reason, and
    ProofNeeded.
    """
    one = _named(act, name, reason)
    done = overrides.reset(
        tx=act.tx, settings=act.settings, name=one.name, at=act.at, by=act.actor.username, reason=reason
    )
    act.changed(one.name, _said(done.before, one), _said(None, one))
    return done


def _named(act: Act, name: str, reason: str) -> Changeable:
    one = changeable(name)
    act.about("setting", one.name)
    if one.guarded:
        require_proof(act.actor, at=act.at, within=timedelta(minutes=act.settings.web.proof_minutes))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(say("A setting is changed with a reason."), field="reason", remedy=say("Say why in a few words."))
    return one


def _said(value: str | None, one: Changeable) -> str:
    return f"the default {one.default}" if value is None else value
