"""Real FreeRADIUS and Kea for tests, with folders and ports of their own, on databases of the tests' PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from pyrad import packet
from pyrad.server import RemoteHost
from pyrad.server import Server as RadiusServer

from isp_lifecycle.aaa.attributes import dictionary
from isp_lifecycle.aaa.coa import DynamicAuthorization
from isp_lifecycle.aaa.kea import Kea
from isp_lifecycle.aaa.radius import Radius, Rules
from isp_lifecycle.aaa.server import Server as Database
from isp_lifecycle.cli.embedded.server import Server, free_port, running
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.foundation.ids import new_id
from tests.snooping_olt import snooping_olt

#: What FreeRADIUS shares with its clients, and access gateways with those that change their sessions.
SECRET = "radius-test-only"
COA_SECRET = "coa-test-only"
WALLED_VLAN = 666
RADDB = Path("/etc/freeradius/3.0")
RADIUS_SCHEMA = RADDB / "mods-config/sql/main/postgresql/schema.sql"
KEA_SCHEMA = Path("/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql")
RADIUS_TABLES = "radcheck, radreply, radgroupreply, radgroupcheck, radusergroup, radacct, radpostauth, nas"


def program(name: str) -> str:
    """Where a program of Debian's is; tests that need it are skipped where there is none, except in CI."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return shutil.which(name, path=path) or pytest.skip(f"no {name}: `make system` as root installs it")


def schema(path: Path) -> str:
    """A server's own tables as its package brings them."""
    if not os.access(path, os.R_OK):
        pytest.skip(f"{path} cannot be read: `make system` as root installs it, and only some accounts may read it")
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^\\.*$", "", text, flags=re.MULTILINE)  # psql's own commands


