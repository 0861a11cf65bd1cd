"""Changes and ends a live session on its access gateway, by RFC 5176 over UDP (port 3799 unless set otherwise)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyrad import packet
from pyrad.client import Client, Timeout

from isp_lifecycle.aaa.attributes import NUMBERS, dictionary
from isp_lifecycle.aaa.errors import GatewayUnreachable
from isp_lifecycle.aaa.model import Session

#: Error-Cause (RFC 5176, 3.6) that says that there is no such session any more.
NO_SUCH_SESSION = 503
#: The other causes that a gateway gives, in the words of the RFC.
CAUSES = {
    401: "unsupported attribute",
    402: "missing attribute",
    403: "NAS identification mismatch",
    404: "invalid request",
    405: "unsupported service",
    406: "unsupported extension",
    407: "invalid attribute value",
    501: "administratively prohibited",
    502: "request not routable",
    503: "session context not found",
    504: "session context not removable",
    506: "resources unavailable",
    507: "request initiated",
    508: "multiple session selection unsupported",
}


@dataclass(frozen=True)
class Answer:
    """What a gateway answered: whether it did it, and if not its Error-Cause, which it may leave out."""

    done: bool
    error_cause: int | None = None

    @property
    def gone(self) -> bool:
        """Whether there is no such session any more."""
        return self.error_cause == NO_SUCH_SESSION

    @property
    def why(self) -> str:
        """The cause, for people."""
        if self.error_cause is None:
            return "it gives no cause"
        return f"Error-Cause {self.error_cause}, {CAUSES.get(self.error_cause, 'unknown')}"


@dataclass(frozen=True)
class DynamicAuthorization:
    """How gateways are asked: at which port, how often, and how many seconds each answer is waited for."""

    port: int
    timeout: float
    attempts: int = 3

    def change(self, session: Session, secret: str, attributes: Mapping[str, str]) -> Answer:
        """Give a session other rates or another filter while it goes on (CoA-Request); raises GatewayUnreachable."""
        return self._ask(session, secret, packet.CoARequest, attributes)

    def disconnect(self, session: Session, secret: str) -> Answer:
        """End a session (Disconnect-Request); raises GatewayUnreachable."""
        return self._ask(session, secret, packet.DisconnectRequest, {})

    def _ask(self, session: Session, secret: str, code: int, attributes: Mapping[str, str]) -> Answer:
        gateway = str(session.gateway)
        client = Client(
            gateway,
            coaport=self.port,
            secret=secret.encode(),
            dict=dictionary(),
            retries=self.attempts,
            timeout=self.timeout,
        )
        try:
            # Signed as a whole (RFC 5176, 3.4): gateways hardened against forged answers take no other request.
            request = client.CreateCoAPacket(code=code, message_authenticator=True)
            request["User-Name"] = session.service_code
            request["Acct-Session-Id"] = session.session_id
            request["NAS-IP-Address"] = gateway
            if session.address is not None:
                request["Framed-IP-Address"] = str(session.address)
            for name, value in attributes.items():
                request[name] = int(value) if name in NUMBERS else value
            answer = client.SendPacket(request)
        except (Timeout, OSError) as error:
            raise GatewayUnreachable(gateway, self.port, session.session_id) from error
        finally:
            client._CloseSocket()  # pyrad has no public way to close, and would leave that to the collector
        causes = answer["Error-Cause"] if "Error-Cause" in answer else [None]  # noqa: SIM401 - not a dict: no default
        return Answer(answer.code in (packet.CoAACK, packet.DisconnectACK), causes[0])
