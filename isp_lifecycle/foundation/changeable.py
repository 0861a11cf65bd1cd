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
from isp_lifecycle.foundation.texts import Text, one_after_other, say, say_as

_AT_ONCE = say("At once, in every process within seconds.")
_TICKETS = say("Tickets that are opened, or given this severity, from then on; those that are open keep their time.")
_SIGNED_IN = say(
    "Whoever signs in to the staff suite or the portal; open sessions are judged by it at their next request."
)
_LINES = say("Lines that are activated or changed; a step that is being taken keeps what it began with.")
_TERMINALS = say("Terminals, those that are open as well.")
_PHONES = say("Engineers' phones, from the next time they fetch their day.")


@dataclass(frozen=True)
class Changeable:
    """A setting that may change while everything runs: its section and its name there, and what people call it."""

    name: str
    title: str
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
        bounds = [words for one in self.field.metadata if (words := _bound(one))]
        return one_after_other(_KINDS[self.kind], *bounds, between=", ")


_KINDS: Mapping[type, str] = {
    bool: say("yes or no"),
    int: say("a whole number"),
    float: say("a number"),
    str: say_as("kind of value", "text"),
}


#: What pydantic says of wrong values, by its name of the kind of error.
_WRONG: Mapping[str, Text] = {
    "greater_than_equal": say("Input should be greater than or equal to {number:g}"),
    "greater_than": say("Input should be greater than {number:g}"),
    "less_than_equal": say("Input should be less than or equal to {number:g}"),
    "string_too_short": say("String should have at least 1 character"),
    "int_parsing": say("Input should be a valid integer, unable to parse string as an integer"),
    "float_parsing": say("Input should be a valid number, unable to parse string as a number"),
    "bool_parsing": say("Input should be a valid boolean, unable to interpret input"),
}


def _bound(rule: Any) -> str:
    """A rule of a setting's field in words; rules are told apart by what they carry."""
    for name, word in (("ge", _at_least), ("gt", _more_than), ("le", _at_most)):
        if (number := getattr(rule, name, None)) is not None:
            return word(number)
    if (least := getattr(rule, "min_length", None)) is not None:
        return say("not empty") if least == 1 else say("at least {number} characters", number=least)
    if (most := getattr(rule, "max_length", None)) is not None:
        return say("at most {number} characters", number=most)
    return ""


def _at_least(number: float) -> str:
    return say("at least {number}", number=number)


def _more_than(number: float) -> str:
    return say("more than {number}", number=number)


def _at_most(number: float) -> str:
    return say("at most {number}", number=number)