@contextmanager
def database(server: str, tables: str) -> Iterator[str]:
    """The URL of a new database with these tables; dropped at the end."""
    name = f"t_{new_id().hex}"
    url = f"{server.rpartition('/')[0]}/{name}"
    _run(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(tables.encode())
    yield url
    _run(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


# --- FreeRADIUS -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FreeRadius:
    """A running FreeRADIUS: its database, and its clients' programs.

    It listens for CoA as well, as an access gateway that is not pyrad's; it refuses the session named ``refused``.
    """

    engine: sa.Engine
    folder: Path
    auth: int
    acct: int
    coa: int

    def adapter(self, *, coa: int = 9, timeout: float = 0.3, **rules: Any) -> Radius:
        """Our adapter to it, whose gateways take CoA at that port."""
        usual: dict[str, Any] = {
            "vendors": ("mikrotik", "huawei"),
            "open_filter": "",
            "walled_filter": "walled-garden",
            "walled_vlan": WALLED_VLAN,
            "line_secret": "lines-test-only",
            "shared_password": False,
            "bind_circuit": False,
            "coa_secret": COA_SECRET,
        }
        return Radius(
            server=Database("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", self.engine),
            gateways=DynamicAuthorization(port=coa, timeout=timeout, attempts=2),
            rules=Rules(**(usual | rules)),
        )

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of its database."""
        with self.engine.begin() as tx:
            return [tuple(row) for row in tx.execute(sa.text(statement), values)]

    def write(self, statement: str, **values: Any) -> None:
        """Change its database, as an operator might."""
        with self.engine.begin() as tx:
            tx.execute(sa.text(statement), values)

    def password(self, user: str) -> str:
        """What the user signs in with."""
        query = "SELECT value FROM radcheck WHERE username = :u AND attribute = 'Cleartext-Password'"
        return str(self.rows(query, u=user)[0][0])

    def radtest(self, user: str, password: str) -> Answer:
        """Sign in as an access gateway does for a customer who dials in, by FreeRADIUS's own ``radtest``."""
        argv = [program("radtest"), "-x", user, password, f"127.0.0.1:{self.auth}", "0", SECRET]
        return Answer.of(self._run(argv, ""))

    def request(self, *attributes: str) -> Answer:
        """Sign in with attributes as ``radclient`` takes them."""
        argv = [program("radclient"), "-x", "-r", "2", "-t", "3", f"127.0.0.1:{self.auth}", "auth", SECRET]
        return Answer.of(self._run(argv, "\n".join(attributes)))

    def account(self, *attributes: str) -> None:
        """Report about a session as an access gateway does."""
        argv = [program("radclient"), "-r", "2", "-t", "3", f"127.0.0.1:{self.acct}", "acct", SECRET]
        self._run(argv, "\n".join(("NAS-IP-Address = 127.0.0.1", *attributes)))

    def begin_session(self, user: str, session: str, address: str = "") -> None:
        """A live session of this user."""
        more = (f"Framed-IP-Address = {address}",) if address else ()
        self.account(f'User-Name = "{user}"', f'Acct-Session-Id = "{session}"', "Acct-Status-Type = Start", *more)

    def _run(self, argv: list[str], text: str) -> str:
        # Its tools ask the name server for this machine's name unless the variable for it is set.
        done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=30, check=False)
        assert "Received" in done.stdout or argv[0].endswith("radclient"), done.stdout + done.stderr
        return done.stdout + done.stderr


@dataclass(frozen=True)
class Answer:
    """What FreeRADIUS answered, attribute by attribute."""

    accepted: bool
    attributes: dict[str, str]

    @classmethod
    def of(cls, output: str) -> Answer:
        """Read what its tools print."""
        received = output.partition("Received Access-")[2]
        assert received, output
        said = re.findall(r"^\s+([A-Za-z0-9-]+) = \"?(.*?)\"?$", received, re.MULTILINE)
        kept = {name: value for name, value in said if name != "Message-Authenticator"}
        return cls(received.startswith("Accept"), kept)


RADIUSD = """
prefix = /usr
sysconfdir = /etc
localstatedir = {folder}
logdir = {folder}
run_dir = {folder}
raddbdir = {raddb}
modconfdir = {raddb}/mods-config
libdir = /usr/lib/freeradius
dictdir = /usr/share/freeradius
name = radiusd
pidfile = {folder}/radiusd.pid
log {{
  destination = stdout
  auth = yes
}}
security {{
  reject_delay = 0
  status_server = yes
}}
thread pool {{
  start_servers = 2
  max_servers = 4
  min_spare_servers = 1
  max_spare_servers = 2
}}
client tests {{
  ipaddr = 127.0.0.1
  secret = {secret}
}}
clients gateways {{
  client adapter {{
    ipaddr = 127.0.0.1
    secret = {coa_secret}
    require_message_authenticator = yes
  }}
}}
modules {{
  pap {{
  }}
  expr {{
  }}
  always ok {{
    rcode = ok
  }}
  always reject {{
    rcode = reject
  }}
  sql {{
    driver = "rlm_sql_postgresql"
    dialect = "postgresql"
    radius_db = "host={host} port={port} dbname={name} user={user} password={password}"
    acct_table1 = "radacct"
    acct_table2 = "radacct"
    postauth_table = "radpostauth"
    authcheck_table = "radcheck"
    authreply_table = "radreply"
    groupcheck_table = "radgroupcheck"
    groupreply_table = "radgroupreply"
    usergroup_table = "radusergroup"
    client_table = "nas"
    group_attribute = "SQL-Group"
    read_groups = yes
    delete_stale_sessions = yes
    pool {{
      start = 1
      min = 1
      max = 4
      spare = 1
      uses = 0
      lifetime = 0
      idle_timeout = 0
    }}
    $INCLUDE {raddb}/mods-config/sql/main/postgresql/queries.conf
  }}
}}
policy {{
  $INCLUDE {raddb}/policy.d/accounting
}}
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {auth}
  }}
  listen {{
    type = acct
    ipaddr = 127.0.0.1
    port = {acct}
  }}
  listen {{
    type = coa
    ipaddr = 127.0.0.1
    port = {coa}
    clients = gateways
  }}
  recv-coa {{
    if (&Acct-Session-Id == "refused") {{
      update reply {{
        &Error-Cause := Unsupported-Attribute
      }}
      reject
    }}
    elsif (&Packet-Type == CoA-Request && (!&Mikrotik-Rate-Limit || &Huawei-Output-Average-Rate < 1000)) {{
      reject
    }}
    else {{
      ok
    }}
  }}
  authorize {{
    if (&ADSL-Agent-Circuit-Id && (&User-Name !~ /^S-/)) {{
      update request {{
        &User-Name := "%{{sql:SELECT username FROM radcheck \\
          WHERE attribute = 'ADSL-Agent-Circuit-Id' AND value = '0x%{{hex:&ADSL-Agent-Circuit-Id}}'}}"
      }}
      update reply {{
        &User-Name := &request:User-Name
      }}
    }}
    sql
    pap
  }}
  authenticate {{
    Auth-Type PAP {{
      pap
    }}
  }}
  preacct {{
    acct_unique
  }}
  accounting {{
    sql
  }}
  post-auth {{
    sql
    Post-Auth-Type REJECT {{
      sql
    }}
  }}
}}
"""


@contextmanager
def freeradius(server: str, folder: Path) -> Iterator[FreeRadius]:
    """Run FreeRADIUS on a new database of that PostgreSQL."""
    binary, ask = program("freeradius"), program("radclient")
    with database(server, schema(RADIUS_SCHEMA)) as url:
        auth, acct, coa = free_port(), free_port(), free_port()
        place = sa.make_url(url)
        text = RADIUSD.format(
            folder=folder,
            raddb=RADDB,
            secret=SECRET,
            coa_secret=COA_SECRET,
            auth=auth,
            acct=acct,
            coa=coa,
            host=place.host,
            port=place.port,
            name=place.database,
            user=place.username,
            password=place.password,
        )
        (folder / "radiusd.conf").write_text(text, encoding="utf-8")
        status = [ask, "-r", "1", "-t", "1", f"127.0.0.1:{auth}", "status", SECRET]

        def ready() -> bool:
            said = subprocess.run(status, input="Message-Authenticator = 0x00", text=True, capture_output=True)
            return said.returncode == 0

        argv = (binary, "-f", "-l", "stdout", "-d", str(folder), "-n", "radiusd")
        daemon = Server(name="freeradius", argv=argv, url=url, stop=signal.SIGTERM, ready=ready)
        with running(daemon, log=folder / "freeradius.log"):
            engine = open_engine(url)
            yield FreeRadius(engine, folder, auth, acct, coa)
            engine.dispose()


# --- an access gateway ------------------------------------------------------------------------------------------------


@dataclass
class Gateway:
    """An access gateway's CoA side, by pyrad: its sessions with the policy that each has now.

    ``refuse`` is the Error-Cause that a CoA is refused with, ``keep`` the one that a Disconnect is; ``silent`` makes it
    answer nothing.
    """

    port: int
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refuse: int | None = None
    keep: int | None = None
    silent: bool = False


class _Listener(RadiusServer):  # type: ignore[misc]  # pyrad has no types
    """Answers as RFC 5176 has it."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(
            coaport=gateway.port,
            dict=dictionary(),
            hosts={"127.0.0.1": RemoteHost("127.0.0.1", COA_SECRET.encode(), "adapter")},
            auth_enabled=False,
            acct_enabled=False,
            coa_enabled=True,
            enable_pkt_verify=True,
        )
        self.gateway = gateway
        self.BindToAddress("127.0.0.1")

    def HandleCoaPacket(self, pkt: Any) -> None:
        session, known = self._asked("CoA", pkt)
        cause = self.gateway.refuse if known else 503
        if cause is None:
            policy = {name: pkt[name][0] for name in pkt.keys() if isinstance(name, str)}  # noqa: SIM118 - codes
            self.gateway.sessions[session] |= policy
        self._answer(pkt, packet.CoANAK, cause)

    def HandleDisconnectPacket(self, pkt: Any) -> None:
        session, known = self._asked("Disconnect", pkt)
        cause = self.gateway.keep if known else 503
        if cause is None:
            del self.gateway.sessions[session]
        self._answer(pkt, packet.DisconnectNAK, cause)

    def _asked(self, what: str, pkt: Any) -> tuple[str, bool]:
        session = pkt["Acct-Session-Id"][0]
        self.gateway.asked.append(f"{what} {session}")
        return session, session in self.gateway.sessions

    def _answer(self, pkt: Any, nak: int, cause: int | None) -> None:
        if self.gateway.silent:
            return
        reply = self.CreateReplyPacket(pkt)
        if cause is not None:
            reply.code = nak
            reply["Error-Cause"] = cause
        self.SendReplyPacket(pkt.fd, reply)


@contextmanager
def access_gateway() -> Iterator[Gateway]:
    """Run one on the loopback; its thread ends with the process, since pyrad's server has no end of its own."""
    gateway = Gateway(free_port())
    listener = _Listener(gateway)
    threading.Thread(target=listener.Run, daemon=True).start()
    yield gateway
    gateway.silent = True


# --- Kea --------------------------------------------------------------------------------------------------------------

SUBNET = IPv4Network("10.77.0.0/24")
SUBNETS = {SUBNET: 1, IPv4Network("10.78.0.0/24"): 2}
WALLED_SUBNET = 2


def kea_adapter(engine: sa.Engine, **more: Any) -> Kea:
    """Our adapter to the database that Kea reads."""
    usual: dict[str, Any] = {
        "server": Database("Kea", "ISP_KEA__DATABASE_URL", engine),
        "subnets": SUBNETS,
        "identifier": "circuit-id",
        "walled_vlan": WALLED_VLAN,
        "walled_class": "walled",
        "walled_subnet": WALLED_SUBNET,
    }
    return Kea(**(usual | more))


@dataclass(frozen=True)
class Dhcp:
    """Kea in a network namespace of its own, an OLT in another one, and customers' routers in a third.

    ``circuits`` is what the OLT puts into option 82, by the router's hardware address.
    """

    customers: str
    folder: Path
    circuits: dict[str, str]

    def lease(self, *, mac: str, circuit: str | None, walled: bool = False) -> IPv4Address | None:
        """What a real ``dhclient`` with this hardware address gets behind this circuit; None when it gets nothing.

        The walled garden's VLAN is a cable of its own here: not every kernel has VLANs.
        """
        wire = "c1" if walled else "c0"
        work = self.folder / mac.replace(":", "")
        work.mkdir(exist_ok=True)
        (work / "script").write_text('#!/bin/sh\n[ -n "$new_ip_address" ] && echo "LEASE $new_ip_address"\nexit 0\n')
        (work / "script").chmod(0o755)
        (work / "leases").write_text("")
        self.circuits.clear()
        if circuit is not None:
            self.circuits[mac] = circuit
        (work / "conf").write_text("timeout 8;\nretry 1;\ninitial-interval 1;\nbackoff-cutoff 2;\n")
        netns = ["ip", "netns", "exec", self.customers]
        subprocess.run([*netns, "ip", "link", "set", wire, "address", mac], check=True, timeout=10)
        files = ("-cf", "conf"), ("-sf", "script"), ("-lf", "leases"), ("-pf", "pid")
        named = [part for flag, name in files for part in (flag, str(work / name))]
        argv = [*netns, program("dhclient"), "-4", "-1", "-d", *named, wire]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            guard = threading.Timer(20, client.kill)
            guard.start()
            said = []
            for line in client.stdout or ():
                said.append(line)
                if line.startswith("LEASE "):
                    client.terminate()
                    break
            client.wait()
            guard.cancel()
        found = re.findall(r"^LEASE (\S+)", "".join(said), re.MULTILINE)
        return IPv4Address(found[0]) if found else None


@contextmanager
def kea(url: str, folder: Path) -> Iterator[Dhcp]:
    """Run Kea on that database."""
    binary = program("kea-dhcp4")
    program("dhclient")
    if os.geteuid() != 0:
        pytest.skip("only root can make network namespaces: real DHCP is not tried")
    name = f"isp{os.getpid()}"
    servers, olt, customers = (f"{name}{end}" for end in "soc")
    made = subprocess.run(["ip", "netns", "add", servers], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no network namespaces here: {made.stderr.strip()}")
    try:
        _wire(servers, olt, customers)
        with (
            _database_beside(folder, url) as place,
            snooping_olt(namespace=olt, customers="pon0", servers="uplink0") as circuits,
            snooping_olt(namespace=olt, customers="pon1", servers="uplink1", circuits=circuits),
            running(_kea(binary, folder, servers, place), log=folder / "kea.log"),
        ):
            yield Dhcp(customers, folder, circuits)
    finally:
        for one in (servers, olt, customers):
            subprocess.run(["ip", "netns", "del", one], check=False, capture_output=True)


def _wire(servers: str, olt: str, customers: str) -> None:
    """For each VLAN a cable from the customers to the OLT, and one from there to the servers, which have addresses."""
    commands = [f"ip netns add {olt}", f"ip netns add {customers}", f"ip -n {servers} link set lo up"]
    for n, address in enumerate(("10.77.0.1/24", "10.78.0.1/24")):
        commands += [
            f"ip link add c{n} netns {customers} type veth peer name pon{n} netns {olt}",
            f"ip link add uplink{n} netns {olt} type veth peer name s{n} netns {servers}",
            f"ip -n {servers} addr add {address} dev s{n}",
            f"ip -n {servers} link set s{n} up",
            f"ip -n {olt} link set pon{n} up",
            f"ip -n {olt} link set uplink{n} up",
            f"ip -n {customers} link set c{n} up",
        ]
    for command in commands:
        subprocess.run(command.split(), check=True, timeout=10)


@contextmanager
def _database_beside(folder: Path, url: str) -> Iterator[sa.URL]:
    """The database by a socket in a folder, which every network namespace reaches; this process passes it on."""
    place = sa.make_url(url)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / f".s.PGSQL.{place.port}"))
    listener.listen()
    threading.Thread(target=_pass_on, args=(listener, (place.host, place.port)), daemon=True).start()
    yield place.set(host=str(folder))
    listener.close()


