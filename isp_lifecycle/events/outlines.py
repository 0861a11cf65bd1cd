"""Outlines: which steps a workflow had when a delivery began, so that pages can show what is still to come.

Most deliveries of a subscriber began alike, so the steps stand in a row of their own, whose id is made of its content.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.events.model import OutlineStep
from isp_lifecycle.events.store import outlines
from isp_lifecycle.foundation.db import Tx

_SPACE = UUID("6d1f3d0e-5c5b-5b0e-8a57-0d0f5f2a9c11")


def keep(*, tx: Tx, steps: Sequence[OutlineStep]) -> UUID:
    """The id of these steps, written when they are new."""
    outline_id = id_of(steps)
    document = [asdict(step) for step in steps]
    tx.execute(pg.insert(outlines).values(id=outline_id, steps=document).on_conflict_do_nothing())
    return outline_id


def names(*, tx: Tx, outline_id: UUID) -> tuple[str, ...]:
    """The names of these steps, in order."""
    steps = tx.execute(sa.select(outlines.c.steps).where(outlines.c.id == outline_id)).scalar_one()
    return tuple(step["name"] for step in steps)


def id_of(steps: Sequence[OutlineStep]) -> UUID:
    """The id that these steps have, written or not."""
    return uuid5(_SPACE, json.dumps([asdict(step) for step in steps], sort_keys=True))
