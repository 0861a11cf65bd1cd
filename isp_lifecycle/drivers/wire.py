"""The bytes between us and a device: a netmiko connection whose reads block until something comes.

Netmiko opens, authenticates and closes. Its own reads poll every 10 to 25 ms, which doubles the time of short commands
(2.1 times the device's time with defaults, 1.03 with blocking reads); so reading is done here, on the same channel.
"""

from __future__ import annotations

import codecs
import re
import select
import time
from typing import Protocol

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

_CHUNK = 65536
_ANSI = re.compile(
    r"(?P<home>\r?)\x1b\[(?P<right>\d{1,3})C"  # how V-SOL puts a cell into its column
    r"| ?\x1b\[(?P<n>\d+)D {1,200}\x1b\[(?P=n)D"  # how Huawei erases a pager line
    r"| \x1b\[1D"  # a stray space and its erasure
    r"|\x1b\[[0-9;?]*[A-Za-z]"
    r"|\x1b[=>78]"
    r"|[\x00\x07]"
)


_CODE_BEGUN = re.compile(r"\r?\x1b(\[[0-9;?]*)?\Z|\r\Z")


class PlainText:
    """Takes terminal codes out of a stream; a code that the network cut in two waits for its other half.

    The cursor sent to the right becomes blanks, at least one: a table made that way keeps its columns, and a cell that
    is wider than its column does not run into the next.
    """

    def __init__(self) -> None:
        self._held = ""
        self._line = ""

    def of(self, piece: str) -> str:
        """The text of the next piece, perhaps none."""
        text = self._held + piece
        begun = _CODE_BEGUN.search(text)
        cut = begun.start() if begun else len(text)
        text, self._held = text[:cut], text[cut:]
        plain, done = "", 0
        for code in _ANSI.finditer(text):
            plain += self._passed(text[done : code.start()])
            if code["right"]:
                plain += self._passed(" " * self._blanks(int(code["right"]), from_home=bool(code["home"])))
            done = code.end()
        return plain + self._passed(text[done:])

    def _passed(self, text: str) -> str:
        """The same text, after noting where in its line it leaves the cursor."""
        self._line = (self._line + text).rpartition("\n")[2]
        return text

    def _blanks(self, columns: int, *, from_home: bool) -> int:
        if not from_home:
            return columns
        taken_back = self._line.count("\b")
        at = len(self._line) - self._line.count("\r") - 2 * taken_back
        return max(columns - at, 1)


class Hangup(Exception):
    """The other side closed the connection; the conversation makes it a SessionLost that names the command."""


class Wire(Protocol):
    """What a conversation needs of a connection; the tests' scripted device is another one."""

    def write(self, text: str) -> None:
        """Send as it is; raises Hangup."""
        ...

    def receive(self, timeout: float) -> str:
        """Whatever has come, waiting up to ``timeout`` seconds for the first of it; '' when nothing came."""
        ...

    @property
    def host_key(self) -> str:
        """Kind and fingerprint of the other side's SSH host key; empty where there is none."""
        ...

    def alive(self) -> bool: ...

    def close(self) -> None: ...


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
