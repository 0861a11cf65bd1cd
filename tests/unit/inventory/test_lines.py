"""Lines as built: one for a service, one place for an ONT."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Terms
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.inventory import actions
from isp_lifecycle.inventory.errors import OntIdTaken, PlantWrong, SerialTaken, SplitterPortUsed
from isp_lifecycle.inventory.model import Line, LineSource, Service

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
LINE = Line(
    service_id=new_id(),
    olt_id=new_id(),
    pon_port="0/1/0",
    ont_id=5,
    serial="485754431D456BE0",
    vlan=100,
    service_port=17,
    down_kbps=102_400,
    up_kbps=51_200,
    expected_rx_dbm=-16.79,
    measured_rx_dbm=-17.32,
    splitter_code="HB1",
    splitter_port=2,
    built_at=AT,
    source=LineSource.ACTIVATION,
)
TERMS = Terms(
    plan_code="home-100",
    plan_name="Home 100",
    down_kbps=102_400,
    up_kbps=51_200,
    price=Money(Decimal("29.90"), "EUR"),
    address_policy=AddressPolicy.DYNAMIC,
    vlan=100,
)


def opened(tx: Tx) -> Service:
    return actions.open_service(tx=tx, customer_id=new_id(), premises_id=new_id(), terms=TERMS, at=AT)


def built(tx: Tx) -> Line:
    """A line that fits into a plant that stands, for a service of its own; not recorded yet."""
    olt = actions.put_olt(
        tx=tx,
        name="OLT-NORTH",
        vendor="huawei",
        model="MA5800-X7",
        area="Harbour",
        host="192.0.2.10",
        port=22,
        credentials="default",
        uplink="0/9/0",
        at=AT,
    ).value
    pon_port = actions.put_pon_port(tx=tx, olt_id=olt.id, port="0/1/0", tx_dbm=4.5).value
    actions.put_splitter(
        tx=tx, code="HB1", pon_port_id=pon_port.id, ratio=8, fibre_m=4_000, latitude=53.27, longitude=-8.92
    )
    return replace(LINE, olt_id=olt.id, service_id=opened(tx).id)


def test_line_is_recorded_once_and_found_by_service_and_serial(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        first = actions.record_line(tx=tx, line=line)
        again = actions.record_line(tx=tx, line=replace(line, built_at=AT + timedelta(minutes=5)))
        assert (first.change, again.change) == (Change.CREATED, Change.SAME)
        assert first.value == again.value == line
        assert actions.line_of_service(tx=tx, service_id=line.service_id) == line
        assert actions.line_by_serial(tx=tx, serial=line.serial) == line
        assert actions.line_by_serial(tx=tx, serial="0" * 16) is None
        assert actions.splitter_ports(tx=tx, splitter_code="HB1").used == (2,)


def test_swap_and_plan_change_alter_the_line_and_keep_its_origin(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        actions.record_line(tx=tx, line=line)
        other = replace(line, serial="48575443C5B94AF3", down_kbps=512_000, source=LineSource.IMPORT)
        changed = actions.record_line(tx=tx, line=other)
    assert changed.change is Change.CHANGED
    assert changed.value == replace(other, source=LineSource.ACTIVATION)


def test_forgotten_line_frees_its_places_and_forgetting_again_is_harmless(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        actions.record_line(tx=tx, line=line)
        assert actions.forget_line(tx=tx, service_id=line.service_id) == line
        assert actions.forget_line(tx=tx, service_id=line.service_id) is None
        assert actions.line_of_service(tx=tx, service_id=line.service_id) is None
        successor = replace(line, service_id=opened(tx).id)
        assert actions.record_line(tx=tx, line=successor).change is Change.CREATED


def test_measured_level_is_noted(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        actions.record_line(tx=tx, line=line)
        assert actions.measured(tx=tx, service_id=line.service_id, rx_dbm=-18.4) == replace(line, measured_rx_dbm=-18.4)
        with pytest.raises(NotFound):
            actions.measured(tx=tx, service_id=new_id(), rx_dbm=-18.4)


def test_thing_in_two_places_is_refused_and_the_other_service_named(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        actions.record_line(tx=tx, line=line)
        elsewhere = replace(
            line, service_id=opened(tx).id, serial="48575443C5B94AF3", ont_id=6, service_port=18, splitter_port=3
        )
        with pytest.raises(SerialTaken) as serial:
            actions.record_line(tx=tx, line=replace(elsewhere, serial=line.serial))
        with pytest.raises(OntIdTaken) as ont_id:
            actions.record_line(tx=tx, line=replace(elsewhere, ont_id=line.ont_id))
        with pytest.raises(SplitterPortUsed) as port:
            actions.record_line(tx=tx, line=replace(elsewhere, splitter_port=line.splitter_port))
        assert actions.record_line(tx=tx, line=elsewhere).change is Change.CREATED
    assert (serial.value.other, ont_id.value.other, port.value.other) == ("S-000001", "S-000001", "service S-000001")
    assert (serial.value.value, ont_id.value.value, port.value.value) == (line.serial, 5, 2)


def test_line_without_its_service_port_or_splitter_is_refused(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        for what, wrong in (
            ("service", replace(line, service_id=new_id())),
            ("PON port", replace(line, pon_port="0/9/9")),
            ("splitter", replace(line, splitter_code="HB9")),
        ):
            with pytest.raises(NotFound) as refused:
                actions.record_line(tx=tx, line=wrong)
            assert refused.value.field == what


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("serial", "HWTC1D456BE0"),
        ("serial", "485754431d456be0"),
        ("pon_port", "0/1"),
        ("ont_id", 256),
        ("vlan", 1),
        ("service_port", -1),
        ("down_kbps", 0),
        ("splitter_code", None),
    ],
)
def test_line_refuses_what_cannot_be(field: str, value: object) -> None:
    with pytest.raises(PlantWrong):
        replace(LINE, **{field: value})


def test_service_with_a_line_cannot_lose_its_row(engine: sa.Engine) -> None:
    with write(engine) as tx:
        line = built(tx)
        actions.record_line(tx=tx, line=line)
        actions.activate_service(tx=tx, service_id=line.service_id, on=date(2026, 5, 4))
    with pytest.raises(sa.exc.IntegrityError), write(engine) as tx:
        tx.execute(sa.text("DELETE FROM services"))
