"""The loss budget of a passive optical network: which level arrives at the end of so much fibre and glass.

Attenuations are typical values for G.652 fibre, 1490 nm down and 1310 nm up, and for planar splitters.
"""

from dataclasses import dataclass

DOWN_DB_PER_KM = 0.35
UP_DB_PER_KM = 0.40
SPLITTER_DB = {2: 3.7, 4: 7.2, 8: 10.5, 16: 13.8, 32: 17.1}
CONNECTOR_DB = 0.3
SPLICE_DB = 0.1
CONNECTORS = 4  # OLT port, frame in the exchange, outlet in the home, ONT
SPLICES_PER_SEGMENT = 2

#: An ONT below this level does not reach operation (the receiver's alarm threshold in the optical display). Down to
#: here it works, although a network engineer would send somebody from about -27 dBm on.
ONT_SENSITIVITY_DBM = -29.0
#: A class C+ receiver in the OLT.
OLT_SENSITIVITY_DBM = -32.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One piece of fibre, whatever loss its splices have beyond the normal, and the splitter at its end (or None)."""

    fibre_m: int
    extra_db: float = 0.0
    ratio: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Losses between an OLT port and an outlet, in dB, and the length of fibre in metres."""

    down_db: float
    up_db: float
    distance_m: int


def budget(segments: tuple[Segment, ...]) -> Budget:
    """Add up fibre, splitters, connectors and splices along the way."""
    distance = sum(segment.fibre_m for segment in segments)
    passive = CONNECTORS * CONNECTOR_DB + SPLICES_PER_SEGMENT * SPLICE_DB * len(segments)
    passive += sum(segment.extra_db for segment in segments)
    passive += sum(SPLITTER_DB[segment.ratio] for segment in segments if segment.ratio)
    kilometres = distance / 1000
    return Budget(
        down_db=passive + kilometres * DOWN_DB_PER_KM,
        up_db=passive + kilometres * UP_DB_PER_KM,
        distance_m=distance,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Optical levels of one ONT: what it receives, what it sends, what the OLT hears of it; dBm."""

    rx_dbm: float
    tx_dbm: float
    olt_rx_dbm: float

    @property
    def workable(self) -> bool:
        """Whether both ends hear each other well enough to range."""
        return self.rx_dbm >= ONT_SENSITIVITY_DBM and self.olt_rx_dbm >= OLT_SENSITIVITY_DBM


def levels(*, of: Budget, olt_tx_dbm: float, ont_tx_dbm: float, deviation_db: float = 0.0) -> Levels:
    """Return the levels at both ends; the deviation is the ONT's own receiver tolerance."""
    return Levels(
        rx_dbm=round(olt_tx_dbm - of.down_db + deviation_db, 2),
        tx_dbm=round(ont_tx_dbm, 2),
        olt_rx_dbm=round(ont_tx_dbm - of.up_db + deviation_db, 2),
    )
