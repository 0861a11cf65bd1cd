"""What holds the plant together: cards in an OLT's slots, closures on the way, and where a port's level comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.errors import PlantWrong
from isp_lifecycle.inventory.model.budget import SPLICE_DB

MOST_SPLICES = 1152


class Launch(StrEnum):
    """Where the level that a PON port is said to send with comes from."""

    TYPICAL = "typical"  #: nobody said; a value that is usual for such ports
    RECORDED = "recorded"  #: somebody measured it, or read it from the module's data sheet, and said so


@dataclass(frozen=True, kw_only=True)
class CardSeen:
    """What stood in a slot when the OLT was asked; model and state in the vendor's words."""

    place: str
    model: str
    state: str
    ports: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card in a slot of an OLT (``place``: frame and slot), as it was last seen at ``seen_at``.

    ``missing_since`` is when an OLT was first found without it. ``was_model`` stood in its slot until ``changed_at``.
    """

    olt_id: UUID
    place: str
    model: str
    state: str
    ports: tuple[str, ...]
    noted_at: datetime
    seen_at: datetime
    missing_since: datetime | None = None
    was_model: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Closure:
    """A splice closure, in a shaft or on a pole, with room for so many splices."""

    code: str
    splices: int
    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        what = say("Closure {code}", code=self.code or say("(no code)"))
        if not self.code or self.code != self.code.strip() or ":" in self.code or "," in self.code:
            raise PlantWrong(what, "code", self.code, say("a text without space around it, colon and comma"))
        if not 1 <= self.splices <= MOST_SPLICES:
            raise PlantWrong(what, "splices", self.splices, say("1 to {most}", most=MOST_SPLICES))
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise PlantWrong(what, "latitude", (self.latitude, self.longitude), say("a place on earth, in degrees"))


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A closure through which the fibre goes that feeds a splitter, and what its splice there was measured to lose."""

    closure: str
    loss_db: float | None = None

    def __post_init__(self) -> None:
        if self.loss_db is not None and not 0 <= self.loss_db <= 5:
            raise PlantWrong(
                say("Splice in {closure}", closure=self.closure), "through", self.loss_db, say("0 to 5 dB")
            )

    @property
    def expected_db(self) -> float:
        """What it loses: as measured, else as splices usually do."""
        return SPLICE_DB if self.loss_db is None else self.loss_db


def standing(cards: Sequence[Card]) -> dict[str, str]:
    """The models of the cards that are not missing, by place."""
    return {card.place: card.model for card in cards if card.missing_since is None}


def kept(known: Mapping[str, Card], seen: Sequence[CardSeen], *, olt_id: UUID, at: datetime) -> tuple[Card, ...]:
    """Return an OLT's cards as they are on record after it was asked, by place."""
    found = {one.place: one for one in seen}
    after = [_seen(known.get(one.place), one, olt_id=olt_id, at=at) for one in found.values()]
    after += [_missing(card, at) for place, card in known.items() if place not in found]
    return tuple(sorted(after, key=lambda card: card.place))


def _seen(card: Card | None, one: CardSeen, *, olt_id: UUID, at: datetime) -> Card:
    changed = card is not None and card.model != one.model
    return Card(
        olt_id=olt_id,
        place=one.place,
        model=one.model,
        state=one.state,
        ports=one.ports,
        noted_at=card.noted_at if card else at,
        seen_at=at,
        was_model=card.model if card and changed else card.was_model if card else None,
        changed_at=at if changed else card.changed_at if card else None,
    )


def _missing(card: Card, at: datetime) -> Card:
    return Card(
        olt_id=card.olt_id,
        place=card.place,
        model=card.model,
        state=card.state,
        ports=card.ports,
        noted_at=card.noted_at,
        seen_at=card.seen_at,
        missing_since=card.missing_since or at,
        was_model=card.was_model,
        changed_at=card.changed_at,
    )
