"""Answers read from a device at this moment, with when and how long it took; a device that fails is an answer too."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.drivers.contract import PonPort, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.common import FailureRow


@dataclass(frozen=True)
class LiveOnt:
    """An ONT in sight that nobody has registered."""

    serial: str
    serial_normal: str
    pon_port: str
    on_expected_port: bool
    vendor: str
    equipment: str
    software: str
    seen_at: datetime | None


@dataclass(frozen=True)
class LiveOnts:
    """What one OLT saw, read at ``read_at`` within ``seconds``; ``error`` says why there is no answer."""

    olt: str
    read_at: datetime
    seconds: float
    onts: tuple[LiveOnt, ...]
    error: FailureRow | None


def ask_unconfigured(olts: Olts, clock: Clock, *, olt: str, expected_port: str | None = None) -> LiveOnts:
    """Ask one OLT for its unregistered ONTs; those on the expected port come first, then the nearest."""
    began = time.monotonic()
    wanted = PonPort.parse(expected_port) if expected_port else None
    error: FailureRow | None = None
    onts: list[LiveOnt] = []
    try:
        with olts.reader(olt, Transcript()) as session:
            onts = [
                LiveOnt(
                    serial=ont.serial.display,
                    serial_normal=ont.serial.normal,
                    pon_port=str(ont.port),
                    on_expected_port=wanted is None or ont.port == wanted,
                    vendor=ont.vendor,
                    equipment=ont.model,
                    software=ont.software,
                    seen_at=ont.seen_at,
                )
                for ont in session.unconfigured()
            ]
    except LifecycleError as failed:
        error = FailureRow(say("Ask the OLT"), failed.kind, failed.message, failed.remedy)
    onts.sort(key=lambda ont: (not ont.on_expected_port, _apart(wanted, PonPort.parse(ont.pon_port)), ont.serial))
    return LiveOnts(olt, clock.now(), time.monotonic() - began, tuple(onts), error)


def _apart(wanted: PonPort | None, port: PonPort) -> tuple[int, ...]:
    """How far two ports are from one another: by card first, since a fibre is plugged wrongly beside its place."""
    numbers = [int(part) for part in str(port).split("/")]
    return tuple(abs(a - int(b)) for a, b in zip(numbers, str(wanted or port).split("/"), strict=False))
