"""What somebody typed, taken apart, and how well a customer's words answer it."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

#: So many words of what was typed count; a name with an address has fewer.
MOST_WORDS = 8
#: A beginning of so many letters is looked up as one; a shorter one fits too much.
PREFIX_LETTERS = 3
#: In a word of so many letters at most, each single typing error is tried out: it leaves too few trigrams in common.
SHORT_WORD = 6

#: What people write for a word that addresses have in full.
SHORT_FOR: Mapping[str, tuple[str, ...]] = {
    "rd": ("road",),
    "st": ("street", "saint"),
    "ln": ("lane",),
    "sq": ("square",),
    "dr": ("drive",),
    "bd": ("boulevard",),
    "blvd": ("boulevard",),
    "apt": ("apartment",),
}

#: For each word that was typed, the words that it may stand for.
type Choices = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Candidate:
    """A customer that may be meant, with the name as it is written for searching; ``likeness`` is from 0 to 1."""

    customer_id: UUID
    name: str
    likeness: float = 1.0


def words_of(folded: str) -> tuple[str, ...]:
    """The words of a folded text that count."""
    return tuple(folded.split())[:MOST_WORDS]


def written_out(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Each word, and what it is short for."""
    return [(word, *SHORT_FOR.get(word, ())) for word in words]


def whole(choices: Choices) -> tuple[str, str]:
    """Two tsqueries: all words whole, the last one perhaps unfinished; where that is so short that its beginning fits
    too much, it is left to the second, which is to be asked of what the first has found.
    """
    last = choices[-1]
    if len(choices) > 1 and len(last[0]) < PREFIX_LETTERS:
        return _every(choices[:-1], lambda _place: False), _every([last], lambda _place: True, least=1)
    return _every(choices, lambda place: place == len(choices) - 1), ""


def beginnings(choices: Choices) -> tuple[str, str]:
    """As :func:`whole`, but each word that is long enough may be the beginning of one."""
    long = [one for one in choices if len(one[0]) >= PREFIX_LETTERS]
    short = [one for one in choices if len(one[0]) < PREFIX_LETTERS]
    if not long:
        return whole(choices)
    return _every(long, lambda _place: True), _every(short, lambda _place: True, least=1) if short else ""


def _every(choices: Choices, unfinished: Callable[[int], bool], *, least: int = PREFIX_LETTERS) -> str:
    """A tsquery of all words, each by one of its alternatives; beginnings of fewer than ``least`` letters are whole."""
    parts = []
    for place, alternatives in enumerate(choices):
        forms = [_lexeme(one) + ":*" * (unfinished(place) and len(one) >= least) for one in alternatives]
        parts.append(f"({' | '.join(forms)})")
    return " & ".join(parts)


def _lexeme(word: str) -> str:
    """A word as PostgreSQL's type tsquery reads it, whatever is in it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def nearly(word: str) -> frozenset[str]:
    """All that a short word becomes by one typing error: a letter too many, missing, wrong, or two swapped."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = string.ascii_lowercase
    without = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    wrong = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    more = {a + letter + b for a, b in cuts for letter in letters}
    return frozenset(without | swapped | wrong | more) - {word}


def may_be_mistyped(word: str) -> bool:
    """A number is what it is: the neighbour's house is never a good guess."""
    return len(word) >= PREFIX_LETTERS and not re.search(r"\d", word)


def in_order(words: Sequence[str], found: Iterable[Candidate]) -> list[Candidate]:
    """The likeliest first: the name as typed, then names that have more of the words, then the most alike."""
    together = " ".join(words)

    def rank(one: Candidate) -> tuple[bool, bool, int, int, float, str]:
        own = one.name.split()
        has = sum(word in own for word in words)
        begun = sum(any(part.startswith(word) for part in own) for word in words)
        return one.name != together, not one.name.startswith(together), -has, -begun, -one.likeness, one.name

    return sorted(found, key=rank)
