"""The texts of messages: which there are, what counts of each, its history, and how it would look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.foundation.texts import LANGUAGES, Text
from isp_lifecycle.notices import wordings
from isp_lifecycle.notices.kinds import KINDS, MEANINGS, Kind, all_problems, checked_language, example, kind_of
from isp_lifecycle.notices.model import Provider, Rendered
from isp_lifecycle.notices.render import FRAME, shipped
from isp_lifecycle.notices.wording import Wording, Words, shown
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class KindRow:
    """A kind of message; ``own`` are the numbers of the own versions that count, by language, and those that failed."""

    name: str
    title: Text
    group: Text
    own: Mapping[str, int]
    failed: frozenset[str]


@dataclass(frozen=True)
class PlaceholderRow:
    """What can stand in a text; ``needed`` where it must."""

    written: str
    meaning: Text
    needed: bool


@dataclass(frozen=True)
class VersionRow:
    """One version; without words it went back to the shipped text."""

    number: int
    words: Words | None
    by: str
    at: datetime
    failed_at: datetime | None
    failure: str


@dataclass(frozen=True)
class TemplateDetail:
    """A kind of message in one language: what counts now, what was shipped, what can stand in it, what was before."""

    name: str
    title: Text
    language: str
    when: Text
    to: Text
    has_subject: bool
    number: int
    own: bool
    words: Words
    shipped: Words
    placeholders: tuple[PlaceholderRow, ...]
    history: tuple[VersionRow, ...]

    @property
    def failing(self) -> VersionRow | None:
        """The version that counts, where a message could not be made by it."""
        newest = self.history[0] if self.history else None
        return newest if newest and newest.words and newest.failed_at else None


@dataclass(frozen=True)
class Preview:
    """How a text would look with the example's data, or what is wrong with it."""

    subject: str = ""
    text: str = ""
    html: str = ""
    problems: tuple[Text, ...] = ()


@shows("template.read")
def kinds(look: Look) -> tuple[KindRow, ...]:
    """Every kind of message, in the order in which customers meet them."""
    newest = wordings.all_newest(tx=look.tx)
    return tuple(
        KindRow(
            kind.name,
            kind.title,
            kind.group,
            {one.language: one.number for one in newest if one.kind == kind.name and one.words},
            frozenset(one.language for one in newest if one.kind == kind.name and one.words and one.failed_at),
        )
        for kind in KINDS
    )


@shows("template.read")
def template(look: Look, *, kind: str, language: str) -> TemplateDetail:
    """One kind of message in a language. Raises NotFound."""
    of, code = kind_of(kind), checked_language(language)
    history = wordings.history(tx=look.tx, kind=of.name, language=code)
    own = history[0].words if history else None
    return TemplateDetail(
        name=of.name,
        title=of.title,
        language=code,
        when=of.when,
        to=of.to,
        has_subject=not of.is_frame,
        number=history[0].number if history else 0,
        own=own is not None,
        words=own or shipped(of.name, code),
        shipped=shipped(of.name, code),
        placeholders=tuple(PlaceholderRow(shown(name), MEANINGS[name], name in of.needed) for name in of.placeholders),
        history=tuple(_version(one) for one in history),
    )


def _version(one: Wording) -> VersionRow:
    return VersionRow(one.number, one.words, one.written_by, one.written_at, one.failed_at, one.failure or "")


@shows("template.read")
def preview(look: Look, *, kind: str, language: str, subject: str, body: str) -> Preview:
    """How a text would look, kept or not. Raises NotFound."""
    of, code, words = kind_of(kind), checked_language(language), Words(subject, body)
    company = look.settings.company
    provider = Provider(company.name, company.support_phone, company.tz)
    if found := all_problems(of, words, provider=provider, language=code):
        return Preview(problems=tuple(one.said for one in found))
    made = _made(look, of, words, provider, code)
    return Preview(made.subject, made.body_text, made.body_html)


def _made(look: Look, of: Kind, words: Words, provider: Provider, language: str) -> Rendered:
    frame = wordings.words_of(tx=look.tx, kind=FRAME, language=language)
    return example(of, words, provider=provider, language=language, frame=frame)


def failing(look: Look) -> tuple[tuple[Text, str, Wording], ...]:
    """What counts now of which a message could not be made: its kind, the language's name, the version."""
    return tuple(
        (kind_of(one.kind).title, LANGUAGES.get(one.language, one.language), one)
        for one in wordings.all_newest(tx=look.tx)
        if one.words and one.failed_at
    )
