"""What a delivery can stand in line for, as keys in ``deliveries.blocked_on``, ``turns.key`` and ``holds.key``.

* ``service:<id>``, ``olt:<name>``: a turn; one delivery has it at a time and hands it to the first in line.
* ``after:<delivery>``: an earlier delivery to the same family of subscribers for the same service or request; order
  is kept.
* ``bulk:<id>``: a change of many services that a person has paused; what has not begun stands in line.
* ``subscriber:<name>``, ``engine``: paused by a person; everything in line goes on when the hold is lifted.

An OLT's hold uses the OLT's own turn: a maintenance window is a turn that nobody gets.
"""

from __future__ import annotations

from uuid import UUID

#: The hold on everything: no worker begins anything, what runs comes to its end.
ENGINE = "engine"


def service(service_id: UUID | None) -> str:
    """The turn at one service."""
    return f"service:{service_id}"


def olt(name: str) -> str:
    """The turn at one OLT, which has one writer."""
    return f"olt:{name}"


def after(delivery_id: UUID) -> str:
    """The place behind an earlier delivery."""
    return f"after:{delivery_id}"


def subscriber(name: str) -> str:
    """The hold on one subscriber."""
    return f"subscriber:{name}"


def bulk(bulk_id: UUID) -> str:
    """The hold on what has not begun of one change of many services."""
    return f"bulk:{bulk_id}"
