"""Charts as SVG: plain drawings that need no script, print sharply, and are read out by their title and table.

Reports are opened long after they were made, in a sandbox without scripts or a network, and on paper; so they carry
drawings and not programs. For exploring there is holoviews in the notebooks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

#: Told apart by people who see no colours, too: dark, middle and light.
COLOURS = ("#0b5cad", "#e08a1e", "#9bb8d3")
INK, FAINT = "#1f2933", "#d8dee4"
FONT = "font-family=\"system-ui, 'DejaVu Sans', sans-serif\""
WIDTH = 760
ROW, COLUMN_HEIGHT, TOP, LABELS = 30, 220, 56, 250
#: About the width of a letter, at 13 pixels.
LETTER = 7.2


@dataclass(frozen=True)
class Bar:
    """One bar: its label and a value for each series, stacked."""

    label: str
    values: tuple[float, ...]

    @property
    def total(self) -> float:
        """Its whole length."""
        return sum(self.values)


@dataclass(frozen=True)
class Drawing:
    """A drawing that notebooks show and that HTML holds as it is."""

    svg: str

    def _repr_html_(self) -> str:
        """What a notebook asks for: the drawing within the page, where its titles can be read; not as an image."""
        return f"<figure>{self.svg}</figure>"


def horizontal(*, title: str, unit: str, series: Sequence[str], bars: Sequence[Bar]) -> Drawing:
    """Bars from left to right, one below the other: for things with long names."""
    most = max((bar.total for bar in bars), default=0.0)
    room = WIDTH - LABELS - 80
    parts = list(_legend(series))
    for place, bar in enumerate(bars):
        y = TOP + place * ROW
        label = _shortened(bar.label, LABELS - 14)
        parts.append(_text(LABELS - 10, y + 15, label, anchor="end", hint=bar.label))
        x = float(LABELS)
        for colour, value in zip(COLOURS, bar.values, strict=False):
            width = room * value / most if most else 0.0
            parts.append(_box(x, y, width, ROW - 9, colour, f"{bar.label}: {_number(value)} {unit}".rstrip()))
            x += width
        parts.append(_text(x + 6, y + 15, f"{_amount(bar.total)} {unit}".rstrip()))
    return _drawn(title, unit, bars, TOP + max(len(bars), 1) * ROW + 8, parts)


def vertical(*, title: str, unit: str, series: Sequence[str], bars: Sequence[Bar]) -> Drawing:
    """Columns from left to right: for days, weeks and classes. Where they are many, not each is labelled."""
    most = scale_end(max((bar.total for bar in bars), default=0.0))
    left, right, bottom = 52, WIDTH - 14, TOP + COLUMN_HEIGHT
    parts = [*_legend(series), *_scale(most, left=left, right=right, bottom=bottom)]
    step = (right - left) / max(len(bars), 1)
    longest = max((len(bar.label) for bar in bars), default=0)
    every = math.ceil((longest + 1) * LETTER / step)
    for place, bar in enumerate(bars):
        x, y = left + place * step, float(bottom)
        for colour, value in zip(COLOURS, bar.values, strict=False):
            height = COLUMN_HEIGHT * value / most
            y -= height
            hint = f"{bar.label}: {_number(value)} {unit}".rstrip()
            parts.append(_box(x + step * 0.12, y, step * 0.76, height, colour, hint))
        if place % every == 0:
            parts.append(_text(x + step / 2, bottom + 18, bar.label, anchor="middle"))
    return _drawn(title, unit, bars, bottom + 34, parts)


def classes(values: Sequence[float], *, most: int = 12) -> tuple[Bar, ...]:
    """How many of the values fall into each class; classes of one round width, about ``most`` of them."""
    if not values:
        return ()
    lowest, highest = min(values), max(values)
    width = _round_up((highest - lowest) / most or 1.0, (1, 2, 2.5, 5, 10))
    counts = dict.fromkeys(range(math.floor(lowest / width), math.floor(highest / width) + 1), 0)
    for value in values:
        counts[math.floor(value / width)] += 1
    return tuple(Bar(f"{_number(n * width)}–{_number((n + 1) * width)}", (float(c),)) for n, c in counts.items())


def scale_end(most: float) -> float:
    """Where a scale of counts ends: at or above the most, and its quarters are whole numbers where they can be."""
    return 4.0 if most <= 4 else _round_up(most, (1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10))


def _round_up(value: float, steps: Sequence[float]) -> float:
    """The smallest of these steps, times a power of ten, that is not below the value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (*steps, 12.0) if step * power >= value * (1 - 1e-9))


def _scale(most: float, *, left: int, right: int, bottom: int) -> Iterator[str]:
    for part in range(5):
        y = bottom - COLUMN_HEIGHT * part / 4
        yield f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{FAINT}"/>'
        yield _text(left - 8, y + 4, _number(most * part / 4), anchor="end")


def _legend(series: Sequence[str]) -> Iterator[str]:
    """Names of the series, where there are several."""
    if len(series) < 2:
        return
    x = 2.0
    for colour, name in zip(COLOURS, series, strict=False):
        yield _box(x, 30, 12, 12, colour, name)
        yield _text(x + 18, 41, name)
        x += 34 + len(name) * LETTER


def _drawn(title: str, unit: str, bars: Sequence[Bar], height: float, parts: Sequence[str]) -> Drawing:
    if not any(bar.total for bar in bars):
        height, parts = 56, [_text(2, 44, "Nothing in this period.")]
    told = "; ".join(f"{bar.label}: {_number(bar.total)} {unit}".rstrip() for bar in bars) or "nothing"
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" {FONT} font-size="13"><title>{escape(title)}</title><desc>{escape(told)}</desc>'
        f'<text x="2" y="16" font-size="15" font-weight="600" fill="{INK}">{escape(title)}</text>'
        + "".join(parts)
        + "</svg>"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", hint: str = "") -> str:
    title = f"<title>{escape(hint)}</title>" if hint and hint != text else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{title}{escape(text)}</text>'


def _box(x: float, y: float, width: float, height: float, colour: str, hint: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}">'
        f"<title>{escape(hint)}</title></rect>"
    )


def _shortened(text: str, room: float) -> str:
    letters = int(room / LETTER)
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _number(value: float) -> str:
    """As people write it: no more digits than say something."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def _amount(value: float) -> str:
    """A number at the end of a bar: one that is nothing beside the others is not spelt out."""
    return "<0.1" if 0 < value < 0.1 else _number(value)
