"""What a line rides in on its OLT, in a workflow's words: the VLAN that it shares, or a pair of tags of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.model import Line
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import Tags
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.steps import Room


@dataclass(frozen=True)
class Rides:
    """The tag towards the core, the line's own within it, and the one between ONT and OLT where that is another."""

    vlan: int
    inner: int | None = None
    user_vlan: int | None = None

    @property
    def words(self) -> str:
        """For people."""
        if self.inner is None:
            return f"VLAN {self.vlan}"
        return say(
            "VLAN {vlan} with inner tag {inner} of its own (VLAN {user_vlan} at the ONT)",
            vlan=self.vlan,
            inner=self.inner,
            user_vlan=self.user_vlan,
        )

    def of(self, target: Target) -> Target:
        """The line in these tags."""
        return replace(target, vlan=self.vlan, inner=self.inner, user_vlan=self.user_vlan)


def reserve(room: Room, *, owner: UUID, terms: Terms, olt: str, port: str) -> Rides:
    """Hold what a line of these terms rides in on a PON port; the same if asked again. Raises NoTagsFree."""
    if terms.own_vlan:
        return _own(ipam.reserve_tags(tx=room.tx, owner=owner, olt=olt, port=port, at=room.at), terms)
    ipam.reserve_vlan(tx=room.tx, olt=olt, number=terms.vlan, purpose="internet", at=room.at)
    return Rides(terms.vlan)


def agreed(room: Room, *, owner: UUID, terms: Terms) -> Rides:
    """What the line is to ride in when nothing holds it back, by its terms and by what it holds."""
    pair = ipam.tags_of(tx=room.tx, owner=owner)
    return _own(pair, terms) if pair is not None else Rides(terms.vlan)


def _own(pair: Tags, terms: Terms) -> Rides:
    return Rides(pair.outer, pair.inner, terms.vlan)


def use(room: Room, *, owner: UUID) -> None:
    """The line uses what was held for it; what it used before rests."""
    ipam.use_tags(tx=room.tx, owner=owner, at=room.at)


def give_back_unused(room: Room, *, owner: UUID) -> None:
    """Give back what was held and never used; a shared VLAN stays."""
    ipam.drop_next_tags(tx=room.tx, owner=owner, at=room.at)


def let_rest(room: Room, *, owner: UUID, rest: timedelta = ipam.QUARANTINE) -> str:
    """Give back what the line used; says what rests, as the end of a sentence."""
    pair = ipam.release_tags(tx=room.tx, owner=owner, at=room.at, quarantine=rest)
    return say("; tags {pair} rest", pair=pair) if pair is not None else ""


def in_line(line: Line, target: Target) -> Line:
    """The record with the line's tags and what its ONT is told, as they were built."""
    return replace(
        line,
        vlan=target.vlan,
        inner_vlan=target.inner,
        user_vlan=target.user_vlan,
        ont_mode=target.ont,
        ont_address=target.ont_address,
        ont_gateway=target.ont_gateway,
    )
