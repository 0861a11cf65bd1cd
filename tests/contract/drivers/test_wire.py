"""The wire itself: how long a command takes beyond the device's own time, old SSH, and Telnet."""

from __future__ import annotations

import asyncio
import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace

import asyncssh
import pytest

from isp_lifecycle.drivers.contract import OltAccess, Transcript
from isp_lifecycle.drivers.errors import LoginRefused, OltUnreachable, PasswordExpired, SessionsExhausted
from isp_lifecycle.drivers.registry import open_session

HOST = "OLT77"
MODES = {"enable": "#", "config": "(config)#"}
VERSION = "  VERSION : MA5600V800R015C00\r\n  PATCH   : SPC100\r\n  PRODUCT : MA5608T"


class TinyShell:
    """The few lines of a SmartAX's command line that a login and one question need."""

    def __init__(self) -> None:
        self.prompt = f"{HOST}>"
        self.gone = False

    def answer(self, line: str) -> str:
        self.prompt = f"{HOST}{MODES.get(line, self.prompt.removeprefix(HOST))}"
        if line == "quit":
            self.gone = True
            return f"{line}\r\n  Configuration console exit, please retry to log on\r\n"
        text = f"{VERSION}\r\n" if line == "display version" else ""
        return f"{line}\r\n{text}\r\n{self.prompt}"


class TinyServer(asyncssh.SSHServer):
    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        if password == "hang up":
            self.connection.abort()
        if password == "old":
            raise asyncssh.PasswordChangeRequired("Your password has expired.")
        return (username, password) == ("driver", "secret")


@contextlib.contextmanager
def ssh_device(*, seconds: float = 0.0, terminals: bool = True, **algorithms: object) -> Iterator[int]:
    """A tiny device on a free port; each command takes it so many seconds."""
    busy = threading.Event()
    ports: list[int] = []

    async def serve(process: asyncssh.SSHServerProcess[str]) -> None:
        shell = TinyShell()
        process.stdout.write(f"\r\n\r\n{shell.prompt}")
        async for line in process.stdin:
            await asyncio.sleep(seconds)
            process.stdout.write(shell.answer(line.strip()))
            if shell.gone:
                break
        process.exit(0)

    async def main() -> None:
        key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
        server = await asyncssh.create_server(
            TinyServer,
            "127.0.0.1",
            0,
            server_host_keys=[key],
            process_factory=serve if terminals else None,
            line_editor=False,
            **algorithms,
        )
        ports.append(server.get_port())
        busy.set()
        await stop.wait()
        server.close()

    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    busy.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def access(port: int, **more: object) -> OltAccess:
    return OltAccess(HOST, "huawei", "127.0.0.1", port, "driver", "secret", read_timeout=5.0, **more)  # type: ignore[arg-type]


def test_hang_up_in_the_middle_of_a_login_is_no_refusal() -> None:
    """A refused login is a person's task; a device that reboots just then is tried again."""
    with ssh_device() as port:
        with pytest.raises(OltUnreachable):
            open_session(replace(access(port), password="hang up"), Transcript())
        with pytest.raises(LoginRefused):
            open_session(replace(access(port), password="wrong"), Transcript())


def test_device_that_opens_no_terminal_has_no_session_left() -> None:
    """It let us in, so nothing is wrong with the account: another session stands in the way, and ends some day."""
    with ssh_device(terminals=False) as port, pytest.raises(SessionsExhausted, match="driver"):
        open_session(access(port), Transcript())


def test_password_that_must_be_changed_is_no_wrong_one_and_no_silence() -> None:
    with ssh_device() as port:
        with pytest.raises(PasswordExpired, match="wants the password of driver changed") as expired:
            open_session(replace(access(port), password="old"), Transcript())
        assert "by hand" in expired.value.remedy


OLD = {
    "kex_algs": ["diffie-hellman-group1-sha1"],
    "encryption_algs": ["aes128-cbc"],
    "mac_algs": ["hmac-sha1"],
    "signature_algs": ["ssh-rsa"],
}


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
@pytest.mark.parametrize("kex", ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"])
def test_firmware_with_old_algorithms_is_reached_when_allowed(kex: str) -> None:
    with ssh_device(**{**OLD, "kex_algs": [kex]}) as port:
        with open_session(access(port, old_algorithms=True), Transcript()) as olt:
            assert olt.identify().hostname == HOST
        with pytest.raises(OltUnreachable):
            open_session(access(port), Transcript())


class TelnetHandler(socketserver.StreamRequestHandler):
    """Asks for name and password as a SmartAX does on Telnet, and offers to echo, as servers do."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the driver hangs up when it has said good-bye
            self.converse()

    def converse(self) -> None:
        self.wfile.write(b"\xff\xfb\x01\xff\xfb\x03\r\n>>User name:")
        name = self.line()
        self.wfile.write(name + b"\r\n>>User password:")
        secret = self.line()
        if (name, secret) != (b"driver", b"secret"):
            self.wfile.write(b"\r\n  Username or password invalid.\r\n")
            return
        shell = TinyShell()
        self.wfile.write(f"\r\n\r\n{shell.prompt}".encode())
        while not shell.gone:
            self.wfile.write(shell.answer(self.line().decode()).encode())

    def line(self) -> bytes:
        """One typed line without Telnet's own commands."""
        typed = b""
        while not typed.endswith(b"\n"):
            letter = self.rfile.read(1)
            if not letter:
                return b"quit"
            if letter == b"\xff":
                self.rfile.read(2)
            else:
                typed += letter
        return typed.strip()


def test_telnet_is_spoken_where_a_device_has_no_ssh() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), TelnetHandler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        transcript = Transcript()
        port = server.server_address[1]
        with open_session(access(port, transport="telnet"), transcript) as olt:
            assert olt.identify().version == "MA5600V800R015C00"
            assert olt.alive()
        assert "secret" not in transcript.text()
        server.shutdown()
