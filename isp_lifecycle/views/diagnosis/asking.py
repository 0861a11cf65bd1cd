"""Everything asked at the same time, each with its limit; what is known so far can be told at any moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from isp_lifecycle.access.model import Actor
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.telemetry.model import OntLevel, PortLook, Source
from isp_lifecycle.telemetry.model.weakness import Limits
from isp_lifecycle.views.diagnosis.device import FIELDS, OltLook, not_asked
from isp_lifecycle.views.diagnosis.diagnose import diagnose
from isp_lifecycle.views.diagnosis.model import Diagnosis
from isp_lifecycle.views.diagnosis.recorded import OnRecord
from isp_lifecycle.views.diagnosis.records import on_record
from isp_lifecycle.views.diagnosis.seen import Known, LightSeen, Seen, Silence
from isp_lifecycle.views.diagnosis.sign_on import DHCP, RADIUS, ask_dhcp, ask_radius
from isp_lifecycle.views.window import Window, asks

_log = log(__name__)

#: So many seconds each may take; whoever is slower is told to have been silent, and waited for by nobody.
LIMITS = {"olt": 25.0, "radius": 8.0, "dhcp": 8.0}


@dataclass
class Looking:
    """A look at a line that is under way. Thread-safe: what is told comes from threads of its own."""

    clock: Clock
    settings: Settings
    records: OnRecord
    olt_id: UUID | None = None
    began: float = field(default_factory=time.monotonic)
    _known: dict[str, Known[Any]] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, name: str, known: Known[Any]) -> None:
        """Something became known."""
        with self._changed:
            self._known[name] = known
            self._changed.notify_all()

    def tell_unless_told(self, name: str, known: Known[Any]) -> None:
        """The same, where nothing was told of it before."""
        if name not in self._known:
            self.tell(name, known)

    def seen(self) -> Seen:
        """What is known so far; whoever has had their time counts as silent."""
        with self._changed:
            known = dict(self._known)
        limits = Limits.of(self.settings)
        past = time.monotonic() - self.began
        line = self.records.line
        sources = dict.fromkeys(FIELDS, line.olt if line else "") | {"radius": RADIUS, "dhcp": DHCP}
        told: Any = {name: self._awaited(source, name, past) for name, source in sources.items()} | known
        return replace(Seen(self.clock.now(), self.records, self.settings.company.tz, limits), **told)

    def _awaited(self, source: str, name: str, past: float) -> Known[Any]:
        limit = LIMITS.get(name, LIMITS["olt"])
        if past < limit:
            return Known(source=source, pending=True)
        silent = say("{source} did not answer within {limit:.0f} s", source=source, limit=limit)
        return Known(source=source, at=self.clock.now(), seconds=past, unseen=silent, silence=Silence.NO_ANSWER)

    def light(self) -> PortLook | None:
        """What was read of the light on the whole port, for whoever keeps it; None where not all of it was."""
        seen = self.seen()
        own = seen.ont.value
        if self.olt_id is None or seen.line is None or own is None or not seen.port.seen or seen.port.at is None:
            return None
        levels = seen.light.value or LightSeen(None, None)
        rows = [
            OntLevel(seen.line.ont_id, own.serial, levels.ont_rx_dbm, levels.olt_rx_dbm, own.online, own.down),
            *(OntLevel(n.ont_id, n.serial, n.rx_dbm, None, n.online, n.down) for n in seen.neighbours if n.serial),
        ]
        onts = tuple(replace(row, serial=Serial.parse(row.serial).normal) for row in rows)
        return PortLook(self.olt_id, seen.line.pon_port, seen.port.at, Source.LOOK, onts)

    def so_far(self) -> Diagnosis:
        """The answer as far as is known."""
        return diagnose(self.seen())

    def wait(self, *, seconds: float = max(LIMITS.values()) + 1.0) -> Diagnosis:
        """The answer when all have told, or had their time."""
        deadline = time.monotonic() + seconds
        while not (answer := self.so_far()).final and time.monotonic() < deadline:
            with self._changed:
                self._changed.wait(0.2)
        return answer


@asks("service.read")
def look_into(window: Window, actor: Actor, *, key: str) -> Looking:
    """Begin to look at a line by its service's code, or at an order that never became one; raises NotFound.

    Devices are asked on behalf of whoever may ask them; RADIUS and DHCP are for all who may read services.
    """
    records = on_record(window, actor, key=key)
    looking = Looking(window.clock, window.settings, records)
    for name, question in _questions(window, actor, looking).items():
        threading.Thread(target=_safely, args=(question, looking, name), name=f"why-{name}", daemon=True).start()
    return looking


def _safely(question: Callable[[], None], looking: Looking, name: str) -> None:
    """Ask; what nobody foresaw is logged, and told in the answer's place."""
    try:
        question()
    except Exception as error:  # noqa: BLE001 - the thread's edge: else whoever looks would wait in vain
        _log.error("a question about a line failed", asked=name, key=looking.records.key, exc_info=error)
        failed: Known[Any] = Known(
            source=name, unseen=say("it failed in a way that nobody foresaw; the log tells more")
        )
        for one in FIELDS if name == "olt" else (name,):
            looking.tell_unless_told(one, replace(failed, at=looking.clock.now(), silence=Silence.UNREADABLE))


def _questions(window: Window, actor: Actor, looking: Looking) -> dict[str, Callable[[], None]]:
    records, zone = looking.records, window.settings.company.tz
    if records.line is None:
        for name in (*FIELDS, "radius", "dhcp"):
            nothing: Known[Any] = Known(unseen=say("no line is built"), silence=Silence.NOT_ASKED, needless=True)
            looking.tell(name, nothing)
        return {}
    questions: dict[str, Callable[[], None]] = {
        "radius": lambda: looking.tell("radius", ask_radius(window.accounts, window.clock, records, zone=zone)),
        "dhcp": lambda: looking.tell("dhcp", ask_dhcp(window.leases, window.clock, records)),
    }
    if not actor.may("network.read_live"):
        for name, known in not_asked(records.line, say("your role does not ask devices")).items():
            looking.tell(name, known)
    else:
        questions["olt"] = _olt_look(window.olts, window, looking).ask
    return questions


def _olt_look(olts: Olts, window: Window, looking: Looking) -> OltLook:
    line, records = looking.records.line, looking.records
    assert line is not None
    assert records.service is not None
    with read(window.engine) as tx:
        olt = inventory.olt_by_name(tx=tx, name=line.olt)
        looking.olt_id = olt.id
        service = inventory.service_by_code(tx=tx, code=records.service.code)
        built = inventory.line_of_service(tx=tx, service_id=service.id)
    return OltLook(
        olts=olts,
        clock=window.clock,
        records=records,
        line=line,
        uplink=olt.uplink,
        inner=built.inner_vlan if built else None,
        user_vlan=built.user_vlan if built else None,
        tell=looking.tell,
    )
