"""The numbers of a line in a workflow's words: its IPv4 address or block, and the IPv6 prefix of plans that have one.

Each step that takes or gives numbers does it for both protocols here, so that none forgets one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from isp_lifecycle.foundation.terms import Family, Policy, Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import Allocation
from isp_lifecycle.workflows.errors import NoGateway
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.steps import Room

BOTH = (Family.IPV4, Family.IPV6)


@dataclass(frozen=True)
class Held:
    """What a service holds of each protocol."""

    ipv4: Allocation | None
    ipv6: Allocation | None

    @property
    def both(self) -> tuple[Allocation, ...]:
        """What there is of them."""
        return tuple(one for one in (self.ipv4, self.ipv6) if one is not None)

    @property
    def delegated(self) -> str | None:
        """The IPv6 prefix as cases keep it."""
        return str(self.ipv6.prefix) if self.ipv6 else None

    @property
    def wan(self) -> str | None:
        """The router's own IPv6 address as cases keep it."""
        return str(self.ipv6.wan) if self.ipv6 and self.ipv6.wan else None

    @property
    def words(self) -> str:
        """Both, as people read them."""
        return " and ".join(
            say("{shown} from pool {pool}", shown=one.shown, pool=one.pool) for one in self.both
        ) or say("No address")


@dataclass(frozen=True)
class Renumbering:
    """Other numbers for a line: what differs between its terms and the wanted ones, or else another IPv4 address."""

    terms: Terms
    wanted: Terms

    @property
    def ipv6(self) -> bool:
        """Whether the IPv6 prefix is replaced, given for the first time or taken away."""
        return self.terms.ipv6_policy is not self.wanted.ipv6_policy

    @property
    def ipv4(self) -> bool:
        """Whether the IPv4 address is replaced."""
        return not self.ipv6 or self.terms.address_policy is not self.wanted.address_policy

    @property
    def words(self) -> str:
        """As an order says it."""
        had, gets = self.terms, self.wanted
        said = []
        if self.ipv4:
            same = had.address_policy is gets.address_policy
            instead = say(
                "a {after} address instead of a {before} one",
                after=word(gets.address_policy),
                before=word(had.address_policy),
            )
            said.append(say("another {policy} address", policy=word(gets.address_policy)) if same else instead)
        if self.ipv6:
            after, before = (
                say("an IPv6 /{length}", length=p.prefix_length) if p else say("no IPv6")
                for p in (gets.ipv6_policy, had.ipv6_policy)
            )
            said.append(say("{after} instead of {before}", after=after, before=before))
        return say("{one} and {other}", one=said[0], other=said[1]) if len(said) > 1 else said[0]


def reserve(room: Room, *, owner: UUID, terms: Terms, area: str) -> tuple[Allocation, Held]:
    """Hold what these terms come with, the same if asked again; the IPv4 one, and both."""
    ipv4 = ipam.reserve(tx=room.tx, owner=owner, policy=terms.address_policy, area=area, at=room.at)
    ipv6 = None
    if terms.ipv6_policy is not None:
        ipv6 = ipam.reserve(tx=room.tx, owner=owner, policy=terms.ipv6_policy, area=area, at=room.at)
    return ipv4, Held(ipv4, ipv6)


def held_by(room: Room, *, owner: UUID) -> Held:
    """What the service uses, or else has reserved."""
    return Held(*(ipam.allocation_of(tx=room.tx, owner=owner, family=family) for family in BOTH))


def assign(room: Room, *, owner: UUID) -> None:
    """The line uses what is reserved for it."""
    ipam.assign(tx=room.tx, owner=owner)
    if ipam.allocation_of(tx=room.tx, owner=owner, family=Family.IPV6) is not None:
        ipam.assign(tx=room.tx, owner=owner, family=Family.IPV6)


def told_to(target: Target, ipv4: Allocation) -> Target:
    """The line with its address where its ONT is told it; raises NoGateway."""
    if not target.ont.needs_own_address:
        return target
    if ipv4.gateway is None:
        raise NoGateway(pool=ipv4.pool, code=target.key)
    return replace(target, ont_address=f"{ipv4.address}/{ipv4.link_length}", ont_gateway=str(ipv4.gateway))


