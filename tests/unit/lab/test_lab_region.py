"""A region: districts that come when asked for, the same whoever is asked first, and told apart by their numbers."""

import pytest

from isp_lifecycle.lab.grounds import Districts, plug
from isp_lifecycle.lab.plant import PlantRefused
from isp_lifecycle.lab.town import VENDORS, Region

REGION = Region(olts=12)


def test_district_is_the_same_whoever_is_asked_first() -> None:
    assert REGION.district(7) == Region(olts=500).district(7)
    assert REGION.district(7) != Region(seed=8, olts=12).district(7)
    assert {vendor for _, vendor in REGION.sites()} == set(VENDORS)


def test_districts_share_no_number_and_every_number_tells_its_district() -> None:
    towns = [REGION.district(number) for number in range(12)]
    for what in ("code", "serial", "address", "service_code", "premises_code"):
        told = [getattr(customer, what) for town in towns for customer in town.customers]
        assert len(set(told)) == len(told) == REGION.onts
    for number, town in enumerate(towns):
        assert {REGION.of_premises(one.code) for one in town.premises} == {number}
        assert {REGION.of_serial(one.serial) for one in town.customers} == {number}
        assert {REGION.of_splitter(one.code) for port in town.olts[0].pon_ports for one in port.splitters} == {number}
    assert [REGION.of_premises("P-999999"), REGION.of_serial("48575443F0000000"), REGION.of_splitter("NO1")] == [
        None
    ] * 3


def test_region_has_bounds_and_known_vendors() -> None:
    with pytest.raises(ValueError, match="1 to 512 OLTs"):
        Region(olts=513)
    with pytest.raises(ValueError, match="no vendor nokia"):
        Region(vendors=("nokia",))


def test_box_goes_from_the_shelf_of_one_district_to_an_outlet_of_another() -> None:
    grounds = Districts(REGION)
    customer = REGION.district(3).customers[0]
    free = next(
        one.code
        for one in REGION.district(9).premises
        if one.outlet and one.code not in {c.premises_code for c in REGION.district(9).customers}
    )
    with pytest.raises(PlantRefused, match=f"is plugged in at {customer.premises_code}"):
        grounds.with_box(customer.serial) and plug(grounds, customer.serial, free, vendor="HWTC", model="EG8145V5")
    grounds.with_box(customer.serial).unplug(customer.serial)
    box = plug(grounds, customer.serial, free, vendor="HWTC", model="EG8145V5")
    assert (box.premises_code, grounds.with_box(box.serial).town.name) == (free, REGION.district(9).name)
    assert not grounds.forget("OLT-04")
    assert not grounds.forget("OLT-10")
    assert len(list(grounds.plants())) == 2


def test_untouched_district_is_let_go_and_unknown_names_are_told() -> None:
    grounds = Districts(REGION)
    site, _plant = grounds.site("OLT-12")
    assert site == REGION.district(11).olts[0]
    assert grounds.forget("OLT-12")
    assert not list(grounds.plants())
    for ask in (
        lambda: grounds.with_premises("P-00001"),
        lambda: grounds.with_box("48575443F0000001"),
        lambda: grounds.with_place("pon", "OLT-13:0/1/0"),
        lambda: grounds.with_place("splitter", "XX1-1"),
    ):
        with pytest.raises(PlantRefused, match="in this plant") as refused:
            ask()
        assert refused.value.unknown
