"""Customers and premises, and the rules that a name, an e-mail address and a telephone number keep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from isp_lifecycle.customers.errors import EmailWrong, NameWrong, PhoneWrong, PremisesWrong

#: What people put between the digits of a telephone number.
_PHONE = re.compile(r"\+?[\d ()/.-]+", re.ASCII)
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