#: The table. What is in it is read from the settings at each use, never kept.
CHANGEABLE: Mapping[str, Changeable] = {
    one.name: one
    for one in (
        Changeable(
            "company.name",
            say("Name of the company"),
            "",
            say("Staff, customers and engineers, on pages opened and letters sent from then on."),
        ),
        Changeable(
            "company.support_phone",
            say("Support's telephone number"),
            "",
            say("Customers, on pages opened and letters sent from then on."),
        ),
        Changeable(
            "support.critical_hours",
            say("Critical tickets are due within"),
            say_as("unit", "hours"),
            _TICKETS,
        ),
        Changeable(
            "support.major_hours",
            say("Major tickets are due within"),
            say_as("unit", "hours"),
            _TICKETS,
        ),
        Changeable(
            "support.minor_hours",
            say("Minor tickets are due within"),
            say_as("unit", "hours"),
            _TICKETS,
        ),
        Changeable(
            "engine.retry_attempts",
            say("Attempts before a person is asked"),
            say_as("unit", "attempts"),
            say("Every workflow, from its next failure on."),
        ),
        Changeable(
            "engine.retry_first_seconds",
            say("First pause before a repeat"),
            say_as("unit", "seconds"),
            say("Every workflow, from its next failure on."),
        ),
        Changeable(
            "engine.retry_longest_seconds",
            say("Longest pause before a repeat"),
            say_as("unit", "seconds"),
            say("Every workflow, from its next failure on."),
        ),
        Changeable(
            "engine.evidence_days",
            say("What was said to devices is kept for"),
            say_as("unit", "days"),
            say("What was said to devices: older evidence is dropped, and cannot be brought back."),
            say("The next night, at 03:40."),
            guarded=True,
        ),
        Changeable(
            "network.online_within_seconds",
            say("An ONT comes online within"),
            say_as("unit", "seconds"),
            _LINES,
            say("With the next step that waits for an ONT."),
        ),
        Changeable(
            "network.reset_within_seconds",
            say("An ONT is back from a reset within"),
            say_as("unit", "seconds"),
            say("ONTs that are told to start anew."),
            say("With the next one."),
        ),
        Changeable(
            "network.lowest_rx_dbm",
            say("Weakest light that is good"),
            "dBm",
            _LINES,
            say("With the next level that is measured."),
        ),
        Changeable(
            "network.highest_rx_dbm",
            say("Strongest light that is good"),
            "dBm",
            _LINES,
            say("With the next level that is measured."),
        ),
        Changeable(
            "network.margin_db",
            say("Light may be below what is expected by"),
            "dB",
            _LINES,
            say("With the next level that is measured."),
        ),
        Changeable(
            "network.longest_hold_days",
            say("Numbers are held for at most"),
            say_as("unit", "days"),
            say("Numbers that are held from then on; held ones keep their end."),
        ),
        Changeable(
            "network.refused_login_seconds",
            say("Pause after an OLT refused an account"),
            say_as("unit", "seconds"),
            say("OLTs that refused an account."),
            say("With the next refusal."),
        ),
        Changeable(
            "network.read_timeout_seconds",
            say("An OLT answers within"),
            say_as("unit", "seconds"),
            say("OLTs."),
            say("With the next session with an OLT."),
        ),
        Changeable(
            "netbox.import_nightly",
            say("Pools are taken from NetBox each night"),
            "",
            say("Pools."),
            say("The next night."),
        ),
        Changeable(
            "netbox.export_nightly",
            say("What is in use is written to NetBox each night"),
            "",
            say("What stands in NetBox."),
            say("The next night."),
        ),
        Changeable(
            "web.idle_minutes",
            say("A session ends when idle for"),
            say_as("unit", "minutes"),
            _SIGNED_IN,
            guarded=True,
        ),
        Changeable(
            "web.absolute_hours",
            say("A session ends at the latest after"),
            say_as("unit", "hours"),
            _SIGNED_IN,
            guarded=True,
        ),
        Changeable(
            "web.proof_minutes",
            say("A password counts as just given for"),
            say_as("unit", "minutes"),
            say("Staff who do what is dangerous."),
            guarded=True,
        ),
        Changeable(
            "web.sign_in_attempts",
            say("Wrong passwords before a pause"),
            say_as("unit", "attempts"),
            say("Whoever signs in."),
            guarded=True,
        ),
        Changeable(
            "web.applications_per_address",
            say("Applications from one address"),
            say_as("unit", "applications"),
            say("Visitors of the public form."),
            guarded=True,
        ),
        Changeable(
            "web.applications_in_all",
            say("Applications from everywhere"),
            say_as("unit", "applications"),
            say("Visitors of the public form."),
            guarded=True,
        ),
        Changeable(
            "links.invitation_days",
            say("Invitations hold for"),
            say_as("unit", "days"),
            say("Invitations that are sent from then on."),
            guarded=True,
        ),
        Changeable(
            "links.reset_minutes",
            say("Links for a new password hold for"),
            say_as("unit", "minutes"),
            say("Links that are sent from then on."),
            guarded=True,
        ),
        Changeable(
            "links.asked_per_account",
            say("Links that one account may ask for"),
            say_as("unit", "links"),
            say("Whoever forgot a password."),
            guarded=True,
        ),
        Changeable(
            "api.requests_per_minute",
            say("Requests by one token"),
            say_as("unit", "requests"),
            say("Machines, by each of their tokens."),
            guarded=True,
        ),
        Changeable(
            "api.wrong_tokens",
            say("Wrong tokens before a pause"),
            say_as("unit", "tokens"),
            say("Whoever shows wrong tokens."),
            guarded=True,
        ),
        Changeable(
            "terminal.idle_minutes",
            say("A terminal ends when idle for"),
            say_as("unit", "minutes"),
            _TERMINALS,
            guarded=True,
        ),
        Changeable(
            "terminal.absolute_minutes",
            say("A terminal ends at the latest after"),
            say_as("unit", "minutes"),
            _TERMINALS,
            guarded=True,
        ),
        Changeable(
            "terminal.at_most_per_olt",
            say("Terminals to one OLT at once"),
            say_as("unit", "terminals"),
            say("Terminals that are opened from then on."),
        ),
        Changeable(
            "terminal.record_kilobytes",
            say("Largest record of a terminal"),
            say_as("unit", "kilobytes"),
            _TERMINALS,
        ),
        Changeable(
            "terminal.keep_days",
            say("Records of terminals are kept for"),
            say_as("unit", "days"),
            say("Records of terminals: older ones are dropped, and cannot be brought back."),
            say("The next night, at 03:40."),
            guarded=True,
        ),
        Changeable(
            "field.photos_per_visit",
            say("Photos of one visit"),
            say_as("unit", "photos"),
            say("Visits, for photos taken from then on."),
        ),
        Changeable(
            "field.photo_bytes",
            say("Largest photo"),
            say_as("unit", "bytes"),
            _PHONES,
        ),
        Changeable(
            "field.photo_pixels",
            say("Longest side of a photo"),
            say_as("unit", "pixels"),
            _PHONES,
        ),
        Changeable(
            "field.navigate",
            say("Link for the way to a customer"),
            "",
            _PHONES,
        ),
        Changeable(
            "field.entries_per_hour",
            say("Entries of one engineer in an hour"),
            say_as("unit", "entries"),
            say("Engineers' phones."),
            guarded=True,
        ),
        Changeable(
            "field.follow_up_hours",
            say("A visit that could not be done is followed up within"),
            say_as("unit", "hours"),
            say("Visits that cannot be done from then on."),
        ),
    )
}


