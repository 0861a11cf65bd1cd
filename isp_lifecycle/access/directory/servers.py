"""The servers of a directory: encrypted and verified connections, and the next server when one does not answer."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ldap3
from ldap3.core.exceptions import LDAPExceptionError, LDAPInvalidDnError

from isp_lifecycle.access.errors import DirectoryUnreachable, DirectoryWrong
from isp_lifecycle.foundation.directories import Directory as Settings
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import say

#: A server that did not answer is asked after the others for so long.
RESTS_SECONDS = 30.0
#: An account that a server refused is not tried again for so long: directories lock accounts.
REFUSED_SECONDS = 60.0
#: So many entries come in one page.
PAGE = 500

# Result codes (RFC 4511, appendix A).
SUCCESS, NO_SUCH_OBJECT, INVALID_DN, INVALID_CREDENTIALS = 0, 32, 34, 49
#: What is found of an entry that is not there.
_NOTHING_THERE: Final = (NO_SUCH_OBJECT, INVALID_DN)
#: The control by which OpenLDAP says why a password does not let somebody in (draft-behera-ldap-password-policy).
PASSWORD_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1"  # noqa: S105 - an object identifier

_log = log(__name__)


@dataclass(frozen=True)
class Entry:
    """One entry as it came over the wire."""

    dn: str
    values: Mapping[str, Sequence[bytes]]
    """By the attribute's name in lower case."""

    def text(self, *attributes: str) -> str:
        """The first value of the first of these attributes that has one."""
        for attribute in attributes:
            for value in self.values.get(attribute.lower(), ()):
                return value.decode("utf-8", errors="replace")
        return ""


@dataclass(frozen=True)
class Bound:
    """What a server answered to a name and a password."""

    code: int
    message: str
    policy: bytes
    """The value of the password policy's control; empty without one."""


class ServerTrouble(Exception):
    """This server does not answer as it should; another one may."""


class Session:
    """A connection in which the account of the settings looks people up."""

    def __init__(self, opened: ldap3.Connection, connect: Callable[[], ldap3.Connection]) -> None:
        self._opened = opened
        self._connect = connect

    def search(self, base: str, wanted: str, attributes: Sequence[str], *, only: bool = False) -> list[Entry] | None:
        """The entries below a base (or the base alone) that fit a filter; None when there is no such base."""
        scope = ldap3.BASE if only else ldap3.SUBTREE
        found: list[Entry] = []
        cookie: bytes | None = None
        while True:
            self._opened.search(
                base,
                wanted,
                search_scope=scope,
                attributes=list(attributes),
                paged_size=None if only else PAGE,
                paged_cookie=cookie,
            )
            result = self._opened.result
            if result["result"] in _NOTHING_THERE:
                return None
            if result["result"] != SUCCESS:
                raise ServerTrouble(f"a search was answered with {result['description']} {result['message']}".strip())
            found += [_entry(one) for one in self._opened.response if one["type"] == "searchResEntry"]
            page = (result.get("controls") or {}).get("1.2.840.113556.1.4.319")
            cookie = page["value"]["cookie"] if page else None
            if not cookie:
                return found

    def root(self) -> Entry:
        """What the server says of itself (RFC 4512, root DSE)."""
        found = self.search("", "(objectClass=*)", ("supportedCapabilities", "vendorName", "namingContexts"), only=True)
        if not found:
            raise ServerTrouble("it says nothing of itself (root DSE)")
        return found[0]

    def bind(self, dn: str, password: str) -> Bound:
        """What the server says to this password, over a connection of its own; an empty one is never sent."""
        if not password:
            raise ValueError("an empty password would be an anonymous bind")
        connection = self._connect()
        try:
            return _bind(connection, dn, password)
        finally:
            _close(connection)


