"""``isp texts``: the catalogues of texts, kept in step with what the source marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import isp_lifecycle
from isp_lifecycle.access.model import PERMISSIONS
from isp_lifecycle.foundation.catalogues import PACKAGES, written
from isp_lifecycle.foundation.changeable import CHANGEABLE
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES
from isp_lifecycle.views.common import every_sentence

texts = typer.Typer(help="The catalogues of texts: what is marked in the source, translated.", no_args_is_help=True)

#: Where the packages lie.
TOP = Path(__file__).parents[2]
#: Functions that mark a text, and which of their arguments are it (``c``: its context).
KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "say": None,
    "phrase": None,
    "n_": (1, 2),
    "say_many": (1, 2),
    "p_": ((1, "c"), 2),
    "say_as": ((1, "c"), 2),
}
#: The same in the browser's scripts.
IN_SCRIPTS: Mapping[str, Any] = {"_": None, "n_": (1, 2)}
#: How each kind of file is read, by the first pattern that fits. Commands speak English.
METHODS = [("cli/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
#: What is bundled has a source, which is read.
SCRIPTS = [("assets/components/**", "ignore"), ("**.js", "javascript")]


def declared() -> Iterator[str]:
    """Texts said as they stand where something is declared: what settings, events and permissions mean."""
    yield from (one.meaning for one in CHANGEABLE.values())
    yield from every_sentence()
    yield from PERMISSIONS.values()


def marked(package: str) -> Catalog:
    """Every text that a package's sources mark or declare."""
    found = Catalog(locale=ENGLISH, charset="utf-8")
    for methods, keywords in ((METHODS, KEYWORDS), (SCRIPTS, IN_SCRIPTS)):
        for _file, _line, message, _comments, context in extract_from_dir(
            str(TOP / package), methods, keywords=dict(keywords)
        ):
            found.add(message, context=context)
    if package == isp_lifecycle.__name__:
        for text in declared():
            found.add(text)
    return found


def catalogue(package: str, code: str) -> Catalog:
    """A package's catalogue as it stands."""
    return read_po(BytesIO(written(package, code)), locale=code)


def brought_up(package: str, code: str) -> Catalog:
    """The catalogue with what the sources mark now: new texts untranslated, those that are gone left out."""
    before, now = catalogue(package, code), Catalog(locale=code, charset="utf-8", fuzzy=False)
    for message in marked(package):
        if message.id:
            known = before.get(message.id, message.context)
            same = known is not None and isinstance(known.id, tuple) == isinstance(message.id, tuple)
            now.add(message.id, known.string if known is not None and same else None, context=message.context)
    return now


def faults(package: str, code: str) -> Iterator[str]:
    """What is wrong with a catalogue: a text that is missing or left over, not translated, with other placeholders."""
    kept, wanted = catalogue(package, code), brought_up(package, code)
    have = {_key(message) for message in kept if message.id}
    want = {_key(message) for message in wanted if message.id}
    yield from (f"not in the catalogue: {key[1]!r}" for key in sorted(want - have))
    yield from (f"marked no more: {key[1]!r}" for key in sorted(have - want))
    for message in wanted:
        if message.id:
            yield from _faults_of(message)


def _faults_of(message: Message) -> Iterator[str]:
    ids, forms = _forms(message.id), _forms(message.string)
    named = frozenset().union(*(placeholders(one) for one in ids))
    if not all(forms):
        yield f"not translated: {ids[0]!r}"
        return
    may_lack = {"count"} if len(ids) > 1 else set()
    for form in forms:
        if not named - may_lack <= placeholders(form) <= named:
            yield f"other placeholders: {ids[0]!r} -> {form!r}"


def _forms(written: Any) -> tuple[str, ...]:
    """One text, or one for each number of things."""
    return tuple(one or "" for one in written) if isinstance(written, (tuple, list)) else (written or "",)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _key(message: Message) -> tuple[str, str]:
    return str(message.context or ""), str(message.id[0] if isinstance(message.id, tuple) else message.id)


def as_file(kept: Catalog) -> bytes:
    """A catalogue as it is committed: sorted by its English, without line numbers, so that two changes rarely meet."""
    out = BytesIO()
    write_po(out, kept, width=0, no_location=True, sort_output=True, omit_header=True)
    return HEADER.format(language=kept.locale_identifier, plurals=kept.plural_forms).encode() + out.getvalue()


HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@texts.command()
def update() -> None:
    """Bring every catalogue up to what the sources mark."""
    for package in PACKAGES:
        for code in (code for code in LANGUAGES if code != ENGLISH):
            file = TOP / package / "locale" / f"{code}.po"
            file.parent.mkdir(exist_ok=True)
            kept = brought_up(package, code)
            file.write_bytes(as_file(kept))
            open_ones = sum(1 for message in kept if message.id and not _is_translated(message))
            typer.echo(f"{package}, {LANGUAGES[code]}: {len(kept)} texts, {open_ones} to be translated")


def _is_translated(message: Message) -> bool:
    return not any(fault.startswith("not translated") for fault in _faults_of(message))


@texts.command()
def check(
    package: Annotated[str, typer.Option(help="Only this package.")] = "",
) -> None:
    """List what is wrong with the catalogues. Exit code 1: something is."""
    found = [
        f"{one}, {LANGUAGES[code]}: {fault}"
        for one in PACKAGES
        if package in ("", one)
        for code in LANGUAGES
        if code != ENGLISH
        for fault in faults(one, code)
    ]
    for line in found:
        typer.echo(re.sub(r"\s+", " ", line))
    raise typer.Exit(1 if found else 0)