class SettingFixed(SettingWrong):
    """The operator gave this setting, so that it cannot be changed here."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            say("{name} is set by the operator in {where}, and cannot be changed here.", name=name, where=where),
            field=name,
            remedy=say("Take it out of {where} and start the parts again; then it can be changed here.", where=where),
        )


class SettingNotChangeable(SettingWrong):
    """There is no such setting among those that may change while everything runs."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say("{name} is no setting that may change while everything runs.", name=name[:80]),
            field="name",
            value=name[:80],
            remedy=say("`isp settings list` and the page Settings show those that may."),
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
        why, given = _why(first), changed.get(key, kept[key])
        raise SettingWrong(
            say("{name} cannot be {given!r}: {why}.", name=one.name, given=given, why=why),
            field=one.name,
            value=changed.get(key, ""),
            remedy=say("Allowed: {allowed} ({unit}).", allowed=one.allowed, unit=one.unit)
            if one.unit
            else say("Allowed: {allowed}.", allowed=one.allowed),
        ) from None


def _why(error: Any) -> str:
    """What is wrong with a value: pydantic's words, which are English, as a text where they are known."""
    words, known = str(error["msg"]).removeprefix("Value error, "), _WRONG.get(error["type"])
    if known is None:
        return words
    bounds = [bound for name, bound in error.get("ctx", {}).items() if name in ("ge", "gt", "le")]
    return Text(words, known.msgid, {"number": bounds[0]} if bounds else {})


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
