"""A real OpenLDAP with a folder and ports of its own, its rules for passwords and memberships switched on."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ldap3
import pytest
from ldap3.utils.dn import escape_rdn

from isp_lifecycle.cli.embedded.server import Server, free_port, running
from tests.directories.tree import BASE, HOST, LOCKS_AFTER, LOOKER_PASSWORD, PASSWORD, Tree
from tests.flows.certificates import certificate
from tests.sign_on.installed import program

ADMIN, ADMIN_PASSWORD = f"CN=admin,{BASE}", "admin-of-tests"
SCHEMA = Path("/etc/ldap/schema")
ADDRESS = "127.0.0.1"
OLD = "olga"

_CONF = """include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/nis.schema
include {schema}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCACertificateFile {folder}/server.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
security simple_bind=128
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw {password}
directory {folder}/db
maxsize 16777216
overlay ppolicy
ppolicy_default "cn=default,ou=policies,{base}"
ppolicy_use_lockout
access to attrs=userPassword by self write by anonymous auth by * none
access to * by users read by * none
"""

_SEED = """dn: {base}
objectClass: dcObject
objectClass: organization
dc: isp
o: ISP

dn: ou=people,{base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{base}
objectClass: organizationalUnit
ou: groups

dn: ou=policies,{base}
objectClass: organizationalUnit
ou: policies

dn: cn=default,ou=policies,{base}
objectClass: device
objectClass: pwdPolicy
cn: default
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: {locks}
pwdMustChange: TRUE

dn: cn=monthly,ou=policies,{base}
objectClass: device
objectClass: pwdPolicy
cn: monthly
pwdAttribute: userPassword
pwdMaxAge: 2592000

dn: uid={old},ou=people,{base}
objectClass: inetOrgPerson
uid: {old}
cn: {old}
sn: Test
userPassword: {password}
pwdChangedTime: 20130101000000Z
pwdPolicySubentry: cn=monthly,ou=policies,{base}
"""


class OpenLdap(Tree):
    """OpenLDAP."""

    kind = "ldap"
    people, groups = f"ou=people,{BASE}", f"ou=groups,{BASE}"
    looker = f"uid=looker,{people}"

    def __init__(self, folder: Path, *, ldaps: int, plain: int) -> None:
        ca = folder / "server.pem"
        super().__init__(address=ADDRESS, ldaps=ldaps, plain=plain, ca=ca, admin=ADMIN, admin_password=ADMIN_PASSWORD)

    def seed(self) -> None:
        """The account that looks people up, and groups in groups: a circle among them, and one without members."""
        self._add("looker", "looker", LOOKER_PASSWORD)
        for name in ("isp-admins", "isp-noc", "isp-field", "isp-field-north", "all-staff", "other"):
            self.admin.add(self.group(name), ["groupOfNames"], {"member": [ADMIN]})
        self.nest("isp-field-north", "isp-field")
        self.nest("isp-field", "isp-field-north")

    def person(self, name: str = "", *, cn: str = "", groups: tuple[str, ...] = (), password: str = PASSWORD) -> str:
        name = self.fresh(name)
        self._add(name, cn or name, password)
        for group in groups:
            self.put(name, group)
        return name

    def _add(self, name: str, cn: str, password: str) -> None:
        values = {"cn": cn, "sn": "Test", "displayName": f"{name.title()} Test", "mail": f"{name}@isp.example"}
        self.admin.add(self.dn(name), ["inetOrgPerson"], values | {"userPassword": password})

    def dn(self, name: str) -> str:
        return f"uid={escape_rdn(name)},{self.people}"

    def disable(self, name: str) -> None:
        self._set(name, "pwdAccountLockedTime", "000001010000Z")

    def expire(self, name: str) -> None:
        self.admin.modify(self.dn(name), {"objectClass": [(ldap3.MODIFY_ADD, ["shadowAccount"])]})
        self._set(name, "shadowExpire", "15000")

    def must_change(self, name: str) -> None:
        self._set(name, "pwdReset", "TRUE")

    def with_old_password(self) -> str:
        return OLD

    def _set(self, name: str, attribute: str, value: str) -> None:
        self.admin.modify(self.dn(name), {attribute: [(ldap3.MODIFY_REPLACE, [value])]})


@contextmanager
def openldap(folder: Path) -> Iterator[OpenLdap]:
    """An OpenLDAP that runs for the length of a block."""
    serve, fill = program("slapd"), program("slapadd")
    if not SCHEMA.is_dir():
        pytest.skip(f"no {SCHEMA}: `make system` as root installs it")
    ldaps, plain = free_port(), free_port()
    (folder / "db").mkdir()
    certificate(folder, address=ADDRESS, host=HOST)
    conf, seed = folder / "slapd.conf", folder / "seed.ldif"
    conf.write_text(
        _CONF.format(schema=SCHEMA, folder=folder, base=BASE, admin=ADMIN, password=ADMIN_PASSWORD), encoding="utf-8"
    )
    seed.write_text(_SEED.format(base=BASE, locks=LOCKS_AFTER, old=OLD, password=PASSWORD), encoding="utf-8")
    subprocess.run([fill, "-q", "-f", str(conf), "-l", str(seed)], check=True, capture_output=True)
    server = Server(
        "OpenLDAP",
        (serve, "-f", str(conf), "-h", f"ldaps://{ADDRESS}:{ldaps} ldap://{ADDRESS}:{plain}", "-d", "0"),
        url=f"ldaps://{ADDRESS}:{ldaps}",
        stop=signal.SIGTERM,
        ready=lambda: _answers(ldaps),
    )
    with running(server, log=folder / "slapd.log"):
        made = OpenLdap(folder, ldaps=ldaps, plain=plain)
        made.seed()
        yield made
        made.admin.unbind()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((ADDRESS, port)) == 0
