"""What goes wrong when lines are built, in the words in which the engine and the drivers tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from isp_lifecycle.support.model import FailureKind

CONFIGURE = "Configure OLT and ONT"
PLAN = "Plan the line"
WAIT_ONLINE = "Wait for the ONT to come online"
MEASURE = "Measure the light"


@dataclass(frozen=True, kw_only=True)
class Mishap:
    """A step that failed and went well in the end.

    ``what`` may name {serial}, {olt}, {place}, {level} and {expected}. ``repeats`` is how often it failed;
    ``outcome`` is what a person found, empty where the engine got over it by itself. ``mended_after`` lies between
    the last failure and the attempt that went well.
    """

    step: str
    kind: FailureKind
    what: str
    remedy: str
    mended_after: timedelta
    seconds: float
    outcome: str = ""
    repeats: int = 1
    transcript: str | None = None


_ONT_NOT_SEEN = "{olt} sees no ONT with the serial number {serial}."
_ONT_NOT_SEEN_REMEDY = (
    "Compare the number with the label, check that the ONT has power and its PON lamp blinks, then enter the number "
    "again or press Retry."
)
_NEVER_ONLINE = "The ONT {serial} at {place} was not online after 120 s (state offline, last down cause LOS)."
_NEVER_ONLINE_REMEDY = (
    "Check the light at the ONT with a power meter, clean both connectors, look for a bend, then press Retry."
)
_BUSY = "OLT {olt} was busy for 30 s and did not take 'ont add': Failure: System is busy, please retry after a while"
_BUSY_REMEDY = "It is tried again by itself; a save or a software load is probably running on the OLT."
_LOW = (
    "The ONT receives {level:.1f} dBm, {gap:.1f} dB less than the {expected:.1f} dBm of the loss budget "
    "(allowed: 3.0 dB): look for a bent fibre, a dirty connector or a wrong splitter port."
)
_LOW_REMEDY = (
    "Clean and reseat the connectors and check the splice at the splitter, then press Retry; if neighbours on the "
    "splitter are low as well, the fault is before it."
)

#: One after the other they befall activations of the past.
MISHAPS: tuple[Mishap, ...] = (
    Mishap(
        step=PLAN,
        kind=FailureKind.NEEDS_PERSON,
        what=_ONT_NOT_SEEN,
        remedy=_ONT_NOT_SEEN_REMEDY,
        mended_after=timedelta(minutes=9),
        seconds=4.1,
        outcome="The ONT's power supply was switched off at the socket.",
    ),
    Mishap(
        step=CONFIGURE,
        kind=FailureKind.UNREACHABLE,
        what=_BUSY,
        remedy=_BUSY_REMEDY,
        mended_after=timedelta(seconds=4),
        seconds=31.2,
        repeats=2,
        transcript="{olt}(config-if-gpon-0/1)#ont add ...\n  Failure: System is busy, please retry after a while\n",
    ),
    Mishap(
        step=MEASURE,
        kind=FailureKind.NEEDS_PERSON,
        what=_LOW,
        remedy=_LOW_REMEDY,
        mended_after=timedelta(minutes=47),
        seconds=2.2,
        outcome="Dirty connector at the outlet, cleaned.",
    ),
    Mishap(
        step=WAIT_ONLINE,
        kind=FailureKind.NEEDS_PERSON,
        what=_NEVER_ONLINE,
        remedy=_NEVER_ONLINE_REMEDY,
        mended_after=timedelta(minutes=83),
        seconds=121.4,
        outcome="The drop was bent behind the outlet; laid anew.",
    ),
    Mishap(
        step=PLAN,
        kind=FailureKind.NEEDS_PERSON,
        what=_ONT_NOT_SEEN,
        remedy=_ONT_NOT_SEEN_REMEDY,
        mended_after=timedelta(minutes=14),
        seconds=3.9,
        outcome="The patch cord was in the splitter's wrong port.",
    ),
    Mishap(
        step=CONFIGURE,
        kind=FailureKind.UNREACHABLE,
        what="The session to OLT {olt} was lost during 'service-port': connection reset by peer.",
        remedy="It is tried again by itself, beginning with a fresh look at the device.",
        mended_after=timedelta(seconds=2),
        seconds=5.7,
    ),
    Mishap(
        step=WAIT_ONLINE,
        kind=FailureKind.NEEDS_PERSON,
        what=_NEVER_ONLINE,
        remedy=_NEVER_ONLINE_REMEDY,
        mended_after=timedelta(minutes=38),
        seconds=121.2,
        outcome="The connector at the splitter was not seated.",
    ),
    Mishap(
        step=MEASURE,
        kind=FailureKind.NEEDS_PERSON,
        what=_LOW,
        remedy=_LOW_REMEDY,
        mended_after=timedelta(minutes=126),
        seconds=2.4,
        outcome="Splice at the pole made anew.",
    ),
    Mishap(
        step=CONFIGURE,
        kind=FailureKind.UNREACHABLE,
        what=_BUSY,
        remedy=_BUSY_REMEDY,
        mended_after=timedelta(seconds=8),
        seconds=30.8,
        repeats=3,
    ),
)
