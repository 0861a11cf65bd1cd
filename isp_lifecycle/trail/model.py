"""One line of the audit trail, and the arithmetic that seals it into a chain.

Two hashes (SHA-256), so that what is personal can be erased and the chain still be checked:

* what is *told* (who, about what, from where, with which arguments, before and after, why) is hashed with a salt of
  its own when the line is written. Erasing drops the told parts and the salt; the hash stays, and says nothing.
* the *link* hashes the link before, the line's number, and what is never erased: id, instant, role, source, action,
  kind of subject, the hash of what is told. A line that is altered, removed or put in no longer links.

Whoever can rewrite the whole chain is met by its *heads*: every sealing signs the last link (HMAC-SHA-256) with a key
that the database does not hold.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

#: What the first line links to.
ORIGIN = bytes(32)
#: What stands in place of what was erased.
ERASED = "(erased)"


@dataclass(frozen=True)
class Changed:
    """One thing's state or field before and after, as texts."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who (``actor`` in ``role``) did what to which subject, when, and from where (``source`` is the door: staff,
    portal, cli; ``address`` the network's). ``detail`` are the act's arguments as texts, ``changes`` what became of
    it, ``reason`` why, where the act asks for one."""

    id: UUID
    at: datetime
    actor: str
    role: str
    source: str
    action: str
    subject_kind: str
    subject_id: str
    address: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Changed, ...] = ()

    def told(self, salt: bytes) -> bytes:
        """The hash of what may be erased one day."""
        document = {
            "actor": self.actor,
            "subject": self.subject_id,
            "address": self.address,
            "reason": self.reason,
            "detail": dict(self.detail),
            "changes": [[c.what, c.before, c.after] for c in self.changes],
        }
        return hashlib.sha256(salt + _canonical(document)).digest()

    def link(self, *, before: bytes, seq: int, told: bytes) -> bytes:
        """The hash that chains this line, as number ``seq``, to the one before."""
        fixed = [seq, str(self.id), _instant(self.at), self.role, self.source, self.action, self.subject_kind]
        return hashlib.sha256(before + _canonical([*fixed, told.hex()])).digest()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A line as the database has it. ``seq`` and ``link`` are missing until it is sealed, ``salt`` once erased."""

    entry: Entry
    told: bytes
    salt: bytes | None
    seq: int | None = None
    link: bytes | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of the chain at one sealing, signed."""

    seq: int
    link: bytes
    at: datetime
    seal: bytes

    @classmethod
    def signed(cls, *, seq: int, link: bytes, at: datetime, key: str) -> Head:
        """Sign the end of the chain."""
        return cls(seq=seq, link=link, at=at, seal=_seal(key, seq, link, at))

    def holds(self, key: str) -> bool:
        """Whether it was signed with this key."""
        return hmac.compare_digest(self.seal, _seal(key, self.seq, self.link, self.at))

    @property
    def name(self) -> str:
        """The head in one word, to be kept elsewhere and compared later."""
        return f"{self.seq}:{self.link.hex()}"


@dataclass(frozen=True)
class Broken:
    """One place where the trail is not as it was written. ``seq`` is its number, ``line`` what it says now."""

    seq: int
    what: str
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check of the whole trail came to. ``unsealed_since`` is the instant of the oldest line without a link."""

    lines: int
    erased: int
    heads: int
    unsealed: int
    unsealed_since: datetime | None
    head: str
    broken: tuple[Broken, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


def told_in_words(entry: Entry) -> str:
    """A line for people, when it must be named."""
    about = f" {entry.subject_kind} {entry.subject_id}".rstrip()
    return f"{_instant(entry.at)} {entry.actor} ({entry.role}) {entry.action}{about}"


def _canonical(document: Any) -> bytes:
    """The one spelling of a document (sorted keys, no spaces, UTF-8)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _seal(key: str, seq: int, link: bytes, at: datetime) -> bytes:
    return hmac.digest(key.encode(), _canonical(["trail head", seq, link.hex(), _instant(at)]), "sha256")
