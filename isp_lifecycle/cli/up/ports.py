"""Whether the ports of the block are free, and who holds those that are not."""

from __future__ import annotations

import psutil

from isp_lifecycle.cli.embedded.server import is_free
from isp_lifecycle.cli.up.errors import PortTaken
from isp_lifecycle.cli.up.part import Part


def require_free(parts: tuple[Part, ...], *, host: str) -> None:
    """Raise :class:`PortTaken`, naming each taken port, the part that needs it and the process that holds it."""
    taken = {
        port: (part.name, holder_of(port)) for part in parts for port in part.ports if not is_free(port, host=host)
    }
    if taken:
        raise PortTaken(taken)


def holder_of(port: int) -> str:
    """Who listens there, as far as this account may know."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return "another program"
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            return _named(connection.pid)
    return "another program"


def _named(pid: int | None) -> str:
    if pid is None:
        return "another account's program"
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.NoSuchProcess:
        return f"process {pid}"
