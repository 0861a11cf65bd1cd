"""Instants, dates, rates and levels as people read them, in the language of whoever looks; the one place for it.

Instants come in UTC and are shown in the provider's zone. English is written here, since Babel's English would change
with its version; what other languages do is Babel's knowledge.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from dashboards.parts.names import kind_words
from isp_lifecycle.foundation.catalogues import locale_of
from isp_lifecycle.foundation.texts import ENGLISH, _, language, spoken_number


def _by_locale(value: date, skeleton: str) -> str:
    """A date by what is to be seen of it, as the language writes that."""
    return str(format_skeleton(skeleton, value, locale=locale_of(language())))


def day(value: date | None) -> str:
    """A date: Mon 4 May 2026."""
    if value is None:
        return ""
    if language() != ENGLISH:
        return _by_locale(value, "yMMMEd")
    return f"{value:%a} {value.day} {value:%b %Y}"


def short_day(value: date) -> str:
    """A date of this year: Mon 4 May."""
    if language() != ENGLISH:
        return _by_locale(value, "MMMEd")
    return f"{value:%a} {value.day} {value:%b}"


def day_of_year(value: date) -> str:
    """A date of this year, without its weekday: 4 May."""
    return _by_locale(value, "MMMd") if language() != ENGLISH else f"{value.day} {value:%b}"


def day_and_time(value: datetime, zone: ZoneInfo) -> str:
    """An instant with its weekday: Mon 4 May, 09:30."""
    local = value.astimezone(zone)
    return f"{short_day(local)}, {local:%H:%M}"


def time_of_day(value: datetime, zone: ZoneInfo) -> str:
    """The time on the wall: 09:30."""
    return f"{value.astimezone(zone):%H:%M}"


def clock(value: datetime, zone: ZoneInfo) -> str:
    """The time on the wall to the second: 09:30:07."""
    return f"{value.astimezone(zone):%H:%M:%S}"


def octets(number: int) -> str:
    """An amount of data, in powers of 1000: 1.2 GB."""
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= size:
            return spoken_number(f"{number / size:.1f} {unit}")
    return f"{number} B"


def decimal(typed: str) -> str:
    """A number that was typed as the reader's language writes it, as programs read it: 39,90 is 39.90."""
    if spoken_number(".") == "," and typed.count(",") == 1 and "." not in typed:
        return typed.replace(",", ".")
    return typed


def used(down: int, up: int) -> str:
    """What was used each way."""
    return _("{down} down, {up} up", down=octets(down), up=octets(up))


def moment(value: datetime | None, zone: ZoneInfo) -> str:
    """An instant: 4 May, 09:30."""
    if value is None:
        return ""
    local = value.astimezone(zone)
    if language() != ENGLISH:
        return f"{_by_locale(local, 'MMMd')}, {local:%H:%M}"
    return f"{local.day} {local:%b, %H:%M}"


def ago(value: datetime | None, now: datetime) -> str:
    """How long something has been so: 5 min, 3 h, 2 days."""
    if value is None:
        return _("never")
    return length((now - value).total_seconds())


def soon(value: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something is to come: in 40 s, in 5 min, at 4 May, 09:30."""
    ahead = (value - now).total_seconds()
    if ahead <= 0:
        return _("at any moment")
    if ahead < 3600:
        return _("in {time}", time=length(ahead))
    return _("at {moment}", moment=moment(value, zone))


def length(seconds: float) -> str:
    """A length of time, roughly."""
    minutes = seconds / 60
    if minutes < 1:
        return f"{max(0, round(seconds))} s"
    if minutes < 60:
        return _("{count} min", count=round(minutes))
    if minutes < 48 * 60:
        return _("{count} h", count=round(minutes / 60))
    return _("{count} days", count=round(minutes / 1440))


def rate(kbps: int) -> str:
    """A rate: 500 Mbit/s, 2.5 Gbit/s. Access equipment counts 1024 kbit/s as a Mbit/s; plans come in either form."""
    step = 1024 if kbps % 1024 == 0 else 1000
    if kbps >= step * step or kbps % (1000 * step) == 0:
        return spoken_number(f"{kbps / step / 1000:g} Gbit/s")
    return spoken_number(f"{kbps / step:g} Mbit/s")


def rates(down_kbps: int, up_kbps: int) -> str:
    """Both rates of a plan."""
    return _("{down} down, {up} up", down=rate(down_kbps), up=rate(up_kbps))


def level(dbm: float | None) -> str:
    """An optical level, with the minus sign that type setters use."""
    return "" if dbm is None else spoken_number(_("{dbm:.1f} dBm", dbm=dbm)).replace("-", "\N{MINUS SIGN}")


def kind(name: str) -> str:
    """The kind of an order."""
    return kind_words(name)
