"""States: each has a sentence, each can be reached, and one function moves them."""

from __future__ import annotations

import ast
import importlib
import re
from enum import StrEnum

from isp_lifecycle.foundation.states import Moves
from tests.architecture.sources import Source, product_modules, product_sources

#: The mover; and the engine's own claims, whose guarded statements also compare leases and take many rows at once.
MOVERS = {
    "isp_lifecycle.foundation.transition",
    "isp_lifecycle.events.claims",
    "isp_lifecycle.events.deliveries",
    "isp_lifecycle.events.many",
    "isp_lifecycle.events.relay",
}


def tables() -> dict[str, Moves[StrEnum]]:
    """Every table of moves, by where it stands."""
    found = {}
    for name in product_modules():
        if name.startswith("isp_lifecycle."):
            module = importlib.import_module(name)
            found |= {f"{name}.{n}": v for n, v in vars(module).items() if isinstance(v, Moves)}
    return {where: table for where, table in found.items() if where.startswith(home(table))}


def home(table: Moves[StrEnum]) -> str:
    """The module that defines the states, so that a table that is imported elsewhere counts once."""
    return type(table.start).__module__


def test_there_are_tables() -> None:
    assert len({id(t) for t in tables().values()}) >= 5


def test_every_state_is_reachable_and_lives_end() -> None:
    for where, table in tables().items():
        assert table.reachable() == frozenset(type(table.start)), where
        assert table.terminal, f"{where}: a life without an end"


def test_every_state_has_a_sentence() -> None:
    missing = []
    for table in tables().values():
        source = next(s for s in product_sources() if s.module == home(table))
        definition = next(c for c in source.walk(ast.ClassDef) if c.name == type(table.start).__name__)
        missing += sentences_missing(source, definition)
    assert missing == []


def sentences_missing(source: Source, definition: ast.ClassDef) -> list[str]:
    """The class and its members without a ``#:`` comment, on their line or above, or a docstring below."""
    lines = source.text.splitlines()
    missing = [] if ast.get_docstring(definition) else [source.at(definition)]
    for position, node in enumerate(definition.body):
        if not isinstance(node, ast.Assign):
            continue
        after = definition.body[position + 1] if position + 1 < len(definition.body) else None
        documented = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        commented = re.search(r"#: \S", lines[node.lineno - 1]) or re.match(r"\s*#: \S", lines[node.lineno - 2])
        if not documented and not commented:
            missing.append(source.at(node))
    return missing


def test_one_function_moves_states() -> None:
    """No ``update().values(state=...)`` and no SQL text ``SET state`` outside the movers."""
    writers = [
        source.at(call)
        for source in product_sources()
        if source.module not in MOVERS
        for call in source.walk(ast.Call)
        if updates_state(call)
    ]
    texts = [
        source.at(node)
        for source in product_sources()
        if source.module not in MOVERS
        for node in source.walk(ast.Constant)
        if isinstance(node.value, str) and re.search(r"\bSET\s+state\s*=", node.value)
    ]
    assert writers + texts == []


def updates_state(call: ast.Call) -> bool:
    """Whether this is ``<...>.update(...)<...>.values(state=...)``."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "values"):
        return False
    names = {k.arg for k in call.keywords} | {
        key.value
        for argument in call.args
        if isinstance(argument, ast.Dict)
        for key in argument.keys
        if isinstance(key, ast.Constant)
    }
    chain = ast.dump(call.func.value)
    return "state" in names and "attr='update'" in chain and "attr='insert'" not in chain
