"""Which settings an administrator may change while everything runs: each with its unit, whom it affects, from when.

Type, range, default and meaning stand with the setting itself (``foundation/sections.py``). What is not in this table
is the operator's alone: secrets, addresses of servers, ports, and whatever parts of one installation must agree on.
A setting that the operator gave, by a variable or in the file, is as they gave it: nothing here overrides it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from isp_lifecycle.foundation.sections import Section
from isp_lifecycle.foundation.settings import Settings, SettingWrong, config_file

_AT_ONCE = "At once, in every process within seconds."
_TICKETS = "Tickets that are opened, or given this severity, from then on; those that are open keep their time."
_SIGNED_IN = "Whoever signs in to the staff suite or the portal; open sessions are judged by it at their next request."
_LINES = "Lines that are activated or changed; a step that is being taken keeps what it began with."
_TERMINALS = "Terminals, those that are open as well."
_PHONES = "Engineers' phones, from the next time they fetch their day."


@dataclass(frozen=True)
class Changeable:
    """A setting that may change while everything runs. ``name`` is its section and its name there."""

    name: str
    unit: str
    affects: str
    takes_effect: str = _AT_ONCE
    #: Whether it keeps strangers out, so that whoever changes it proves anew who they are.
    guarded: bool = False

    @property
    def section(self) -> str:
        """The section it stands in."""
        return self.name.partition(".")[0]

    @property
    def key(self) -> str:
        """Its name within the section."""
        return self.name.partition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable by which the operator gives it."""
        return f"ISP_{self.section}__{self.key}".upper()

    @cached_property
    def field(self) -> FieldInfo:
        """Where type, range, default and meaning stand."""
        return section_of(self.section).model_fields[self.key]

    @property
    def meaning(self) -> str:
        """What it means."""
        return self.field.description or ""

    @property
    def kind(self) -> type:
        """The type of its values: str, int, float or bool."""
        assert isinstance(self.field.annotation, type)
        return self.field.annotation

    @property
    def default(self) -> str:
        """Its default, as text."""
        return written(self.field.default)

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        words = {bool: "yes or no", int: "whole number", float: "number", str: "text"}[self.kind]
        bounds = [said for one in self.field.metadata if (said := _bound(one))]
        return f"{words}, {' and '.join(bounds)}" if bounds else words


#: How a rule of a setting's field is said; rules are told apart by what they carry.
_BOUNDS = (
    ("ge", "at least {}"),
    ("gt", "more than {}"),
    ("le", "at most {}"),
    ("min_length", "at least {} characters"),
    ("max_length", "at most {} characters"),
)


def _bound(rule: object) -> str:
    if getattr(rule, "min_length", None) == 1:
        return "not empty"
    said = (words.format(getattr(rule, name)) for name, words in _BOUNDS if getattr(rule, name, None) is not None)
    return next(said, "")


#: The table. What is in it is read from the settings at each use, never kept.
CHANGEABLE: Mapping[str, Changeable] = {
    one.name: one
    for one in (
        Changeable(
            "company.name", "", "Staff, customers and engineers, on pages opened and letters sent from then on."
        ),
        Changeable("company.support_phone", "", "Customers, on pages opened and letters sent from then on."),
        Changeable("support.critical_hours", "hours", _TICKETS),
        Changeable("support.major_hours", "hours", _TICKETS),
        Changeable("support.minor_hours", "hours", _TICKETS),
        Changeable("engine.retry_attempts", "attempts", "Every workflow, from its next failure on."),
        Changeable("engine.retry_first_seconds", "seconds", "Every workflow, from its next failure on."),
        Changeable("engine.retry_longest_seconds", "seconds", "Every workflow, from its next failure on."),
        Changeable(
            "engine.evidence_days",
            "days",
            "What was said to devices: older evidence is dropped, and cannot be brought back.",
            "The next night, at 03:40.",
            guarded=True,
        ),
        Changeable("network.online_within_seconds", "seconds", _LINES, "With the next step that waits for an ONT."),
        Changeable(
            "network.reset_within_seconds", "seconds", "ONTs that are told to start anew.", "With the next one."
        ),
        Changeable("network.lowest_rx_dbm", "dBm", _LINES, "With the next level that is measured."),
        Changeable("network.highest_rx_dbm", "dBm", _LINES, "With the next level that is measured."),
        Changeable("network.margin_db", "dB", _LINES, "With the next level that is measured."),
        Changeable(
            "network.longest_hold_days", "days", "Numbers that are held from then on; held ones keep their end."
        ),
        Changeable(
            "network.refused_login_seconds", "seconds", "OLTs that refused an account.", "With the next refusal."
        ),
        Changeable("network.read_timeout_seconds", "seconds", "OLTs.", "With the next session with an OLT."),
        Changeable("netbox.import_nightly", "", "Pools.", "The next night."),
        Changeable("netbox.export_nightly", "", "What stands in NetBox.", "The next night."),
        Changeable("web.idle_minutes", "minutes", _SIGNED_IN, guarded=True),
        Changeable("web.absolute_hours", "hours", _SIGNED_IN, guarded=True),
        Changeable("web.proof_minutes", "minutes", "Staff who do what is dangerous.", guarded=True),
        Changeable("web.sign_in_attempts", "attempts", "Whoever signs in.", guarded=True),
        Changeable("web.applications_per_address", "applications", "Visitors of the public form.", guarded=True),
        Changeable("web.applications_in_all", "applications", "Visitors of the public form.", guarded=True),
        Changeable("links.invitation_days", "days", "Invitations that are sent from then on.", guarded=True),
        Changeable("links.reset_minutes", "minutes", "Links that are sent from then on.", guarded=True),
        Changeable("links.asked_per_account", "links", "Whoever forgot a password.", guarded=True),
        Changeable("api.requests_per_minute", "requests", "Machines, by each of their tokens.", guarded=True),
        Changeable("api.wrong_tokens", "tokens", "Whoever shows wrong tokens.", guarded=True),
        Changeable("terminal.idle_minutes", "minutes", _TERMINALS, guarded=True),
        Changeable("terminal.absolute_minutes", "minutes", _TERMINALS, guarded=True),
        Changeable("terminal.at_most_per_olt", "terminals", "Terminals that are opened from then on."),
        Changeable("terminal.record_kilobytes", "kilobytes", _TERMINALS),
        Changeable(
            "terminal.keep_days",
            "days",
            "Records of terminals: older ones are dropped, and cannot be brought back.",
            "The next night, at 03:40.",
            guarded=True,
        ),
        Changeable("field.photos_per_visit", "photos", "Visits, for photos taken from then on."),
        Changeable("field.photo_bytes", "bytes", _PHONES),
        Changeable("field.photo_pixels", "pixels", _PHONES),
        Changeable("field.navigate", "", _PHONES),
        Changeable("field.entries_per_hour", "entries", "Engineers' phones.", guarded=True),
        Changeable("field.follow_up_hours", "hours", "Visits that cannot be done from then on."),
    )
}


