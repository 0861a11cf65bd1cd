"""Find customers and premises by what somebody typed: exactly, unfinished, with typing errors; never slowly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.folding import folded, likely_meant
from isp_lifecycle.search import store
from isp_lifecycle.search.model import (
    SHORT_WORD,
    Candidate,
    beginnings,
    in_order,
    may_be_mistyped,
    nearly,
    whole,
    words_of,
    written_out,
)


def customers(*, tx: Tx, text: str, limit: int) -> list[UUID]:
    """The ids of the customers that somebody may mean, the likeliest first: by names and by where they are served.

    Whole words come before beginnings, and typing errors are mended only while nobody was found.
    """
    words = words_of(folded(tx=tx, text=text))
    if not words:
        return []
    together = " ".join(words)
    found = {one.customer_id: one for one in store.named(tx=tx, beginning=together, limit=limit)}

    def look(ask: tuple[str, str]) -> bool:
        long, short = ask
        found.update({one.customer_id: one for one in store.having(tx=tx, long=long, short=short, text=together)})
        return len(found) >= limit

    _in_stages(tx, words, look, found)
    return [one.customer_id for one in in_order(words, found.values())][:limit]


def premises(*, tx: Tx, text: str, limit: int) -> list[UUID]:
    """The ids of premises by their address, in the same way; those that were never served as well."""
    words = words_of(folded(tx=tx, text=text))
    if not words:
        return []
    found: dict[UUID, float] = {}

    def look(ask: tuple[str, str]) -> bool:
        found.update(store.premises_having(tx=tx, long=ask[0], short=ask[1], text=" ".join(words)))
        return len(found) >= limit

    _in_stages(tx, words, look, found)
    return sorted(found, key=lambda one: (-found[one], one))[:limit]


def _in_stages(tx: Tx, words: Sequence[str], look: Callable[[tuple[str, str]], bool], found: Collection[UUID]) -> None:
    """Whole words, then beginnings, then what the words may have been meant to be, until there are enough."""
    choices = written_out(words)
    enough = look(whole(choices))
    # Whoever wrote three words whole has found what they mean; of two, the first may be as unfinished as the last.
    if not enough and (len(words) == 2 or not found) and len(words) > 1:
        look(beginnings(choices))
    if found:
        return
    known = store.known(tx=tx, words=words)
    doubtful = [word for word in words if may_be_mistyped(word)]
    for mended in ([word for word in doubtful if word not in known], doubtful):
        meant = [_meant(tx, word, last=word == words[-1]) if word in mended else (word,) for word in words]
        if meant != [(word,) for word in words]:
            look(whole(meant))
            if found or look(beginnings(meant)) or found:
                return


def _meant(tx: Tx, word: str, *, last: bool) -> tuple[str, ...]:
    """What a word may have been meant to be, itself among it: the word of another may be known too."""
    alike = store.alike(tx=tx, word=word, tried=nearly(word) if len(word) <= SHORT_WORD else ())
    return tuple(dict.fromkeys((word, *likely_meant(written=word, known=alike, unfinished=last))))


def note_all(*, tx: Tx) -> int:
    """Write every customer's words anew; returns how many customers there are."""
    return store.note_all(tx=tx)


__all__ = ["Candidate", "customers", "note_all", "premises"]
