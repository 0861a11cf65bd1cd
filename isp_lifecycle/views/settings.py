"""Settings that may change while everything runs: as they are, who changed them, and what the operator holds fast."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from isp_lifecycle.foundation.changeable import (
    CHANGEABLE,
    Changeable,
    changeable,
    checked,
    set_by_operator,
    take,
    value_of,
)
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.overrides import actions as overrides
from isp_lifecycle.overrides.model import Override, SettingChange
from isp_lifecycle.views.window import Look, shows

#: So many changes are shown.
CHANGES_SHOWN = 50


@dataclass(frozen=True)
class SettingRow:
    """A setting as it is kept. ``value`` is what holds, ``fixed_by`` where the operator gave it; as text both."""

    about: Changeable
    value: str
    fixed_by: str
    override: Override | None
    #: Why a value that is kept does not hold: it is not allowed any more; empty where it does.
    left_out: str = ""

    @property
    def meaning(self) -> str:
        """What the setting means, in the language of whoever looks."""
        return again(self.about.meaning)

    @property
    def changed(self) -> bool:
        """Whether something else than the default holds because of what an administrator said."""
        return self.override is not None and not self.fixed_by and not self.left_out


@shows("setting.read")
def settings(look: Look) -> tuple[SettingRow, ...]:
    """Every setting that may change while everything runs, by section."""
    return rows_of(look)


def rows_of(look: Look) -> tuple[SettingRow, ...]:
    """Every one, for a look that has been let in."""
    kept = overrides.overrides(tx=look.tx)
    holding = look.settings.still()
    left = take(holding, {name: one.value for name, one in kept.items()})
    return tuple(_row(holding, one, kept.get(one.name), left) for one in CHANGEABLE.values())


@shows("setting.read")
def setting(look: Look, *, name: str) -> SettingRow:
    """One of them; raises SettingNotChangeable."""
    one = changeable(name)
    return next(row for row in rows_of(look) if row.about is one)


@shows("setting.read")
def changes(look: Look, *, name: str = "") -> Sequence[SettingChange]:
    """Who changed what, or one setting, the newest first."""
    return overrides.changes(tx=look.tx, name=name, many=CHANGES_SHOWN)


def _row(holding: Settings, one: Changeable, override: Override | None, left: Collection[str]) -> SettingRow:
    """As it is in the database: what this process has taken of it already is the same, but perhaps seconds older."""
    fixed_by, why = set_by_operator(holding, one.name), ""
    if override is not None and one.name in left:
        try:
            checked(holding, {one.name: override.value})
        except Refused as error:
            why = error.message
    return SettingRow(one, value_of(holding, one.name), fixed_by, override, why)
