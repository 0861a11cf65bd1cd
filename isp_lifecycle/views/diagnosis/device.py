"""A line as its OLT tells of it now: the ONT, its neighbours, its settings, and what hangs there unregistered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from isp_lifecycle.drivers import errors
from isp_lifecycle.drivers.contract import (
    Difference,
    LineFound,
    LineWanted,
    OltSession,
    OntOnPort,
    OntStatus,
    PonPort,
    Serial,
    Transcript,
)
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.errors import LifecycleError, Unreachable
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.model.weakness import down_of
from isp_lifecycle.views.diagnosis.recorded import LineOn, OnRecord
from isp_lifecycle.views.diagnosis.seen import (
    BuiltSeen,
    Differs,
    Known,
    LightSeen,
    Neighbour,
    OntSeen,
    Silence,
    Unregistered,
)

#: Tells what became known, by its field in ``Seen``.
Tell = Callable[[str, Known[Any]], None]
#: What an OLT is asked for; without an answer to the first one, nothing else is.
FIELDS = ("ont", "light", "port", "built", "unregistered")
_BUSY = (errors.OltBusy, errors.NoTurn, errors.SessionsExhausted)
_NOT_LET_IN = (errors.LoginRefused, errors.HostKeyChanged)


def silence_of(error: LifecycleError) -> Silence:
    """What an error says about whoever was asked."""
    if isinstance(error, _BUSY):
        return Silence.BUSY
    if isinstance(error, _NOT_LET_IN):
        return Silence.NOT_LET_IN
    return Silence.NO_ANSWER if isinstance(error, Unreachable) else Silence.UNREADABLE


@dataclass(frozen=True)
class OltLook:
    """One look at a line, by one session with its OLT. ``uplink`` is where its VLAN leaves the OLT."""

    olts: Olts
    clock: Clock
    records: OnRecord
    line: LineOn
    uplink: str
    inner: int | None
    user_vlan: int | None
    tell: Tell

    def ask(self) -> None:
        """Ask for everything, one after the other, and tell each as it comes; what fails is told in its place."""
        left = set(FIELDS)

        def told(name: str, known: Known[Any]) -> None:
            left.discard(name)
            self.tell(name, known)

        try:
            with self.olts.reader(self.line.olt, Transcript()) as session:
                _Questions(self, session, told).ask()
        except LifecycleError as error:
            for name in [one for one in FIELDS if one in left]:
                told(name, self.failed(error))

    def failed(self, error: LifecycleError, seconds: float = 0.0) -> Known[Any]:
        """Nothing was told, because of this."""
        return Known(
            source=self.line.olt,
            at=self.clock.now(),
            seconds=seconds,
            unseen=error.message,
            silence=silence_of(error),
        )

    def needless(self, why: str) -> Known[Any]:
        """Nothing was asked, and need not be."""
        return Known(source=self.line.olt, at=self.clock.now(), unseen=why, silence=Silence.NOT_ASKED, needless=True)


class _Questions:
    """What is asked in one session."""

    def __init__(self, look: OltLook, session: OltSession, tell: Tell) -> None:
        self._look = look
        self._session = session
        self._tell = tell
        self._port = PonPort.parse(look.line.pon_port)

    def ask(self) -> None:
        """The ONT first, for all else depends on it; then what tells a cause soonest."""
        status = self._status()
        online = status is not None and status.run_state == "online"
        own = status is not None and status.serial == Serial.parse(self._look.line.serial)
        if online and own:
            with self._asking("light"):
                self._light()
        else:
            self._tell("light", self._look.needless(say("only an ONT that is on has light")))
        with self._asking("port"):
            self._neighbours()
        with self._asking("built"):
            self._built(own=own)
        if online and own:
            self._tell("unregistered", self._look.needless(say("the line's own ONT is there")))
            return
        with self._asking("unregistered"):
            self._unregistered()

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        """A question whose failure is told in its place; one that ended the session ends the rest."""
        began = time.monotonic()
        try:
            yield
        except LifecycleError as error:
            self._tell(name, self._look.failed(error, time.monotonic() - began))
            if not self._session.alive():
                raise

    def _known[V](self, value: V, began: float) -> Known[V]:
        return Known(value, self._look.line.olt, self._look.clock.now(), time.monotonic() - began)

    def _status(self) -> OntStatus | None:
        """The ONT in the line's place; raises where the OLT does not tell, since nothing else would help then."""
        began = time.monotonic()
        try:
            status = self._session.ont_status(self._port, self._look.line.ont_id)
        except errors.OntMissing:
            self._tell("ont", self._known(None, began))
            return None
        found = OntSeen(
            serial=status.serial.display,
            online=status.run_state == "online",
            configured=status.working,
            config_words=" ".join(word for word in (status.config_state, status.match_state) if word),
            down=down_of(status.last_down_cause),
            down_words=status.last_down_cause,
            distance_m=status.distance_m,
        )
        self._tell("ont", self._known(found, began))
        return status

    def _light(self) -> None:
        began = time.monotonic()
        levels = self._session.optical(self._port, self._look.line.ont_id)
        self._tell("light", self._known(LightSeen(levels.ont_rx_dbm, levels.olt_rx_dbm), began))

    def _neighbours(self) -> None:
        began = time.monotonic()
        rows = [row for row in self._session.port_onts(self._port) if row.ont_id != self._look.line.ont_id]
        levels: dict[int, float | None] = {}
        if any(row.run_state == "online" and row.ont_rx_dbm is None for row in rows):
            levels = {one.ont_id: one.ont_rx_dbm for one in self._session.port_optical(self._port)}
        known = {one.serial: one for one in self._look.records.on_port}
        self._tell("port", self._known(tuple(_neighbour(row, known, levels) for row in rows), began))

    def _built(self, *, own: bool) -> None:
        began = time.monotonic()
        wanted = _wanted(self._look)
        found = self._session.read(wanted)
        differ = self._session.differences(found, wanted)
        self._tell("built", self._known(_as_built(found, differ, wanted, own=own), began))

    def _unregistered(self) -> None:
        began = time.monotonic()
        own = Serial.parse(self._look.line.serial)
        others = {one.serial: one.service_code for one in self._look.records.on_port}
        found = tuple(
            Unregistered(one.serial.display, str(one.port), one.serial == own, others.get(one.serial.display, ""))
            for one in self._session.unconfigured()
        )
        self._tell("unregistered", self._known(found, began))


