"""What a town consists of: streets with premises, an access network under them, the people at both ends.

Everything is frozen: a town is a value. Lengths are metres, levels dBm, rates kbit/s, dates calendar dates.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Splitter:
    """A passive splitter; `fibre_m` is the fibre that feeds it, from its parent or (no parent) from the OLT."""

    code: str
    parent: str | None
    ratio: int
    fibre_m: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PonPort:
    """One GPON port (frame/slot/port) and the splitters behind it, parents first."""

    port: str
    tx_dbm: float
    splitters: tuple[Splitter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OltSite:
    """One optical line terminal in its exchange building."""

    name: str
    vendor: str
    model: str
    area: str
    uplink: str
    latitude: float
    longitude: float
    pon_ports: tuple[PonPort, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """The free or used splitter leg that reaches a premises, and the length of its drop cable."""

    splitter_code: str
    splitter_port: int
    drop_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """A postal address with a place on the map; without an outlet it cannot be served yet."""

    code: str
    area: str
    street: str
    number: str
    unit: str
    postcode: str
    city: str
    latitude: float
    longitude: float
    outlet: Outlet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A product: rates down and up, a monthly price, the kinds of address, the VLAN it rides in."""

    code: str
    name: str
    down_kbps: int
    up_kbps: int
    price: Decimal
    currency: str
    address_policy: str
    vlan: int
    ipv6_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """A carrier's NAT: the customers' addresses, the public ones that they share, ports of a customer."""

    name: str
    inside: str
    outside: str
    ports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool; policy `block29` means that /29 prefixes are cut from it, `pd56` IPv6 prefixes of that length.

    `wan` is where routers' own addresses come from beside those.
    """

    name: str
    area: str | None
    policy: str
    prefix: str
    gateway: str | None
    wan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer with a running service, exactly as it is configured on the OLT."""

    code: str
    name: str
    email: str
    phone: str
    premises_code: str
    plan_code: str
    since: date
    olt: str
    pon_port: str
    ont_id: int
    serial: str
    vlan: int
    service_port: int
    address: str
    service_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works for the provider; passwords are never part of a town."""

    username: str
    name: str
    role: str
    email: str
    phone: str
    area: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blemish:
    """Something that is already wrong on day one: `splice` (extra dB on a drop) or `dark` (ONT without power)."""

    kind: str
    premises_code: str
    loss_db: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The whole invented town."""

    seed: int
    name: str
    today: date
    olts: tuple[OltSite, ...]
    premises: tuple[Premises, ...]
    plans: tuple[Plan, ...]
    pools: tuple[Pool, ...]
    nats: tuple[Nat, ...]
    customers: tuple[Customer, ...]
    staff: tuple[StaffMember, ...]
    blemishes: tuple[Blemish, ...]

    def plan(self, code: str) -> Plan:
        """Return the plan with this code; KeyError when there is none."""
        for plan in self.plans:
            if plan.code == code:
                return plan
        raise KeyError(code)
