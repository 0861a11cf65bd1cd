"""The command grammar: patterns of words and parameters, matched token by token against what somebody typed.

A pattern is written as in a manual: `ont add {port} [{ont}] sn-auth {sn} omci [desc {desc}]`. Plain words are keywords,
`{field:kind}` is a parameter ({field} alone: the kind has the same name), `[...]` may be left out, `(a|b)` is a choice.
All patterns that a view allows are followed at once, so that an error is found at the very word that no pattern can
take, and what may come next is known for hints and help. Keywords may be abbreviated while that is unambiguous.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Place = tuple[int, ...]
Value = int | str | bool | Place | tuple[int, ...]


class Kind(Protocol):
    """One kind of parameter."""

    @property
    def label(self) -> str:
        """How a hint names it."""
        ...

    def read(self, text: str) -> Value | None:
        """Return the value, or None when the text is none of this kind."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword."""

    text: str

    @property
    def label(self) -> str:
        """How a hint names it."""
        return f"{self.text}<K>"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that is bound to a field."""

    field: str
    kind: Kind

    @property
    def label(self) -> str:
        """How a hint names it."""
        return self.kind.label


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that may be left out."""

    pattern: "Pattern"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several parts."""

    patterns: tuple["Pattern", ...]


Leaf = Word | Parameter
Pattern = tuple[Leaf | Maybe | Either, ...]

_LEXER = re.compile(r"\s*([\[\]()|]|\{[^}]*\}|[^\s\[\]()|{}]+)")


def pattern(text: str, kinds: Mapping[str, Kind]) -> Pattern:
    """Read a pattern in the notation of this module's docstring, with a device's kinds of parameters."""
    symbols = _LEXER.findall(text)
    parsed, rest = _sequence(symbols, kinds)
    assert not rest, f"unbalanced pattern: {text}"
    return parsed


def _sequence(symbols: list[str], kinds: Mapping[str, Kind]) -> tuple[Pattern, list[str]]:
    """Read elements until a closing mark; return them and what is left."""
    parts: list[Leaf | Maybe | Either] = []
    while symbols and symbols[0] not in ("]", ")", "|"):
        symbol, symbols = symbols[0], symbols[1:]
        if symbol in ("[", "("):
            choices, symbols = _choices(symbols, kinds)
            whole = choices[0] if len(choices) == 1 else (Either(tuple(choices)),)
            parts.extend([Maybe(whole)] if symbol == "[" else whole)
        elif symbol.startswith("{"):
            name, _, kind = symbol[1:-1].partition(":")
            parts.append(Parameter(name, kinds[kind or name]))
        else:
            parts.append(Word(symbol))
    return tuple(parts), symbols


def _choices(symbols: list[str], kinds: Mapping[str, Kind]) -> tuple[list[Pattern], list[str]]:
    """Read alternatives up to and including the closing mark."""
    choices: list[Pattern] = []
    while True:
        choice, symbols = _sequence(symbols, kinds)
        choices.append(choice)
        mark, symbols = symbols[0], symbols[1:]
        if mark != "|":
            return choices, symbols


@dataclass(frozen=True, slots=True)
class Token:
    """A typed word and the column where it begins."""

    text: str
    column: int


_TOKEN = re.compile(r'"[^"]*"?|[^\s"]+')


def tokens(line: str) -> list[Token]:
    """Split a line at blanks; a quoted text is one token, without its quotes."""
    return [Token(match[0].strip('"'), match.start()) for match in _TOKEN.finditer(line)]


def _heads(rest: Pattern) -> Iterator[tuple[Leaf | None, Pattern]]:
    """Yield each leaf that may come first and what follows it; None where the pattern may end."""
    if not rest:
        yield None, ()
        return
    first, others = rest[0], rest[1:]
    match first:
        case Word() | Parameter():
            yield first, others
        case Maybe(inner):
            yield from _heads(inner + others)
            yield from _heads(others)
        case Either(choices):
            for choice in choices:
                yield from _heads(choice + others)


@dataclass(frozen=True, slots=True)
class Thread[C]:
    """One command that still fits, what it still takes, and what it has bound so far."""

    command: C
    rest: Pattern
    bound: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """The line cannot be a command: why, and the column of the offending word."""

    reason: str
    column: int


@dataclass(frozen=True, slots=True)
class Fitting[C]:
    """What fits: commands that are complete as typed, and what else might follow."""

    complete: tuple[Thread[C], ...]
    expected: tuple[Leaf, ...]


UNKNOWN = "% Unknown command, the error locates at '^'"
AMBIGUOUS = "% Ambiguous command, the error locates at '^'"
PARAMETER = "% Parameter error, the error locates at '^'"
TOO_MANY = "% Too many parameters, the error locates at '^'"
INCOMPLETE = "% Incomplete command, the error locates at '^'"


def fit[C](threads: list[Thread[C]], words: list[Token]) -> Fitting[C] | Wrong:
    """Follow all threads through the words."""
    for word in words:
        heads = [(thread, leaf, rest) for thread in threads for leaf, rest in _heads(thread.rest)]
        taken = _step(heads, word)
        if isinstance(taken, Wrong):
            return taken
        if not taken:
            return Wrong(_reason(heads), word.column)
        threads = taken
    heads = [(thread, leaf, rest) for thread in threads for leaf, rest in _heads(thread.rest)]
    complete = tuple(thread for thread, leaf, _ in heads if leaf is None)
    expected = {leaf.label: leaf for _, leaf, _ in heads if leaf is not None}
    return Fitting(complete, tuple(expected[label] for label in sorted(expected)))


def _step[C](heads: list[tuple[Thread[C], Leaf | None, Pattern]], word: Token) -> list[Thread[C]] | Wrong:
    """Advance over one word: exact keywords win over values, values over abbreviated keywords."""
    exact: list[Thread[C]] = []
    values: list[Thread[C]] = []
    short: list[Thread[C]] = []
    meant: set[str] = set()
    for thread, leaf, rest in heads:
        if isinstance(leaf, Parameter):
            value = leaf.kind.read(word.text)
            if value is not None:
                values.append(Thread(thread.command, rest, {**thread.bound, leaf.field: value}))
        elif leaf is not None and leaf.text == word.text.lower():
            exact.append(Thread(thread.command, rest, {**thread.bound, _flag(leaf.text): True}))
        elif leaf is not None and _abbreviates(word.text.lower(), leaf.text):
            short.append(Thread(thread.command, rest, {**thread.bound, _flag(leaf.text): True}))
            meant.add(leaf.text)
    if not exact and not values and len(meant) > 1:
        return Wrong(AMBIGUOUS, word.column)
    return exact or values or short


def _abbreviates(typed: str, keyword: str) -> bool:
    """Tell whether a word is short for a keyword; `ont` is not short for `ont-lineprofile`, but a word of its own."""
    return keyword.startswith(typed) and not keyword[len(typed) :].startswith("-")


def _flag(word: str) -> str:
    """Return the name under which the presence of a keyword is bound."""
    return f"+{word}"


def _reason[C](heads: list[tuple[Thread[C], Leaf | None, Pattern]]) -> str:
    """Name the error: nothing may follow, a value was expected or given before, or the word is just unknown."""
    leaves = [leaf for _, leaf, _ in heads if leaf is not None]
    if not leaves:
        return TOO_MANY
    bound = any(not name.startswith("+") for thread, _, _ in heads for name in thread.bound)
    ends = any(leaf is None for _, leaf, _ in heads)
    return PARAMETER if bound or ends or any(isinstance(leaf, Parameter) for leaf in leaves) else UNKNOWN


def threads_of[C](commands: Mapping[C, Pattern]) -> list[Thread[C]]:
    """Return the start of every command."""
    return [Thread(command, pattern) for command, pattern in commands.items()]
