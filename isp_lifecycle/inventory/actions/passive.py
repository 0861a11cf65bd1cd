"""Keep what holds the plant together: cards, closures, and what goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.inventory.errors import ClosureFull
from isp_lifecycle.inventory.model import Card, CardSeen, Closure, Passage, Splitter, kept
from isp_lifecycle.inventory.store import passive as store


def keep_cards(*, tx: Tx, olt_id: UUID, seen: Sequence[CardSeen], at: datetime) -> tuple[Card, ...]:
    """Bring an OLT's cards to what was seen in it; one that was not seen stays on record as missing."""
    known = {card.place: card for card in store.cards_of(tx=tx, olt_id=olt_id)}
    after = kept(known, seen, olt_id=olt_id, at=at)
    store.replace_cards(tx=tx, olt_id=olt_id, kept=after)
    return after


def cards_of(*, tx: Tx, olt_id: UUID) -> tuple[Card, ...]:
    """An OLT's cards, by place."""
    return store.cards_of(tx=tx, olt_id=olt_id)


def put_closure(*, tx: Tx, code: str, splices: int, latitude: float, longitude: float) -> Put[Closure]:
    """Bring the closure of this code to these values and tell what that took. Raises PlantWrong, ClosureFull."""
    closure = Closure(code=code, splices=splices, latitude=latitude, longitude=longitude)
    change = store.upsert_closure(tx=tx, closure=closure)
    _has_room(tx, code, wanted=0, but="")
    return Put(value=closure, change=change)


def pass_through(*, tx: Tx, splitter: Splitter, passages: Sequence[Passage] | None) -> Change:
    """Let a splitter's feed go through exactly these closures (None: as it does), and see that there is room.

    Raises NotFound, ClosureFull.
    """
    before = store.passages_of(tx=tx, splitters=[splitter.code]).get(splitter.code, ())
    after = before if passages is None else tuple(passages)
    needs: dict[str, int] = dict.fromkeys([splitter.closure] if splitter.closure else [], splitter.splices)
    for passage in after:
        needs[passage.closure] = needs.get(passage.closure, 0) + 1
    for code, wanted in sorted(needs.items()):
        _has_room(tx, code, wanted=wanted, but=splitter.code)
    if after == before:
        return Change.SAME
    store.replace_passages(tx=tx, splitter=splitter.code, passages=after)
    return Change.CHANGED


def _has_room(tx: Tx, code: str, *, wanted: int, but: str) -> None:
    closure = store.closure_by_code(tx=tx, code=code, lock=True)
    if closure is None:
        raise NotFound("closure", code)
    used = store.splices_taken(tx=tx, code=code, but=but)
    if used + wanted > closure.splices:
        raise ClosureFull(code=code, splices=closure.splices, used=used, wanted=wanted)
