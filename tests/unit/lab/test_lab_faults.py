"""Faults on order run out by time or by number; the timeline keeps its order; the pace keeps its promise."""

import random

import pytest
from pydantic import ValidationError

from isp_lifecycle.lab.faults import Faults
from isp_lifecycle.lab.pace import Pace, Span, Timeline
from isp_lifecycle.lab.wire import InjectFault


class Watch:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_fault_for_some_seconds_ends() -> None:
    watch = Watch()
    faults = Faults(clock=watch)
    faults.inject(InjectFault(kind="busy", seconds=3.0))
    watch.now += 2.9
    assert faults.take("busy") is not None
    watch.now += 0.2
    assert faults.take("busy") is None
    assert faults.states() == []


def test_fault_for_some_times_ends() -> None:
    faults = Faults()
    faults.inject(InjectFault(kind="refuse_login", times=2))
    assert [faults.take("refuse_login") is not None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(("kind", "takes"), [("hang", 1), ("double", 1), ("busy", 5), ("unreachable", 5)])
def test_fault_without_limit_happens_once_or_for_ever(kind: str, takes: int) -> None:
    faults = Faults()
    faults.inject(InjectFault.model_validate({"kind": kind}))
    assert sum(faults.take(kind) is not None for _ in range(5)) == takes  # type: ignore[arg-type]


def test_fault_concerns_matching_lines_only() -> None:
    faults = Faults()
    faults.inject(InjectFault(kind="hang", match=r"^service-port \d+"))
    assert faults.take("hang", "display service-port 3") is None
    assert faults.take("hang", "service-port 3 vlan 100") is not None


def test_same_kind_replaces_and_kinds_are_cleared_apart() -> None:
    faults = Faults()
    faults.inject(InjectFault(kind="slow", factor=2.0))
    faults.inject(InjectFault(kind="slow", factor=7.0))
    faults.inject(InjectFault(kind="busy"))
    assert faults.slowness() == 7.0
    faults.clear("slow")
    assert (faults.slowness(), [state.kind for state in faults.states()]) == (1.0, ["busy"])


def test_expression_must_be_one() -> None:
    with pytest.raises(ValidationError, match="not a regular expression"):
        InjectFault(kind="hang", match="(")


def test_timeline_acts_in_order_of_time_and_then_of_request() -> None:
    watch = Watch()
    timeline = Timeline(clock=watch)
    seen: list[str] = []
    for name, seconds in (("late", 2.0), ("first", 1.0), ("second", 1.0)):
        timeline.after(seconds, lambda name=name: seen.append(name))  # type: ignore[misc]
    watch.now += 1.5
    assert (timeline.advance(), seen, timeline.next_at()) == (2, ["first", "second"], 102.0)


@pytest.mark.parametrize(("speed", "low", "high"), [(1.0, 8.0, 15.0), (20.0, 0.4, 0.75), (0.0, 0.0, 0.0)])
def test_pace_divides_by_the_speed(speed: float, low: float, high: float) -> None:
    pace = Pace(speed, random.Random(3))
    drawn = [pace.seconds(Span(8.0, 15.0)) for _ in range(50)]
    assert low <= min(drawn) <= max(drawn) <= high
