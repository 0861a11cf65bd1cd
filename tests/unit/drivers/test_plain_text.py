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
    ],
)
def test_codes_are_taken_out(raw: str, text: str) -> None:
    assert PlainText().of(raw) == text


@given(
    st.lists(st.sampled_from(["row 1\r\n", "\x1b[2J", "\x1b[0;37m", "\x1b[m", "#", ERASE, "\x1b7"]), max_size=8),
    st.data(),
)
def test_codes_are_taken_out_however_the_network_cuts_them(parts: list[str], data: st.DataObject) -> None:
    raw = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=5)))
    plain = PlainText()
    heard = "".join(plain.of(raw[a:b]) for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True))
    assert heard.replace(" ", "") == PlainText().of(raw).replace(" ", "")
    assert "\x1b" not in heard
