"""What the suite for directories needs of a real one, whichever it is."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from itertools import count
from pathlib import Path
from typing import Any

import ldap3
from ldap3.utils.dn import escape_rdn
from pydantic import SecretStr

from isp_lifecycle.access.directory.ldap import LdapDirectory
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.directories import Directory

PASSWORD = "Correct-Horse-7"
LOOKER_PASSWORD = "Looks-Up-People-1"
BASE = "DC=isp,DC=test"
HOST = "dc1.isp.test"
#: So many wrong passwords lock an account there.
LOCKS_AFTER = 3
TABLE = {"isp-admins": "administrator", "isp-noc": "network", "isp-field": "installer"}

_numbers = count(1)


class Tree(ABC):
    """A directory that is running, seen by whoever looks after it."""

    kind: str
    people: str
    groups: str
    looker: str

    def __init__(self, *, address: str, ldaps: int, plain: int, ca: Path, admin: str, admin_password: str) -> None:
        self.address, self.ldaps, self.plain, self.ca = address, ldaps, plain, ca
        tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=str(ca), valid_names=[HOST])
        server = ldap3.Server(address, ldaps, use_ssl=True, tls=tls, get_info=ldap3.NONE)
        self.admin = ldap3.Connection(
            server, admin, admin_password, auto_bind=True, raise_exceptions=True, check_names=False
        )

    def settings(self, **other: Any) -> Directory:
        """How the product is told of it; ``other`` settings instead of these."""
        values: dict[str, Any] = {
            "title": "The office",
            "servers": (f"{self.address}:{self.ldaps}",),
            "ca_file": self.ca,
            "bind_dn": self.looker,
            "bind_password": SecretStr(LOOKER_PASSWORD),
            "base": BASE,
            "groups": TABLE,
        }
        return Directory(**values | other)

    def directory(self, name: str = "office", **other: Any) -> LdapDirectory:
        """The product's own view of it."""
        return LdapDirectory(name, self.settings(**other), clock=SystemClock())

    @abstractmethod
    def person(self, name: str = "", *, cn: str = "", groups: tuple[str, ...] = (), password: str = PASSWORD) -> str:
        """Somebody new, in these groups; returns the name that they sign in with."""

    @abstractmethod
    def disable(self, name: str) -> None:
        """What whoever looks after the directory does when somebody leaves."""

    @abstractmethod
    def expire(self, name: str) -> None:
        """Let somebody's time there be over."""

    @abstractmethod
    def must_change(self, name: str) -> None:
        """Have somebody choose another password first."""

    @abstractmethod
    def with_old_password(self) -> str:
        """Somebody whose password is older than it may be."""

    def put(self, name: str, group: str) -> None:
        """Put somebody in a group."""
        self.admin.modify(self.group(group), {"member": [(ldap3.MODIFY_ADD, [self.dn(name)])]})

    def take(self, name: str, group: str) -> None:
        """Take somebody out of a group."""
        self.admin.modify(self.group(group), {"member": [(ldap3.MODIFY_DELETE, [self.dn(name)])]})

    def nest(self, inner: str, outer: str) -> None:
        """Put a group in another one."""
        self.admin.modify(self.group(outer), {"member": [(ldap3.MODIFY_ADD, [self.group(inner)])]})

    def forged_group(self, name: str, *, member: str) -> None:
        """A group whose name, in the attribute, is another one's DN."""
        kind = "group" if self.kind == "ad" else "groupOfNames"
        dn = f"CN={escape_rdn(name)},{self.groups}"
        self.admin.add(dn, [kind], {"member": [self.dn(member)]})

    def group(self, name: str) -> str:
        """A group's DN."""
        return f"CN={name},{self.groups}"

    @abstractmethod
    def dn(self, name: str) -> str:
        """The DN of somebody with this name."""

    def fresh(self, name: str) -> str:
        """A name that nobody has yet."""
        return name or f"person{next(_numbers)}"
