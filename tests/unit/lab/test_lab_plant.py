"""Loss budget arithmetic and what hands in the street can do to fibre and boxes."""

from pathlib import Path

import pytest

from isp_lifecycle.lab.optics import Levels, Segment, budget, levels
from isp_lifecycle.lab.plant import Plant, PlantRefused
from isp_lifecycle.lab.town import make_town

SERIAL = "48575443AB000001"


@pytest.fixture
def plant() -> Plant:
    return Plant(make_town())


def _free_premises(plant: Plant) -> str:
    taken = {box.premises_code for box in plant.state.boxes.values()}
    return next(p.code for p in plant.town.premises if p.outlet and p.code not in taken)


def test_budget_adds_fibre_splitters_connectors_and_splices() -> None:
    # 5 km, 1:4 and 1:8, four connectors of 0.3 dB, two splices of 0.1 dB on each of three segments
    segments = (Segment(fibre_m=4500, ratio=4), Segment(fibre_m=450, ratio=8), Segment(fibre_m=50))
    added = budget(segments)
    assert added.distance_m == 5000
    assert added.down_db == pytest.approx(5 * 0.35 + 7.2 + 10.5 + 4 * 0.3 + 6 * 0.1)
    assert added.up_db == pytest.approx(5 * 0.40 + 7.2 + 10.5 + 4 * 0.3 + 6 * 0.1)


def test_levels_follow_from_the_budget() -> None:
    segments = (Segment(fibre_m=1000, ratio=4), Segment(fibre_m=0, extra_db=3.0))
    got = levels(of=budget(segments), olt_tx_dbm=4.0, ont_tx_dbm=2.0, deviation_db=0.25)
    loss = 7.2 + 1.2 + 0.4 + 3.0
    assert got.rx_dbm == round(4.0 - loss - 0.35 + 0.25, 2)
    assert got.olt_rx_dbm == round(2.0 - loss - 0.40 + 0.25, 2)


@pytest.mark.parametrize(
    ("rx", "olt_rx", "workable"),
    [(-28.9, -30.0, True), (-29.1, -30.0, False), (-20.0, -32.1, False), (-29.0, -32.0, True)],
)
def test_light_is_workable_down_to_both_sensitivities(rx: float, olt_rx: float, workable: bool) -> None:
    assert Levels(rx_dbm=rx, tx_dbm=2.0, olt_rx_dbm=olt_rx).workable is workable


def test_splice_loss_arrives_at_every_outlet_behind_it(plant: Plant) -> None:
    premises = _free_premises(plant)
    outlet = plant.premises(premises).outlet
    assert outlet is not None
    before = plant.path(premises)
    plant.splice("splitter", outlet.splitter_code, loss_db=4.0)
    after = plant.path(premises)
    assert before is not None
    assert after is not None
    assert after.budget.down_db - before.budget.down_db == pytest.approx(4.0)
    plant.splice("splitter", outlet.splitter_code, loss_db=0.0)
    assert plant.path(premises) == before


def test_cut_nearest_to_the_olt_is_the_one_that_matters(plant: Plant) -> None:
    premises = _free_premises(plant)
    path = plant.path(premises)
    assert path is not None
    feeder = f"{path.olt}:{path.pon_port}"
    plant.fibre("drop", premises, cut=True)
    plant.fibre("pon", feeder, cut=True)
    cut = plant.path(premises)
    assert cut is not None
    assert cut.cut_at == f"pon:{feeder}"
    plant.fibre("pon", feeder, cut=False)
    mended = plant.path(premises)
    assert mended is not None
    assert mended.cut_at == f"drop:{premises}"


def test_same_box_at_the_same_outlet_has_the_same_level(plant: Plant) -> None:
    premises = _free_premises(plant)
    path = plant.path(premises)
    assert path is not None
    box = plant.plug(SERIAL, premises)
    first = plant.levels(box, path)
    plant.unplug(SERIAL)
    assert plant.levels(plant.plug(SERIAL, premises), path) == first


def test_plug_refuses_what_cannot_be(plant: Plant) -> None:
    free, customer = _free_premises(plant), plant.town.customers[0]
    dark_fibre = next(p.code for p in plant.town.premises if p.outlet is None)
    for serial, premises, words in (
        (SERIAL, dark_fibre, "has no fibre"),
        (SERIAL, customer.premises_code, f"is taken by {customer.serial}"),
        (customer.serial, free, f"is plugged in at {customer.premises_code}"),
    ):
        with pytest.raises(PlantRefused, match=words):
            plant.plug(serial, premises)
    with pytest.raises(PlantRefused, match="no premises 'P-99999'") as refused:
        plant.plug(SERIAL, "P-99999")
    assert refused.value.unknown


def test_plant_is_found_again_as_it_was_left(tmp_path: Path) -> None:
    file = tmp_path / "plant.json"
    left = Plant(make_town(), file=file)
    premises = _free_premises(left)
    left.plug(SERIAL, premises)
    left.power(left.town.customers[3].serial, on=False)
    left.fibre("drop", premises, cut=True)
    assert Plant(make_town(), file=file).state == left.state


def test_plant_of_another_seed_is_refused(tmp_path: Path) -> None:
    Plant(make_town(7), file=tmp_path / "plant.json")
    with pytest.raises(PlantRefused, match="seed 7, not 8"):
        Plant(make_town(8), file=tmp_path / "plant.json")


def test_reset_returns_to_day_one(plant: Plant) -> None:
    day_one = Plant(make_town()).state
    plant.plug(SERIAL, _free_premises(plant))
    plant.fibre("pon", "OLT-NORTH:0/1/0", cut=True)
    plant.reset()
    assert plant.state == day_one
