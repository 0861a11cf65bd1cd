from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.drivers.wire import PlainText

MORE = "---- More ( Press 'Q' to break ) ----"
ERASE = f"\x1b[{len(MORE)}D{' ' * len(MORE)}\x1b[{len(MORE)}D"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (f"row 1\r\n{MORE}{ERASE}row 2", f"row 1\r\n{MORE}row 2"),
        ("OLT01 \x1b[1D(config)#", "OLT01(config)#"),
        ("\x1b[2J\x1b[0;37mhello\x1b[m", "hello"),
        ("a\x00b\x07c", "abc"),
        ("no codes [37D at all", "no codes [37D at all"),
        ("row 1\r\nab\r\x1b[5Ccd\r\x1b[9Ce\r\n", "row 1\r\nab   cd  e\r\n"),
        ("wider than its column\r\x1b[5Cup", "wider than its column up"),
        ("ab\x1b[3Ccd", "ab   cd"),
        (" --More-- " + "\x08" * 10 + " " * 10 + "\x08" * 10 + "ab\r\x1b[4Ccd", None),
    ],
)
def test_codes_are_taken_out(raw: str, text: str | None) -> None:
    """Without a text: what stands behind the pager's line, as if that had never been there."""
    plain = PlainText().of(raw)
    assert plain == text if text is not None else plain.rpartition("\x08")[2] == "ab  cd"


PARTS = ["row 1\r\n", "cell", "\r\x1b[12C", "\x1b[3C", "\x1b[2J", "\x1b[0;37m", "\x1b[m", "#", ERASE, "\x1b7"]


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.data())
def test_codes_are_taken_out_however_the_network_cuts_them(parts: list[str], data: st.DataObject) -> None:
    raw = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=5)))
    plain = PlainText()
    heard = "".join(plain.of(raw[a:b]) for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True))
    assert heard.replace(" ", "") == PlainText().of(raw).replace(" ", "")
    if ERASE not in raw:
        assert heard == PlainText().of(raw)
    assert "\x1b" not in heard
