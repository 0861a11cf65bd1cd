"""What every source of sign-ins outside (a directory, an OIDC provider) is to the rest: it says who somebody is.

A source knows a person by a subject that never changes there (objectGUID, entryUUID, ``sub``), and tells the groups
they are in. Which role that gives is decided here, by the settings' table of groups, at every sign-in and at every look
again; a source never names a role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from isp_lifecycle.access.errors import Bar


@dataclass(frozen=True)
class Person:
    """Somebody as a source knows them at this instant."""

    source: str
    """The source's name in the settings."""
    subject: str
    """What names them there for ever; names and addresses change."""
    username: str
    name: str
    email: str
    """Empty unless the source vouches for it."""
    groups: frozenset[str]
    """The groups' names as the settings' table writes them, those of groups in groups included."""
    proved_at: datetime | None = field(default=None, compare=False)
    """When they proved it there, as far as it was before now and the source tells; UTC."""


@dataclass(frozen=True)
class Found:
    """Somebody who was looked up without a password."""

    person: Person
    bar: Bar | None
    """Why the source would not let them in with the right password, as far as it tells; None where nothing speaks
    against it."""


@dataclass(frozen=True)
class Answer:
    """What one server of a source answered just now."""

    server: str
    seconds: float
    error: str
    """Empty when all is well."""
    notes: tuple[str, ...] = ()
    """What it told of itself, and what of the settings it does not know."""
    locks_after: int = 0
    """So many wrong passwords lock an account there; 0 where it locks none, or does not say."""


class LooksAgain(Protocol):
    """A source that can be asked again about people who signed in by it, without their password."""

    @property
    def name(self) -> str:
        """Its name in the settings."""
        ...

    def look_again(self, subjects: Sequence[str]) -> dict[str, Person | None]:
        """These persons as they are now; None for one that is gone, disabled or expired. Raises Unreachable."""
        ...


@dataclass(frozen=True)
class Secrets:
    """What one sign-in at a provider has of its own, and nobody but this server and the provider sees together."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    back: str
    """The address that the provider sends the browser to."""
    again: bool = False
    """Whether who sits there must prove anew who they are, although the provider knows them already."""


class Provider(LooksAgain, Protocol):
    """A source that people sign in at themselves, and come back from.

    All it raises is in :mod:`isp_lifecycle.access.oidc.errors`.
    """

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def can_look_again(self) -> bool:
        """Whether accounts can be asked about without their owners; where not, it is not asked to."""
        ...

    def begins_at(self, *, state: str, secrets: Secrets) -> str:
        """The address to send the browser to."""
        ...

    def came_back(self, *, code: str, issuer: str, error: str, secrets: Secrets) -> Person:
        """Who signed in there, by what the browser brought back."""
        ...

    def probe(self) -> tuple[Answer, ...]:
        """Ask it now; never raises when it does not answer."""
        ...


class Directory(LooksAgain, Protocol):
    """A source that is asked with a name and a password."""

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    def authenticate(self, *, username: str, password: str) -> Person:
        """The person whom name and password fit.

        Raises SignInRefused (unknown here, or wrong), AccountBarred (right password, but disabled, expired or to be
        changed first, each in its own words; or locked) and Unreachable when no server answers.
        """
        ...

    def find(self, username: str) -> Found | None:
        """Somebody by the name that they sign in with; None for a name that it does not know. Raises Unreachable."""
        ...

    def probe(self) -> tuple[Answer, ...]:
        """Ask each server now; never raises for one that does not answer."""
        ...
