"""Make a town out of a seed: same seed and day, same town, to the last serial number."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network

from isp_lifecycle.lab.town.model import (
    Blemish,
    Customer,
    Nat,
    OltSite,
    Outlet,
    Plan,
    PonPort,
    Pool,
    Premises,
    Splitter,
    StaffMember,
    Town,
)
from isp_lifecycle.lab.town.names import AREAS, AUDITOR, FIRST_NAMES, LAST_NAMES, STAFF

REFERENCE_DAY = date(2026, 1, 5)
TOWN = "Kilmorran"
DOMAIN = "kilmorran.example"
CENTRE = (53.2710, -8.9210)
SMALL = 2
INSTALLERS = 20
FIRST_OLTS = ("OLT-NORTH", "OLT-SOUTH")
UNSERVED_PREMISES_PER_AREA = 6
METRES_PER_DEGREE = 111_320.0
DEFAULT_VENDOR = "huawei"
BAD_SPLICE_DB = 10.4
ALL_SERIALS = range(0x10000000, 0xEFFFFFFF)

PLANS = (
    Plan(code="home-100", name="Home 100", down_kbps=102400, up_kbps=51200, price=Decimal("29.90"), currency="EUR",
         address_policy="dynamic", vlan=100),
    Plan(code="home-500", name="Home 500", down_kbps=512000, up_kbps=102400, price=Decimal("39.90"), currency="EUR",
         address_policy="dynamic", vlan=100),
    Plan(code="pro-500", name="Professional 500", down_kbps=512000, up_kbps=256000, price=Decimal("59.00"),
         currency="EUR", address_policy="static", vlan=200, ipv6_policy="pd56"),
    Plan(code="business-1000", name="Business 1000", down_kbps=1024000, up_kbps=512000, price=Decimal("119.00"),
         currency="EUR", address_policy="block29", vlan=300, ipv6_policy="pd48"),
)  # fmt: skip
#: Out of the prefix for documentation (RFC 3849).
IPV6_POOLS = (
    Pool(name="ipv6-56", area=None, policy="pd56", prefix="2001:db8::/40", gateway=None, wan="2001:db8:2000::/64"),
    Pool(name="ipv6-48", area=None, policy="pd48", prefix="2001:db8:1000::/36", gateway=None),
)
PLAN_WEIGHTS = (52, 33, 10, 5)
POOLS = (
    Pool(name="cgnat-1", area=None, policy="dynamic", prefix="100.64.0.0/22", gateway="100.64.0.1"),
    Pool(name="static-1", area=None, policy="static", prefix="198.51.100.0/24", gateway="198.51.100.1"),
    Pool(name="blocks-1", area=None, policy="block29", prefix="203.0.113.0/24", gateway="203.0.113.1"),
)
NATS = (Nat(name="nat-1", inside="100.64.0.0/22", outside="192.0.2.0/28", ports=1000),)
LARGE_NATS = (
    Nat(name="nat-1", inside="100.64.0.0/18", outside="198.51.100.0/24", ports=1000),
    Nat(name="nat-2", inside="100.64.64.0/18", outside="203.0.113.0/24", ports=1000),
)
#: For more than two OLTs, out of the prefixes reserved for benchmarks (RFC 2544) and for carriers' NAT (RFC 6598).
LARGE_POOLS = (
    Pool(name="cgnat-1", area=None, policy="dynamic", prefix="100.64.0.0/12", gateway="100.64.0.1"),
    Pool(name="static-1", area=None, policy="static", prefix="198.18.0.0/16", gateway="198.18.0.1"),
    Pool(name="blocks-1", area=None, policy="block29", prefix="198.19.0.0/16", gateway="198.19.0.1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How densely an OLT's two areas are built: PON ports an area, splitters of eight behind each, customers."""

    ports: int
    streets: int
    customers: int
    on_last_street: int
    """Houses on the last street of each port; on the others there are eight."""

    def on_one_unit(self) -> "Size":
        """Return the same houses on the 16 PON ports that a unit without boards has at most, for both areas."""
        ports = min(self.ports, 8)
        return replace(self, ports=ports, streets=self.streets * self.ports // ports)


#: The town as people know it, and one in which every board is full: 1,000 customers an OLT.
_VILLAGE = Size(ports=3, streets=3, customers=60, on_last_street=7)
_CITY = Size(ports=16, streets=4, customers=1000, on_last_street=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """How a maker numbers things: frame of a port, first port and ONT id, service ports by OLT or by ONT."""

    vendor: str
    model: str
    uplink: str
    frame: int
    first: int
    flows_of_onts: bool
    serial_hex: str
    boards: bool = True

    def port(self, slot: int, index: int, *, ports: int) -> str:
        """Return the name of a board's port, counted from 0; without boards all ports are numbered through."""
        if not self.boards:
            return f"{self.frame}/0/{(slot - 1) * ports + index + self.first}"
        return f"{self.frame}/{slot}/{index + self.first}"


MAKERS = {
    one.vendor: one
    for one in (
        _Maker(vendor="huawei", model="MA5800-X7", uplink="0/9/0", frame=0, first=0, flows_of_onts=False,
               serial_hex="48575443"),  # HWTC
        _Maker(vendor="zte", model="ZXA10-C320", uplink="xgei_1/4/1", frame=1, first=1, flows_of_onts=True,
               serial_hex="5A544547"),  # ZTEG
        _Maker(vendor="zte-c600", model="ZXA10-C600", uplink="xgei-1/4/1", frame=1, first=1, flows_of_onts=True,
               serial_hex="5A544547"),  # ZTEG
        _Maker(vendor="vsol", model="V1600G2-B", uplink="ge0/1", frame=0, first=1, flows_of_onts=True,
               serial_hex="56534F4C", boards=False),  # VSOL
    )
}  # fmt: skip


#: Whose OLTs a town can have.
VENDORS = tuple(sorted(MAKERS))


@dataclass(frozen=True, slots=True)
class _Place:
    latitude: float
    longitude: float

    def moved(self, *, north_m: float, east_m: float) -> "_Place":
        """Return the place this far away, on a flat earth (good enough within a town)."""
        per_degree_east = METRES_PER_DEGREE * math.cos(math.radians(self.latitude))
        latitude = self.latitude + north_m / METRES_PER_DEGREE
        return _Place(round(latitude, 6), round(self.longitude + east_m / per_degree_east, 6))


def make_town(
    seed: int = 7,
    *,
    today: date = REFERENCE_DAY,
    olts: int = SMALL,
    vendors: tuple[str, ...] = (),
    dense: bool = False,
) -> Town:
    """Return the town of this seed; services began within the two years before `today`.

    With more than two OLTs it has grown: the same districts again, numbered, with as many customers an OLT.
    `vendors` are those of the first OLTs in turn, the others are Huawei's; streets and people stay the same.
    A `dense` one has 1,000 customers an OLT instead of 60, on boards that are full.
    """
    size = _CITY if dense else _VILLAGE
    chance = random.Random(seed)  # noqa: S311 - an invented town, not a secret
    sites, premises = lay_out(chance, range(olts), vendors, size)
    pools = POOLS if olts <= SMALL and not dense else LARGE_POOLS
    number = size.customers * len(sites)
    customers = tuple(settle(chance, number, olts=sites, premises=premises, today=today, pools=pools))
    return Town(
        seed=seed,
        name=TOWN,
        today=today,
        olts=sites,
        premises=premises,
        plans=PLANS,
        pools=pools + IPV6_POOLS,
        nats=NATS if olts <= SMALL else LARGE_NATS,
        customers=customers,
        staff=tuple(_staff(chance, grown=olts > SMALL)),
        blemishes=blemishes(customers),
    )


def blemishes(customers: tuple[Customer, ...]) -> tuple[Blemish, ...]:
    """Return what is wrong on day one: one bad splice, one ONT without power."""
    return (
        Blemish(kind="splice", premises_code=customers[37].premises_code, loss_db=BAD_SPLICE_DB),
        Blemish(kind="dark", premises_code=customers[82].premises_code),
    )


def lay_out(
    chance: random.Random, numbers: range, vendors: tuple[str, ...], size: Size
) -> tuple[tuple[OltSite, ...], tuple[Premises, ...]]:
    """The OLTs, each serving two areas from one GPON board an area; premises numbered through the town."""
    sites: list[OltSite] = []
    premises: list[Premises] = []
    for index in numbers:
        exchange = _Place(*CENTRE).moved(north_m=900 - 1800 * index, east_m=150)
        maker = MAKERS[vendors[index] if index < len(vendors) else DEFAULT_VENDOR]
        ports: list[PonPort] = []
        for slot in (1, 2):
            area_index = index * 2 + slot - 1
            centre = exchange.moved(north_m=chance.uniform(-250, 250), east_m=(-1300, 1300)[slot - 1])
            ports += _area(
                chance,
                area_index=area_index,
                centre=centre,
                slot=slot,
                maker=maker,
                size=size if maker.boards else size.on_one_unit(),
                premises=premises,
            )
        sites.append(
            OltSite(
                name=olt_name(index),
                vendor=maker.vendor,
                model=maker.model,
                area=_district(index * 2)[0],
                uplink=maker.uplink,
                latitude=exchange.latitude,
                longitude=exchange.longitude,
                pon_ports=tuple(ports),
            )
        )
    return tuple(sites), tuple(premises)


def olt_name(index: int) -> str:
    """Return what the town calls its OLT of this number, counted from 0."""
    return FIRST_OLTS[index] if index < len(FIRST_OLTS) else f"OLT-{index + 1:02d}"


def _area(
    chance: random.Random,
    *,
    area_index: int,
    centre: _Place,
    slot: int,
    maker: _Maker,
    size: Size,
    premises: list[Premises],
) -> Iterator[PonPort]:
    """Yield the area's PON ports and append its premises, street by street."""
    _, mark, streets = _district(area_index)
    for port in range(size.ports):
        cabinet = centre.moved(north_m=(port - 1) * 330.0, east_m=chance.uniform(-60, 60))
        primary = _splitter(
            f"{mark}{port + 1}", None, 4 if size.streets <= 4 else 8, chance.randint(1700, 5200), cabinet
        )
        splitters = [primary]
        for leg in range(size.streets):
            number = port * size.streets + leg
            middle = cabinet.moved(north_m=(leg - 1) * 105.0, east_m=chance.uniform(120, 420))
            splitter = _splitter(f"{mark}{port + 1}-{leg + 1}", primary.code, 8, chance.randint(180, 720), middle)
            splitters.append(splitter)
            street = streets[number % (len(streets) - 1)]
            houses = size.on_last_street if leg == size.streets - 1 else 8
            _street(chance, area_index, street, middle, splitter, houses, premises)
        yield PonPort(
            port=maker.port(slot, port, ports=size.ports),
            tx_dbm=round(chance.uniform(3.2, 4.4), 2),
            splitters=tuple(splitters),
        )
    outskirts = centre.moved(north_m=720, east_m=-240)
    _street(chance, area_index, streets[-1], outskirts, None, UNSERVED_PREMISES_PER_AREA, premises)


def _district(index: int) -> tuple[str, str, tuple[str, ...]]:
    """The area's name, its mark and its streets; after the fourth they begin again, numbered."""
    area, mark, streets = AREAS[index % len(AREAS)]
    round_ = index // len(AREAS) + 1
    return (area, mark, streets) if round_ == 1 else (f"{area} {round_}", f"{mark}X{round_}-", streets)


def _splitter(code: str, parent: str | None, ratio: int, fibre_m: int, place: _Place) -> Splitter:
    return Splitter(
        code=code,
        parent=parent,
        ratio=ratio,
        fibre_m=fibre_m,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def _street(
    chance: random.Random,
    area_index: int,
    street: str,
    middle: _Place,
    splitter: Splitter | None,
    houses: int,
    premises: list[Premises],
) -> None:
    """Append the premises of one street, houses on both sides; every fifth street is two blocks of flats."""
    area, mark, _ = _district(area_index)
    flats = splitter is not None and len(premises) % 5 == 0
    for n in range(houses):
        along = (n - houses / 2) * 17.0 + chance.uniform(-3, 3)
        if flats:
            along = (n // 4) * 40.0
        place = middle.moved(north_m=11.0 if n % 2 else -11.0, east_m=along)
        drop = 18 + int(abs(along) * 1.25) + chance.randint(0, 14)
        serial = len(premises) + 1
        premises.append(
            Premises(
                code=f"P-{serial:05d}",
                area=area,
                street=street,
                number=str(1 + n // 4 * 2) if flats else str(n + 1),
                unit=f"Flat {n % 4 + 1}" if flats else "",
                postcode=f"K{area_index + 41} {mark[0]}{serial:03d}",
                city=TOWN,
                latitude=place.latitude,
                longitude=place.longitude,
                outlet=Outlet(splitter_code=splitter.code, splitter_port=n + 1, drop_m=drop) if splitter else None,
            )
        )


def settle(
    chance: random.Random,
    number: int,
    *,
    olts: tuple[OltSite, ...],
    premises: tuple[Premises, ...],
    today: date,
    pools: tuple[Pool, ...],
    first: int = 1,
    among: range = ALL_SERIALS,
) -> Iterator[Customer]:
    """Yield so many customers, oldest first, with ONT ids and service ports counted as they were taken.

    `first` is the number of the first one; `among` are the serial numbers that there are, without the maker's letters.
    """
    makers = {olt.name: MAKERS[olt.vendor] for olt in olts}
    wired = {s.code: (olt.name, port.port) for olt in olts for port in olt.pon_ports for s in port.splitters}
    homes = chance.sample([p for p in premises if p.outlet], number)
    dates = sorted(today - timedelta(days=chance.randint(9, 730)) for _ in homes)
    addresses = {pool.policy: _addresses(pool) for pool in pools if pool.gateway}
    serials = chance.sample(among, number)
    onts: dict[tuple[str, str], int] = {}
    flows: dict[str, int] = {}
    for n, (home, since) in enumerate(zip(homes, dates, strict=True), start=first):
        assert home.outlet is not None
        place = wired[home.outlet.splitter_code]
        plan = chance.choices(PLANS, weights=PLAN_WEIGHTS)[0]
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
        maker = makers[place[0]]
        onts[place] = onts.get(place, maker.first - 1) + 1
        flows[place[0]] = flows.get(place[0], 0) + 1
        yield Customer(
            code=f"C-{n:06d}",
            name=name,
            email=f"{name.lower().replace(' ', '.')}.{n}@mail.example",
            phone=f"+353 20 91{n // 1000} {n % 10000:04d}",
            premises_code=home.code,
            plan_code=plan.code,
            since=since,
            olt=place[0],
            pon_port=place[1],
            ont_id=onts[place],
            serial=f"{maker.serial_hex}{serials[n - first]:08X}",
            vlan=plan.vlan,
            service_port=1 if maker.flows_of_onts else flows[place[0]],
            address=next(addresses[plan.address_policy]),
            service_code=f"S-{n:06d}",
        )


def _addresses(pool: Pool) -> Iterator[str]:
    """Yield what the pool has to give in order: hosts after the gateway, or (block29) networks after its own."""
    network = IPv4Network(pool.prefix)
    gateway = IPv4Address(pool.gateway)
    if pool.policy == "block29":
        yield from (str(block.network_address) for block in network.subnets(new_prefix=29) if gateway not in block)
    else:
        yield from (str(host) for host in network.hosts() if host != gateway)


def _staff(chance: random.Random, *, grown: bool) -> Iterator[StaffMember]:
    """Yield the staff: installers are spread over the areas, everybody else serves the whole town.

    A town that has grown has more installers, who go everywhere.
    """
    staff = {**dict(STAFF), "installer": INSTALLERS} if grown else dict(STAFF)
    first = [*chance.sample(FIRST_NAMES, sum(staff.values())), AUDITOR[0]]
    last = [*chance.sample(LAST_NAMES, len(first) - 1), AUDITOR[1]]
    roles = [*((role, n) for role, count in staff.items() for n in range(count)), ("auditor", 0)]
    for n, (role, nth) in enumerate(roles):
        username = f"{first[n]}.{last[n]}".lower()
        yield StaffMember(
            username=username,
            name=f"{first[n]} {last[n]}",
            role=role,
            email=f"{username}@{DOMAIN}",
            phone=f"+353 20 919 {9000 + n:04d}",
            area=AREAS[nth][0] if role == "installer" and not grown else None,
        )
