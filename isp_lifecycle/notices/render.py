"""Gives letters their words: in the customer's language, by the provider's own template or the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_date, format_time
from jinja2.sandbox import ImmutableSandboxedEnvironment

from isp_lifecycle.foundation.catalogues import locale_of
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES, said, spoken, spoken_number
from isp_lifecycle.notices.blocks import CONTENT, as_html, as_text, blocks, marked, page, plain
from isp_lifecycle.notices.model import Letter, Provider, Rendered
from isp_lifecycle.notices.wording import Words

#: The template that stands around every message.
FRAME = "frame"
#: The placeholders that every message has; ``content`` is what the frame stands around.
OF_ALL = ("customer", "company", "support_phone")


def shipped(kind: str, language: str) -> Words:
    """The words that came with the suite: in this language, or in English where there are none."""
    code = language if language in LANGUAGES else ENGLISH
    return _shipped(kind, code)


@cache
def _shipped(kind: str, code: str) -> Words:
    text = (files("isp_lifecycle.notices") / "templates" / code / f"{kind}.txt").read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    subject = first.removeprefix("Subject: ") if first.startswith("Subject: ") else ""
    return Words(subject, (rest if subject else text).strip())


def render(
    *,
    letter: Letter,
    provider: Provider,
    language: str = ENGLISH,
    words: Words | None = None,
    frame: Words | None = None,
) -> Rendered:
    """Write a letter in both forms, by ``words`` within ``frame``, the shipped ones where they are not given.

    Dates and numbers are written as the language does, instants in the provider's zone. A value that a template asks
    for and the letter lacks is an error of Jinja's.
    """
    words, frame = words or shipped(letter.template, language), frame or shipped(FRAME, language)
    values = {one.name: getattr(letter, one.name) for one in fields(letter)}
    values |= {"company": provider.name, "support_phone": provider.support_phone}
    with spoken(language):
        values = {name: said(value) if isinstance(value, str) else value for name, value in values.items()}
        subject = " ".join(plain(_filled(words.subject, values, language, provider.zone)).split())
        content = blocks(_filled(words.body, values, language, provider.zone))
        around = _filled(frame.body, values | {"content": _Content()}, language, provider.zone)
    before, _, after = around.partition(CONTENT)
    before_blocks, after_blocks = blocks(before), blocks(after)
    text = [as_text(part) for part in (before_blocks, content, after_blocks)]
    html = page(
        company=provider.name,
        subject=subject,
        before=as_html(before_blocks),
        content=as_html(content),
        after=as_html(after_blocks, soft=True),
        language=language,
    )
    return Rendered(subject=subject, body_text="\n\n".join(filter(None, text)) + "\n", body_html=html)


class _Content:
    """Stands for what a frame stands around."""


def _filled(source: str, values: Mapping[str, Any], language: str, zone: ZoneInfo) -> str:
    return _compiled(source, language, zone).render(values)


@lru_cache(maxsize=256)
def _compiled(source: str, language: str, zone: ZoneInfo) -> jinja2.Template:
    return _environment(language, zone).from_string(source)


@cache
def _environment(language: str, zone: ZoneInfo) -> jinja2.Environment:
    # Nothing is escaped here: what comes out is text, and all of it is escaped where HTML is made of it.
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_written, autoescape=False
    )
    ways: dict[str, Callable[[Any], str]] = {
        "day": lambda value: day(value, language, zone),
        "clock": lambda value: clock(value, language, zone),
        "rate": rate,
    }
    environment.filters |= ways
    return environment


def _written(value: Any) -> str:
    """A value as it stands in a text."""
    if isinstance(value, _Content):
        return CONTENT
    if isinstance(value, jinja2.Undefined):
        return str(value)  # which raises, as it must
    if isinstance(value, Money):
        return marked(f"{spoken_number(str(value.rounded().amount))} {value.currency}")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return marked(spoken_number(str(value)))
    return marked("" if value is None else str(value))


def day(value: date | datetime, language: str = ENGLISH, zone: ZoneInfo | None = None) -> str:
    """Monday 5 January 2026; an instant is taken in the zone given. Raises TypeError for what is no date."""
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")  # of nothing at all, Babel would write today
    local = value.astimezone(zone) if isinstance(value, datetime) else value
    return format_date(local, "full", locale=locale_of(language))


def clock(value: datetime, language: str, zone: ZoneInfo) -> str:
    """09:00, on the wall clock of the zone."""
    return format_time(value.astimezone(zone).time(), "HH:mm", locale=locale_of(language))


def rate(kbps: int) -> str:
    """500 Mbit/s, 2.5 Gbit/s: in the largest unit that leaves at least one; by the language that is spoken."""
    for unit, size in (("Gbit/s", 1_000_000), ("Mbit/s", 1_000)):
        if kbps >= size:
            return f"{spoken_number(f'{(Decimal(kbps) / size).normalize():f}')} {unit}"
    return f"{kbps} kbit/s"
