"""The groups that somebody is in, those of groups in groups included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Protocol

from ldap3.utils.conv import escape_filter_chars

from isp_lifecycle.access.directory.servers import Entry, Session

#: Active Directory's rule that follows a chain of memberships (LDAP_MATCHING_RULE_IN_CHAIN). Other servers accept a
#: filter with it and find nothing, so that only Active Directory is asked in this way.
IN_CHAIN = "1.2.840.113556.1.4.1941"
_NAMES = ("cn", "sAMAccountName")
#: So many members are asked about in one search.
_AT_ONCE = 40


@dataclass(frozen=True)
class Group:
    """A group by its place in the tree and the names that it goes by there."""

    dn: str
    names: tuple[str, ...]


class Groups(Protocol):
    """How groups are found; one object lives as long as one session, and may remember what it found."""

    def of(self, entry: Entry) -> frozenset[Group]:
        """Every group that this person is in."""
        ...


class InChain:
    """Active Directory follows the chain itself. The primary group (Domain Users) is no membership there."""

    def __init__(self, session: Session, base: str) -> None:
        self._session = session
        self._base = base

    def of(self, entry: Entry) -> frozenset[Group]:
        """One search for all of them."""
        wanted = f"(&(objectClass=group)(member:{IN_CHAIN}:={escape_filter_chars(entry.dn)}))"
        return frozenset(group_of(found) for found in self._session.search(self._base, wanted, _NAMES) or ())


class StepByStep:
    """Elsewhere each group's own groups are looked for, until no new ones come; circles therefore end."""

    def __init__(self, session: Session, base: str) -> None:
        self._session = session
        self._base = base
        self._parents: dict[str, frozenset[Group]] = {}

    def of(self, entry: Entry) -> frozenset[Group]:
        """The groups of the entry, by its DN or by its uid (posixGroup), and theirs."""
        found = set(self._above([entry.dn])) | set(self._posix(entry.text("uid")))
        new = set(found)
        while new:
            new = set(self._above([group.dn for group in new])) - found
            found |= new
        return frozenset(found)

    def _above(self, members: Sequence[str]) -> Iterator[Group]:
        unknown = [dn for dn in members if dn.casefold() not in self._parents]
        for some in batched(unknown, _AT_ONCE):
            self._look(some)
        for dn in members:
            yield from self._parents[dn.casefold()]

    def _look(self, members: Iterable[str]) -> None:
        names = {dn.casefold(): dn for dn in members}
        either = "".join(
            f"({attribute}={escape_filter_chars(dn)})"
            for dn in names.values()
            for attribute in ("member", "uniqueMember")
        )
        entries = self._session.search(self._base, f"(|{either})", (*_NAMES, "member", "uniqueMember")) or []
        above: dict[str, set[Group]] = {key: set() for key in names}
        for entry in entries:
            has = [*entry.values.get("member", ()), *entry.values.get("uniquemember", ())]
            for key in {value.decode("utf-8", errors="replace").casefold() for value in has} & above.keys():
                above[key].add(group_of(entry))
        if len(names) == 1:  # spelt otherwise in the group than in the entry, but the server knows that it is the same
            above[next(iter(names))] |= {group_of(entry) for entry in entries}
        self._parents |= {key: frozenset(groups) for key, groups in above.items()}

    def _posix(self, uid: str) -> list[Group]:
        if not uid:
            return []
        wanted = f"(&(objectClass=posixGroup)(memberUid={escape_filter_chars(uid)}))"
        return [group_of(entry) for entry in self._session.search(self._base, wanted, _NAMES) or ()]


def spelled(groups: Iterable[Group], table: Mapping[str, str]) -> frozenset[str]:
    """Groups by the names that the settings' table gives them, DN or short; those that it does not name, by their own.

    A line of the table that is a DN fits that group only, wherever others are called alike. A name that looks like a DN
    counts for nothing: whoever makes groups could else give one the name of another's line.
    """
    lines = {_folded(line): line for line in table}
    found = set()
    for group in groups:
        fitting = [lines[key] for key in (_folded(group.dn), *map(str.casefold, group.names)) if key in lines]
        found |= set(fitting) or set(group.names[:1])
    return frozenset(found)


def _folded(name: str) -> str:
    """Case and spaces after commas make no difference in a DN."""
    return ",".join(part.strip() for part in name.casefold().split(","))


def group_of(entry: Entry) -> Group:
    """A group as its entry tells it; what looks like a DN is no name."""
    names = (entry.text("cn"), entry.text("sAMAccountName"))
    return Group(entry.dn, tuple(dict.fromkeys(name for name in names if name and "=" not in name)))
