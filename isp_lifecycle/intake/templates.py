"""The provider's own words for messages: writing them, going back to the shipped text, trying one on oneself."""

from __future__ import annotations

from dataclasses import replace

from isp_lifecycle.access import actions as access
from isp_lifecycle.events.vocabulary import TrialMailAsked
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import LANGUAGES, said, say, spoken
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices import wordings
from isp_lifecycle.notices.errors import NobodyToTryOn
from isp_lifecycle.notices.kinds import Kind, check, checked_language, example, kind_of
from isp_lifecycle.notices.model import Provider
from isp_lifecycle.notices.render import FRAME, shipped
from isp_lifecycle.notices.wording import Wording, Words


@enters("template.write")
def keep_words(act: Act, *, kind: str, language: str, subject: str, written: str, based_on: int) -> Wording:
    """Keep one's own subject and text for a kind of message in a language: they count from the next message on.

    ``based_on`` is the number of the version that was looked at, 0 for the shipped text. Raises WordingRefused, which
    names every problem with its line, WordingOutdated, and NotFound.
    """
    return _keep(act, kind_of(kind), language, Words(subject, written), based_on)


@enters("template.write")
def back_to_shipped(act: Act, *, kind: str, language: str, based_on: int) -> Wording:
    """Let the shipped text count again; the own versions stay on record. Raises WordingOutdated and NotFound."""
    return _keep(act, kind_of(kind), language, None, based_on)


def _keep(act: Act, kind: Kind, language: str, words: Words | None, based_on: int) -> Wording:
    checked_language(language)
    before = wordings.words_of(tx=act.tx, kind=kind.name, language=language) or shipped(kind.name, language)
    made = wordings.keep(
        tx=act.tx,
        kind=kind,
        language=language,
        words=words,
        based_on=based_on,
        provider=_provider(act),
        by=act.actor.username,
        at=act.at,
    )
    after = made.words or shipped(kind.name, language)
    act.about("template", f"{kind.name} {language} {made.number}")
    act.changed("Subject", before.subject, after.subject)
    act.changed("Text", before.body, after.body)
    return made


@enters("template.write")
def send_to_me(act: Act, *, kind: str, language: str, subject: str, written: str) -> str:
    """Send the message with the example's data to one's own address, whether its text is kept or not; returns it.

    Raises WordingRefused, NobodyToTryOn and NotFound.
    """
    of, provider, words = kind_of(kind), _provider(act), Words(subject, written)
    check(of, words, provider=provider, language=checked_language(language))
    user = access.user_by_username(tx=act.tx, username=act.actor.username)
    if user is None or not user.email:
        raise NobodyToTryOn(act.actor.username)
    frame = wordings.words_of(tx=act.tx, kind=FRAME, language=language)
    made = example(of, words, provider=provider, language=language, frame=frame)
    with spoken(language):
        title = said(say("[Trial] {subject}", subject=made.subject))
    email = notices.write_example(
        tx=act.tx,
        key=f"trial:{new_id()}",
        to=user.email,
        rendered=replace(made, subject=title),
        sender=act.settings.smtp.sender,
        at=act.at,
    )
    act.record(TrialMailAsked(user_id=user.id, key=email.key))
    act.about("template", f"{of.name} {LANGUAGES[language]}")
    return email.to


def _provider(act: Act) -> Provider:
    company = act.settings.company
    return Provider(company.name, company.support_phone, company.tz)