class SettingFixed(SettingWrong):
    """The operator gave this setting, so that it cannot be changed here."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"{name} is set by the operator in {where}, and cannot be changed here.",
            field=name,
            remedy=f"Take it out of {where} and start the parts again; then it can be changed here.",
        )


class SettingNotChangeable(SettingWrong):
    """There is no such setting among those that may change while everything runs."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:80]} is no setting that may change while everything runs.",
            field="name",
            value=name[:80],
            remedy="`isp settings list` and the page Settings show those that may.",
        )


def changeable(name: str) -> Changeable:
    """The setting of this name, or of this variable; raises SettingNotChangeable."""
    plain = name.strip().lower().removeprefix("isp_").replace("__", ".")
    if plain not in CHANGEABLE:
        raise SettingNotChangeable(name)
    return CHANGEABLE[plain]


def section_of(name: str) -> type[Section]:
    """The class of a section of the settings."""
    kind = Settings.model_fields[name].annotation
    assert isinstance(kind, type) and issubclass(kind, Section)  # noqa: PT018 - as above
    return kind


def checked(settings: Settings, values: Mapping[str, str]) -> dict[str, Section]:
    """The sections as they are with these values, by name; what the operator gave stays.

    Raises SettingWrong, which names the setting, its value and what is allowed.
    """
    given: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        one = changeable(name)
        if not set_by_operator(settings, one.name):
            given.setdefault(one.section, {})[one.key] = value
    return {section: _section(settings, section, changed) for section, changed in given.items()}


def _section(settings: Settings, name: str, changed: Mapping[str, str]) -> Section:
    before: Section = settings.given(name)
    kept = {key: getattr(before, key) for key in type(before).model_fields}
    try:
        return type(before).model_validate(kept | dict(changed))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0]) if first["loc"] else next(iter(changed))
        one = CHANGEABLE[f"{name}.{key}"]
        said = str(first["msg"]).removeprefix("Value error, ")
        raise SettingWrong(
            f"{one.name} cannot be {changed.get(key, kept[key])!r}: {said}.",
            field=one.name,
            value=changed.get(key, ""),
            remedy=f"Allowed: {one.allowed}{f' ({one.unit})' if one.unit else ''}.",
        ) from None


def take(settings: Settings, values: Mapping[str, str]) -> tuple[str, ...]:
    """Have a process' settings be as given by the operator, with these values besides; returns the names left out.

    A value that is not allowed any more is left out, so that a bad one never keeps the others from holding.
    """
    wanted, left = dict(values), []
    while True:
        try:
            settings.bring(checked(settings, wanted))
        except SettingWrong as error:
            name = error.field if error.field in wanted else str(error.value)
            left.append(name)
            if wanted.pop(name, None) is None:
                wanted.clear()
        else:
            return tuple(left)


def set_by_operator(settings: Settings, name: str) -> str:
    """Where the operator gave this setting: a variable's name, or the file's; empty where they did not."""
    one = CHANGEABLE[name]
    section: Section = settings.given(one.section)
    if one.key not in section.model_fields_set:
        return ""
    names = {variable.upper(): variable for variable in os.environ}
    for variable in (one.variable, f"ISP_{one.section}".upper()):
        if variable in names:
            return names[variable]
    return _in_file(one) or "the program that started this process"


def _in_file(one: Changeable) -> str:
    path = Path(config_file())
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return ""
    return str(path) if one.key in found.get(one.section, {}) else ""


def written(value: Any) -> str:
    """A value as it is kept and shown: ``yes`` and ``no``, numbers without needless zeros."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def value_of(settings: Settings, name: str) -> str:
    """A setting's value as it holds in this process, as text."""
    one = CHANGEABLE[name]
    return written(getattr(getattr(settings, one.section), one.key))
