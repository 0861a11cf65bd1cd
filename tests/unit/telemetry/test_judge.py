"""What a level means: the limits of the receiver first, then the loss budget."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.telemetry.errors import ReadingMalformed
from isp_lifecycle.telemetry.model import Measured, Verdict, judge


def judged(level: float | None, expected: float | None = -19.4) -> Verdict:
    return judge(level=level, expected=expected, lowest=-27.0, highest=-8.0, margin=3.0)


def test_a_level_near_the_expected_one_is_good() -> None:
    assert judged(-20.1) == Verdict(True, "The ONT receives -20.1 dBm (0.7 dB below the -19.4 dBm of the loss budget).")


def test_a_level_on_an_unknown_route_is_judged_by_the_receiver_alone() -> None:
    assert judged(-26.9, expected=None) == Verdict(True, "The ONT receives -26.9 dBm.")


def test_a_level_below_the_receivers_limit_says_so_and_what_to_look_for() -> None:
    assert judged(-29.1) == Verdict(
        False,
        "The ONT receives -29.1 dBm, below the -27.0 dBm that its receiver needs "
        "(9.7 dB below the -19.4 dBm of the loss budget): "
        "look for a bent fibre, a dirty connector or a wrong splitter port.",
    )


def test_a_level_under_the_loss_budget_says_by_how_much() -> None:
    assert judged(-24.5) == Verdict(
        False,
        "The ONT receives -24.5 dBm, 5.1 dB less than the -19.4 dBm of the loss budget (allowed: 3.0 dB): "
        "look for a bent fibre, a dirty connector or a wrong splitter port.",
    )


def test_a_level_that_overloads_the_receiver_asks_for_an_attenuator() -> None:
    assert judged(-5.2) == Verdict(
        False, "The ONT receives -5.2 dBm, above the -8.0 dBm that its receiver bears: fit an attenuator."
    )


@pytest.mark.parametrize("level", [None, math.nan])
def test_no_level_is_no_light(level: float | None) -> None:
    assert judged(level) == Verdict(False, "The ONT receives no light: look for a broken fibre or an open connector.")


@given(st.floats(-60, 20), st.floats(-40, 0))
def test_a_level_is_good_exactly_within_limits_and_budget(level: float, expected: float) -> None:
    assert judged(level, expected).ok == (-27.0 <= level <= -8.0 and level >= expected - 3.0)


@pytest.mark.parametrize(("field", "value"), [("ont_rx_dbm", -2147483.0), ("olt_rx_dbm", 65.5), ("distance_m", -1.0)])
def test_values_that_nothing_can_measure_are_refused(field: str, value: float) -> None:
    with pytest.raises(ReadingMalformed) as refused:
        Measured(**{field: value})
    assert (refused.value.field, refused.value.value) == (field, value)
