"""Customers and premises, and the rules that a name, an e-mail address and a telephone number keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from isp_lifecycle.customers.errors import EmailWrong, LanguageWrong, NameWrong, NoteWrong, PhoneWrong, PremisesWrong
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES

#: What people put between the digits of a telephone number.
_PHONE = re.compile(r"\+?[\d ()/.-]+", re.ASCII)
#: Characters of a note at most.
NOTE_LENGTH = 4000
#: Characters of a document's name at most, without its ending.
FILE_NAME_LENGTH = 100
_NOT_DIGIT = re.compile(r"\D", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who is served. One customer has one e-mail address, and an e-mail address one customer."""

    id: UUID
    code: str
    name: str
    email: str
    phone: str
    created_at: datetime
    language: str = ENGLISH
    """In which language they are written to."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody of the staff wrote about a customer. One that is ``pinned`` stands on top."""

    id: UUID
    customer_id: UUID
    at: datetime
    author: str
    text: str
    pinned: bool = False
    erased_at: datetime | None = None


class DocumentKind(StrEnum):
    """What a document of a customer is."""

    CONTRACT = "contract"  #: What was agreed, signed.
    IDENTITY = "identity"  #: What proves who they are.
    LETTER = "letter"  #: What they wrote, or we.
    OTHER = "other"  #: Anything else.


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that is kept of a customer; of one that was removed, that it was there, and why it is not."""

    id: UUID
    customer_id: UUID
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    sha256: bytes
    added_at: datetime
    added_by: str
    removed_at: datetime | None = None
    removed_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What was given beside what is on record, where the record was kept."""

    field: str
    held: str
    given: str


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A customer who registered, perhaps not for the first time.

    ``kept`` lists what was given otherwise this time; the record was not changed by it, because a form that anybody
    may fill in must not rewrite somebody's name or number.
    """

    customer: Customer
    created: bool
    kept: tuple[Difference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Premises:
    """A place that may be served. Coordinates are WGS 84 degrees, ``drop_m`` is the drop cable's length in metres."""

    id: UUID
    code: str
    area: str
    street: str
    number: str
    unit: str | None
    postcode: str
    city: str
    latitude: float
    longitude: float
    splitter_code: str | None
    splitter_port: int | None
    drop_m: int | None

    def __post_init__(self) -> None:
        for field in ("code", "area", "street", "number", "city"):
            text: str = getattr(self, field)
            self._check(field, text, "1 to 120 characters", ok=1 <= len(text) <= 120 and text == text.strip())
        self._check("latitude", self.latitude, "-90 to 90", ok=-90 <= self.latitude <= 90)
        self._check("longitude", self.longitude, "-180 to 180", ok=-180 <= self.longitude <= 180)
        port, drop = self.splitter_port, self.drop_m
        self._check("splitter_port", port, "at least 1", ok=port is None or port >= 1)
        self._check("splitter_port", port, "empty without a splitter", ok=port is None or self.serviceable)
        self._check("drop_m", drop, "0 to 20000 metres", ok=drop is None or 0 <= drop <= 20_000)

    def _check(self, field: str, value: object, allowed: str, *, ok: bool) -> None:
        if not ok:
            raise PremisesWrong(self.code, field, value, allowed)

    @property
    def serviceable(self) -> bool:
        """Whether fibre passes: a splitter is known from which the drop would come."""
        return self.splitter_code is not None

    @property
    def address(self) -> str:
        """The address in one line, as people write it."""
        door = f"{self.number} {self.street}"
        return ", ".join(part for part in (self.unit, door, f"{self.postcode} {self.city}".strip()) if part)


def checked_name(name: str) -> str:
    """The name with single spaces; raises :class:`NameWrong`."""
    tidy = " ".join(name.split())
    if not 2 <= len(tidy) <= 120 or not tidy.isprintable():
        raise NameWrong(name)
    return tidy


def checked_language(code: str) -> str:
    """The code of a language that we write in; raises :class:`LanguageWrong`."""
    if code not in LANGUAGES:
        raise LanguageWrong(code, tuple(LANGUAGES))
    return code


def checked_note(text: str) -> str:
    """The text of a note without blanks around it; raises :class:`NoteWrong`."""
    tidy = text.strip()
    if not 1 <= len(tidy) <= NOTE_LENGTH:
        raise NoteWrong(len(tidy), NOTE_LENGTH)
    return tidy


def checked_file_name(name: str, ending: str) -> str:
    """A file's name as it is kept: its last part, printable, without what a path or a header could be made of.

    Its ending is what its content is; one that says something else is not believed.
    """
    last = re.split(r"[\\/]", name)[-1]
    tidy = "".join(letter for letter in last if letter.isprintable() and letter not in '"<>:|?*;').strip(" .")
    stem = tidy.rpartition(".")[0] or tidy
    return f"{stem[:FILE_NAME_LENGTH] or 'document'}.{ending}"


def checked_email(email: str) -> str:
    """The address in its normal form; its domain is not looked up. Raises :class:`EmailWrong`.

    The names that RFC 2606 keeps for examples (``.example``, ``.test``) are let through: demo and training use them.
    """
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise EmailWrong(email, str(error)) from error


def checked_phone(phone: str) -> str:
    """The number as it was written, with single spaces; raises :class:`PhoneWrong`.

    A number has at most 15 digits (ITU-T E.164).
    """
    tidy = " ".join(phone.split())
    if _PHONE.fullmatch(tidy) is None or not 6 <= len(_NOT_DIGIT.sub("", tidy)) <= 15:
        raise PhoneWrong(phone)
    return tidy


def differences(*, held: Customer, name: str, phone: str) -> tuple[Difference, ...]:
    """What somebody gave otherwise than it is on record; letter case and a number's punctuation do not count."""
    found = []
    if name.casefold() != held.name.casefold():
        found.append(Difference(field="name", held=held.name, given=name))
    if _NOT_DIGIT.sub("", phone) != _NOT_DIGIT.sub("", held.phone):
        found.append(Difference(field="phone", held=held.phone, given=phone))
    return tuple(found)
