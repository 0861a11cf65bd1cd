"""The plant and the way of the light through it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.inventory import actions
from isp_lifecycle.inventory.errors import PlantWrong, SplitterFull, SplitterPortUsed
from isp_lifecycle.inventory.model import (
    RATIO_LOSS_DB,
    Olt,
    PonPort,
    Splitter,
    SplitterPorts,
    expected_rx_dbm,
    path_loss_db,
)

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
NORTH = Olt(
    id=new_id(),
    name="OLT-NORTH",
    vendor="huawei",
    model="MA5800-X7",
    area="Harbour",
    host="192.0.2.10",
    port=22,
    credentials="default",
    uplink="0/9/0",
    added_at=AT,
)


def put_olt(tx: Tx, olt: Olt = NORTH, at: datetime = AT) -> Put[Olt]:
    return actions.put_olt(
        tx=tx,
        name=olt.name,
        vendor=olt.vendor,
        model=olt.model,
        area=olt.area,
        host=olt.host,
        port=olt.port,
        credentials=olt.credentials,
        uplink=olt.uplink,
        at=at,
    )


def port_of(tx: Tx, port: str = "0/1/0", olt: Olt = NORTH) -> PonPort:
    return actions.put_pon_port(tx=tx, olt_id=put_olt(tx, olt).value.id, port=port, tx_dbm=4.5).value


def put_splitter(tx: Tx, code: str, pon_port: PonPort, **more: object) -> Put[Splitter]:
    fields = {"ratio": 4, "fibre_m": 1_000, "latitude": 53.27, "longitude": -8.92, **more}
    return actions.put_splitter(tx=tx, code=code, pon_port_id=pon_port.id, **fields)


def test_loss_budget_by_hand() -> None:
    # 5.1 km of fibre 1.785, one 1:4 7.2, one 1:8 10.5, four connectors 1.2, both ends of three fibres spliced 0.6
    assert path_loss_db(fibre_m=5_100, ratios=(4, 8)) == 21.29
    assert expected_rx_dbm(tx_dbm=4.5, fibre_m=5_100, ratios=(4, 8)) == -16.79
    assert path_loss_db(fibre_m=0, ratios=()) == 1.4
    # two closures on the way: one splice as usual, one measured
    assert path_loss_db(fibre_m=5_100, ratios=(4, 8), passages=(0.1, 0.35)) == 21.73
    assert [RATIO_LOSS_DB[ratio] for ratio in (2, 4, 8, 16, 32)] == [3.8, 7.2, 10.5, 13.8, 17.1]


@given(st.integers(0, 40_000), st.integers(0, 40_000), st.lists(st.sampled_from([2, 4, 8, 16, 32]), max_size=3))
def test_more_fibre_and_more_glass_never_give_more_light(near: int, further: int, ratios: list[int]) -> None:
    loss = path_loss_db(fibre_m=near, ratios=ratios)
    assert path_loss_db(fibre_m=near + further, ratios=ratios) >= loss
    assert path_loss_db(fibre_m=near, ratios=[*ratios, 2]) > loss


def test_ratio_without_a_known_loss_is_refused() -> None:
    with pytest.raises(PlantWrong) as refused:
        path_loss_db(fibre_m=1, ratios=(3,))
    assert refused.value.value == 3


def test_olt_is_created_then_same_then_changed(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first, again = put_olt(tx), put_olt(tx, at=AT + timedelta(days=1))
        moved = put_olt(tx, replace(NORTH, host="192.0.2.11"))
        south = put_olt(tx, replace(NORTH, name="OLT-EAST")).value
        assert [first.change, again.change, moved.change] == [Change.CREATED, Change.SAME, Change.CHANGED]
        assert first.value == again.value == replace(NORTH, id=first.value.id)
        assert moved.value == replace(first.value, host="192.0.2.11")
        assert actions.olt_by_name(tx=tx, name="OLT-NORTH") == moved.value
        assert actions.olt_by_id(tx=tx, olt_id=first.value.id) == moved.value
        assert actions.all_olts(tx=tx) == (south, moved.value)
        with pytest.raises(NotFound):
            actions.olt_by_name(tx=tx, name="OLT-WEST")


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("uplink", " 0/9/0"), ("port", 0), ("port", 65_536)])
def test_olt_refuses_what_cannot_be(field: str, value: object) -> None:
    with pytest.raises(PlantWrong) as refused:
        replace(NORTH, **{field: value})
    assert refused.value.field == field


def test_ports_are_listed_in_the_order_of_the_slots(engine: sa.Engine) -> None:
    with write(engine) as tx:
        olt = put_olt(tx).value
        for port in ("0/10/0", "0/9/1", "0/9/0"):
            assert actions.put_pon_port(tx=tx, olt_id=olt.id, port=port, tx_dbm=4.5).change is Change.CREATED
        assert actions.put_pon_port(tx=tx, olt_id=olt.id, port="0/9/0", tx_dbm=4.5).change is Change.SAME
        stronger = actions.put_pon_port(tx=tx, olt_id=olt.id, port="0/9/0", tx_dbm=5.0)
        assert (stronger.change, stronger.value.tx_dbm) == (Change.CHANGED, 5.0)
        assert [p.port for p in actions.pon_ports_of(tx=tx, olt_id=olt.id)] == ["0/9/0", "0/9/1", "0/10/0"]
        with pytest.raises(PlantWrong):
            actions.put_pon_port(tx=tx, olt_id=olt.id, port="1", tx_dbm=4.5)
        with pytest.raises(NotFound):
            actions.put_pon_port(tx=tx, olt_id=new_id(), port="0/9/0", tx_dbm=4.5)


def test_route_leads_from_the_olt_to_the_premises(engine: sa.Engine) -> None:
    with write(engine) as tx:
        pon_port = port_of(tx)
        first = put_splitter(tx, "HB1", pon_port, fibre_m=4_000).value
        second = put_splitter(tx, "HB1-1", pon_port, parent="HB1", ratio=8, fibre_m=1_076).value
        route = actions.route(tx=tx, splitter_code="HB1-1", drop_m=24)
        olt = actions.olt_by_name(tx=tx, name="OLT-NORTH")
        with pytest.raises(NotFound):
            actions.route(tx=tx, splitter_code="HB9", drop_m=24)
    assert (route.olt, route.pon_port, route.splitters) == (olt, pon_port, (first, second))
    assert (route.fibre_m, route.loss_db, route.expected_rx_dbm) == (5_100, 21.29, -16.79)


def test_splitter_is_created_then_same_then_changed_and_keeps_its_port(engine: sa.Engine) -> None:
    with write(engine) as tx:
        pon_port = port_of(tx)
        puts = [put_splitter(tx, "HB1", pon_port), put_splitter(tx, "HB1", pon_port)]
        puts.append(put_splitter(tx, "HB1", pon_port, ratio=8))
        assert [p.change for p in puts] == [Change.CREATED, Change.SAME, Change.CHANGED]
        child = put_splitter(tx, "HB1-1", pon_port, parent="HB1", parent_port=3).value
        again = put_splitter(tx, "HB1-1", pon_port, parent="HB1")
        assert (child.parent_port, again.value, again.change) == (3, child, Change.SAME)


def test_splitters_behind_one_take_its_lowest_free_port_until_it_is_full(engine: sa.Engine) -> None:
    with write(engine) as tx:
        pon_port = port_of(tx)
        put_splitter(tx, "HB1", pon_port)
        put_splitter(tx, "B", pon_port, parent="HB1", parent_port=2)
        assert actions.splitter_ports(tx=tx, splitter_code="HB1") == SplitterPorts(code="HB1", size=4, used=(2,))
        ports = [put_splitter(tx, code, pon_port, parent="HB1").value.parent_port for code in ("A", "C", "D")]
        assert ports == [1, 3, 4]
        assert actions.splitter_ports(tx=tx, splitter_code="HB1").free == ()
        with pytest.raises(SplitterFull):
            put_splitter(tx, "E", pon_port, parent="HB1")
        with pytest.raises(SplitterPortUsed) as refused:
            put_splitter(tx, "E", pon_port, parent="HB1", parent_port=2)
        assert refused.value.other == "splitter B"
        with pytest.raises(PlantWrong):
            put_splitter(tx, "E", pon_port, parent="HB1", parent_port=5)


def test_splitter_that_does_not_fit_into_the_plant_is_refused(engine: sa.Engine) -> None:
    with write(engine) as tx:
        pon_port, other = port_of(tx), port_of(tx, "0/1/1")
        put_splitter(tx, "A", pon_port)
        put_splitter(tx, "B", pon_port, parent="A")
        with pytest.raises(PlantWrong, match="same PON port"):
            put_splitter(tx, "C", other, parent="A")
        with pytest.raises(PlantWrong, match="hang on this one"):
            put_splitter(tx, "A", pon_port, parent="B")
        with pytest.raises(PlantWrong, match="another splitter"):
            put_splitter(tx, "A", pon_port, parent="A")
        with pytest.raises(PlantWrong, match="ratio"):
            put_splitter(tx, "C", pon_port, ratio=5)
        with pytest.raises(PlantWrong, match="parent_port"):
            put_splitter(tx, "C", pon_port, parent_port=1)
        with pytest.raises(NotFound):
            put_splitter(tx, "C", pon_port, parent="Z")
        with pytest.raises(NotFound):
            put_splitter(tx, "C", replace(pon_port, id=new_id()))
