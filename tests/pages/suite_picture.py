"""The README's picture of the suite, put together from those that the tests of pages took: ``python -m
tests.pages.suite_picture`` after ``make test``."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.pages.browser import PICTURES

OUT = Path(__file__).parents[2] / "dashboards" / "assets" / "pictures" / "suite.png"
#: What is shown: desktops row by row, then phones side by side.
DESKTOPS = (
    ("why-desktop", "search-found"),
    ("map-desktop", "board-desktop-light"),
    ("terminal-desktop-light", "orders-board-desktop"),
)
PHONES = ("field-2-visit-phone-light", "field-5-active-phone-dark")
GAP, WIDE, GROUND = 16, 720, (222, 230, 230)


def main() -> None:
    """Write the picture; a missing one is named by the error of its file."""
    rows = [[_part(name, WIDE, WIDE * 900 // 1440) for name in row] for row in DESKTOPS]
    high = len(rows) * (rows[0][0].height + GAP) - GAP
    phones = [_part(name, high * 390 // 844, high) for name in PHONES]
    width = len(rows[0]) * (WIDE + GAP) + sum(phone.width + GAP for phone in phones) + GAP
    picture = Image.new("RGB", (width, high + 2 * GAP), GROUND)
    for down, row in enumerate(rows):
        for right, part in enumerate(row):
            picture.paste(part, (GAP + right * (WIDE + GAP), GAP + down * (part.height + GAP)))
    left = GAP + len(rows[0]) * (WIDE + GAP)
    for phone in phones:
        picture.paste(phone, (left, GAP))
        left += phone.width + GAP
    picture.quantize(128).save(OUT, optimize=True)


def _part(name: str, width: int, height: int) -> Image.Image:
    """The upper part of a picture in this size."""
    taken = Image.open(PICTURES / f"{name}.png").convert("RGB")
    seen = taken.crop((0, 0, taken.width, min(taken.height, taken.width * height // width)))
    part = Image.new("RGB", (width, height), seen.getpixel((seen.width - 1, seen.height - 1)))
    part.paste(seen.resize((width, seen.height * width // seen.width), Image.Resampling.LANCZOS), (0, 0))
    return part


if __name__ == "__main__":
    main()