def reserve_next(room: Room, *, owner: UUID, wanted: Renumbering, area: str) -> Held:
    """Hold what replaces something, beside what the line uses; the same if asked again."""
    terms, tx, at = wanted.wanted, room.tx, room.at
    ipv4 = ipv6 = None
    if wanted.ipv4:
        ipv4 = ipam.reserve_next(tx=tx, owner=owner, policy=terms.address_policy, area=area, at=at)
    if wanted.ipv6 and terms.ipv6_policy is not None:
        ipv6 = ipam.reserve_next(tx=tx, owner=owner, policy=terms.ipv6_policy, area=area, at=at)
    return Held(ipv4, ipv6)


def drop_next(room: Room, *, owner: UUID) -> str:
    """Give back what was reserved beside what the line uses; says what that was."""
    dropped = (ipam.drop_next(tx=room.tx, owner=owner, at=room.at, family=family) for family in BOTH)
    released = _prefixes([one for one in dropped if one is not None]) or say("No address")
    return say("{addresses} released.", addresses=released)


def switch(room: Room, *, owner: UUID, wanted: Renumbering) -> Held:
    """The line uses what was reserved next, what it replaces rests; what the line has now of that which changed."""
    ipv4 = ipv6 = None
    if wanted.ipv4:
        ipv4 = ipam.switch(tx=room.tx, owner=owner, at=room.at)
    if wanted.ipv6 and wanted.wanted.ipv6_policy is not None:
        ipv6 = ipam.switch(tx=room.tx, owner=owner, at=room.at, family=Family.IPV6)
    elif wanted.ipv6:
        ipam.release(tx=room.tx, owner=owner, at=room.at, family=Family.IPV6)
    return Held(ipv4, ipv6)


def move(room: Room, *, owner: UUID, terms: Terms, area: str) -> tuple[Allocation, Held]:
    """What the line is to have in another area: what its pool serves there goes along, else another is held.

    The IPv4 one, and both.
    """
    ipv4 = _along(room, owner, terms.address_policy, area)
    return ipv4, Held(ipv4, _along(room, owner, terms.ipv6_policy, area) if terms.ipv6_policy else None)


def _along(room: Room, owner: UUID, policy: Policy, area: str) -> Allocation:
    held = ipam.allocation_of(tx=room.tx, owner=owner, family=policy.family)
    if held is not None and ipam.serves(tx=room.tx, held=held, area=area):
        return held
    return ipam.reserve_next(tx=room.tx, owner=owner, policy=policy, area=area, at=room.at)


def use_moved(room: Room, *, owner: UUID) -> str:
    """The line uses what was held for its new place; says what it has."""
    held = held_by(room, owner=owner)
    has = [ipam.switch(tx=room.tx, owner=owner, at=room.at, family=one.policy.family) for one in held.both]
    return _prefixes(has)


def give_back_unused(room: Room, *, owner: UUID) -> str:
    """Give back what was reserved and never used, without a rest; says what that was."""
    given = _release(room, owner, timedelta(0))
    ipam.end_quarantine(tx=room.tx, at=room.at)
    return say("{addresses} released.", addresses=_prefixes(given) or say("No address"))


def let_rest(room: Room, *, owner: UUID) -> str:
    """Give back what the line used; says what rests, as the end of a sentence."""
    given = _release(room, owner, ipam.QUARANTINE)
    until = next((one.until for one in given if one.until), None)
    rest = "rests" if len(given) == 1 else "rest"
    return f"; {_prefixes(given)} {rest} until {until:%d %b %H:%M} UTC" if until else ""


def _release(room: Room, owner: UUID, quarantine: timedelta) -> list[Allocation]:
    released = (
        ipam.release(tx=room.tx, owner=owner, at=room.at, quarantine=quarantine, family=family) for family in BOTH
    )
    return [one for one in released if one is not None]


def _prefixes(given: list[Allocation]) -> str:
    return " and ".join(str(one.prefix) for one in given)
