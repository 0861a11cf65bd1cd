"""OLTs on real SSH: one listening port for each, password authentication, a limit of sessions for each account."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from isp_lifecycle.lab.device import Device
from isp_lifecycle.lab.disk import replace_file
from isp_lifecycle.lab.maker import Maker

HOST = "127.0.0.1"
FAREWELL_SECONDS = 2.0


class HostKeys:
    """The host keys in a folder: one that all OLTs share, made on first use, and those of OLTs that were renewed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = folder / "ssh_host_key"
        self._shared = asyncssh.read_private_key(str(path)) if path.exists() else new_host_key(path)
        self._own = {one.name for one in folder.glob("ssh_host_key.*")}

    def of(self, olt: str) -> asyncssh.SSHKey:
        """Return an OLT's key; reading one costs 30 ms, so the shared one is read once."""
        name = f"ssh_host_key.{olt}"
        return asyncssh.read_private_key(str(self._folder / name)) if name in self._own else self._shared


def new_host_key(path: Path) -> asyncssh.SSHKey:
    """Make a host key and keep it in this file."""
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    replace_file(path, key.export_private_key(), mode=0o600)
    return key


class SshWire:
    """The characters of one SSH channel."""

    def __init__(self, process: asyncssh.SSHServerProcess[str]) -> None:
        self._process = process

    async def read(self) -> str:
        """Return some characters; an empty string at the end, signals and resizing ignored."""
        while True:
            try:
                return await self._process.stdin.read(4096)
            except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue  # a device's console knows neither window sizes nor signals
            except (ConnectionError, asyncssh.Error):
                return ""

    def write(self, text: str) -> None:
        """Send characters; what cannot be sent any more is for nobody."""
        if not self._process.channel.is_closing():
            self._process.stdout.write(text)


@dataclass(slots=True, kw_only=True)
class Access:
    """Who may log in, how many times at once, and when an idle session ends (seconds)."""

    accounts: dict[str, str]
    reenter: int = 4
    idle_seconds: float = 300.0


class _Authentication(asyncssh.SSHServer):
    """The start of one connection, before there is a terminal."""

    def __init__(self, endpoint: "Endpoint") -> None:
        self._endpoint = endpoint
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._endpoint.connections.add(conn)
        conn.set_extra_info(connected_at=time.time())

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._endpoint.connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        if self._connection is not None:
            self._connection.send_auth_banner(self._endpoint.maker.banner)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        endpoint = self._endpoint
        welcome = endpoint.access.accounts.get(username) == password
        if welcome and not endpoint.device.faults.take("refuse_login", username):
            return True
        endpoint.device.failed_logins += 1
        if self._connection is not None:
            self._connection.send_auth_banner(endpoint.maker.wrong_credentials)
        return False


class Endpoint:
    """One OLT's SSH port, which can be closed and opened again; its device is made when somebody first asks for it."""

    def __init__(
        self,
        name: str,
        *,
        make: Callable[[], Device[Any]],
        maker: Maker,
        port: int,
        key: asyncssh.SSHKey,
        access: Access,
    ) -> None:
        self.name = name
        self.maker = maker
        self.port = port
        self.access = access
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.sessions: Counter[str] = Counter()
        self._key = key
        self._make = make
        self._device: Device[Any] | None = None
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._turn = asyncio.Lock()

    @property
    def device(self) -> Device[Any]:
        """The OLT behind this port, made now if nobody asked for it before."""
        if self._device is None:
            self._device = self._make()
        return self._device

    @property
    def built(self) -> bool:
        """Whether the OLT was made."""
        return self._device is not None

    @property
    def in_use(self) -> bool:
        """Whether somebody is connected, or the OLT or its plant is no longer as on day one."""
        device = self._device
        if device is None:
            return bool(self.connections)
        return bool(self.connections or device.touched or device.plant.touched or device.faults.active())

    def let_go(self) -> None:
        """Forget the OLT: whoever asks next has it made again, as on day one."""
        self._device = None

    async def follow(self) -> None:
        """Listen or not, as the device's condition demands."""
        async with self._turn:
            device = self._device
            if device is not None and (device.booting or device.faults.has("unreachable")):
                await self.close()
            else:
                await self.open()

    async def renew_key(self, folder: Path) -> None:
        """Have another host key from now on, as after an exchange of the control board; connections end."""
        async with self._turn:
            await self.close()
            self._key = new_host_key(folder / f"ssh_host_key.{self.name}")
        await self.follow()

    @property
    def listening(self) -> bool:
        """Whether somebody could connect now."""
        return self._acceptor is not None

    async def open(self) -> None:
        """Listen; with port 0 a free port is chosen and kept."""
        if self._acceptor is None:
            self._acceptor = await asyncssh.create_server(
                lambda: _Authentication(self),
                HOST,
                self.port,
                server_host_keys=[self._key],
                process_factory=self._serve,
                line_editor=False,
                encoding="utf-8",
                errors="replace",
                login_timeout=30,
                reuse_address=True,
            )
            self.port = self._acceptor.get_port()

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        acceptor, self._acceptor = self._acceptor, None
        if acceptor is not None:
            acceptor.close()
        dropped = list(self.connections)
        for connection in dropped:
            connection.abort()
        await asyncio.gather(*(connection.wait_closed() for connection in dropped))
        if acceptor is not None:
            await acceptor.wait_closed()

    async def _serve(self, process: asyncssh.SSHServerProcess[str]) -> None:
        account = str(process.get_extra_info("username"))
        address = str((process.get_extra_info("peername") or ("-",))[0])
        if self.sessions[account] >= self.access.reenter:
            process.stdout.write(f"\r\n{self.maker.exhausted}\r\n\r\n")
            await _hang_up(process, abruptly=False)
            return
        self.sessions[account] += 1
        session = self.maker.session(
            self.device,
            SshWire(process),
            account=account,
            address=address,
            idle_seconds=self.access.idle_seconds,
        )
        try:
            await session.run(connected_at=process.get_extra_info("connected_at") or time.time())
        finally:
            self.sessions[account] -= 1
            await _hang_up(process, abruptly=session.broken)


async def _hang_up(process: asyncssh.SSHServerProcess[str], *, abruptly: bool) -> None:
    """End the connection of a session, politely or as a pulled cable would."""
    connection = process.get_extra_info("connection")
    if abruptly:
        connection.abort()
        return
    process.exit(0)
    with suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await process.wait_closed()
    connection.close()
