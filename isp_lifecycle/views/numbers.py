"""Who had an address, or a port of one that many share, at an instant; as an authority or an abuse desk asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import FIRST_PORT, LAST_PORT, parsed_address
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class Whose:
    """The answer. ``inside`` and ``outside`` are the two sides of a carrier's NAT, where there is one.

    ``since`` and ``until`` bound the time in which that service had the address; without a service, nobody had it.
    """

    address: str
    port: int | None
    at: datetime
    inside: str | None
    outside: str | None
    service_code: str | None
    customer: str | None
    since: datetime | None
    until: datetime | None
    words: str


@shows("service.read")
def whose(look: Look, *, address: str, port: int | None = None, at: datetime | None = None) -> Whose:
    """Who had this address at that instant, now unless told; of a shared outside address the port tells who.

    Raises AddressWrong.
    """
    asked, at = parsed_address(address), at or look.at
    behind = None
    if ipam.is_shared(tx=look.tx, address=asked, at=at):
        if port is None or not 0 <= port <= LAST_PORT:
            words = f"Many customers share {asked}: say which port was seen ({FIRST_PORT} to {LAST_PORT})."
            return _nobody(asked, port, at, words)
        behind = ipam.behind(tx=look.tx, outside=asked, port=port, at=at)
        if behind is None:
            return _nobody(asked, port, at, f"Port {port} of {asked} is nobody's.")
    inside = behind or asked
    seen = ipam.seen_outside(tx=look.tx, inside=inside, at=at)
    outside = f"{seen[0]} ports {seen[1]}" if seen else None
    use = ipam.used_at(tx=look.tx, address=inside, at=at)
    if use is None:
        return _nobody(asked, port, at, f"Nobody had {inside} then.", str(inside) if seen else None, outside)
    row = look.tx.execute(
        sa.text("SELECT s.code, c.name FROM services s JOIN customers c ON c.id = s.customer_id WHERE s.id = :id"),
        {"id": use.owner},
    ).one_or_none()
    code, name = (row.code, row.name) if row else (str(use.owner), "a service that is not on record")
    until = "" if use.released_at is None else f" until {use.released_at:%Y-%m-%d %H:%M:%S} UTC"
    words = f"{code} ({name}) had {use.prefix} since {use.since:%Y-%m-%d %H:%M:%S} UTC{until}."
    return Whose(
        str(asked), port, at, str(inside) if seen else None, outside, code, name, use.since, use.released_at, words
    )


def _nobody(
    asked: object, port: int | None, at: datetime, words: str, inside: str | None = None, outside: str | None = None
) -> Whose:
    return Whose(str(asked), port, at, inside, outside, None, None, None, None, words)