def _pass_on(listener: socket.socket, to: tuple[str, int]) -> None:
    """Join each connection to a new one, until the listener is closed."""
    while True:
        try:
            here, _ = listener.accept()
        except OSError:
            return
        there = socket.create_connection(to)
        for source, sink in ((here, there), (there, here)):
            threading.Thread(target=_copy, args=(source, sink), daemon=True).start()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()


def _kea(binary: str, folder: Path, namespace: str, place: sa.URL) -> Server:
    control = folder / "control"
    access = {
        "type": "postgresql",
        "host": place.host,
        "port": place.port,
        "name": place.database,
        "user": place.username,
        "password": place.password,
    }
    document = {
        "Dhcp4": {
            "interfaces-config": {"interfaces": ["s0", "s1"], "dhcp-socket-type": "raw"},
            "control-socket": {"socket-type": "unix", "socket-name": str(control)},
            "lease-database": {"type": "memfile", "persist": False},
            "hosts-database": access,
            "host-reservation-identifiers": ["circuit-id", "hw-address", "flex-id"],
            "valid-lifetime": 600,
            "client-classes": [{"name": "walled"}],
            "subnet4": [
                {"id": 1, "subnet": "10.77.0.0/24", "interface": "s0", "pools": [{"pool": "10.77.0.100-10.77.0.199"}]},
                {
                    "id": 2,
                    "subnet": "10.78.0.0/24",
                    "interface": "s1",
                    "pools": [{"pool": "10.78.0.100-10.78.0.199", "client-class": "walled"}],
                },
            ],
            "loggers": [{"name": "kea-dhcp4", "output_options": [{"output": "stdout"}], "severity": "INFO"}],
        }
    }
    (folder / "kea.json").write_text(json.dumps(document), encoding="utf-8")
    folder.chmod(0o750)  # newer ones take a control socket in no other
    folders = [f"{name}={folder}" for name in ("KEA_PIDFILE_DIR", "KEA_LOCKFILE_DIR", "KEA_CONTROL_SOCKET_DIR")]
    netns = ("ip", "netns", "exec", namespace)
    argv = ("/usr/bin/env", *folders, *netns, binary, "-c", str(folder / "kea.json"))

    def ready() -> bool:
        with socket.socket(socket.AF_UNIX) as asked:
            try:
                asked.connect(str(control))
            except OSError:
                return False
            asked.sendall(b'{"command": "version-get"}')
            return b'"result": 0' in asked.recv(65536)

    return Server(name="kea", argv=argv, url="", stop=signal.SIGTERM, ready=ready)
