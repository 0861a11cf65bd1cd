"""Bar codes as labels of ONTs have them (ISO/IEC 15417, Code 128), and a camera that looks at one."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image, ImageDraw

#: Widths of bars and spaces of each symbol, in modules: values 0 to 102, start A, B and C.
WIDTHS = re.findall(
    r"\d{6}",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
    232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
    111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
    111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
    """,
)
START_B, STOP = 104, "2331112"


def code128(text: str, *, module: int = 3, height: int = 160) -> Image.Image:
    """The label of this text, by code set B, with its quiet zones."""
    values = [ord(letter) - 32 for letter in text]
    check = (START_B + sum(n * value for n, value in enumerate(values, 1))) % 103
    widths = "".join(WIDTHS[value] for value in (START_B, *values, check)) + STOP
    picture = Image.new("RGB", (module * (sum(map(int, widths)) + 20), height), "white")
    draw, x = ImageDraw.Draw(picture), 10 * module
    for n, width in enumerate(map(int, widths)):
        if n % 2 == 0:
            draw.rectangle((x, 12, x + width * module - 1, height - 12), fill="black")
        x += width * module
    return picture


def camera_that_sees(label: Image.Image, file: Path) -> list[str]:
    """What has Chromium take a film of this label for its camera; ``file`` ends in .mjpeg."""
    frame = Image.new("RGB", (1280, 720), "#8a8f92")
    frame.paste(label, ((1280 - label.width) // 2, (720 - label.height) // 2))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=90)
    file.write_bytes(out.getvalue() * 20)
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={file}",
    ]
