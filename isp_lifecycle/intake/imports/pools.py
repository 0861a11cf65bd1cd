"""Address pools (YAML)."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, Policy
from isp_lifecycle.intake.door import Act
from isp_lifecycle.intake.imports.cells import Cells
from isp_lifecycle.intake.imports.kind import Form, Kind
from isp_lifecycle.intake.imports.known import Known
from isp_lifecycle.intake.imports.model import Column, Landed, Level
from isp_lifecycle.ipam import actions as ipam

POLICIES: tuple[Policy, ...] = (*AddressPolicy, *Ipv6Policy)


@dataclass(frozen=True, kw_only=True)
class PoolRow:
    """A pool as the file has it."""

    name: str
    policy: Policy
    prefix: str
    area: str | None
    gateway: str | None
    excluded: tuple[str, ...]
    wan: str | None = None

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


def read(cells: Cells) -> PoolRow:
    """Read one pool; whether its prefix is one is the address store's to say."""
    excluded = cells.maybe_text("excluded") or ""
    return PoolRow(
        name=cells.text("name"),
        policy=cells.one_of("policy", POLICIES),
        prefix=cells.text("prefix"),
        area=cells.maybe_text("area"),
        gateway=cells.maybe_text("gateway"),
        excluded=tuple(part.strip() for part in excluded.split(",") if part.strip()),
        wan=cells.maybe_text("wan"),
    )


def put(act: Act, row: PoolRow, _known: Known) -> Landed:
    """Bring the pool to this."""
    done = ipam.put_pool(
        tx=act.tx,
        name=row.name,
        policy=row.policy,
        prefix=row.prefix,
        area=row.area,
        gateway=row.gateway,
        excluded=row.excluded,
        wan=row.wan,
    )
    return Landed(change=done.change)


POOLS = Kind(
    name="pools",
    title="Address pools",
    form=Form.YAML,
    level=Level(
        name="pools",
        columns=(
            Column(name="name", meaning="the pool's name"),
            Column(name="policy", meaning=f"kind of address that it gives: {', '.join(POLICIES)}"),
            Column(
                name="prefix", meaning="the network, such as 198.51.100.0/24 or 2001:db8::/40; no two pools overlap"
            ),
            Column(name="area", meaning="only for premises of this area; empty = for all", required=False),
            Column(name="gateway", meaning="the router's address in it", required=False),
            Column(name="excluded", meaning="networks that are never given away", required=False),
            Column(
                name="wan",
                meaning="of delegated prefixes: the IPv6 prefix of the routers' own addresses; empty = none",
                required=False,
            ),
        ),
    ),
    read=read,
    put=put,
)
