"""Register customers, keep premises, find a premises by what somebody types."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from isp_lifecycle.customers import store
from isp_lifecycle.customers.errors import CustomerCodeTaken, SplitterPortTaken
from isp_lifecycle.customers.model import (
    Customer,
    Difference,
    Note,
    Premises,
    Registration,
    checked_email,
    checked_language,
    checked_name,
    checked_note,
    checked_phone,
    differences,
)
from isp_lifecycle.foundation.codes import given_code, next_code
from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.folding import likely_meant
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import ENGLISH, say
from isp_lifecycle.foundation.upsert import Change, Put

CODE_PREFIX = "C"

#: What stands where a note was erased.
ERASED = "(erased)"

#: So many words of a search text count; an address has fewer.
MOST_WORDS = 12


def register_customer(
    *,
    tx: Tx,
    name: str,
    email: str,
    phone: str,
    at: datetime,
    code: str | None = None,
    language: str = ENGLISH,
) -> Registration:
    """Register a customer, or recognise one by the e-mail address.

    What is on record stays as it was; anything given otherwise is reported. ``code`` takes over a code from an
    import instead of drawing the next. Raises NameWrong, EmailWrong, PhoneWrong, CustomerCodeTaken.
    """
    name, email, phone = checked_name(name), checked_email(email), checked_phone(phone)
    held = store.customer_by_email(tx=tx, email=email)
    if held is None:
        held = Customer(
            id=new_id(),
            code=_code(tx, code),
            name=name,
            email=email,
            phone=phone,
            created_at=at,
            language=checked_language(language),
        )
        if store.insert_customer(tx=tx, customer=held):
            return Registration(customer=held, created=True)
        held = _who_was_faster(tx=tx, email=email, code=held.code)
    kept = differences(held=held, name=name, phone=phone)
    if code is not None and code != held.code:
        kept = (Difference(field="code", held=held.code, given=code), *kept)
    return Registration(customer=held, created=False, kept=kept)


def applicant(*, tx: Tx, name: str, email: str, phone: str, at: datetime, language: str = ENGLISH) -> tuple[UUID, bool]:
    """The id of the customer of this e-mail address, and whether they were registered just now.

    Who is known keeps the language that is on record. Tells nothing else about anybody: whoever fills in a public form
    need not be who they say. Raises NameWrong, EmailWrong, PhoneWrong, LanguageWrong.
    """
    name, email, phone = checked_name(name), checked_email(email), checked_phone(phone)
    new = Customer(
        id=new_id(),
        code=_code(tx, None),
        name=name,
        email=email,
        phone=phone,
        created_at=at,
        language=checked_language(language),
    )
    return store.customer_of_application(tx=tx, customer=new)


def _code(tx: Tx, given: str | None) -> str:
    if given is None:
        return next_code(tx=tx, sequence=store.CUSTOMER_CODES, prefix=CODE_PREFIX)
    return given_code(tx=tx, sequence=store.CUSTOMER_CODES, prefix=CODE_PREFIX, code=given)


def _who_was_faster(*, tx: Tx, email: str, code: str) -> Customer:
    """Whoever made our insert conflict: the same person in another transaction, or the owner of the code."""
    held = store.customer_by_email(tx=tx, email=email)
    if held is None:
        other = customer_by_code(tx=tx, code=code)
        raise CustomerCodeTaken(code=code, email=email, other=other.email)
    return held


def customer_by_id(*, tx: Tx, customer_id: UUID) -> Customer:
    """The customer with this id; raises NotFound."""
    return _found(store.customer_by_id(tx=tx, customer_id=customer_id), "customer", customer_id)


def customer_by_code(*, tx: Tx, code: str) -> Customer:
    """The customer with this code; raises NotFound."""
    return _found(store.customer_by_code(tx=tx, code=code), "customer", code)


def customer_by_email(*, tx: Tx, email: str) -> Customer | None:
    """The customer of this e-mail address, if there is one; letter case does not count."""
    return store.customer_by_email(tx=tx, email=email)


def set_language(*, tx: Tx, customer_id: UUID, language: str) -> tuple[str, str]:
    """Write to a customer in another language; returns the one before, and this one. Raises LanguageWrong, NotFound."""
    before = customer_by_id(tx=tx, customer_id=customer_id)
    store.set_language(tx=tx, customer_id=customer_id, language=checked_language(language))
    return before.language, language


def add_note(*, tx: Tx, customer_id: UUID, author: str, text: str, pinned: bool, at: datetime) -> Note:
    """Write a note about a customer; raises NoteWrong."""
    note = Note(id=new_id(), customer_id=customer_id, at=at, author=author, text=checked_note(text), pinned=pinned)
    store.insert_note(tx=tx, note=note)
    return note


def pin_note(*, tx: Tx, note_id: UUID, pinned: bool) -> Note:
    """Put a note on top of what is known of its customer, or take it down; raises NotFound."""
    note = _found(store.note_by_id(tx=tx, note_id=note_id), "note", note_id)
    store.set_pinned(tx=tx, note_id=note_id, pinned=pinned)
    return note


def notes_of(*, tx: Tx, customer_id: UUID) -> tuple[Note, ...]:
    """All notes about a customer, those that are pinned first, then the newest."""
    return tuple(sorted(store.notes_of(tx=tx, customer_id=customer_id), key=lambda note: not note.pinned))


def erase_notes(*, tx: Tx, customer_id: UUID, at: datetime) -> int:
    """Erase what was written about a customer, at their request; that it was written, when and by whom stays."""
    return store.erase_notes(tx=tx, customer_id=customer_id, text=ERASED, at=at)


def put_premises(
    *,
    tx: Tx,
    code: str,
    area: str,
    street: str,
    number: str,
    postcode: str,
    city: str,
    latitude: float,
    longitude: float,
    unit: str | None = None,
    splitter_code: str | None = None,
    splitter_port: int | None = None,
    drop_m: int | None = None,
) -> Put[Premises]:
    """Bring the premises of this code to these values and tell what that took.

    Raises PremisesWrong, and SplitterPortTaken, which names the premises that has the port.
    """
    place = Premises(
        id=new_id(),
        code=code,
        area=area,
        street=street,
        number=number,
        unit=unit,
        postcode=postcode,
        city=city,
        latitude=latitude,
        longitude=longitude,
        splitter_code=splitter_code,
        splitter_port=splitter_port,
        drop_m=drop_m,
    )
    with refusing(tx=tx, by={"uq_premises_splitter_port": lambda: _port_taken(tx, place)}):
        change = store.upsert_premises(tx=tx, place=place)
    if change is not Change.SAME:
        store.learn_words(tx=tx, code=code)
    return Put(value=replace(place, id=premises_by_code(tx=tx, code=code).id), change=change)


def _port_taken(tx: Tx, place: Premises) -> SplitterPortTaken:
    splitter, port = place.splitter_code or "", place.splitter_port or 0
    other = store.premises_on_port(tx=tx, splitter_code=splitter, splitter_port=port)
    return SplitterPortTaken(
        code=place.code, splitter_code=splitter, splitter_port=port, other=other.code if other else say("(just gone)")
    )


def premises_by_id(*, tx: Tx, premises_id: UUID) -> Premises:
    """The premises with this id; raises NotFound."""
    return _found(store.premises_by_id(tx=tx, premises_id=premises_id), "premises", premises_id)


def premises_by_code(*, tx: Tx, code: str) -> Premises:
    """The premises with this code; raises NotFound."""
    return _found(store.premises_by_code(tx=tx, code=code), "premises", code)


def search_premises(*, tx: Tx, text: str, limit: int = 10) -> tuple[Premises, ...]:
    """Premises for what somebody typed so far, best first: whole words, then beginnings of words, then likely typos.

    The later stages run only while fewer than ``limit``, or none, were found. A typo is forgiven in a word but not in
    a number: the neighbour's house is never a good guess.
    """
    words = [(word,) for word in store.folded_words(tx=tx, text=text)][:MOST_WORDS]
    if not words:
        return ()
    found = dict.fromkeys(store.premises_matching(tx=tx, words=words, whole=True, limit=limit))
    if len(found) < limit and len(words) > 1:
        found |= dict.fromkeys(store.premises_matching(tx=tx, words=words, whole=False, limit=limit))
    if not found:
        meant = [_alternatives(tx, word, last=place == len(words) - 1) for place, (word,) in enumerate(words)]
        if meant != words:
            found |= dict.fromkeys(store.premises_matching(tx=tx, words=meant, whole=False, limit=limit))
    return tuple(found)[:limit]


def same_place(*, tx: Tx, text: str, premises: Premises) -> bool:
    """Whether every word of what somebody typed stands in the address of this premises, as it is written."""
    words = set(store.folded_words(tx=tx, text=text))
    known = {*store.folded_words(tx=tx, text=f"{premises.address} {premises.area}"), *_joined(premises.postcode)}
    return bool(words) and words <= known


def _joined(postcode: str) -> set[str]:
    return {postcode.replace(" ", "").lower()}


def _alternatives(tx: Tx, word: str, *, last: bool) -> tuple[str, ...]:
    """What a word may have been meant to be; a number only what it is."""
    if any(letter.isdigit() for letter in word):
        return (word,)
    return likely_meant(written=word, known=store.similar_words(tx=tx, word=word), unfinished=last) or (word,)


def _found[T](thing: T | None, what: str, key: object) -> T:
    if thing is None:
        raise NotFound(what, key)
    return thing