def _neighbour(row: OntOnPort, known: dict[str, Any], levels: dict[int, float | None]) -> Neighbour:
    serial = row.serial.display if row.serial else ""
    line = known.get(serial)
    return Neighbour(
        ont_id=row.ont_id,
        serial=serial,
        service_code=line.service_code if line else row.key,
        customer=line.customer if line else "",
        online=row.run_state == "online",
        down=down_of(row.last_down_cause),
        splitter=line.splitter if line else "",
        rx_dbm=row.ont_rx_dbm if row.ont_rx_dbm is not None else levels.get(row.ont_id),
        expected_rx_dbm=line.expected_rx_dbm if line else None,
    )


def _wanted(look: OltLook) -> LineWanted:
    """The line as it was built. What the ONT is told to do is not looked at: that takes an account's password."""
    line = look.line
    return LineWanted(
        key=look.records.key,
        port=PonPort.parse(line.pon_port),
        serial=Serial.parse(line.serial),
        vlan=line.vlan,
        uplink=look.uplink,
        down_kbps=line.down_kbps,
        up_kbps=line.up_kbps,
        ont_id=line.ont_id,
        enabled=line.enabled,
        inner=look.inner,
        user_vlan=look.user_vlan,
    )


def _as_built(found: LineFound, differ: tuple[Difference, ...], wanted: LineWanted, *, own: bool) -> BuiltSeen:
    place = f"{wanted.port} ONT {wanted.ont_id}"
    elsewhere = found.ont.place if found.ont is not None and not own and found.ont.place != place else ""
    return BuiltSeen(
        differences=tuple(Differs(one.field, one.wanted, one.found) for one in differ),
        enabled=found.ont.enabled if found.ont is not None else wanted.enabled,
        elsewhere=elsewhere,
    )


def not_asked(line: LineOn, why: str) -> dict[str, Known[Any]]:
    """What is known where nobody asks the OLT."""
    nothing: Known[Any] = Known(source=line.olt, unseen=why, silence=Silence.NOT_ASKED)
    return {name: replace(nothing, needless=name != "ont") for name in FIELDS}
