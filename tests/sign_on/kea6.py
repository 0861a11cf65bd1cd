"""A real Kea for DHCPv6 and real clients, each in a network namespace, on a database of the tests' PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network
from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.kea6 import Kea6
from isp_lifecycle.aaa.server import Server as Database
from isp_lifecycle.cli.embedded.server import Server, running
from tests.sign_on.installed import NO_NAMESPACES, WALLED_VLAN, program
from tests.sign_on.kea import answers, database_beside

LINK = IPv6Network("2001:db8:2000::/64")
SUBNETS = {LINK: 1, IPv6Network("2001:db8::/40"): 1, IPv6Network("2001:db8:1000::/36"): 2}
SCRIPT = """#!/bin/sh
[ "$reason" = PREINIT6 ] && ip link set "$interface" up
[ -n "$new_ip6_address$new_ip6_prefix" ] && echo "LEASE $new_ip6_address $new_ip6_prefix"
exit 0
"""


def kea6_adapter(engine: sa.Engine, subnets: dict[IPv6Network, int] | None = None) -> Kea6:
    """Our adapter to the database that Kea reads."""
    server = Database("Kea (IPv6)", "ISP_KEA__DATABASE_URL", engine)
    return Kea6(server=server, subnets=subnets or SUBNETS, walled_vlan=WALLED_VLAN, walled_class="walled")


@dataclass(frozen=True)
class Dhcp6:
    """Kea in a namespace of its own, and a place for a customer's router in another."""

    routers: str
    folder: Path

    def lease(self, *, mac: str) -> set[IPv6Address | IPv6Network]:
        """What a real ``dhclient`` with this hardware address is given: its address, its prefix, or nothing."""
        work = self.folder / mac.replace(":", "")
        work.mkdir(exist_ok=True)
        (work / "script").write_text(SCRIPT)
        (work / "script").chmod(0o755)
        (work / "leases").write_text("")
        (work / "conf").write_text("timeout 6;\n")
        netns = ["ip", "netns", "exec", self.routers]
        for command in (f"link set r0 down address {mac}", "link set r0 up"):
            subprocess.run([*netns, "ip", *command.split()], check=True, timeout=10)
        files = ("-cf", "conf"), ("-sf", "script"), ("-lf", "leases"), ("-pf", "pid")
        named = [part for flag, name in files for part in (flag, str(work / name))]
        argv = [*netns, program("dhclient"), "-6", "-1", "-d", "-N", "-P", "-D", "LL", *named, "r0"]
        found: set[IPv6Address | IPv6Network] = set()
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            guard = threading.Timer(12, client.kill)
            guard.start()
            for line in client.stdout or ():
                for text in re.findall(r"[0-9a-f:]+(?:/\d+)?", line.removeprefix("LEASE ")) if "LEASE" in line else ():
                    found.add(IPv6Network(text) if "/" in text else IPv6Address(text))
                if len(found) == 2:
                    client.terminate()
                    break
            client.wait()
            guard.cancel()
        return found


@contextmanager
def kea6(url: str, folder: Path) -> Iterator[Dhcp6]:
    """Run Kea's DHCPv6 server on that database."""
    binary = program("kea-dhcp6")
    program("dhclient")
    if os.geteuid() != 0:
        pytest.skip("only root can make network namespaces: real DHCP is not tried")
    servers, routers = (f"isp6{os.getpid()}{end}" for end in "sr")
    made = subprocess.run(["ip", "netns", "add", servers], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"{NO_NAMESPACES}: {made.stderr.strip()}")
    try:
        try:
            _wire(servers, routers)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"{NO_NAMESPACES} that can be joined: {error}")
        with (
            database_beside(folder, url) as place,
            running(_server(binary, folder, servers, place), log=folder / "kea6.log"),
        ):
            yield Dhcp6(routers, folder)
    finally:
        for one in (servers, routers):
            subprocess.run(["ip", "netns", "del", one], check=False, capture_output=True)


def _wire(servers: str, routers: str) -> None:
    """One cable; nobody else is on it, so that no address needs to be tried for being another's."""
    for command in (
        f"ip netns add {routers}",
        f"ip link add s0 netns {servers} type veth peer name r0 netns {routers}",
        f"ip netns exec {servers} sysctl -qw net.ipv6.conf.s0.accept_dad=0",
        f"ip netns exec {routers} sysctl -qw net.ipv6.conf.r0.accept_dad=0",
        f"ip -n {servers} link set lo up",
        f"ip -n {servers} addr add {LINK[1]}/64 dev s0 nodad",
        f"ip -n {servers} link set s0 up",
        f"ip -n {routers} link set r0 up",
    ):
        subprocess.run(command.split(), check=True, timeout=10, capture_output=True)


def _server(binary: str, folder: Path, namespace: str, place: sa.URL) -> Server:
    control = folder / "control6"
    access = {
        "type": "postgresql",
        "host": place.host,
        "port": place.port,
        "name": place.database,
        "user": place.username,
        "password": place.password,
    }
    document = {
        "Dhcp6": {
            "interfaces-config": {"interfaces": ["s0"]},
            "control-socket": {"socket-type": "unix", "socket-name": str(control)},
            "lease-database": {"type": "memfile", "persist": False},
            "hosts-database": access,
            "host-reservation-identifiers": ["hw-address"],
            "mac-sources": ["duid", "ipv6-link-local"],
            "valid-lifetime": 600,
            "preferred-lifetime": 300,
            "data-directory": str(folder),
            "server-id": {"type": "EN", "enterprise-id": 4242, "identifier": "01", "persist": False},
            "subnet6": [{"id": 1, "subnet": str(LINK), "interface": "s0", "rapid-commit": True}],
            "loggers": [{"name": "kea-dhcp6", "output_options": [{"output": "stdout"}], "severity": "INFO"}],
        }
    }
    (folder / "kea6.json").write_text(json.dumps(document), encoding="utf-8")
    folder.chmod(0o750)  # newer ones take a control socket in no other
    folders = [f"{name}={folder}" for name in ("KEA_PIDFILE_DIR", "KEA_LOCKFILE_DIR", "KEA_CONTROL_SOCKET_DIR")]
    argv = ("/usr/bin/env", *folders, "ip", "netns", "exec", namespace, binary, "-c", str(folder / "kea6.json"))
    return Server(name="kea6", argv=argv, url="", stop=signal.SIGTERM, ready=answers(control))
