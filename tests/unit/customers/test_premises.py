"""Premises: put them again and again, find them by half a word, a typo, a postcode."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.customers import actions
from isp_lifecycle.customers.errors import PremisesWrong, SplitterPortTaken
from isp_lifecycle.customers.model import Premises
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.folding import likely_meant, typing_errors
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.upsert import Change, Put

MAPLE_12 = Premises(
    id=new_id(),
    code="P-00012",
    area="Harbour",
    street="Maple Street",
    number="12",
    unit=None,
    postcode="K41 H012",
    city="Kilmorran",
    latitude=53.27,
    longitude=-8.92,
    splitter_code="HB1-1",
    splitter_port=3,
    drop_m=24,
)


def put(tx: Tx, place: Premises) -> Put[Premises]:
    fields = asdict(place)
    del fields["id"]
    return actions.put_premises(tx=tx, **fields)


def dark(code: str, street: str, number: str, **more: object) -> Premises:
    fields = {"splitter_code": None, "splitter_port": None, "drop_m": None, **more}
    return replace(MAPLE_12, code=code, street=street, number=number, **fields)


def test_premises_are_created_then_same_then_changed(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first, again = put(tx, MAPLE_12), put(tx, MAPLE_12)
        longer = put(tx, replace(MAPLE_12, drop_m=31))
        assert [first.change, again.change, longer.change] == [Change.CREATED, Change.SAME, Change.CHANGED]
        assert first.value == again.value == replace(MAPLE_12, id=first.value.id)
        stored = actions.premises_by_id(tx=tx, premises_id=first.value.id)
        assert stored == longer.value == replace(first.value, drop_m=31)
        assert actions.premises_by_code(tx=tx, code="P-00012") == stored
        with pytest.raises(NotFound):
            actions.premises_by_code(tx=tx, code="P-99999")


def test_premises_without_a_splitter_cannot_be_served() -> None:
    assert MAPLE_12.serviceable is True
    assert dark("P-00013", "Maple Street", "13").serviceable is False
    assert MAPLE_12.address == "12 Maple Street, K41 H012 Kilmorran"
    assert replace(MAPLE_12, unit="Flat 2").address == "Flat 2, 12 Maple Street, K41 H012 Kilmorran"


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", ""), ("street", " x"), ("latitude", 91.0), ("longitude", -181.0), ("splitter_port", 0), ("drop_m", -1)],
)
def test_premises_refuse_what_cannot_be(field: str, value: object) -> None:
    with pytest.raises(PremisesWrong) as refused:
        replace(MAPLE_12, **{field: value})
    assert (refused.value.field, refused.value.value) == (field, value)


def test_splitter_port_leads_to_one_premises(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx, MAPLE_12)
        with pytest.raises(SplitterPortTaken) as refused:
            put(tx, replace(MAPLE_12, code="P-00014", number="14"))
        assert put(tx, replace(MAPLE_12, code="P-00014", number="14", splitter_port=4)).change is Change.CREATED
    assert (refused.value.other, refused.value.field, refused.value.value) == ("P-00012", "splitter_port", 3)


TOWN = (
    MAPLE_12,
    dark("P-00120", "Maple Street", "120"),
    dark("P-00002", "Maple Street", "2"),
    dark("P-00212", "Maple Avenue", "12", area="Hillside", postcode="K41 H212"),
    dark("P-00300", "Ó Conaill Road", "7", unit="Flat 2", postcode="K42 H300"),
    dark("P-00301", "St. Mary's Lane", "1", postcode="K42 H301"),
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("12 Maple Street", ["P-00012", "P-00120"]),
        ("maple street 12", ["P-00012", "P-00120"]),
        ("12 map", ["P-00212", "P-00012", "P-00120"]),
        ("map", ["P-00212", "P-00002", "P-00012", "P-00120"]),
        ("12 mapel stret", ["P-00012", "P-00120"]),
        ("12 mpale avnue", ["P-00212"]),
        ("13 maple street", []),
        ("13 mapel street", []),
        ("o conaill", ["P-00300"]),
        ("FLAT 2, 7 Ó CONAILL", ["P-00300"]),
        ("st marys", ["P-00301"]),
        ("K42 H301", ["P-00301"]),
        ("k42h301", ["P-00301"]),
        ("P-00120", ["P-00120"]),
        ("hillsde", ["P-00212"]),
        ("100% _", []),
        ("  ,.- ", []),
        ("", []),
        ("quarry", []),
    ],
)
def test_search_finds_what_somebody_means_best_first(engine: sa.Engine, typed: str, codes: list[str]) -> None:
    with write(engine) as tx:
        for place in TOWN:
            put(tx, place)
    with read(engine) as tx:
        assert [place.code for place in actions.search_premises(tx=tx, text=typed)] == codes
        assert [place.code for place in actions.search_premises(tx=tx, text=typed, limit=1)] == codes[:1]


@pytest.mark.parametrize(
    ("written", "meant", "errors"),
    [("maple", "maple", 0), ("mapel", "maple", 1), ("harbor", "harbour", 1), ("", "oak", 3), ("oak", "elm", 3)],
)
def test_typing_errors_are_counted(written: str, meant: str, errors: int) -> None:
    assert typing_errors(written=written, meant=meant) == errors


@given(st.text(alphabet="abc", max_size=8), st.text(alphabet="abc", max_size=8))
def test_typing_errors_are_symmetric_bounded_and_zero_only_for_the_same(a: str, b: str) -> None:
    errors = typing_errors(written=a, meant=b)
    assert errors == typing_errors(written=b, meant=a)
    assert abs(len(a) - len(b)) <= errors <= max(len(a), len(b))
    assert (errors == 0) == (a == b)


def test_unfinished_word_may_be_the_beginning_of_a_known_one() -> None:
    known = ("harbour", "harvest", "barber")
    assert likely_meant(written="habr", known=known, unfinished=True) == ("harbour",)
    assert likely_meant(written="habr", known=known, unfinished=False) == ()
    assert likely_meant(written="habrour", known=known, unfinished=False) == ("harbour",)
    assert likely_meant(written="oak", known=known, unfinished=False) == ()
