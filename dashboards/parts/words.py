"""Instants, dates, rates and levels as people read them. Instants come in UTC and are shown in the provider's zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day(value: date | None) -> str:
    """A date: Mon 4 May 2026."""
    return "" if value is None else f"{value:%a} {value.day} {value:%b %Y}"


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
            return f"{number / size:.1f} {unit}"
    return f"{number} B"


def used(down: int, up: int) -> str:
    """What was used each way."""
    return f"{octets(down)} down, {octets(up)} up"


def moment(value: datetime | None, zone: ZoneInfo) -> str:
    """An instant: 4 May, 09:30."""
    if value is None:
        return ""
    local = value.astimezone(zone)
    return f"{local.day} {local:%b, %H:%M}"


def ago(value: datetime | None, now: datetime) -> str:
    """How long something has been so: 5 min, 3 h, 2 days."""
    if value is None:
        return "never"
    return length((now - value).total_seconds())


def soon(value: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something is to come: in 40 s, in 5 min, at 4 May, 09:30."""
    ahead = (value - now).total_seconds()
    if ahead <= 0:
        return "at any moment"
    return f"in {length(ahead)}" if ahead < 3600 else f"at {moment(value, zone)}"


def length(seconds: float) -> str:
    """A length of time, roughly."""
    minutes = seconds / 60
    if minutes < 1:
        return f"{max(0, round(seconds))} s"
    if minutes < 60:
        return f"{round(minutes)} min"
    if minutes < 48 * 60:
        return f"{round(minutes / 60)} h"
    return f"{round(minutes / 1440)} days"


def rate(kbps: int) -> str:
    """A rate: 500 Mbit/s, 2.5 Gbit/s. Access equipment counts 1024 kbit/s as a Mbit/s; plans come in either form."""
    step = 1024 if kbps % 1024 == 0 else 1000
    if kbps >= step * step or kbps % (1000 * step) == 0:
        return f"{kbps / step / 1000:g} Gbit/s"
    return f"{kbps / step:g} Mbit/s"


def rates(down_kbps: int, up_kbps: int) -> str:
    """Both rates of a plan."""
    return f"{rate(down_kbps)} down, {rate(up_kbps)} up"


def level(dbm: float | None) -> str:
    """An optical level, with the minus sign that type setters use."""
    return "" if dbm is None else f"{dbm:.1f} dBm".replace("-", "\N{MINUS SIGN}")


def kind(name: str) -> str:
    """The kind of an order."""
    if name == "ont_swap":
        return "ONT swap"
    return name.replace("_", " ").capitalize()


def count(number: int, thing: str) -> str:
    """How many of a thing: 1 service, 2 services."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
