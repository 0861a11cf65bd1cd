"""Cards and closures: what stands in an OLT's slots, what holds the fibres together, and with how much room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.inventory import actions
from isp_lifecycle.inventory.errors import ClosureFull, PlantWrong
from isp_lifecycle.inventory.model import CardSeen, Launch, Passage, kept
from tests.unit.inventory.test_plant import port_of, put_olt, put_splitter

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
OLT = new_id()


def _seen(place: str, model: str = "GPHF", state: str = "Normal") -> CardSeen:
    return CardSeen(place=place, model=model, state=state, ports=(f"{place}/0", f"{place}/1"))


def test_card_that_is_missing_or_another_stays_on_record_and_says_so() -> None:
    noon, night = AT + timedelta(hours=3), AT + timedelta(hours=12)
    first = {card.place: card for card in kept({}, [_seen("0/1"), _seen("0/2")], olt_id=OLT, at=AT)}
    assert {(card.noted_at, card.seen_at, card.missing_since, card.was_model) for card in first.values()} == {
        (AT, AT, None, None)
    }
    second = {card.place: card for card in kept(first, [_seen("0/2", "GPUF")], olt_id=OLT, at=noon)}
    assert (second["0/1"].missing_since, second["0/1"].seen_at, second["0/1"].model) == (noon, AT, "GPHF")
    assert (second["0/2"].model, second["0/2"].was_model, second["0/2"].changed_at) == ("GPUF", "GPHF", noon)
    third = {card.place: card for card in kept(second, [_seen("0/2", "GPUF"), _seen("0/9")], olt_id=OLT, at=night)}
    assert third["0/1"].missing_since == noon
    assert (third["0/2"].was_model, third["0/2"].changed_at, third["0/2"].seen_at) == ("GPHF", noon, night)
    back = kept(third, [_seen("0/1")], olt_id=OLT, at=night)
    assert next(card for card in back if card.place == "0/1").missing_since is None


def test_cards_are_kept_by_olt(engine: sa.Engine) -> None:
    with write(engine) as tx:
        olt = put_olt(tx).value.id
        actions.keep_cards(tx=tx, olt_id=olt, seen=[_seen("0/1"), _seen("0/2")], at=AT)
        after = actions.keep_cards(tx=tx, olt_id=olt, seen=[_seen("0/1", state="Failed")], at=AT)
        assert actions.cards_of(tx=tx, olt_id=olt) == after
        assert [(card.place, card.state, card.missing_since) for card in after] == [
            ("0/1", "Failed", None),
            ("0/2", "Normal", AT),
        ]


def test_closure_has_room_for_so_many_splices_and_no_more(engine: sa.Engine) -> None:
    with write(engine) as tx:
        port = port_of(tx)
        with pytest.raises(NotFound, match="closure SC-1"):
            put_splitter(tx, "HB1", port, closure="SC-1")
        actions.put_closure(tx=tx, code="SC-1", splices=6, latitude=53.2, longitude=-8.9)
        assert put_splitter(tx, "HB1", port, closure="SC-1").change is Change.CREATED  # 1:4 takes five
        assert put_splitter(tx, "HB1", port).value.closure == "SC-1"  # said nothing: it stays
        assert put_splitter(tx, "HB2", port, through=[Passage(closure="SC-1")]).change is Change.CREATED  # the sixth
        assert put_splitter(tx, "HB2", port, through=[Passage(closure="SC-1", loss_db=0.2)]).change is Change.CHANGED
        assert put_splitter(tx, "HB2", port).change is Change.SAME
        with pytest.raises(ClosureFull, match="room for 6 splices, 6 are taken, and this needs 1 more"):
            put_splitter(tx, "HB3", port, through=[Passage(closure="SC-1")])
        with pytest.raises(ClosureFull, match="room for 5"):
            actions.put_closure(tx=tx, code="SC-1", splices=5, latitude=53.2, longitude=-8.9)
        with pytest.raises(PlantWrong, match="splices"):
            actions.put_closure(tx=tx, code="SC-2", splices=0, latitude=53.2, longitude=-8.9)


def test_way_of_the_light_counts_the_splices_in_closures_and_tells_a_typical_launch(engine: sa.Engine) -> None:
    with write(engine) as tx:
        port = port_of(tx)
        actions.put_closure(tx=tx, code="JC-1", splices=12, latitude=53.2, longitude=-8.9)
        put_splitter(tx, "HB1", port)
        put_splitter(tx, "HB1-1", port, parent="HB1")
        plain = actions.route(tx=tx, splitter_code="HB1-1", drop_m=40)
        put_splitter(tx, "HB1", port, through=[Passage(closure="JC-1", loss_db=0.4), Passage(closure="JC-1")])
        put_splitter(tx, "HB1-1", port, parent="HB1", through=[Passage(closure="JC-1")])
        spliced = actions.route(tx=tx, splitter_code="HB1-1", drop_m=40)
        assert [one.closure for one in spliced.passages] == ["JC-1"] * 3
        assert round(plain.expected_rx_dbm - spliced.expected_rx_dbm, 2) == 0.6
        assert not spliced.rests_on_typical
        actions.put_pon_port(tx=tx, olt_id=port.olt_id, port=port.port, tx_dbm=3.0, launch=Launch.TYPICAL)
        typical = actions.route(tx=tx, splitter_code="HB1-1", drop_m=40)
        assert (typical.rests_on_typical, round(spliced.expected_rx_dbm - typical.expected_rx_dbm, 2)) == (True, 1.5)
