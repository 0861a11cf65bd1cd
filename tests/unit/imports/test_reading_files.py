"""Files as people's programs write them: what is read, and what is refused by line, field and value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.document import read_document
from isp_lifecycle.intake.imports.document import write_rejected as write_yaml
from isp_lifecycle.intake.imports.errors import FileUnreadable, HeaderWrong
from isp_lifecycle.intake.imports.model import Column, Level, Record
from isp_lifecycle.intake.imports.sheet import read_sheet, write_rejected

LEVEL = Level(
    name="things",
    columns=(
        Column(name="code", meaning=""),
        Column(name="count", meaning=""),
        Column(name="note", meaning="", required=False),
    ),
)
NESTED = Level(
    name="olts",
    columns=(Column(name="name", meaning=""), Column(name="uplink", meaning="", required=False)),
    inner=Level(name="ports", columns=(Column(name="port", meaning=""),)),
)


def texts(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(record.line, dict(record.texts)) for record in read_sheet(content, LEVEL)]


@pytest.mark.parametrize(
    "content",
    [
        b"code,count,note\nA,1,x\nB,2,\n",
        b"\xef\xbb\xbfcode,count,note\r\nA,1,x\r\nB,2,\r\n",
        b"code;count;note\nA;1;x\nB;2;\n",
        b"code\tcount\tnote\nA\t1\tx\nB\t2\t\n",
        b'"Code"," COUNT ",note\n"A",1,"x"\nB,2,""\n',
        b"note,count,code\nx,1,A\n,2,B\n",
    ],
    ids=["plain", "byte-order mark and CRLF", "semicolons", "tabs", "quoted, other case", "other order"],
)
def test_the_same_rows_are_read_however_the_program_wrote_them(content: bytes) -> None:
    expected = [(2, {"code": "A", "count": "1", "note": "x"}), (3, {"code": "B", "count": "2", "note": ""})]
    assert texts(content) == expected


def test_optional_columns_may_be_missing_and_blank_lines_are_skipped() -> None:
    assert texts(b"code,count\n\nA,1\n,\nB,2\n") == [(3, {"code": "A", "count": "1"}), (5, {"code": "B", "count": "2"})]


def test_the_error_column_of_a_rejected_file_is_skipped() -> None:
    assert texts(b"code,count,error\nA,1,it was wrong\n") == [(2, {"code": "A", "count": "1"})]


def test_a_row_is_named_by_the_line_it_begins_in() -> None:
    assert [line for line, _ in texts(b'code,count,note\nA,1,"two\nlines"\nB,2,x\n')] == [2, 4]


@pytest.mark.parametrize(
    ("header", "missing", "unknown", "twice"),
    [
        (b"code,note", ("count",), (), ()),
        (b"code,count,colour", (), ("colour",), ()),
        (b"code,count,code", (), (), ("code",)),
        (b"kode,count", ("code",), ("kode",), ()),
        (b"code count note", ("code", "count"), ("code count note",), ()),
    ],
)
def test_a_wrong_header_is_refused_with_everything_that_is_wrong(
    header: bytes, missing: tuple[str, ...], unknown: tuple[str, ...], twice: tuple[str, ...]
) -> None:
    with pytest.raises(HeaderWrong) as caught:
        read_sheet(header + b"\nA,1,x\n", LEVEL)
    assert (caught.value.missing, caught.value.unknown, caught.value.twice) == (missing, unknown, twice)
    assert caught.value.remedy.endswith("code, count, note.")


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", None, "It is empty."),
        (b"code,count\nA,1\nCaf\xe9,2\n", 3, "The byte 0xE9 is not UTF-8."),
        ("code,count\nA,1\n".encode("utf-16"), None, "It is encoded as UTF-16."),
        (b"code,count\nA\0,1\n", 2, "A zero byte: this is not a text file."),
        (b'code,count\nA,1\n"B,2\n', 3, "It is not CSV: unexpected end of data."),
    ],
)
def test_an_unreadable_file_is_refused_by_its_line(content: bytes, line: int | None, says: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_sheet(content, LEVEL)
    assert caught.value.line == line
    assert caught.value.message.removeprefix(f"Line {line}: ") == says
    assert caught.value.remedy


@pytest.mark.parametrize("row", [b"A,1,x,y", b"A"])
def test_a_row_of_another_length_is_broken_and_leaves_the_others_alone(row: bytes) -> None:
    broken, good = read_sheet(b"code,count,note\n" + row + b"\nB,2,z\n", LEVEL)
    assert [error.line for error in broken.broken] == [2]
    assert (good.broken, good.texts["code"]) == ((), "B")


def test_rejected_rows_come_back_as_they_were_with_the_reason() -> None:
    content = b'code;count;note\nA;x;"a;b"\n'
    (record,) = read_sheet(content, LEVEL)
    text = write_rejected(LEVEL, [(record, "count: It is not a number.")], ";")
    assert text == 'code;count;note;error\nA;x;"a;b";count: It is not a number.\n'
    (again,) = read_sheet(text.encode(), LEVEL)
    assert again.texts == record.texts


# --- YAML ---

PLANT = b"""olts:
- name: NORTH
  uplink: 0/9/0
  ports:
  - port: 0/1/0
  - port: 0/1/1