class Verified(ldap3.Tls):  # type: ignore[misc]  # the base has no types
    """TLS as Python's own library does it, which checks the name itself, and knows addresses in certificates."""

    def __init__(self, ca_file: Path | None, *, expected: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        self._expected = expected

    def wrap_socket(self, connection: ldap3.Connection, do_handshake: bool = False) -> None:
        """Encrypt a connection's socket; the server's certificate is verified before this returns."""
        connection.socket = self._context.wrap_socket(connection.socket, server_hostname=self._expected)


class Servers:
    """The servers of one directory, in the order in which they are asked."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.title = settings.title or name
        self._resting: dict[tuple[str, int], float] = {}
        self._refused: tuple[float, DirectoryWrong] | None = None

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of each server; those that did not answer lately come last."""
        now = time.monotonic()
        return sorted(self.settings.addresses, key=lambda one: self._resting.get(one, 0.0) > now)

    def setting(self, field: str) -> str:
        """The name of one of this directory's settings."""
        return f"ISP_DIRECTORIES__{self.name}__{field}".upper()

    def ask[T](self, operation: Callable[[Session], T]) -> T:
        """Do something with the first server that answers. Raises DirectoryUnreachable, DirectoryWrong."""
        reasons = []
        for address in self.addresses:
            try:
                with self.session(address) as session:
                    done = operation(session)
                    self._resting.pop(address, None)
                    return done
            except (ServerTrouble, LDAPExceptionError, OSError) as error:
                reasons.append(f"{_named(address)}: {reason_of(error)}")
                if address not in self._resting:  # told once, until it answers again
                    _log.warning("a directory's server does not answer", source=self.name, reason=reasons[-1])
                self._resting[address] = time.monotonic() + RESTS_SECONDS
        raise DirectoryUnreachable(self.title, reasons=tuple(reasons))

    @contextmanager
    def session(self, address: tuple[str, int]) -> Iterator[Session]:
        """A session with one server. Raises ServerTrouble, LDAPExceptionError, OSError, DirectoryWrong."""
        if self._refused is not None and self._refused[0] > time.monotonic():
            raise self._refused[1]
        connection = self._connect(address)
        try:
            answer = _bind(connection, self.settings.bind_dn, self.settings.bind_password.get_secret_value())
            if answer.code in (INVALID_CREDENTIALS, *_NOTHING_THERE):
                what = say("it refuses the account that looks people up, or its password")
                wrong = DirectoryWrong(self.title, setting=self.setting("BIND_PASSWORD"), what=what)
                self._refused = (time.monotonic() + REFUSED_SECONDS, wrong)
                _log.error("a directory cannot be used", source=self.name, reason=what)
                raise wrong
            if answer.code != SUCCESS:
                raise ServerTrouble(f"signing in was answered with {answer.code} {answer.message}".strip())
            yield Session(connection, lambda: self._connect(address))
        except LDAPInvalidDnError as error:
            raise DirectoryWrong(self.title, setting=self.setting("BIND_DN"), what=say("it is not a DN")) from error
        finally:
            _close(connection)

    def _connect(self, address: tuple[str, int]) -> ldap3.Connection:
        """An encrypted connection whose certificate was verified, before anything secret is sent."""
        host, port = address
        tls = Verified(self.settings.ca_file, expected=self.settings.server_name or host)
        server = ldap3.Server(
            host,
            port,
            use_ssl=self.settings.tls == "ldaps",
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=self.settings.connect_seconds,
        )
        connection = ldap3.Connection(
            server,
            client_strategy=ldap3.SYNC,
            auto_referrals=False,  # a referral would take the password to a server that nobody named
            check_names=False,
            receive_timeout=self.settings.answer_seconds,
        )
        try:
            connection.open(read_server_info=False)
            if self.settings.tls == "starttls":
                connection.start_tls(read_server_info=False)
        except BaseException:
            _close(connection)
            raise
        return connection


def _bind(connection: ldap3.Connection, dn: str, password: str) -> Bound:
    """A simple bind; name and password are taken off the connection again, whose text would show them."""
    connection.user, connection.password, connection.authentication = dn, password, ldap3.SIMPLE
    try:
        connection.bind(read_server_info=False, controls=[(PASSWORD_POLICY, False, None)])
    finally:
        connection.user, connection.password = None, None
    result = connection.result
    policy = (result.get("controls") or {}).get(PASSWORD_POLICY) or {}
    value = policy.get("value") or b""
    return Bound(int(result["result"]), str(result["message"]), value if isinstance(value, bytes) else b"")


def _close(connection: ldap3.Connection) -> None:
    with suppress(LDAPExceptionError, OSError):
        connection.unbind()


def _entry(found: dict[str, Any]) -> Entry:
    return Entry(found["dn"], {name.lower(): values for name, values in found["raw_attributes"].items()})


def _named(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reason_of(error: BaseException) -> str:
    """What went wrong with a server, in words for whoever looks after it."""
    text = str(error) or type(error).__name__
    if "mismatch, certificate is not valid for" in text:
        return "its certificate is another host's: set SERVER_NAME to the name that it carries"
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate is signed by nobody whom CA_FILE names, or is out of date"
    said = re.sub(r"^[a-z ]*(?:opening|binding|receiving data|wrapping error): |\[Errno -?\d+\] ", "", text)
    return f"it does not answer ({said[:200]})" if isinstance(error, LDAPExceptionError | OSError) else said[:200]
