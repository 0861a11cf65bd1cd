"""A real Samba as Active Directory's domain controller, with a folder and an address of its own.

Its ports are fixed (389, 636), so it gets an address of the loopback instead; provisioning takes seconds, hence once a
session. It wants root.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ldap3
import pytest
from ldap3.utils.dn import escape_rdn

from isp_lifecycle.cli.embedded.server import Server, is_free, running
from tests.directories.tree import BASE, HOST, LOCKS_AFTER, LOOKER_PASSWORD, PASSWORD, Tree
from tests.flows.certificates import certificate
from tests.sign_on.installed import program

ADMIN_PASSWORD = "Adm1n-Pass-Of-Tests"
LDAPS, PLAIN = 636, 389
NORMAL, DISABLED = 0x200, 0x202
#: Windows' clock: 100 ns since 1601; this is in the year 2013.
LONG_AGO = 130_000_000_000_000_000

_CONF = """[global]
netbios name = DC1
realm = ISP.TEST
workgroup = ISP
server role = active directory domain controller
interfaces = {address}/8
bind interfaces only = yes
server services = ldap
log file = {folder}/log.%m
logging = file
pid directory = {folder}
ncalrpc dir = {folder}/ncalrpc
ntp signd socket directory = {folder}/ntp
winbindd socket directory = {folder}/winbindd
tls enabled = yes
tls certfile = {folder}/server.pem
tls keyfile = {folder}/server.key
tls cafile = {folder}/server.pem
tls priority = NORMAL
ldap server require strong auth = yes
private dir = {folder}/private
lock directory = {folder}
state directory = {folder}/state
cache directory = {folder}/cache
binddns dir = {folder}/bind-dns
[sysvol]
path = {folder}/state/sysvol
[netlogon]
path = {folder}/state/sysvol/isp.test/scripts
"""

#: What only Samba's own library may do: a password's age, by the control for it (DSDB_CONTROL_PASSWORD_BYPASS...).
_AGE = """
import ldb, sys
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
parm = LoadParm(); parm.load(sys.argv[1])
sam = SamDB(session_info=system_session(), lp=parm, url=sys.argv[2])
change = ldb.Message(ldb.Dn(sam, sys.argv[3]))
change["pwdLastSet"] = ldb.MessageElement(sys.argv[4], ldb.FLAG_MOD_REPLACE, "pwdLastSet")
sam.modify(change, controls=["local_oid:1.3.6.1.4.1.7165.4.3.12:0"])
"""


class Samba(Tree):
    """Samba as Active Directory."""

    kind = "ad"
    people = groups = f"CN=Users,{BASE}"
    looker = "looker@isp.test"

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self._cns: dict[str, str] = {}
        super().__init__(
            address=address,
            ldaps=LDAPS,
            plain=PLAIN,
            ca=folder / "server.pem",
            admin="administrator@isp.test",
            admin_password=ADMIN_PASSWORD,
        )

    def seed(self) -> None:
        """Rules for passwords, the account that looks people up, and groups in groups."""
        rules = {"lockoutThreshold": str(LOCKS_AFTER), "lockoutDuration": "-18000000000", "pwdProperties": "0"}
        rules |= {"lockOutObservationWindow": "-18000000000", "pwdHistoryLength": "0"}
        self.admin.modify(BASE, {name: [(ldap3.MODIFY_REPLACE, [value])] for name, value in rules.items()})
        self._add("looker", "looker", LOOKER_PASSWORD)
        for name in ("isp-admins", "isp-noc", "isp-field", "isp-field-north", "all-staff", "other"):
            self.admin.add(self.group(name), ["top", "group"], {"sAMAccountName": name})
        self.nest("isp-field-north", "isp-field")

    def person(self, name: str = "", *, cn: str = "", groups: tuple[str, ...] = (), password: str = PASSWORD) -> str:
        name = self.fresh(name)
        self._add(name, cn or name, password)
        for group in groups:
            self.put(name, group)
        return name

    def _add(self, name: str, cn: str, password: str) -> None:
        self._cns[name] = cn
        self.admin.add(
            self.dn(name),
            ["top", "person", "organizationalPerson", "user"],
            {
                "sAMAccountName": name,
                "userPrincipalName": f"{name}@isp.test",
                "displayName": f"{name.title()} Test",
                "mail": f"{name}@isp.example",
                "unicodePwd": f'"{password}"'.encode("utf-16-le"),
                "userAccountControl": str(NORMAL),
            },
        )

    def dn(self, name: str) -> str:
        return f"CN={escape_rdn(self._cns[name])},{self.people}"

    def disable(self, name: str) -> None:
        self._set(name, "userAccountControl", str(DISABLED))

    def expire(self, name: str) -> None:
        self._set(name, "accountExpires", str(LONG_AGO))

    def must_change(self, name: str) -> None:
        self._set(name, "pwdLastSet", "0")

    def with_old_password(self) -> str:
        name = self.person()
        database, conf = self.folder / "private" / "sam.ldb", self.folder / "etc" / "smb.conf"
        python = ["/usr/bin/python3", "-c", _AGE, str(conf), str(database), self.dn(name), str(LONG_AGO)]
        subprocess.run(python, check=True, capture_output=True)
        return name

    def _set(self, name: str, attribute: str, value: str) -> None:
        self.admin.modify(self.dn(name), {attribute: [(ldap3.MODIFY_REPLACE, [value])]})


@contextmanager
def samba(folder: Path) -> Iterator[Samba]:
    """A domain controller that runs for the length of a block."""
    serve, tool = program("samba"), program("samba-tool")
    if os.geteuid() != 0:
        pytest.skip("Samba as a domain controller wants root")
    address = _free_address()
    (folder / "etc").mkdir()
    certificate(folder, address=address, host=HOST)
    conf = folder / "etc" / "smb.conf"
    conf.write_text(_CONF.format(folder=folder, address=address), encoding="utf-8")
    provision = ["domain", "provision", "-s", str(conf), f"--targetdir={folder}", "--realm=ISP.TEST", "--domain=ISP"]
    provision += ["--server-role=dc", "--dns-backend=NONE", f"--adminpass={ADMIN_PASSWORD}", "--host-name=dc1"]
    subprocess.run([tool, *provision, f"--host-ip={address}"], check=True, capture_output=True)
    server = Server(
        "Samba",
        (serve, "-i", "-M", "single", "-s", str(conf), "--debug-stdout"),
        url=f"ldaps://{address}",
        stop=signal.SIGTERM,
        ready=lambda: _answers(address),
    )
    with running(server, log=folder / "samba.log"):
        made = Samba(folder, address)
        made.seed()
        yield made
        made.admin.unbind()


def _free_address() -> str:
    for _attempt in range(100):
        address = f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(250)}.{1 + secrets.randbelow(250)}"
        if all(is_free(port, host=address) for port in (LDAPS, PLAIN, 3268, 3269)):
            return address
    raise RuntimeError("no address of the loopback has LDAP's ports free")


def _answers(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, LDAPS)) == 0
