"""What is told to an error when it is raised, and what steps say of themselves, is marked like every other text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from isp_lifecycle.foundation.words import WORDS
from tests.architecture.sources import Source, product_sources
from tests.architecture.test_texts import IN_ENGLISH

#: Modules whose errors nobody meets on a page: they stay English, on purpose. What engineers read beside a device's
#: own English, what machines read, and commands stay so as well (``IN_ENGLISH``).
NEVER_ON_A_PAGE = {
    "isp_lifecycle.bootstrap": "a start that fails says it to the operator's terminal",
    "isp_lifecycle.foundation.settings": "as above",
    "dashboards.server": "as above",
    "isp_lifecycle.foundation.changes": "a listener says it to its log and connects again",
    "isp_lifecycle.events.deliveries": "a worker says it to its log: another one has the delivery",
    "isp_lifecycle.workflows.heart": "as above",
}
#: What steps say of themselves, by the argument.
STEPS_SAY = {"Did": (1,), "Irreversible": (0,), "Unobservable": (0,)}
#: Which fields are meant, and what was in them, is no text.
NO_TEXT = frozenset({"field", "value"})
#: Between placeholders, two words in a row are words for people.
READS = re.compile(r"[A-Za-z]{2,} +[A-Za-z]|[A-Za-z] +[a-z]{2,}|^[A-Z][a-z]+ $")


def test_reasons_are_marked_where_an_error_is_raised() -> None:
    """Mend it: ``say("…", name=…)`` for what the constructor is given, as ``foundation/texts.py`` says."""
    kinds = errors()
    bare = [
        f"{source.at(text)} {ast.unparse(text)[:80]}"
        for source in told_on_pages()
        for call in source.walk(ast.Call)
        if called(call) in kinds
        for given in (*call.args, *(one.value for one in call.keywords if one.arg not in NO_TEXT))
        for text in unmarked(given)
    ]
    assert bare == []


def test_what_steps_say_of_themselves_is_marked() -> None:
    """Mend it: ``say("…", name=…)``; pages find it again by its English (``foundation/kept.py``)."""
    bare = [
        f"{source.at(text)} {ast.unparse(text)[:80]}"
        for source in product_sources()
        if source.module.startswith("isp_lifecycle.workflows")
        for call in source.walk(ast.Call)
        for at in STEPS_SAY.get(called(call), ())
        if at < len(call.args)
        for text in unmarked(call.args[at])
    ]
    assert bare == []


def told_on_pages() -> Iterator[Source]:
    """The modules whose errors may come to people on pages."""
    for source in product_sources():
        english = any(source.module.startswith(package) for package in IN_ENGLISH)
        if not english and source.module not in NEVER_ON_A_PAGE:
            yield source


@cache
def errors() -> frozenset[str]:
    """The names of all classes that are errors of ours."""
    bases = {
        kind.name: {ast.unparse(base).rpartition(".")[2] for base in kind.bases}
        for source in product_sources()
        for kind in source.walk(ast.ClassDef)
    }
    found = {"LifecycleError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return frozenset(found)


def called(call: ast.Call) -> str:
    """The name of what is called."""
    function = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def unmarked(given: ast.expr) -> Iterator[ast.expr]:
    """Texts of several words that stand there as they are; a word that sentences know, or what a call makes, is not."""
    match given:
        case ast.Constant(value=str() as text):
            if READS.search(text) and text not in WORDS:
                yield given
        case ast.JoinedStr(values=pieces):
            if any(isinstance(piece, ast.Constant) and READS.search(str(piece.value)) for piece in pieces):
                yield given
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from unmarked(one)
            yield from unmarked(other)
        case ast.BoolOp(values=several) | ast.Tuple(elts=several) | ast.List(elts=several):
            for one in several:
                yield from unmarked(one)
        case _:
            return
