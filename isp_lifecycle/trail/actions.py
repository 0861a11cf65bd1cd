"""Add lines to the audit trail, seal them, check the chain, and erase what is a person's."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from isp_lifecycle.foundation.db import Engine, Tx, storable, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.secret import kept_secret
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.trail import store
from isp_lifecycle.trail.errors import NobodyNamed
from isp_lifecycle.trail.model import ERASED, ORIGIN, Broken, Changed, Entry, Head, Kept, Verdict, told_in_words

#: So many lines are sealed in one transaction.
SEALED_AT_ONCE = 2000
#: More broken places than these are one finding.
NAMED_AT_MOST = 50


def append(
    *,
    tx: Tx,
    at: datetime,
    actor: str,
    role: str,
    source: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    address: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    changes: Sequence[Changed] = (),
) -> Entry:
    """Add a line, in the transaction of what it tells. It is sealed soon afterwards, by the schedule."""
    entry = Entry(
        id=new_id(),
        at=at,
        actor=storable(actor),
        role=role,
        source=source,
        address=address,
        action=action,
        subject_kind=subject_kind,
        subject_id=storable(subject_id),
        reason=storable(reason),
        detail={name: _plain(value) for name, value in (detail or {}).items()},
        changes=tuple(changes),
    )
    salt = secrets.token_bytes(16)
    store.insert(tx=tx, kept=Kept(entry=entry, told=entry.told(salt), salt=salt))
    return entry


class Asker(Protocol):
    """Whoever asked for something, as every door knows them."""

    @property
    def username(self) -> str: ...
    @property
    def role_shown(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def address(self) -> str: ...


def refused(*, engine: Engine, at: datetime, by: Asker, what: str, needs: str) -> None:
    """Add that somebody asked for what their role does not allow; its own transaction, for nothing else was done."""
    with write(engine) as tx:
        append(
            tx=tx,
            at=at,
            actor=by.username or "visitor",
            role=by.role_shown,
            source=by.source,
            address=by.address,
            action="refused",
            subject_kind="act",
            subject_id=what,
            reason=f"needs {needs}",
        )


def seal(*, tx: Tx, key: str, at: datetime) -> Head | None:
    """Chain the oldest unsealed lines and sign the end; None when there were none.

    Lines are sealed after their own transactions, so that no act waits for another's: numbers follow the order in
    which lines are found, which for two acts of one moment may not be that of their instants.
    """
    store.take_turn(tx=tx)
    lines = store.unsealed(tx=tx, limit=SEALED_AT_ONCE)
    if not lines:
        return None
    seq, link = store.last_link(tx=tx) or (0, ORIGIN)
    links = []
    for kept in lines:
        seq += 1
        link = kept.entry.link(before=link, seq=seq, told=kept.told)
        links.append((kept.entry.id, seq, link))
    head = Head.signed(seq=seq, link=link, at=at, key=key)
    store.seal(tx=tx, links=links, head=head)
    return head


def verify(*, tx: Tx, key: str, known_head: str = "") -> Verdict:
    """Check every line, every link and every signed head; ``known_head`` is one that was kept elsewhere.

    A broken line is named once: the links of those after it are counted on from what stands there.
    """
    ends = store.heads(tx=tx)
    check = _Check(key, {head.seq: head for head in ends}, known_head)
    for kept in store.chain(tx=tx):
        check.line(kept)
    check.finish(ends)
    number, since = store.waiting(tx=tx)
    return Verdict(
        lines=check.lines,
        erased=check.erased,
        heads=len(ends),
        unsealed=number,
        unsealed_since=since,
        head=ends[-1].name if ends else "",
        broken=tuple(check.broken[:NAMED_AT_MOST]),
    )


class _Check:
    """One walk along the chain."""

    def __init__(self, key: str, ends: Mapping[int, Head], known_head: str) -> None:
        self._key = key
        self._ends = ends
        self._known = known_head.strip().lower()
        self._seq, self._link = 0, ORIGIN
        self._met = False
        self.lines = self.erased = 0
        self.broken: list[Broken] = []

    def line(self, kept: Kept) -> None:
        """The next line."""
        seq, link = kept.seq or 0, kept.link or b""
        words = told_in_words(kept.entry)
        if seq != self._seq + 1:
            self._broke(self._seq + 1, f"{_span(self._seq + 1, seq - 1)} removed.")
        elif link != kept.entry.link(before=self._link, seq=seq, told=kept.told):
            self._broke(seq, say("The line does not link to the one before: one of the two was altered."), words)
        if kept.salt is None:
            self.erased += 1
        elif kept.told != kept.entry.told(kept.salt):
            self._broke(seq, say("What the line tells was altered after it was written."), words)
        end = self._ends.get(seq)
        if end is not None and (end.link != link or not end.holds(self._key)):
            self._broke(seq, say("The chain up to here is not the one that was signed."), words)
        if self._known.partition(":")[0] == str(seq):
            self._met = self._known == f"{seq}:{link.hex()}"
        self.lines += 1
        self._seq, self._link = seq, link

    def finish(self, ends: Sequence[Head]) -> None:
        """After the last line: what was signed, or kept elsewhere, must have been met."""
        if ends and ends[-1].seq > self._seq:
            self._broke(
                ends[-1].seq,
                say("{lines} removed, after the end was signed.", lines=_span(self._seq + 1, ends[-1].seq)),
            )
        if self._known and not self._met:
            self._broke(
                self._seq, say("The chain never had the head that was kept elsewhere, {head}.", head=self._known)
            )

    def _broke(self, seq: int, what: str, line: str = "") -> None:
        self.broken.append(Broken(seq, what, line))


def _span(first: int, last: int) -> str:
    return (
        say("Line {first} was", first=first)
        if first == last
        else say("Lines {first} to {last} were", first=first, last=last)
    )


def everything(*, tx: Tx) -> Iterator[Kept]:
    """Every sealed line by its number, for an export."""
    return store.chain(tx=tx)


def erase(*, tx: Tx, names: Sequence[str], at: datetime) -> int:
    """Put "(erased)" wherever one of these names stands in the trail; returns in how many lines.

    The chain still holds: only a hash of what was told is in it. What an erased line still tells cannot be proven.
    Raises NobodyNamed.
    """
    wanted = sorted({name.strip() for name in names if len(name.strip()) >= 3}, key=len, reverse=True)
    if not wanted:
        raise NobodyNamed
    pattern = re.compile("|".join(re.escape(name) for name in wanted), re.IGNORECASE)

    def without(text: str) -> str:
        return pattern.sub(ERASED, text)

    lines = store.naming(tx=tx, names=wanted)
    for kept in lines:
        entry = kept.entry
        values = {
            "actor": without(entry.actor),
            "subject_id": without(entry.subject_id),
            "address": ERASED if pattern.search(entry.actor) and entry.address else entry.address,
            "reason": without(entry.reason),
            "detail": {k: without(v) if isinstance(v, str) else v for k, v in entry.detail.items()},
            "changes": [[c.what, without(c.before), without(c.after)] for c in entry.changes],
        }
        store.erase(tx=tx, line=entry.id, values=values, at=at)
    return len(lines)


def key_of(settings: Settings) -> str:
    """The key that signs the ends of the trail; no part of the database."""
    if settings.trail_key is not None:
        return settings.trail_key.get_secret_value()
    return kept_secret(settings.var, "trail_key")


def _plain(value: Any) -> Any:
    """What a JSON document gives back exactly as it was: whole numbers and texts."""
    return value if isinstance(value, bool | int | str) or value is None else str(value)
