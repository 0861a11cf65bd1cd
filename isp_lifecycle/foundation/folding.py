"""How names and addresses are written for searching: in the database, by one function, stored and asked text alike."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from isp_lifecycle.foundation import db

#: Small letters without marks, ligatures taken apart, apostrophes gone, all other punctuation a space. NFKD takes a
#: letter and its mark apart; what it leaves whole (ł, ø) is named. ``\\0300-\\036F`` are the marks.
_FOLDED = """
CREATE FUNCTION search_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(translate(replace(replace(replace(
    regexp_replace(lower(normalize(said, NFKD)), U&'[\\0300-\\036F]', '', 'g'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'łøđðħıþ''’‘`´ʼ', 'loddhip'), '[[:punct:][:space:]]+', ' ', 'g'))
"""
#: The words of an address; its postcode in parts and together.
_PLACE = """
CREATE FUNCTION search_place(unit text, number text, street text, postcode text, city text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(string_to_array(search_folded(coalesce(unit, '') || ' ' || number || ' ' || street
    || ' ' || postcode || ' ' || replace(postcode, ' ', '') || ' ' || city), ' '), ''))
"""
for _statement in (_FOLDED, _PLACE):
    sa.event.listen(db.metadata, "before_create", db.ddl(_statement))

#: The address of a row of premises as the function above takes it.
PLACE = "search_place(unit, number, street, postcode, city)"


def folded(*, tx: db.Tx, text: str) -> str:
    """A text as names and addresses are written for searching."""
    return str(tx.execute(sa.text("SELECT search_folded(:text)"), {"text": text}).scalar_one())


def typing_errors(*, written: str, meant: str) -> int:
    """How many typing errors lead from one word to the other: a letter too many, missing or wrong, or two swapped.

    This is the optimal string alignment distance.
    """
    rows = [list(range(len(meant) + 1))]
    for i, letter in enumerate(written, 1):
        row = [i]
        for j, wanted in enumerate(meant, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == meant[j - 2] and written[i - 2] == wanted:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def likely_meant(*, written: str, known: Sequence[str], unfinished: bool) -> tuple[str, ...]:
    """The known words that somebody may have meant, the likeliest first, at most three.

    One error is forgiven in a word of up to four letters, two in a longer one. A word that is still being typed
    (``unfinished``) is also compared with the beginnings of the known words.
    """
    forgiven = 1 if len(written) <= 4 else 2
    likely = []
    for place, word in enumerate(known):
        ends = (len(word), len(written)) if unfinished else (len(word),)
        errors = min(typing_errors(written=written, meant=word[:end]) for end in ends)
        if errors <= forgiven:
            likely.append((errors, place, word))
    return tuple(word for _, _, word in sorted(likely)[:3])
