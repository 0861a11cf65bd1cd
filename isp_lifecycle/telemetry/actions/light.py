"""Keep what a look at a PON port told of the light there, and forget what is older than the policy keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.telemetry.model.look import Built, OntLevel, OntState, PortLook
from isp_lifecycle.telemetry.model.weakness import Down, Limits, Received, judged
from isp_lifecycle.telemetry.store import light as store

#: Looks of people are kept for so long beside those of each night.
EACH_LOOK = timedelta(days=30)
#: So many are forgotten in one transaction.
FORGOTTEN_AT_ONCE = 5000


def keep_look(*, tx: Tx, look: PortLook, built: Mapping[str, Built], limits: Limits) -> bool:
    """Keep the levels of a port, at most once an hour, and how each of its ONTs stands; returns whether they were.

    ``built`` is what is on record of its lines by serial number.
    """
    light = {one.ont_id: _received(one, built) for one in look.onts}
    store.put_states(tx=tx, look=look, states=[_state(one, light, limits) for one in look.onts])
    return store.insert_look(tx=tx, look=look) if look.whole else False


def keep_past_look(*, tx: Tx, look: PortLook) -> bool:
    """Keep the levels of a port of long ago, which say nothing of how its ONTs stand now."""
    return store.insert_look(tx=tx, look=look)


def forget_looks(*, tx: Tx, at: datetime, days: int) -> int:
    """Forget looks of more than so many days ago; returns how many, 0 when nothing is left to be forgotten."""
    before = at - timedelta(days=days)
    return store.delete_looks(tx=tx, before=before, by_day_before=at - EACH_LOOK, many=FORGOTTEN_AT_ONCE)


def _received(one: OntLevel, built: Mapping[str, Built]) -> Received:
    line = built.get(one.serial)
    return Received(one.ont_rx_dbm, line.expected_dbm, line.splitter) if line else Received(one.ont_rx_dbm)


def _state(one: OntLevel, light: Mapping[int, Received], limits: Limits) -> tuple[str, str]:
    if not one.online:
        return str(OntState.NO_POWER if one.down is Down.POWER else OntState.DOWN), ""
    others = (other for ont_id, other in light.items() if ont_id != one.ont_id)
    found = judged(light[one.ont_id], others, limits)
    return (str(OntState.WEAK), str(found.whose)) if found.weak else (str(OntState.UP), "")
