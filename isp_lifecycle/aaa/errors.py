"""What can go wrong when RADIUS, DHCP or an access gateway is told about a line."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, Unreachable
from isp_lifecycle.foundation.texts import say


class ServerUnreachable(Unreachable):
    """The PostgreSQL that FreeRADIUS or Kea reads does not answer now."""

    def __init__(self, server: str, why: str) -> None:
        super().__init__(
            say("The database of {server} does not answer: {why}.", server=server, why=why),
            field="sign-on",
            value=server,
        )
        self.server = server
        self.why = why


class ServerRefused(NeedsPerson):
    """The PostgreSQL that FreeRADIUS or Kea reads answers and does not let us do it: sign-in, rights or tables."""

    def __init__(self, server: str, why: str, setting: str) -> None:
        super().__init__(
            say("The database of {server} refused: {why}.", server=server, why=why),
            remedy=say(
                "Correct {setting}, or the rights and tables there (`isp doctor` looks again), then press Retry.",
                setting=setting,
            ),
            field="sign-on",
            value=server,
        )
        self.server = server
        self.why = why


class GatewayUnreachable(Unreachable):
    """An access gateway does not answer CoA or Disconnect; RADIUS itself holds what is wanted already."""

    def __init__(self, gateway: str, port: int, session: str) -> None:
        super().__init__(
            say(
                "The access gateway {gateway} does not answer on UDP port {port} about session {session}.",
                gateway=gateway,
                port=port,
                session=session,
            ),
            remedy=say(
                "It is tried again. Does it accept CoA from this machine, with the secret of table nas "
                "or ISP_RADIUS__COA_SECRET? If it is gone for good, close its sessions in radacct."
            ),
            field="gateway",
            value=gateway,
        )
        self.gateway = gateway
        self.session = session


class SessionStays(NeedsPerson):
    """An access gateway refuses both to change a session and to end it."""

    default_remedy = say("End the session on the access gateway by hand, then press Retry.")

    def __init__(self, gateway: str, session: str, cause: str) -> None:
        super().__init__(
            say(
                "The access gateway {gateway} does not end session {session}: {cause}.",
                gateway=gateway,
                session=session,
                cause=cause,
            ),
            field="session",
            value=session,
        )
        self.gateway = gateway
        self.session = session
        self.cause = cause


class SubnetUnknown(NeedsPerson):
    """Kea has no subnet, as far as the settings say, that this address lies in."""

    def __init__(self, address: str, *, setting: str = "ISP_KEA__SUBNETS") -> None:
        super().__init__(
            say("No subnet of Kea is known for {address}.", address=address),
            field=setting,
            value=address,
            remedy=say("Add the subnet with Kea's subnet-id to {setting}, then press Retry.", setting=setting),
        )
        self.address = address


class ReservationTaken(NeedsPerson):
    """Kea's hosts table already gives this address or this circuit to somebody else."""

    default_remedy = say("Look at that row of Kea's table hosts: delete it if nobody uses it, then press Retry.")

    def __init__(self, what: str, holder: str) -> None:
        super().__init__(
            say("In Kea's table hosts, {what} belongs to {holder}.", what=what, holder=holder),
            field="hosts",
            value=holder,
        )
        self.what = what
        self.holder = holder
