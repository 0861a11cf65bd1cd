"""Drawings: right in proportion, told in words, safe for whatever a device said, and the same in an empty period."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from isp_lifecycle.views import charts
from isp_lifecycle.views.charts import Bar

SVG = "{http://www.w3.org/2000/svg}"


def boxes(drawing: charts.Drawing) -> list[tuple[float, float]]:
    """Width and height of each bar, without the legend's squares."""
    root = ElementTree.fromstring(drawing.svg)
    found = [(float(r.attrib["width"]), float(r.attrib["height"])) for r in root.iter(f"{SVG}rect")]
    return [size for size in found if size != (12.0, 12.0)]


def test_horizontal_bars_are_as_long_as_their_values() -> None:
    bars = (Bar("plan", (30.0, 10.0)), Bar("apply", (10.0, 0.0)))
    widths = [w for w, _ in boxes(charts.horizontal(title="t", unit="s", series=("a", "b"), bars=bars))]
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.2)
    assert widths[2:] == [pytest.approx(widths[1], abs=0.2), 0.0]


def test_columns_are_as_high_as_their_values_on_their_scale() -> None:
    bars = (Bar("w1", (8.0,)), Bar("w2", (2.0,)), Bar("w3", (0.0,)))
    heights = [h for _, h in boxes(charts.vertical(title="t", unit="x", series=("n",), bars=bars))]
    assert heights == [charts.COLUMN_HEIGHT, charts.COLUMN_HEIGHT / 4, 0.0]


def test_what_is_drawn_is_also_told() -> None:
    drawing = charts.horizontal(title="Failures", unit="attempts", series=("n",), bars=(Bar("plan", (3.0,)),))
    root = ElementTree.fromstring(drawing.svg)
    assert (root.attrib["role"], root.findtext(f"{SVG}title")) == ("img", "Failures")
    assert root.findtext(f"{SVG}desc") == "plan: 3 attempts"


@pytest.mark.parametrize("draw", [charts.horizontal, charts.vertical])
def test_an_empty_period_is_said_and_not_drawn(draw: object) -> None:
    for bars in ((), (Bar("w1", (0.0, 0.0)),)):
        drawing = draw(title="t", unit="x", series=("a", "b"), bars=bars)  # type: ignore[operator]
        assert "Nothing in this period." in drawing.svg
        assert boxes(drawing) == []


def test_text_from_devices_cannot_become_markup() -> None:
    evil = '<script>alert("1")</script>&'
    drawing = charts.horizontal(title=evil, unit=evil, series=(evil, evil), bars=(Bar(evil, (1.0,)),))
    ElementTree.fromstring(drawing.svg)
    assert "<script" not in drawing._repr_html_()


def test_a_drawing_asks_nothing_of_the_network() -> None:
    drawing = charts.vertical(title="t", unit="x", series=("a",), bars=(Bar("w", (1.0,)),))
    assert re.findall(r"(?:href|src|url)\s*[=(]", drawing.svg) == []


@pytest.mark.parametrize(
    ("most", "end"),
    [(0, 4), (3, 4), (5, 6), (8, 8), (9, 10), (11, 12), (13, 16), (23, 24), (30, 32), (99, 100), (101, 120)],
)
def test_scales_end_at_round_numbers(most: float, end: float) -> None:
    assert charts.scale_end(most) == pytest.approx(end)


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [3.2, 3.4, 9.9], [0.001, 0.0012], [-2.0, 5.0], [*range(1000)]])
def test_classes_hold_every_value_once_and_are_few(values: list[float]) -> None:
    bars = charts.classes(values)
    assert sum(bar.total for bar in bars) == len(values)
    assert 1 <= len(bars) <= 15
    assert bars[0].total > 0
    assert bars[-1].total > 0


def test_classes_of_nothing_are_none() -> None:
    assert charts.classes([]) == ()
