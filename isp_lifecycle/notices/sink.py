"""A mail server for the demo: takes every message on the loopback and stores it as a file; nothing leaves the machine.

python -m isp_lifecycle.notices.sink --port 25025 --folder mail
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from collections import deque
from pathlib import Path
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.logs import log, set_up
from isp_lifecycle.notices.mailbox import KEPT, SUFFIX

#: The only address that it listens on.
LOOPBACK = "127.0.0.1"

LARGEST_MESSAGE = 5_000_000


class LocalSink:
    """The server, in a thread of its own; usable as a ``with`` block.

    Only the newest ``keep`` messages are kept.
    """

    def __init__(self, folder: Path, port: int, *, keep: int = KEPT) -> None:
        self.folder = folder
        self.port = port
        self._controller = Controller(
            _Keeper(folder, keep),
            hostname=LOOPBACK,
            port=port,
            server_hostname="sink.localhost",
            data_size_limit=LARGEST_MESSAGE,
            enable_SMTPUTF8=True,
        )

    def start(self) -> LocalSink:
        """Listen; when this returns, mail is taken. Raises OSError when the port is taken."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    def __enter__(self) -> LocalSink:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Keeper:
    """Stores what aiosmtpd hands over; file names sort by the time of arrival."""

    def __init__(self, folder: Path, keep: int) -> None:
        self._folder = folder
        self._keep = keep
        self._stored = deque(sorted(path.name for path in folder.glob(f"*{SUFFIX}")))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Store one message; the sender is told to try again when the disk does not take it."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        trace = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {', '.join(envelope.rcpt_tos)}\r\n"
        try:
            name = self._store(trace.encode() + content)
            self._forget_oldest()
        except OSError as error:
            log(__name__).error("a message could not be stored", folder=str(self._folder), why=str(error))
            return "451 4.3.0 The message could not be stored"
        return f"250 2.0.0 Stored as {name}"

    def _store(self, content: bytes) -> str:
        target = self._folder / f"{new_id()}{SUFFIX}"
        part = target.with_suffix(".part")
        part.write_bytes(content)
        os.replace(part, target)
        self._stored.append(target.name)
        return target.stem

    def _forget_oldest(self) -> None:
        while len(self._stored) > self._keep:
            (self._folder / self._stored.popleft()).unlink(missing_ok=True)


def main() -> None:
    """Run the sink until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="isp_lifecycle.notices.sink", description="Store all mail in a folder.")
    parser.add_argument("--port", type=int, required=True, help="port on the loopback")
    parser.add_argument("--folder", type=Path, required=True, help="where messages are stored")
    given = parser.parse_args()
    set_up(process="mail-sink")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command of every session
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with LocalSink(given.folder, given.port):
        log(__name__).info("mail is taken", port=given.port, folder=str(given.folder))
        over.wait()


if __name__ == "__main__":
    main()
