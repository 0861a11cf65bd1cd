"""Texts for people, written in English where they arise and said in the language of whoever reads them.

How to mark a text. English is the key: a whole sentence, named placeholders, no gluing::

    from isp_lifecycle.foundation.texts import _, n_, p_          # pages: said at once, a plain str
    _("Order {number} was confirmed.", number=order.code)
    n_("{count} order", "{count} orders", len(orders))           # ``count`` is filled in by itself
    p_("verb", "Open")                                           # one English word, two meanings

    from isp_lifecycle.foundation.texts import say, say_many      # the library, and constants of pages: said later
    raise Refused(say("Order {code} is closed.", code=code), remedy=say("Place another one."))

What ``say`` gives is the English text (a ``str``: logs, audit, JSON and the database get that) and remembers what it
was made of. The page's parts say it by :func:`said`: ``markup``, ``alert``, ``button``, ``field``... do; an f-string or
``+`` does not, it makes plain English of it, so put texts together by ``say("{what}: {why}", ...)`` or
:func:`one_after_other`. Never mark what people typed. A placeholder's value may be a text, a number or a date: it is
said by the locale as well (``{share:.1f}``). Then ``isp texts update``, translate what is new in
``locale/de.po`` of the package, and ``pytest tests/architecture/test_texts.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

#: The language that texts are written in.
ENGLISH = "en"
#: What is shipped, each by its own name.
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "de": "Deutsch"}

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


@dataclass(frozen=True)
class Language:
    """What there is of one language besides English: its texts, its plural, how it writes numbers and dates."""

    code: str
    #: All forms of a text, by its context and its English.
    texts: Mapping[tuple[str, str], tuple[str, ...]]
    plural: Callable[[int], int]
    #: A number that was written the English way, as this language writes it.
    number: Callable[[str], str]
    #: A date, a time or an instant with a format of strftime, or none.
    date: Callable[[Any, str], str]


def _nothing(_code: str) -> Language | None:
    return None


def _nobody() -> str:
    return ""


#: What gives a language its texts; :mod:`isp_lifecycle.foundation.catalogues` is it, where something is translated.
_source: Callable[[str], Language | None] = _nothing
#: Who looks, where no context says it: an open page of a server that serves many.
_looker: Callable[[], str] = _nobody


def translate_by(source: Callable[[str], Language | None]) -> None:
    """Have texts translated in this process, by what ``source`` gives for a language's code."""
    global _source
    _source = source


def ask_who_looks(looker: Callable[[], str]) -> None:
    """Where no context says in which language to speak, ask ``looker``; where it does not know it says nothing."""
    global _looker
    _looker = looker


def language() -> str:
    """The code of the language to speak now."""
    return _SPOKEN.get() or _looker() or ENGLISH


def speak(code: str) -> None:
    """Speak this language from here on, in this context: a request, a thread."""
    _SPOKEN.set(code if code in LANGUAGES else ENGLISH)


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak this language within the block."""
    before = _SPOKEN.set(code if code in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


class Text(str):
    """An English text that remembers what it was made of, so that it can be said in another language."""

    __slots__ = ("context", "msgid", "parts", "plural")

    msgid: str
    plural: str
    context: str
    parts: Mapping[str, Any]

    def __new__(
        cls, english: str, msgid: str = "", parts: Mapping[str, Any] | None = None, plural: str = "", context: str = ""
    ) -> Text:
        """``english`` is the text as it reads; ``msgid`` what it was made of; without one it is only its parts."""
        made = super().__new__(cls, english)
        made.msgid, made.parts, made.plural, made.context = msgid, parts or {}, plural, context
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return str(self), self.msgid, dict(self.parts), self.plural, self.context


def say(msgid: str, /, **parts: Any) -> Text:
    """A text that is said later, in the language of whoever reads it then."""
    return Text(msgid.format(**parts) if parts else msgid, msgid, parts)


def say_many(one: str, many: str, count: int, /, **parts: Any) -> Text:
    """A text about a number of things that is said later; ``{count}`` is that number."""
    parts = {"count": count, **parts}
    return Text((one if count == 1 else many).format(**parts), one, parts, many)


def say_as(context: str, msgid: str, /, **parts: Any) -> Text:
    """A text that is said later, whose English alone does not tell what is meant; ``context`` does."""
    return Text(msgid.format(**parts) if parts else msgid, msgid, parts, "", context)


def one_after_other(*texts: str, between: str = " ") -> Text:
    """Texts one after the other; empty ones are left out."""
    kept = [text for text in texts if text]
    return Text(between.join(kept), "", {"texts": kept, "between": between})


def said(text: object) -> str:
    """The text in the language to speak now; what was never marked, as it is. An amount of money is spoken as well."""
    if type(text) is str:
        return text
    if not isinstance(text, Text):
        return _said_of(text)
    code = language()
    return str(text) if code == ENGLISH else _said(text, code)


def _said_of(thing: Any) -> str:
    """What is no text, such as an amount of money: it may have a way of its own to be spoken."""
    spoken = getattr(thing, "spoken", None)
    return str(thing) if spoken is None else str(spoken(spoken_number))


def said_within(document: Any) -> Any:
    """The same lists and mappings with each text in the language to speak now, for what leaves as JSON."""
    match document:
        case str():
            return said(document)
        case Mapping():
            return {key: said_within(value) for key, value in document.items()}
        case list() | tuple():
            return [said_within(value) for value in document]
        case _:
            return document


def _(msgid: str, /, **parts: Any) -> str:
    """The text in the language to speak now."""
    code = language()
    if code == ENGLISH:
        return msgid.format(**parts) if parts else msgid
    return _said(Text(msgid, msgid, parts), code)


def n_(one: str, many: str, count: int, /, **parts: Any) -> str:
    """The text about a number of things in the language to speak now; ``{count}`` is that number."""
    return said(say_many(one, many, count, **parts))


def p_(context: str, msgid: str, /, **parts: Any) -> str:
    """The text in the language to speak now, where its English alone does not tell what is meant."""
    return said(say_as(context, msgid, **parts))


def spoken_number(written: str) -> str:
    """A number that was written the English way, as the language to speak now writes it."""
    found = None if (code := language()) == ENGLISH else _source(code)
    return written if found is None else found.number(written)


def _said(text: Text, code: str) -> str:
    found = _source(code)
    if found is None:
        return str(text)
    if not text.msgid:
        return str(text.parts.get("between", " ")).join(
            _said(one, code) if isinstance(one, Text) else str(one) for one in text.parts.get("texts", ())
        ) or str(text)
    forms = found.texts.get((text.context, text.msgid))
    if forms is None:
        template = text.plural if text.plural and text.parts["count"] != 1 else text.msgid
    else:
        template = forms[found.plural(text.parts["count"])] if text.plural else forms[0]
    if not text.parts:
        return template
    return template.format(**{name: _Said(value, found) for name, value in text.parts.items()})


class _Said:
    """A placeholder's value that is written as a language writes it."""

    __slots__ = ("_language", "_value")

    def __init__(self, value: Any, found: Language) -> None:
        self._value = value
        self._language = found

    def __format__(self, spec: str) -> str:
        value = self._value
        if isinstance(value, Text):
            return format(_said(value, self._language.code), spec)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return self._language.number(format(value, spec))
        if isinstance(value, (date, time)):
            return self._language.date(value, spec)
        if (spoken := getattr(value, "spoken", None)) is not None:
            return format(spoken(self._language.number), spec)
        return format(value, spec)

    def __str__(self) -> str:
        return format(self)

    def __repr__(self) -> str:
        return repr(self._value)
