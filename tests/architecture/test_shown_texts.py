"""What parts of pages show is marked, so that it can be said in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import takewhile

from tests.architecture.sources import product_sources

#: Functions that show texts, and which of their arguments are such; a name after a dot is a method's.
SHOWN: dict[str, tuple[int, ...]] = {
    "button": (0,),
    "field": (0,),
    "choice": (0,),
    "day_field": (0,),
    "moment_field": (0,),
    "alert": (1, 2),
    "empty": (0, 1),
    "tile": (0, 2),
    "tag": (1, 2, 3, 4, 5, 6),
    "chip": (1,),
    "describe_failure": (0, 1, 2),
    "Column": (0,),
    "ShownStep": (0, 2),
    "ShownLink": (0, 2, 3),
    "Route": (0,),
    "Refused": (0,),
    ".good": (0, 1),
    ".info": (0, 1),
}
#: Arguments by name that are texts, wherever they are given.
NAMED = frozenset(
    {
        "label",
        "placeholder",
        "helper_text",
        "heading",
        "title",
        "hint",
        "menu",
        "remedy",
        "aria_label",
        "back",
        "nothing",
    }
)
#: Written alike in every language: the field's own words, units, and examples of what is typed.
ALIKE = re.compile(
    r"[\W\d_]*((OLTs?|ONTs?|PON|VLANs?|IP|IPv4|IPv6|MAC|CRM|RADIUS|DHCP|SSH|MAC|SN|TR-069|E-mail|CSV|NAT|FEC|dBm?|ms|s|m|"
    r"Mbit|Gbit|EUR|MB|GB|Open Sans|HWTC-AABBCCDD|OLT-EAST|home-1000|O-000123|S-000123|default|text)[\W\d_]*)*"
)
#: What in a piece between placeholders is words.
READS = re.compile(r"[A-Za-z]{2,} [a-z]|[A-Z][a-z]{2,}")
#: What is no page for people, or speaks to the log: by its module.
UNSEEN = frozenset({"dashboards.guard", "dashboards.headers", "dashboards.reports", "dashboards.exports"})


def test_pages_show_no_text_that_is_not_marked() -> None:
    """Mend it: ``_("…")``, or ``say("…")`` where a module is loaded, as ``foundation/texts.py`` says."""
    wrong = [
        f"{source.at(text)} {text.value!r}"
        for source in product_sources()
        if source.module.startswith("dashboards") and source.module not in UNSEEN
        for call in source.walk(ast.Call)
        for argument in shown(call)
        for text in unmarked(argument)
    ]
    assert wrong == []


def shown(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that people read."""
    function = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    name = function.id if isinstance(function, ast.Name) else f".{getattr(function, 'attr', '')}"
    plain = list(takewhile(lambda given: not isinstance(given, ast.Starred), call.args))
    yield from (plain[at] for at in SHOWN.get(name, ()) if at < len(plain))
    yield from (given.value for given in call.keywords if given.arg in NAMED)
    if name == "facts":
        yield from (one.elts[0] for one in call.args if isinstance(one, ast.Tuple))


def unmarked(argument: ast.expr) -> Iterator[ast.Constant]:
    """Texts in an argument that stand there as they are; what another call makes of them is its own matter."""
    match argument:
        case ast.Constant(value=str() as text):
            if not ALIKE.fullmatch(text):
                yield argument
        case ast.JoinedStr(values=pieces):
            for piece in pieces:
                if isinstance(piece, ast.Constant) and re.search(
                    r"[A-Za-z]{2,} [a-z]|[A-Z][a-z]{2,}", str(piece.value)
                ):
                    yield piece
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from unmarked(one)
            yield from unmarked(other)
        case ast.BoolOp(values=several) | ast.Tuple(elts=several):
            for one in several:
                yield from unmarked(one)
        case _:
            return
