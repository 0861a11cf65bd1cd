"""A plan: a product offering with its rates, its price and the kind of address it comes with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.catalog.errors import PlanWrong
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import VLANS, AddressPolicy, Ipv6Policy, OntMode, Terms

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A product offering. ``price`` is a month's; a plan that is not ``on_sale`` still serves those who have it."""

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

    def __post_init__(self) -> None:
        self._check("code", self.code, "small letters, digits and dashes", ok=_CODE.fullmatch(self.code) is not None)
        self._check("name", self.name, "1 to 80 characters", ok=1 <= len(self.name.strip()) <= 80)
        self._check("down_kbps", self.down_kbps, "at least 1", ok=self.down_kbps >= 1)
        self._check("up_kbps", self.up_kbps, "at least 1", ok=self.up_kbps >= 1)
        self._check("price", str(self.price), "zero or more", ok=self.price.amount >= 0)
        self._check("vlan", self.vlan, f"{VLANS[0]} to {VLANS[-1]}", ok=self.vlan in VLANS)
        stays = self.address_policy is not AddressPolicy.DYNAMIC
        fits = stays or not self.ont.needs_own_address
        self._check("ont", self.ont, "another one, or the address policy static or a block", ok=fits)

    def _check(self, field: str, value: object, allowed: str, *, ok: bool) -> None:
        if not ok:
            raise PlanWrong(self.code, field, value, allowed)

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
