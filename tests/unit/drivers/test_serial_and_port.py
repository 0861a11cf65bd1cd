from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.drivers import printed
from isp_lifecycle.drivers.contract import LineWanted, PonPort, Serial
from isp_lifecycle.drivers.errors import LineMalformed, PortMalformed, SerialMalformed, SerialWithoutLetters

SERIAL = Serial("48575443AABBCCDD")
vendors = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=4, max_size=4)
numbers = st.integers(0, 2**32 - 1).map(lambda number: f"{number:08X}")


@pytest.mark.parametrize(
    "text",
    [
        "48575443AABBCCDD",
        "48575443aabbccdd",
        " 48575443AABBCCDD\n",
        "HWTCAABBCCDD",
        "HWTC-AABBCCDD",
        "hwtc-aabbccdd",
        "48575443AABBCCDD (HWTC-AABBCCDD)",
        "48575443AABBCCDD(HWTCAABBCCDD)",
    ],
)
def test_serial_reads_every_form_in_use(text: str) -> None:
    assert Serial.parse(text) == SERIAL


@given(vendors, numbers)
def test_serial_forms_lead_to_one_normal_form(vendor: str, number: str) -> None:
    normal = vendor.encode().hex().upper() + number
    for text in (normal, vendor + number, f"{vendor}-{number}", f"{normal} ({vendor}-{number})"):
        serial = Serial.parse(text)
        assert serial.normal == normal
        assert serial.display == f"{vendor}-{number}"
        assert serial.vendor == vendor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "48575443AABBCCD",
        "48575443AABBCCDDE",
        "48575443AABBCCDG",
        "HWTC_AABBCCDD",
        "HWT-AABBCCDD",
        "48575443AABBCCDD (HWTC-AABBCCDE)",
        "48575443AABBCCDD HWTC-AABBCCDD",
        "٤٨575443AABBCCDD",
        "46VBSM4LFW7QLGAV",
    ],
)
def test_serial_malformed_names_field_and_value(text: str) -> None:
    with pytest.raises(SerialMalformed) as refused:
        Serial.parse(text, field="new serial")
    assert (refused.value.field, refused.value.value) == ("new serial", text)
    assert repr(text) in refused.value.message
    assert "HWTC-AABBCCDD" in refused.value.remedy


def test_serial_without_a_letter_vendor_shows_its_digits() -> None:
    serial = Serial("00000001AABBCCDD")
    assert (serial.vendor, serial.display) == ("", "00000001AABBCCDD")


def test_serial_without_letters_is_refused_where_letters_must_be_typed() -> None:
    assert printed.typed(SERIAL) == "HWTCAABBCCDD"
    with pytest.raises(SerialWithoutLetters, match="00000001AABBCCDD") as refused:
        printed.typed(Serial("00000001AABBCCDD"))
    assert (refused.value.field, refused.value.value) == ("serial", "00000001AABBCCDD")


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_port_reads_what_it_writes(frame: int, slot: int, port: int) -> None:
    pon = PonPort(frame, slot, port)
    assert PonPort.parse(str(pon)) == pon
    assert PonPort.parse(f"{frame}/ {slot} /{port} ") == pon


@pytest.mark.parametrize("text", ["", "0/1", "0/1/2/3", "a/1/2", "0/1/-2", "gpon_olt-1/1/1", "0/1/1000"])
def test_port_malformed_is_refused(text: str) -> None:
    with pytest.raises(PortMalformed):
        PonPort.parse(text)


def test_ports_sort_by_number() -> None:
    assert sorted([PonPort(0, 10, 0), PonPort(0, 2, 15), PonPort(0, 2, 3)]) == [
        PonPort(0, 2, 3),
        PonPort(0, 2, 15),
        PonPort(0, 10, 0),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", ""),
        ("key", "S 1"),
        ("key", 'S"1'),
        ("key", "S-1\nont delete 0 1"),
        ("key", "x" * 33),
        ("vlan", 1),
        ("vlan", 4094),
        ("down_kbps", 0),
        ("up_kbps", 63),
        ("ont_id", -1),
    ],
)
def test_line_that_no_olt_could_take_is_refused(field: str, value: object) -> None:
    fields: dict[str, object] = {
        "key": "S-000001",
        "port": PonPort(0, 1, 0),
        "serial": SERIAL,
        "vlan": 100,
        "uplink": "0/9/0",
        "down_kbps": 102400,
        "up_kbps": 51200,
        "ont_id": None,
        field: value,
    }
    with pytest.raises(LineMalformed) as refused:
        LineWanted(**fields)  # type: ignore[arg-type]
    assert refused.value.field == field
