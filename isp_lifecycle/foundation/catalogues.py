"""The catalogues of texts (gettext's ``.po`` files), each read once by a process, when its language is first spoken.

A package that marks texts ships ``locale/<language>.po``. Importing this module has them translated; commands and
workers that say everything in English never read one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.pofile import read_po

from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES, Language, translate_by

#: The packages that ship catalogues.
PACKAGES = ("isp_lifecycle", "dashboards")
#: English as the provider's people write it: the day before the month, 24 hours.
LOCALES: Mapping[str, str] = {ENGLISH: "en_IE", "de": "de"}
#: The order of plural forms in a catalogue.
PLURALS = ("zero", "one", "two", "few", "many", "other")


@cache
def locale_of(code: str) -> Locale:
    """How a language writes dates and numbers."""
    return Locale.parse(LOCALES.get(code, LOCALES[ENGLISH]))


def written(package: str, code: str) -> bytes:
    """A package's catalogue as it stands; empty where it ships none."""
    file = files(package) / "locale" / f"{code}.po"
    return file.read_bytes() if file.is_file() else b""


@cache
def language_of(code: str) -> Language | None:
    """All that there is of a language; None for English and for what is not shipped."""
    if code == ENGLISH or code not in LANGUAGES:
        return None
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    plural = locale_of(code).plural_form
    at = {tag: number for number, tag in enumerate(sorted(plural.tags | {"other"}, key=PLURALS.index))}
    for package in PACKAGES:
        for message in read_po(BytesIO(written(package, code)), locale=code):
            forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            if message.id and all(forms):
                english = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                texts.setdefault((str(message.context or ""), str(english)), tuple(map(str, forms)))
    return Language(code, texts, lambda count: at[plural(count)], _numbers(code), _dates(code))


def _numbers(code: str) -> Callable[[str], str]:
    symbols = locale_of(code).number_symbols["latn"]
    swapped = str.maketrans({".": symbols["decimal"], ",": symbols["group"]})
    return lambda written: written.translate(swapped)


def _dates(code: str) -> Callable[[Any, str], str]:
    locale = locale_of(code)

    def written(value: Any, spec: str) -> str:
        """What the format of strftime names, as the language writes it."""
        if isinstance(value, time) or (spec and not set("aAdbBmyYjx").intersection(spec)):
            return format_time(value, "HH:mm", locale=locale)
        weekday = "EEE" if "%a" in spec or "%A" in spec else ""
        year = "" if spec and "%Y" not in spec and "%y" not in spec else "y"
        day = format_skeleton(f"{weekday}d MMM{year}".replace(" ", ""), value, locale=locale)
        if isinstance(value, datetime) and (not spec or "%H" in spec):
            return f"{day}, {format_time(value, 'HH:mm', locale=locale)}"
        return day if isinstance(value, datetime) or spec else format_date(value, "medium", locale=locale)

    return written


translate_by(language_of)
