"""Texts that were kept in English, found again among the marked ones, so that they too are said in other languages.

What failed, what to do about it and what people were told stands in the database as English sentences: the record. Each
was made of a marked text, and by its pattern it is known for that again, with the values that it was filled with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from string import Formatter

from isp_lifecycle.foundation.catalogues import language_of
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES, Text
from isp_lifecycle.foundation.words import WORDS

#: So many letters a text must say of its own: what is nearly all placeholders fits anything.
LETTERS = 12
#: A text without placeholders has this many letters: “no” may be a server's answer.
SHORTEST = 4
#: A value may be a text of its own, which may hold another.
DEEPEST = 2
LONGEST = 800


class _AsWritten(str):
    """A value as it was written then, whatever format the text asks for."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)


@lru_cache(maxsize=4096)
def again(text: str) -> str:
    """The same text as one that can be said in other languages, where a marked text made it; else as it is."""
    return _again(str(text), DEEPEST)


def _again(text: str, deep: int) -> str:
    if text in WORDS:
        return WORDS[text]
    if len(text) > LONGEST:
        return text
    whole, patterns = _known()
    if len(text) >= SHORTEST and text in whole:
        return Text(text, text, context=whole[text])
    for english, context, telling, pattern in patterns:
        if telling in text and (found := pattern.fullmatch(text)) is not None:
            values = {name: _value(value, deep) for name, value in found.groupdict().items()}
            return Text(text, english, values, context=context)
    return text


def _value(written: str, deep: int) -> str:
    made = _again(written, deep - 1) if deep else written
    return made if isinstance(made, Text) else _AsWritten(written)


@cache
def _known() -> tuple[Mapping[str, str], tuple[tuple[str, str, str, re.Pattern[str]], ...]]:
    """Texts without placeholders with their contexts, and patterns of all others, those that say most first."""
    every = {key for code in LANGUAGES if code != ENGLISH and (found := language_of(code)) for key in found.texts}
    whole = {english: context for context, english in every if "{" not in english}
    patterns = [(_letters(english), english, context) for context, english in every if "{" in english]
    return whole, tuple(
        (english, context, _telling(english), _pattern(english))
        for letters, english, context in sorted(patterns, reverse=True)
        if letters >= LETTERS
    )


def _letters(english: str) -> int:
    return sum(character.isalpha() for said, *_ in Formatter().parse(english) for character in said)


def _telling(english: str) -> str:
    """The longest piece that the text itself says, by which most others are told apart at once."""
    return max((said for said, *_ in Formatter().parse(english)), key=len)


def _pattern(english: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for said, name, _spec, _conversion in Formatter().parse(english):
        parts.append(re.escape(said))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.*?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)
