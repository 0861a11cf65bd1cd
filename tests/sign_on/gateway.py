"""An access gateway by pyrad: takes CoA and Disconnect, refuses and is silent as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pyrad import packet
from pyrad.server import RemoteHost
from pyrad.server import Server as RadiusServer

from isp_lifecycle.aaa.attributes import dictionary
from isp_lifecycle.cli.embedded.server import free_port
from tests.sign_on.installed import COA_SECRET


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
