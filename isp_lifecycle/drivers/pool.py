"""Sessions kept and reused: per OLT one writer and at most one reader in this process.

A login costs one to three seconds and an OLT takes few sessions (device-facts 1.8), so a session that went well is kept
for the next user. One that failed is thrown away. A refused login is not repeated for a while, whoever asks: repeated
failures lock accounts out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from isp_lifecycle.drivers.console import Console
from isp_lifecycle.drivers.contract import OltAccess, OltSession, Transcript
from isp_lifecycle.drivers.errors import HostKeyChanged, LoginRefused, NoTurn, PoolClosed, UnknownOlt
from isp_lifecycle.drivers.registry import open_console, open_session
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.present import Present, present

Opener = Callable[[OltAccess, Transcript], OltSession]
FirstSeen = Callable[[str, str], str]
_Role = Literal["writer", "reader"]
_ROLES: tuple[_Role, ...] = ("writer", "reader")


class _Seat:
    """The place of one session of one OLT: who sits on it has the session."""

    def __init__(self, access: OltAccess) -> None:
        self.access = access
        self.turn = threading.Lock()
        self.session: OltSession | None = None
        self.rested_since = 0.0
        self.refused: tuple[LoginRefused, float] | None = None

    def drop(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            session.close()


class Olts:
    """All OLTs of this process. Thread-safe. At most two sessions an OLT, so bounded by their number.

    ``accesses`` is all OLTs, or a function that knows the access of an OLT by its name: then an OLT that was added, or
    whose account was changed, is reached at its next use without a restart.
    ``first_seen`` is told the host key of an OLT that had none, and answers with the one that stands: another process
    may have been faster. From then on the OLT must have it.
    ``idle_seconds``: how long an unused session is kept; below the OLT's own idle time (5 minutes by default).
    ``turn_seconds``: how long to wait for one's turn before `NoTurn`.
    ``refused_seconds``: how long a refused login is not tried again, unless `trust_again` says that it was mended.
    """

    def __init__(
        self,
        accesses: Iterable[OltAccess] | Callable[[str], OltAccess],
        *,
        idle_seconds: float = 120.0,
        turn_seconds: float = 30.0,
        refused_seconds: Present[float] = 120.0,
        opener: Opener = open_session,
        first_seen: FirstSeen = lambda _name, key: key,
    ) -> None:
        self._seats: dict[tuple[str, _Role], _Seat] = {}
        self._lookup = accesses if callable(accesses) else None
        self._seating = threading.Lock()
        for access in () if callable(accesses) else accesses:
            self._seat(access)
        self._idle_seconds = idle_seconds
        self._turn_seconds = turn_seconds
        self._refused_seconds = refused_seconds
        self._opener = opener
        self._first_seen = first_seen
        self._closing = threading.Event()
        self._sweeper: threading.Thread | None = None

    def _seat(self, access: OltAccess) -> None:
        self._seats[access.name, "writer"] = _Seat(access)
        self._seats[access.name, "reader"] = _Seat(access)

    def _look_up(self, name: str) -> None:
        """Ask the function for the access as it is now, and trust a changed one."""
        if self._lookup is None:
            return
        access = self._lookup(name)
        with self._seating:
            known = self._seats.get((name, "writer"))
            if known is None:
                self._seat(access)
            elif known.access != access:
                self.trust_again(access)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({name for name, _ in tuple(self._seats)}))

    @contextmanager
    def writer(self, name: str, transcript: Transcript) -> Iterator[OltSession]:
        """The one session of this process that may change this OLT.

        Raises UnknownOlt, NoTurn, and what opening a session raises. The engine's own lock keeps other processes out.
        """
        with self._seated(name, "writer", transcript) as session:
            yield session

    @contextmanager
    def reader(self, name: str, transcript: Transcript) -> Iterator[OltSession]:
        """A session for looking, beside the writer's."""
        with self._seated(name, "reader", transcript) as session:
            yield session

    @contextmanager
    def _seated(self, name: str, role: _Role, transcript: Transcript) -> Iterator[OltSession]:
        self._look_up(name)
        seat = self._seats.get((name, role))
        if seat is None:
            raise UnknownOlt(name)
        if not seat.turn.acquire(timeout=self._turn_seconds):
            raise NoTurn(name, role, self._turn_seconds)
        try:
            session = self._ready(seat, transcript)
            try:
                yield session
            except Refused:
                seat.rested_since = time.monotonic()  # the request was wrong, the session is as good as before
                raise
            except BaseException:
                seat.drop()
                raise
            seat.rested_since = time.monotonic()
        finally:
            seat.turn.release()

    def _ready(self, seat: _Seat, transcript: Transcript) -> OltSession:
        if self._closing.is_set():
            raise PoolClosed(seat.access.name)
        self._respect_refusal(seat, transcript)
        if seat.session is not None and seat.session.access != seat.access:
            transcript.note("the OLT's access has changed; opening a new session")
            seat.drop()
        if seat.session is not None and not seat.session.alive():
            transcript.note("the kept session has ended; opening a new one")
            seat.drop()
        if seat.session is None:
            seat.session = self._open(seat, transcript)
            self._look_for_idle_ones()
        else:
            seat.session.attach(transcript)
        return seat.session

    def _respect_refusal(self, seat: _Seat, transcript: Transcript) -> None:
        if seat.refused is None:
            return
        error, since = seat.refused
        ago = time.monotonic() - since
        if ago < present(self._refused_seconds):
            transcript.note(
                f"a login was refused {ago:.0f} s ago; none is tried yet, so that the account is not locked"
            )
            raise type(error)(seat.access.name, seat.access.username, error.answer)

    def _open(self, seat: _Seat, transcript: Transcript) -> OltSession:
        try:
            session = self._opener(seat.access, transcript)
        except LoginRefused as error:
            for role in _ROLES:
                self._seats[seat.access.name, role].refused = (error, time.monotonic())
            raise
        if session.access.host_key != seat.access.host_key:
            self._pin(seat.access.name, session)
        return session

    def _pin(self, name: str, session: OltSession | Console) -> None:
        """Hold the OLT to the host key that was found at the first connection."""
        found = session.access.host_key
        try:
            stands = self._first_seen(name, found)
            if stands != found:
                raise HostKeyChanged(name, pinned=stands, found=found)
        except BaseException:
            session.close()
            raise
        for role in _ROLES:
            seat = self._seats[name, role]
            seat.access = replace(seat.access, host_key=found)

    def console(self, name: str, transcript: Transcript, *, reading: bool) -> Console:
        """A person's own command line beside the two seats; they close it. ``reading``: only what reads is sent.

        One that reads uses the OLT's account for reading, where it has one. Raises UnknownOlt, and what opening a
        session raises; a refused login is not repeated for a while by anybody else either.
        """
        self._look_up(name)
        seat = self._seats.get((name, "reader"))
        if seat is None:
            raise UnknownOlt(name)
        if self._closing.is_set():
            raise PoolClosed(name)
        access = seat.access.for_reading if reading else seat.access
        shared = access.username == seat.access.username
        if shared:
            self._respect_refusal(seat, transcript)
        try:
            console = open_console(access, transcript, reading=reading)
        except LoginRefused as error:
            for role in _ROLES if shared else ():
                self._seats[name, role].refused = (error, time.monotonic())
            raise
        if console.access.host_key != access.host_key:
            self._pin(name, console)
        return console

    def host_key(self, name: str) -> tuple[str, str]:
        """The host key that is expected of an OLT (empty: any), and the one it shows now; nobody logs in.

        Raises UnknownOlt and OltUnreachable.
        """
        self._look_up(name)
        seat = self._seats.get((name, "reader"))
        if seat is None:
            raise UnknownOlt(name)
        from isp_lifecycle.drivers.ssh import host_key_of  # noqa: PLC0415 - loads paramiko, which few need

        return seat.access.host_key, host_key_of(seat.access)

    def trust_again(self, access: OltAccess) -> None:
        """The account was mended, or the access has changed: the next use logs in again, with this access.

        Waits for nobody: a session in use goes on with the old access until it is given back. Raises UnknownOlt.
        """
        for role in _ROLES:
            seat = self._seats.get((access.name, role))
            if seat is None:
                raise UnknownOlt(access.name)
            seat.access, seat.refused = access, None

    def forget_refusal(self, name: str) -> None:
        """A person says that the account was mended: the next use logs in again."""
        for role in _ROLES:
            seat = self._seats.get((name, role))
            if seat is not None:
                seat.refused = None

    def _look_for_idle_ones(self) -> None:
        """There is a session that may become idle: most pools of most processes never open any."""
        with self._seating:
            if self._sweeper is None and not self._closing.is_set():
                self._sweeper = threading.Thread(target=self._sweep, name="olt-sessions", daemon=True)
                self._sweeper.start()

    def _sweep(self) -> None:
        while not self._closing.wait(min(self._idle_seconds / 4, 5.0)):
            for seat in tuple(self._seats.values()):
                self._close_idle(seat)

    def _close_idle(self, seat: _Seat) -> None:
        if not seat.turn.acquire(blocking=False):
            return
        try:
            if seat.session is not None and time.monotonic() - seat.rested_since >= self._idle_seconds:
                seat.drop()
        finally:
            seat.turn.release()

    def close(self) -> None:
        """Log out everywhere; waits for sessions in use."""
        self._closing.set()
        with self._seating:
            sweeper = self._sweeper
        if sweeper is not None:
            sweeper.join()
        for seat in tuple(self._seats.values()):
            with seat.turn:
                seat.drop()

    def __enter__(self) -> Olts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
