"""The whole audit: one snapshot for all that the database knows, then each OLT in one pass, several at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from isp_lifecycle.access.model import Actor
from isp_lifecycle.drivers.contract import OltFound, Transcript
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import LifecycleError, NotFound
from isp_lifecycle.views.audit import charges, events
from isp_lifecycle.views.audit.addresses import look_at_addresses
from isp_lifecycle.views.audit.check import Gathered, Look
from isp_lifecycle.views.audit.devices import compare, notes
from isp_lifecycle.views.audit.in_use import look_at_use
from isp_lifecycle.views.audit.messages import look_at_messages
from isp_lifecycle.views.audit.model import AuditReport, Finding, FindingKind, LookedAt, Note, NotLookedAt
from isp_lifecycle.views.audit.orders import look_at_orders
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.audit.records import Records, read_records, too_long_unsaved
from isp_lifecycle.views.audit.services import look_at_services
from isp_lifecycle.views.audit.sign_on import look_at_sign_on
from isp_lifecycle.views.window import Window, asks

#: So many OLTs are read at the same time; each waits for its own device nearly all of the time.
OLTS_AT_ONCE = 8
#: The schedule's own pauses (it escalates each half minute, ends quarantines each ten), with room for a late one.
ESCALATED_WITHIN = timedelta(minutes=5)
RESTED_WITHIN = timedelta(minutes=30)
#: Due work that nobody took up for so long is not merely waiting for a free worker.
WORKED_WITHIN = timedelta(minutes=10)
#: A sign of life is written every few seconds.
ALIVE_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True)
class _Read:
    """What one OLT answered, or why it did not; ``gem_port`` is the one that lines of ours use."""

    olt: str
    found: OltFound | None
    gem_port: int
    seconds: float
    error: LifecycleError | None


@asks("audit.run")
def audit(
    window: Window, actor: Actor, *, outside: Outside, olt: str | None = None, devices: bool = True
) -> AuditReport:
    """Compare everything, or of the devices only one ``olt``, or none of them; raises NotFound for an unknown OLT."""
    began, at, into = time.monotonic(), window.clock.now(), Gathered()
    missed: list[NotLookedAt] = []
    with _looking(window) as look:
        events.look_at_events(look, into)
        look_at_orders(look, into)
        look_at_services(look, into)
        look_at_addresses(look, into)
        charges.look_at_charges(look, into)
        try:
            look_at_messages(look, lambda: _looking(window), outside, into)
        except LifecycleError as error:
            missed.append(NotLookedAt(outside.crm_name, error.message, error.remedy))
        records = read_records(look)
    missed += look_at_sign_on(records, lambda: _records(window), outside, into)
    missed += look_at_use(lambda: _looking(window), outside, into)
    if devices:
        missed += _look_at_devices(window, _chosen(records, olt), records, into)
    else:
        into.notes.append(Note("OLTs", "No OLT was looked at, as was asked for."))
    return _report(at, into, missed, began)


@asks("network.read")
def conflicts(window: Window, actor: Actor, *, outside: Outside, devices: bool = True) -> AuditReport:
    """What of the numbers on record disagrees with what RADIUS, DHCP and the OLTs really have.

    Addresses and prefixes against sessions, leases and reservations; VLANs against what flows on the OLTs ride in.
    """
    began, at, into = time.monotonic(), window.clock.now(), Gathered()
    with _looking(window) as look:
        look_at_addresses(look, into)
        records = read_records(look)
    missed = look_at_use(lambda: _looking(window), outside, into)
    if devices:
        from_olts = Gathered()
        missed += _look_at_devices(window, _chosen(records, None), records, from_olts)
        into.findings += [finding for finding in from_olts.findings if finding.about in ("VLAN", "service port")]
        into.notes += [note for note in from_olts.notes if "VLAN" in note.what]
        into.looked_at += from_olts.looked_at
    else:
        into.notes.append(Note("OLTs", "No OLT was looked at, as was asked for."))
    return _report(at, into, missed, began)


def _report(at: datetime, into: Gathered, missed: list[NotLookedAt], began: float) -> AuditReport:
    findings = tuple(sorted(into.findings, key=lambda f: (f.kind, f.about, f.key, f.what)))
    seconds = time.monotonic() - began
    return AuditReport(at, findings, tuple(into.notes), tuple(into.looked_at), tuple(missed), seconds)


@contextmanager
def _looking(window: Window) -> Iterator[Look]:
    """One snapshot with everything that the questions refer to."""
    at, engine = window.clock.now(), window.settings.engine
    swept_within = timedelta(seconds=30.0 + 10 * engine.sweep_seconds)
    with read(window.engine) as tx:
        values = {
            **events.values(),
            **charges.values(),
            "told_by": at - ESCALATED_WITHIN,
            "rested_by": at - RESTED_WITHIN,
            "worked_by": at - WORKED_WITHIN,
            "swept_by": at - swept_within,
            "alive_since": at - ALIVE_WITHIN,
        }
        today = clocks.today(clock=window.clock, zone=window.settings.company.tz)
        yield Look(tx=tx, at=at, today=today, values=values)


# --- devices ----------------------------------------------------------------------------------------------------------


def _chosen(records: Records, olt: str | None) -> tuple[str, ...]:
    if olt is None:
        return tuple(sorted(records.ports))
    if olt not in records.ports:
        raise NotFound("OLT", olt)
    return (olt,)


def _look_at_devices(window: Window, olts: tuple[str, ...], before: Records, into: Gathered) -> list[NotLookedAt]:
    """Read all OLTs, and those that differ once more: what passed while they were read is no fault."""
    reads = {one.olt: one for one in _read_all(window, olts, before)}
    after = _records(window)
    found = {olt: _differences(one, before, after) for olt, one in reads.items()}
    again = tuple(olt for olt, differences in found.items() if differences)
    for one in _read_all(window, again, after):
        reads[one.olt] = one
        found[one.olt] &= _differences(one, after, _records(window))
    for olt, one in reads.items():
        into.findings += found[olt]
        if one.found is not None:
            into.notes += notes(after, one.found)
            into.looked_at.append(LookedAt(olt, len(one.found.onts), one.seconds))
    _unsaved(window, olts, after, into)
    busy = sorted(before.busy | after.busy)
    if busy:
        into.notes.append(Note("OLTs", f"In the hands of a workflow and not judged there: {', '.join(busy)}."))
    errors = {olt: one.error for olt, one in reads.items()}
    return [NotLookedAt(olt, error.message, error.remedy) for olt, error in errors.items() if error is not None]


def _records(window: Window) -> Records:
    with _looking(window) as look:
        return read_records(look)


def _differences(one: _Read, before: Records, after: Records) -> set[Finding]:
    """What differs from the records of before and of after the reading alike."""
    if one.found is None:
        return set()
    both = [set(compare(records, one.found, gem_port=one.gem_port)) for records in (before, after)]
    return both[0] & both[1]


def _read_all(window: Window, olts: tuple[str, ...], records: Records) -> list[_Read]:
    with ThreadPoolExecutor(OLTS_AT_ONCE, thread_name_prefix="audit") as readers:
        return list(readers.map(lambda olt: _read(window, olt, records), olts))


def _read(window: Window, olt: str, records: Records) -> _Read:
    began = time.monotonic()
    try:
        with window.olts.reader(olt, Transcript()) as session:
            found = session.everything(records.ports[olt], closely=records.closely(olt))
            gem_port = session.access.profile.gem_port
    except LifecycleError as error:
        return _Read(olt, None, 0, time.monotonic() - began, error)
    return _Read(olt, found, gem_port, time.monotonic() - began, None)


def _unsaved(window: Window, olts: tuple[str, ...], records: Records, into: Gathered) -> None:
    """By the records: no command of an OLT says whether its configuration was saved."""
    allowed = timedelta(minutes=2 * window.settings.network.save_every_minutes)
    for olt, save in records.unsaved.items():
        if olt not in olts:
            continue
        since = f"Changes since {save.changed_at:%Y-%m-%d %H:%M} UTC are not saved to flash"
        if too_long_unsaved(save, at=window.clock.now(), allowed=allowed):
            remedy = "Is the schedule running? `isp doctor` tells. A restart of the OLT would lose these lines."
            into.add(FindingKind.LOST, "OLT", olt, f"{since}, and no save is under way.", remedy)
        else:
            into.notes.append(Note(olt, f"{since} yet."))
