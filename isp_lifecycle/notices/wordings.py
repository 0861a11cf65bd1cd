"""The provider's own words for messages: kept as versions, and used when a letter is written."""

from __future__ import annotations

from datetime import datetime

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import LANGUAGES, say
from isp_lifecycle.notices import store
from isp_lifecycle.notices.errors import WordingOutdated
from isp_lifecycle.notices.kinds import Kind, check, kind_of, why
from isp_lifecycle.notices.model import Letter, Level, Provider, Rendered
from isp_lifecycle.notices.render import FRAME, render
from isp_lifecycle.notices.wording import Wording, Words

#: Whom it concerns that a template failed.
TOLD = "administrator"
#: So many versions are shown.
SHOWN = 50

_log = log(__name__)


def keep(
    *, tx: Tx, kind: Kind, language: str, words: Words | None, based_on: int, provider: Provider, by: str, at: datetime
) -> Wording:
    """Keep a version that counts from now on; without words, the shipped text counts again.

    ``based_on`` is the number of the version that whoever wrote it had before them, 0 for the shipped one. Raises
    WordingRefused, which names every problem, and WordingOutdated.
    """
    if words is not None:
        check(kind, words, provider=provider, language=language)
    newest = store.newest_wording(tx=tx, kind=kind.name, language=language)
    number = newest.number if newest else 0
    if newest is not None and number != based_on:
        raise WordingOutdated(number, newest.written_by)
    made = Wording(
        id=new_id(),
        kind=kind.name,
        language=language,
        number=number + 1,
        subject=None if words is None or kind.is_frame else words.subject.strip(),
        body=words.body.replace("\r\n", "\n").strip() if words else None,
        written_by=by,
        written_at=at,
    )
    if not store.insert_wording(tx=tx, wording=made):
        raise WordingOutdated(made.number, say("somebody else"))
    return made


def newest(*, tx: Tx, kind: str, language: str) -> Wording | None:
    """The version that counts, if there ever was one; one without words means the shipped text."""
    return store.newest_wording(tx=tx, kind=kind, language=language)


def all_newest(*, tx: Tx) -> tuple[Wording, ...]:
    """The version that counts of everything for which there ever was one."""
    return store.newest_wordings(tx=tx)


def history(*, tx: Tx, kind: str, language: str) -> tuple[Wording, ...]:
    """The versions of a kind in a language, the newest first."""
    return store.wordings_of(tx=tx, kind=kind, language=language, limit=SHOWN)


def words_of(*, tx: Tx, kind: str, language: str) -> Words | None:
    """The provider's own words that count now; None for the shipped ones."""
    found = store.newest_wording(tx=tx, kind=kind, language=language)
    return found.words if found else None


def written(*, tx: Tx, letter: Letter, provider: Provider, language: str, at: datetime) -> Rendered:
    """The letter by the words that count now.

    Words that fail never cost a message: the shipped ones are taken, the version is marked, and administrators are
    told once.
    """
    own = store.newest_wording(tx=tx, kind=letter.template, language=language)
    frame = store.newest_wording(tx=tx, kind=FRAME, language=language)
    words, around = own.words if own else None, frame.words if frame else None
    if words is not None or around is not None:
        try:
            return render(letter=letter, provider=provider, language=language, words=words, frame=around)
        except Exception as error:  # noqa: BLE001 - whatever it is, the message goes out, by the shipped words
            _log.error("own words for a message failed", kind=letter.template, language=language, exc_info=error)
    kept: dict[str, Words] = {}
    for name, wording in (("words", own), ("frame", frame)):
        if wording is None or wording.words is None:
            continue
        try:
            render(letter=letter, provider=provider, language=language, **{name: wording.words})
        except Exception as error:  # noqa: BLE001 - this is the one that failed, and says why
            _tell(tx, wording, why(error), at)
        else:
            kept[name] = wording.words
    return render(letter=letter, provider=provider, language=language, **kept)


def _tell(tx: Tx, wording: Wording, failure: str, at: datetime) -> None:
    store.set_failed(tx=tx, wording_id=wording.id, at=at, failure=failure)
    store.insert_notification(
        tx=tx,
        key=f"wording:{wording.id}",
        username=None,
        role=TOLD,
        text=say(
            "Your text of “{kind}” ({language}, version {number}) failed; messages go out by the shipped text.",
            kind=kind_of(wording.kind).title,
            language=LANGUAGES.get(wording.language, wording.language),
            number=wording.number,
        ),
        link=f"/templates?kind={wording.kind}&language={wording.language}",
        level=Level.FAILURE,
        at=at,
    )
