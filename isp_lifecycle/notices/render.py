"""Gives letters their words, from the templates of this package: plain text, and HTML with everything escaped."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import jinja2

from isp_lifecycle.notices.model import Letter, Provider, Rendered

_EMPTY_LINES = re.compile(r"\n{3,}")


def render(*, letter: Letter, provider: Provider) -> Rendered:
    """Write a letter in both forms; a value that a template asks for and the letter lacks is an error."""
    subject = " ".join(letter.subject.split())
    values = {field.name: getattr(letter, field.name) for field in fields(letter)}
    values |= {"subject": subject, "provider": provider}
    text = _templates().get_template(f"{letter.template}.txt").render(values)
    html = _templates().get_template(f"{letter.template}.html").render(values)
    return Rendered(subject=subject, body_text=_spaced(text), body_html=_spaced(html))


def _spaced(text: str) -> str:
    """One empty line where templates left several, and none at the ends."""
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("isp_lifecycle.notices"),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html",), default_for_string=True, default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day, "clock": clock, "rate": rate}
    return environment


def day(value: date | datetime, zone: ZoneInfo | None = None) -> str:
    """Monday 5 January 2026; an instant is taken in the zone given."""
    local = value.astimezone(zone) if isinstance(value, datetime) else value
    return f"{local:%A} {local.day} {local:%B %Y}"


def clock(value: datetime, zone: ZoneInfo) -> str:
    """09:00, on the wall clock of the zone."""
    return f"{value.astimezone(zone):%H:%M}"


def rate(kbps: int) -> str:
    """500 Mbit/s, 2.5 Gbit/s: in the largest unit that leaves at least one."""
    for unit, size in (("Gbit/s", 1_000_000), ("Mbit/s", 1_000)):
        if kbps >= size:
            return f"{(Decimal(kbps) / size).normalize():f} {unit}"
    return f"{kbps} kbit/s"
