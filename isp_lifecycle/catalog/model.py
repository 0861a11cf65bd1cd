"""A plan: a product offering with its rates, its price and the kind of address it comes with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.catalog.errors import PlanWrong
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import VLANS, AddressPolicy, Ipv6Policy, OntMode, Terms

#: The fastest that a PON of today carries (ITU-T G.9804.3, 50 Gbit/s), in kbit/s.
FASTEST_KBPS = 50_000_000

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


class Lifecycle(StrEnum):
    """How far a product offering is in its life (TMF620 ``lifecycleStatus``, of which these are used)."""

    PLANNED = "In design"  #: Its sale has not begun.
    ON_SALE = "Active"  #: New customers may choose it.
    WITHDRAWN = "Retired"  #: Nobody may choose it any more; those who have it keep it.
    OBSOLETE = "Obsolete"  #: Nobody may choose it, and nobody has it.


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A product offering. ``price`` is a month's; a plan that is not ``on_sale`` still serves those who have it.

    One on sale may be sold from the day ``sale_from`` to the day ``sale_until``, both among them, on the provider's
    calendar; None: there is no such bound. ``version`` counts what was changed of it.
    """

    id: UUID
    code: str
    name: str
    down_kbps: int
    up_kbps: int
    price: Money
    address_policy: AddressPolicy
    vlan: int
    on_sale: bool
    ipv6_policy: Ipv6Policy | None = None
    ont: OntMode = OntMode.BRIDGE
    own_vlan: bool = False
    version: int = 1
    sale_from: date | None = None
    sale_until: date | None = None

    def __post_init__(self) -> None:
        self._check("code", self.code, "small letters, digits and dashes", ok=_CODE.fullmatch(self.code) is not None)
        self._check("name", self.name, "1 to 80 characters", ok=1 <= len(self.name.strip()) <= 80)
        self._check("down_kbps", self.down_kbps, "at least 1", ok=self.down_kbps >= 1)
        self._check("up_kbps", self.up_kbps, "at least 1", ok=self.up_kbps >= 1)
        self._check("price", str(self.price), "zero or more", ok=self.price.amount >= 0)
        for field, kbps in (("down_kbps", self.down_kbps), ("up_kbps", self.up_kbps)):
            self._check(field, kbps, f"at most {FASTEST_KBPS}", ok=kbps <= FASTEST_KBPS)
        in_order = self.sale_from is None or self.sale_until is None or self.sale_from <= self.sale_until
        self._check("sale_until", str(self.sale_until), f"{self.sale_from} or later", ok=in_order)
        self._check("vlan", self.vlan, f"{VLANS[0]} to {VLANS[-1]}", ok=self.vlan in VLANS)
        stays = self.address_policy is not AddressPolicy.DYNAMIC
        fits = stays or not self.ont.needs_own_address
        self._check("ont", self.ont, "another one, or the address policy static or a block", ok=fits)

    def _check(self, field: str, value: object, allowed: str, *, ok: bool) -> None:
        if not ok:
            raise PlanWrong(self.code, field, value, allowed)

    def sold_on(self, day: date) -> bool:
        """Whether somebody may choose it on this day of the provider's calendar."""
        begun = self.sale_from is None or self.sale_from <= day
        return self.on_sale and begun and (self.sale_until is None or day <= self.sale_until)

    def lifecycle(self, day: date, *, had: int) -> Lifecycle:
        """How far it is in its life on this day, when so many services have it."""
        if self.sold_on(day):
            return Lifecycle.ON_SALE
        if self.on_sale and self.sale_from is not None and day < self.sale_from:
            return Lifecycle.PLANNED
        return Lifecycle.WITHDRAWN if had else Lifecycle.OBSOLETE

    @property
    def terms(self) -> Terms:
        """The frozen copy that an order and a service keep, whatever becomes of the plan later."""
        return Terms(
            plan_code=self.code,
            plan_name=self.name,
            down_kbps=self.down_kbps,
            up_kbps=self.up_kbps,
            price=self.price,
            address_policy=self.address_policy,
            vlan=self.vlan,
            ipv6_policy=self.ipv6_policy,
            ont=self.ont,
            own_vlan=self.own_vlan,
        )


@dataclass(frozen=True, kw_only=True)
class PlanVersion:
    """What a plan is called, costs and gives from a day on. One that has not begun has no ``began_at`` yet."""

    id: UUID
    plan_id: UUID
    valid_from: date
    name: str
    down_kbps: int
    up_kbps: int
    price: Money
    made_at: datetime
    made_by: str
    reason: str
    number: int | None = None
    began_at: datetime | None = None
