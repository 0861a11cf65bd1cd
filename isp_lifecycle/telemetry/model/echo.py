"""Whether an address answers, and how fast: what a few echo requests (RFC 792, RFC 4443) brought back."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from statistics import median


@dataclass(frozen=True)
class Echoes:
    """What was sent to an address, and the round trips of what came back, in milliseconds; ``source`` is who asked."""

    address: IPv4Address | IPv6Address
    sent: int
    trips_ms: tuple[float, ...]
    source: str

    @property
    def received(self) -> int:
        """How many came back."""
        return len(self.trips_ms)

    @property
    def median_ms(self) -> float | None:
        """The usual round trip; None where nothing came back."""
        return median(self.trips_ms) if self.trips_ms else None
