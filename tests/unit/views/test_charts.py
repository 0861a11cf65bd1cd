"""The drawings: well-formed, escaped, true to their numbers, and honest about nothing."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.views.charts import Bar, classes, horizontal, scale_end, vertical

SVG = "{http://www.w3.org/2000/svg}"
SERIES = ("good", "bad")


def rects(svg: str) -> list[ElementTree.Element]:
    """The boxes of the bars, without those of the legend."""
    return [box for box in ElementTree.fromstring(svg).iter(f"{SVG}rect") if box.get("width") != "12.0"]


@pytest.mark.parametrize("draw", [horizontal, vertical])
def test_text_from_outside_is_text(draw: type) -> None:
    hostile = '<script>alert("x")</script> & Söhne'
    svg = draw(title=hostile, unit="s", series=(hostile, "b"), bars=[Bar(hostile, (1.0, 2.0))]).svg
    root = ElementTree.fromstring(svg)
    assert "<script" not in svg
    assert root.findtext(f"{SVG}title") == hostile


def test_lengths_are_in_proportion() -> None:
    svg = horizontal(title="t", unit="s", series=SERIES, bars=[Bar("a", (10.0, 5.0)), Bar("b", (20.0, 0.0))]).svg
    widths = [float(box.get("width", "")) for box in rects(svg)]
    assert [w / widths[0] for w in widths] == pytest.approx([1, 0.5, 2, 0], abs=0.01)


def test_heights_are_in_proportion_and_stand_on_the_ground() -> None:
    svg = vertical(title="t", unit="", series=SERIES, bars=[Bar("a", (3.0, 1.0))]).svg
    lower, upper = rects(svg)
    assert float(lower.get("height", "")) == pytest.approx(3 * float(upper.get("height", "")), abs=0.2)
    assert float(upper.get("y", "")) + float(upper.get("height", "")) == pytest.approx(
        float(lower.get("y", "")), abs=0.2
    )


@pytest.mark.parametrize("bars", [(), (Bar("a", (0.0, 0.0)),)])
def test_nothing_is_said_and_not_drawn(bars: tuple[Bar, ...]) -> None:
    for draw in (horizontal, vertical):
        svg = draw(title="t", unit="s", series=SERIES, bars=bars).svg
        assert "Nothing in this period." in svg
        assert rects(svg) == []


def test_small_share_is_not_spelt_out() -> None:
    svg = horizontal(title="t", unit="s", series=("a",), bars=[Bar("long", (42.0,)), Bar("short", (0.0019,))]).svg
    assert "&lt;0.1 s" in svg


def test_labels_of_many_columns_do_not_touch() -> None:
    def labels(number: int) -> int:
        svg = vertical(title="t", unit="", series=("a",), bars=[Bar("24 Aug", (1.0,))] * number).svg
        return sum(t.text == "24 Aug" for t in ElementTree.fromstring(svg).iter(f"{SVG}text"))

    assert (labels(12), labels(14), labels(28)) == (12, 7, 10)


@given(st.lists(st.floats(0, 1e5, allow_nan=False), min_size=1, max_size=60))
def test_classes_hold_every_value_once(values: list[float]) -> None:
    bars = classes(values)
    assert sum(bar.total for bar in bars) == len(values)
    assert len(bars) <= 14


@given(st.integers(1, 10**7))
def test_scale_ends_at_or_little_above_the_most(most: int) -> None:
    assert most <= scale_end(most) <= max(4, 2 * most)
