"""Netmiko's connection to a device, whose reads block until something comes.

Netmiko opens, authenticates and closes. Its own reads poll every 10 to 25 ms, which doubles the time of short commands
(2.1 times the device's time with defaults, 1.03 with blocking reads); so reading is done here, on the same channel.

Netmiko knows two hundred kinds of devices and takes a third of a second to load: this module is imported when a session
is opened, and most commands and processes never open one.
"""

from __future__ import annotations

import codecs
import select
import time

from netmiko.base_connection import BaseConnection
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoTimeoutException
from paramiko.ssh_exception import BadAuthenticationType, ChannelException, SSHException

from isp_lifecycle.drivers.contract import OltAccess
from isp_lifecycle.drivers.errors import (
    HostKeyChanged,
    LoginRefused,
    OltUnreachable,
    PasswordExpired,
    SessionsExhausted,
)
from isp_lifecycle.drivers.ssh import Pinned, transport_of
from isp_lifecycle.drivers.wire import Hangup, PlainText

_CHUNK = 65536


class _Connection(BaseConnection):  # type: ignore[misc]  # netmiko is untyped for mypy here
    """Netmiko's connection without its own login dialogue: conversation does that, by the vendor's table."""

    olt: OltAccess

    def session_preparation(self) -> None:
        """Nothing: see `conversation.Conversation.login`."""

    def telnet_login(self, *args: object, **kwargs: object) -> str:
        """Nothing: the user name and password questions are in the vendor's table as well."""
        return ""

    def _connect_params_dict(self) -> dict[str, object]:
        parameters: dict[str, object] = super()._connect_params_dict()
        parameters["transport_factory"] = transport_of(self.olt)
        return parameters


def _wants_a_new_password(error: Exception) -> bool:
    """Whether the device answered the password by asking for another (RFC 4252, section 8), which paramiko resents."""
    return any(str(one).startswith("Illegal info request") for one in (error, error.__context__))


def _is_refusal(error: Exception) -> bool:
    """Whether the device said no. A login that ran into silence or a hang-up has the same class and is no refusal."""
    said = error.__context__
    refused = isinstance(said, BadAuthenticationType) or str(said).startswith("Authentication failed.")
    return isinstance(error, NetmikoAuthenticationException) and refused


class NetmikoWire:
    """A `Wire` over SSH or Telnet."""

    def __init__(self, access: OltAccess) -> None:
        """Connect and authenticate, once. Raises OltUnreachable, HostKeyChanged, LoginRefused,
        PasswordExpired or SessionsExhausted."""
        self._connection = _Connection(
            host=access.host,
            port=access.port,
            username=access.username,
            password=access.password,
            device_type="olt_telnet" if access.transport == "telnet" else "olt",
            conn_timeout=access.connect_timeout,
            auth_timeout=access.connect_timeout,
            banner_timeout=access.connect_timeout,
            auto_connect=False,
        )
        self._connection.olt, self._connection.key_policy = access, Pinned(access)
        self._telnet = access.transport == "telnet"
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._plain = PlainText()
        try:
            self._connection.establish_connection()
        except HostKeyChanged:
            self._connection.paramiko_cleanup()
            raise
        except ChannelException as error:  # let in, but to no terminal: a V1600G0-B does so while another is open
            self._connection.paramiko_cleanup()
            raise SessionsExhausted(access.name, access.username, f"{error.text or 'no channel'}.") from error
        except (NetmikoAuthenticationException, NetmikoTimeoutException, SSHException, OSError, EOFError) as error:
            if _wants_a_new_password(error):
                raise PasswordExpired(access.name, access.username, "the SSH login asks for a new one.") from error
            if _is_refusal(error):
                raise LoginRefused(access.name, access.username, "the SSH login was not accepted.") from error
            reason = " ".join(str(error.__context__ or error).split()).rstrip(".") or type(error).__name__
            raise OltUnreachable(access.name, access.host, access.port, reason) from error
        self._channel = self._connection.remote_conn

    @property
    def host_key(self) -> str:
        found: str = self._connection.key_policy.found
        return found

    def write(self, text: str) -> None:
        try:
            self._connection.channel.write_channel(text)
        except (OSError, EOFError, AttributeError) as error:
            raise Hangup(f"the connection is closed ({error or type(error).__name__})") from error

    def receive(self, timeout: float) -> str:
        """Bytes that are no text (terminal codes, Telnet's own commands) do not count as something that has come."""
        ends = time.monotonic() + timeout
        while True:
            left = max(ends - time.monotonic(), 0.0)
            raw = self._telnet_bytes(left) if self._telnet else self._ssh_bytes(left)
            text = self._plain.of(self._decoder.decode(raw))
            if text or left == 0.0:
                return text

    def receive_as_is(self, timeout: float) -> str:
        """Like `receive`, with all terminal codes, for a person's own terminal."""
        raw = self._telnet_bytes(timeout) if self._telnet else self._ssh_bytes(timeout)
        return self._decoder.decode(raw)

    def resize(self, columns: int, rows: int) -> None:
        """Tell the device how large a person's window is; over Telnet nobody does."""
        if self._telnet:
            return
        try:
            self._channel.resize_pty(width=columns, height=rows)
        except (OSError, EOFError, SSHException) as error:
            raise Hangup(f"the connection is closed ({error or type(error).__name__})") from error

    def _ssh_bytes(self, timeout: float) -> bytes:
        self._channel.settimeout(timeout)
        try:
            raw: bytes = self._channel.recv(_CHUNK)
        except TimeoutError:
            return b""
        except (OSError, EOFError) as error:
            raise Hangup(str(error) or type(error).__name__) from error
        if not raw:
            raise Hangup("the OLT closed the connection")
        return raw

    def _telnet_bytes(self, timeout: float) -> bytes:
        try:
            ready, _, _ = select.select([self._channel.get_socket()], [], [], timeout)
            raw: bytes = self._channel.read_very_eager() if ready else b""
        except (OSError, EOFError, ValueError, AttributeError) as error:
            raise Hangup(str(error) or type(error).__name__) from error
        return raw

    def alive(self) -> bool:
        if self._telnet:
            return self._channel.get_socket() is not None
        transport = self._channel.get_transport()
        return bool(transport and transport.is_active() and not self._channel.closed and not self._channel.eof_received)

    def close(self) -> None:
        self._connection.disconnect()
