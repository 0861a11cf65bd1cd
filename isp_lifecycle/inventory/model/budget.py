"""The loss budget: which level should arrive at the end of so much fibre and so many splitters.

Typical values at 1490 nm, the wavelength towards the customer (ITU-T G.984.2): fibre of G.652 with 0.35 dB/km,
planar splitters within the insertion losses of ITU-T G.671. A real line differs by a decibel or two, which is what
the margin of the verification is for.
"""

from __future__ import annotations

from collections.abc import Sequence

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.errors import PlantWrong

FIBRE_DB_PER_KM = 0.35

#: Loss between a splitter's input and any of its outputs, by the number of outputs.
RATIO_LOSS_DB = {2: 3.8, 4: 7.2, 8: 10.5, 16: 13.8, 32: 17.1}

#: Four connectors: OLT, frame in the exchange, outlet at the premises, ONT.
CONNECTOR_DB, CONNECTORS = 0.3, 4
#: A fusion splice at both ends of each fibre: of the one that feeds each splitter, and of the drop.
SPLICE_DB, SPLICES_OF_FIBRE = 0.1, 2


def path_loss_db(*, fibre_m: int, ratios: Sequence[int], passages: Sequence[float] = ()) -> float:
    """The loss from the OLT's port to the ONT, in dB; raises PlantWrong for a ratio that has no known loss.

    ``passages`` are the losses of the splices in closures that the fibres go through between their ends.
    """
    for ratio in ratios:
        if ratio not in RATIO_LOSS_DB:
            raise PlantWrong(say("Splitter"), "ratio", ratio, say("one of {ratios}", ratios=sorted(RATIO_LOSS_DB)))
    splitters = sum(RATIO_LOSS_DB[ratio] for ratio in ratios)
    splices = (len(ratios) + 1) * SPLICES_OF_FIBRE * SPLICE_DB + sum(passages)
    return round(fibre_m / 1000 * FIBRE_DB_PER_KM + splitters + CONNECTORS * CONNECTOR_DB + splices, 2)


def expected_rx_dbm(*, tx_dbm: float, fibre_m: int, ratios: Sequence[int], passages: Sequence[float] = ()) -> float:
    """The level that an ONT should receive, in dBm, when the port sends with ``tx_dbm``."""
    return round(tx_dbm - path_loss_db(fibre_m=fibre_m, ratios=ratios, passages=passages), 2)
