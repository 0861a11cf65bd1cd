"""A real Kea in network namespaces, with an OLT and real DHCP clients, on a database of the tests' PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.kea import Kea
from isp_lifecycle.aaa.server import Server as Database
from isp_lifecycle.cli.embedded.server import Server, running
from tests.sign_on.installed import NO_NAMESPACES, WALLED_VLAN, program
from tests.sign_on.snooping_olt import snooping_olt

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
        pytest.skip(f"{NO_NAMESPACES}: {made.stderr.strip()}")
    try:
        try:
            _wire(servers, olt, customers)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"{NO_NAMESPACES} that can be joined: {error}")
        with (
            database_beside(folder, url) as place,
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
def database_beside(folder: Path, url: str) -> Iterator[sa.URL]:
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
    return Server(name="kea", argv=argv, url="", stop=signal.SIGTERM, ready=answers(control))


def answers(control: Path) -> Callable[[], bool]:
    """Whether a Kea answers on its control socket."""

    def ready() -> bool:
        with socket.socket(socket.AF_UNIX) as asked:
            try:
                asked.connect(str(control))
            except OSError:
                return False
            asked.sendall(b'{"command": "version-get"}')
            return b'"result": 0' in asked.recv(65536)

    return ready
