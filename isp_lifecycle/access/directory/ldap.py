"""A directory by LDAP: who somebody is, by name and password, and what has become of them since.

People are found by an account of the settings, by a filter in which nothing that was typed can act as one, and then the
server itself is asked whether their password fits, with their DN. Nothing is kept of a password. Whether it is Active
Directory, which answers several things in its own way, the server says itself (root DSE, supportedCapabilities).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Final, Literal, NoReturn
from uuid import UUID

from ldap3.core.exceptions import LDAPExceptionError
from ldap3.utils.conv import escape_bytes, escape_filter_chars

from isp_lifecycle.access.directory.groups import Group, Groups, InChain, StepByStep, group_of, spelled
from isp_lifecycle.access.directory.servers import SUCCESS, Entry, Servers, ServerTrouble, Session, reason_of
from isp_lifecycle.access.directory.states import AD_STATE, LDAP_STATE, bar_of_answer, bar_of_entry, is_locked
from isp_lifecycle.access.errors import AccountBarred, Bar, DirectoryWrong, SignInRefused
from isp_lifecycle.access.ports import Answer, Found, Person
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.directories import Directory as Settings
from isp_lifecycle.foundation.logs import log

#: LDAP_CAP_ACTIVE_DIRECTORY_OID ([MS-ADTS] 3.1.1.3.4.3).
_IS_AD: Final = b"1.2.840.113556.1.4.800"
#: Longer names are nobody's.
_LONGEST_NAME: Final = 256
#: So many people are looked at again in one search.
_AT_ONCE: Final = 50

_log = log(__name__)


class LdapDirectory:
    """One directory of the settings. It holds no connection, and may be used by several threads at once."""

    def __init__(self, name: str, settings: Settings, *, clock: Clock) -> None:
        self.name = name
        self.title = settings.title or name
        self._settings = settings
        self._servers = Servers(name, settings)
        self._clock = clock
        self._kind: Literal["ad", "ldap"] | None = None if settings.kind == "auto" else settings.kind

    def authenticate(self, *, username: str, password: str) -> Person:
        """The person whom name and password fit; see the port. A name that is unknown costs a bind like any other, so
        that the time it takes does not tell which names there are.
        """
        if not password or not _is_name(username):
            raise SignInRefused
        return self._servers.ask(lambda session: self._authenticated(session, username, password))

    def look_again(self, subjects: Sequence[str]) -> dict[str, Person | None]:
        """These persons as they are now; see the port. Who fits the filter of people no more is gone as well."""
        return self._servers.ask(lambda session: self._looked(session, subjects)) if subjects else {}

    def find(self, username: str) -> Found | None:
        """Somebody by the name that they sign in with, without a password; see the port."""
        if not _is_name(username):
            return None
        return self._servers.ask(lambda session: self._found(session, username))

    def probe(self) -> tuple[Answer, ...]:
        """Ask each server now: whether it answers, and whether it knows what the settings name."""
        return tuple(self._probed(address) for address in self._settings.addresses)

    # One session -----------------------------------------------------------------------------------------------------

    def _authenticated(self, session: Session, username: str, password: str) -> Person:
        ad = self._is_ad(session)
        entry = self._entry(session, username, ad=ad)
        dn = entry.dn if entry is not None else f"CN=nobody-{secrets.token_hex(8)},{self._settings.base}"
        answer = session.bind(dn, password)
        if entry is None:
            raise SignInRefused
        bar = bar_of_answer(answer, ad=ad)
        if bar is None and answer.code != SUCCESS:
            raise SignInRefused
        bar_told = bar_of_entry(entry, ad=ad, now=self._clock.now())
        if answer.code == SUCCESS or bar is Bar.LOCKED:
            bar = bar_told or bar
        if bar is not None:
            raise AccountBarred(bar, source=self.title)
        return self._person(entry, self._groups(session, ad=ad).of(entry), ad=ad)

    def _looked(self, session: Session, subjects: Sequence[str]) -> dict[str, Person | None]:
        ad = self._is_ad(session)
        groups, now = self._groups(session, ad=ad), self._clock.now()
        seen: dict[str, Person | None] = dict.fromkeys(subjects)
        for some in batched(subjects, _AT_ONCE):
            either = "".join(filter(None, (_by_subject(subject, ad=ad) for subject in some)))
            for entry in self._people(session, f"(|{either})", ad=ad) if either else ():
                subject = self._subject(entry, ad=ad)
                if subject in seen and bar_of_entry(entry, ad=ad, now=now) is None:
                    seen[subject] = self._person(entry, groups.of(entry), ad=ad)
        return seen

    def _found(self, session: Session, username: str) -> Found | None:
        ad = self._is_ad(session)
        entry = self._entry(session, username, ad=ad)
        if entry is None:
            return None
        bar = bar_of_entry(entry, ad=ad, now=self._clock.now()) or (Bar.LOCKED if is_locked(entry) else None)
        return Found(self._person(entry, self._groups(session, ad=ad).of(entry), ad=ad), bar)

    def _entry(self, session: Session, username: str, *, ad: bool) -> Entry | None:
        """The one entry with this name; None for no entry, and for several, which would be somebody by chance."""
        name = escape_filter_chars(username.rpartition("\\")[2] if ad else username)  # people type DOMAIN\\name
        either = "".join(f"({attribute}={name})" for attribute in self._attributes(ad=ad))
        found = self._people(session, f"(|{either})", ad=ad)
        if len(found) > 1:
            _log.warning("several people of a directory go by one name", source=self.name, number=len(found))
        return found[0] if len(found) == 1 else None

    def _people(self, session: Session, wanted: str, *, ad: bool) -> list[Entry]:
        kind = "(objectCategory=person)(objectClass=user)" if ad else ""
        attributes = (
            *self._attributes(ad=ad),
            *("displayName", "cn", "mail", "uid", "objectGUID" if ad else "entryUUID"),
            *(AD_STATE if ad else LDAP_STATE),
        )
        found = session.search(
            self._settings.base, f"(&{kind}{wanted}{self._settings.user_filter})", list(dict.fromkeys(attributes))
        )
        if found is None:
            raise self._wrong("BASE", f"there is nothing at {self._settings.base}")
        return found

    def _person(self, entry: Entry, groups: frozenset[Group], *, ad: bool) -> Person:
        username = entry.text(*self._attributes(ad=ad))
        return Person(
            source=self.name,
            subject=self._subject(entry, ad=ad),
            username=username,
            name=entry.text("displayName", "cn") or username,
            email=entry.text("mail") if self._settings.vouches_for_mail else "",
            groups=spelled(groups, self._settings.groups),
        )

    def _subject(self, entry: Entry, *, ad: bool) -> str:
        if ad:
            return str(UUID(bytes_le=bytes(entry.values["objectguid"][0])))
        return entry.text("entryUUID") or self._nameless()

    def _nameless(self) -> NoReturn:
        raise self._wrong(
            "BIND_DN", "the account that looks people up may not read entryUUID, which names them for ever"
        )

    def _groups(self, session: Session, *, ad: bool) -> Groups:
        base = self._settings.group_base or self._settings.base
        return InChain(session, base) if ad else StepByStep(session, base)

    def _attributes(self, *, ad: bool) -> tuple[str, ...]:
        return self._settings.user_attributes or (("sAMAccountName", "userPrincipalName") if ad else ("uid",))

    def _is_ad(self, session: Session) -> bool:
        if self._kind is None:
            self._kind = "ad" if _IS_AD in session.root().values.get("supportedcapabilities", ()) else "ldap"
        return self._kind == "ad"

    def _wrong(self, field: str, what: str) -> DirectoryWrong:
        return DirectoryWrong(self.title, setting=self._servers.setting(field), what=what)

    # Probing ---------------------------------------------------------------------------------------------------------

    def _probed(self, address: tuple[str, int]) -> Answer:
        began, server = time.monotonic(), f"{address[0]}:{address[1]}"
        try:
            with self._servers.session(address) as session:
                notes, locks_after = tuple(self._noted(session)), self._locks_after(session)
        except DirectoryWrong as error:
            return Answer(server, time.monotonic() - began, f"{error.message} {error.remedy}")
        except (ServerTrouble, LDAPExceptionError, OSError) as error:
            return Answer(server, time.monotonic() - began, reason_of(error))
        return Answer(server, time.monotonic() - began, "", notes, locks_after)

    def _locks_after(self, session: Session) -> int:
        """Active Directory says it of the whole domain; others have it in policies that few may read."""
        if not self._is_ad(session):
            return 0
        domain = ",".join(part for part in self._settings.base.split(",") if part.strip().upper().startswith("DC="))
        found = session.search(domain, "(objectClass=*)", ("lockoutThreshold",), only=True)
        return int(found[0].text("lockoutThreshold") or 0) if found else 0

    def _noted(self, session: Session) -> Iterator[str]:
        """What a server says of itself, and which groups of the table it does not have."""
        ad = self._is_ad(session)
        yield "Active Directory" if ad else "LDAP"
        for base in {self._settings.base, self._settings.group_base or self._settings.base}:
            if session.search(base, "(objectClass=*)", ("objectClass",), only=True) is None:
                field = "BASE" if base == self._settings.base else "GROUP_BASE"
                raise self._wrong(field, f"there is nothing at {base}")
        groups = self._settings.groups
        found = _known_groups(session, self._settings.group_base or self._settings.base, list(groups))
        missing = [line for line in groups if line not in spelled(found, groups)]
        if missing:
            yield f"it has no group {', '.join(missing)}"


def _known_groups(session: Session, base: str, lines: Sequence[str]) -> list[Group]:
    """Those of these groups, by name or DN, that the directory has."""
    found: list[Group] = []
    for line in lines:
        at, wanted = (line, "(objectClass=*)") if "=" in line else (base, f"(cn={escape_filter_chars(line)})")
        for entry in session.search(at, wanted, ("cn", "sAMAccountName"), only="=" in line) or ():
            found.append(group_of(entry))
    return found


def _by_subject(subject: str, *, ad: bool) -> str:
    """A filter for what names somebody for ever; empty for what is none, such as one of another kind of server."""
    try:
        guid = UUID(subject)
    except ValueError:
        return ""
    return f"(objectGUID={escape_bytes(guid.bytes_le)})" if ad else f"(entryUUID={guid})"


def _is_name(username: str) -> bool:
    return 0 < len(username) <= _LONGEST_NAME and username.isprintable() and not username.isspace()