- name: no
  ports: []
"""


def test_yaml_entries_are_flattened_with_their_lines_and_their_surroundings() -> None:
    found = [(r.level.name, r.line, dict(r.texts)) for r in read_document(PLANT, NESTED)]
    assert found == [
        ("olts", 2, {"name": "NORTH", "uplink": "0/9/0"}),
        ("ports", 5, {"port": "0/1/0"}),
        ("ports", 6, {"port": "0/1/1"}),
        ("olts", 7, {"name": "no"}),
    ]
    port = read_document(PLANT, NESTED)[2]
    assert Cells(port).of("olts").text("name") == "NORTH"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"olts:\n- name: [\n", 3),
        (b"olts: {a: 1}\n", None),
        (b"other: []\n", None),
        (b"- name: NORTH\n", None),
        (b"", None),
        (b"[" * 5000, None),
    ],
    ids=["not YAML", "no list", "another list", "a bare list", "empty", "very deep"],
)
def test_a_document_of_another_form_is_refused(content: bytes, line: int | None) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_document(content, NESTED)
    assert caught.value.line == line


def test_unknown_and_repeated_fields_are_named_by_their_line() -> None:
    record, _ = read_document(b"olts:\n- name: N\n  colour: red\n  name: M\n- name: {a: b}\n", NESTED)
    assert [(e.line, e.field, e.what) for e in record.broken] == [
        (3, "colour", "It is not a known field."),
        (4, "name", "It is given twice."),
    ]


def test_rejected_entries_come_back_inside_what_they_stand_in() -> None:
    records = read_document(PLANT, NESTED)
    text = write_yaml(NESTED, [(records[2], "port: wrong")])
    assert [dict(r.texts) for r in read_document(text.encode(), NESTED)] == [
        {"name": "NORTH", "uplink": "0/9/0"},
        {"port": "0/1/1"},
    ]
    assert "error: 'port: wrong'" in text


# --- values ---


def cells(**values: str) -> Cells:
    return Cells(Record(level=LEVEL, line=9, texts=values))


def test_values_are_read_by_what_the_field_is_to_be() -> None:
    c = cells(a=" Käse ", b="-12", c="53.271", d="29.90", e="2026-02-28", f="Yes", g="")
    assert c.text("a") == "Käse"
    assert c.integer("b") == -12
    assert c.number("c") == 53.271
    assert c.amount("d") == Decimal("29.90")
    assert c.day("e").isoformat() == "2026-02-28"
    assert (c.yes("f", unless_given=False), c.yes("g", unless_given=True)) == (True, True)
    assert (c.maybe_text("g"), c.maybe_integer("g"), c.maybe_text("nowhere")) == (None, None, None)
    assert c.errors == []


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("text", ""),
        ("text", "   "),
        ("text", "two\nlines"),
        ("text", "x" * 501),
        ("integer", "1.5"),
        ("integer", "1_000"),
        ("integer", "٣"),
        ("integer", "99999999999"),
        ("number", "53,271"),
        ("number", "nan"),
        ("number", "1e999"),
        ("amount", "29,90"),
        ("amount", "1e20"),
        ("amount", "Infinity"),
        ("day", "28.02.2026"),
        ("day", "2026-02-30"),
    ],
)
def test_a_value_that_cannot_be_is_named_once_with_what_to_write(read: str, value: str) -> None:
    c = cells(a=value)
    getattr(c, read)("a")
    (error,) = c.errors
    assert (error.line, error.field, error.value) == (9, "a", value[:200])
    assert error.what.startswith("It ")
    assert error.remedy


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    c = cells(a="x", b="y")
    c.integer("a")
    c.number("b")
    c.text("c")
    assert [error.field for error in c.errors] == ["a", "b", "c"]
