"""Misbehaviour on order: what an OLT does wrong, for how long or how often."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from isp_lifecycle.lab.wire import FaultKind, FaultState, InjectFault

#: Kinds that would make a device useless if they lasted; without a limit they happen once.
ONCE_BY_DEFAULT: frozenset[FaultKind] = frozenset(
    {"garbled", "unknown_answer", "hang", "drop_mid_command", "double", "reboot", "full", "wrapped"}
)
DEFAULT_SLOWNESS = 5.0


@dataclass(slots=True, kw_only=True)
class Fault:
    """One injected fault; `until` is a monotonic deadline, `left` a number of remaining occurrences."""

    kind: FaultKind
    until: float | None
    left: int | None
    factor: float
    match: re.Pattern[str] | None
    text: str | None


class Faults:
    """The faults of one OLT."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._faults: list[Fault] = []

    def inject(self, order: InjectFault) -> None:
        """Add a fault, or replace the one of the same kind."""
        once = order.kind in ONCE_BY_DEFAULT and order.seconds is None and order.times is None
        self.clear(order.kind)
        self._faults.append(
            Fault(
                kind=order.kind,
                until=None if order.seconds is None else self._clock() + order.seconds,
                left=1 if once else order.times,
                factor=order.factor or DEFAULT_SLOWNESS,
                match=None if order.match is None else re.compile(order.match),
                text=order.text,
            )
        )

    def clear(self, kind: FaultKind | None = None) -> None:
        """Remove one kind of fault, or all."""
        self._faults = [] if kind is None else [fault for fault in self._faults if fault.kind != kind]

    def active(self) -> list[Fault]:
        """Return what is wrong now, forgetting what has run out."""
        now = self._clock()
        self._faults = [f for f in self._faults if (f.until is None or f.until > now) and f.left != 0]
        return list(self._faults)

    def has(self, kind: FaultKind) -> bool:
        """Tell whether a fault of this kind is active, without using it up."""
        return any(fault.kind == kind for fault in self.active())

    def take(self, kind: FaultKind, line: str = "") -> Fault | None:
        """Return the active fault of this kind if it concerns the line, and count the occurrence."""
        for fault in self.active():
            if fault.kind == kind and (fault.match is None or fault.match.search(line)):
                if fault.left is not None:
                    fault.left -= 1
                return fault
        return None

    def slowness(self) -> float:
        """Return by which factor the device is slower than usual."""
        return next((fault.factor for fault in self.active() if fault.kind == "slow"), 1.0)

    def states(self) -> list[FaultState]:
        """Return the active faults for the control interface."""
        now = self._clock()
        return [
            FaultState(
                kind=f.kind,
                seconds_left=None if f.until is None else round(f.until - now, 3),
                times_left=f.left,
                factor=f.factor if f.kind == "slow" else None,
                match=f.match.pattern if f.match else None,
                text=f.text,
            )
            for f in self.active()
        ]
