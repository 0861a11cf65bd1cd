"""What a machine asks twice under one key is done once: the key stands in the transaction of what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.field import actions as field
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.orders import actions as orders

LONGEST_KEY = 200


@dataclass(frozen=True)
class Entered:
    """What an engineer wrote down on site, kept: which entry it became, and in words."""

    entry_id: UUID
    kind: str
    words: str


@dataclass(frozen=True)
class Placed:
    """An order that was taken."""

    order_code: str
    order_id: UUID


@dataclass(frozen=True)
class Once:
    """A key of its owner, and what is asked under it."""

    owner: str
    key: str
    asked: bytes

    @classmethod
    def of(cls, *, owner: str, key: str, request: Mapping[str, Any]) -> Once:
        """The key with a fingerprint of the request; refuses a key that is empty or too long."""
        if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
            raise Refused(
                say("An idempotency key has 1 to 200 printable characters."),
                field="Idempotency-Key",
                remedy=say("Use a UUID of your own for each order."),
            )
        text = json.dumps(request, sort_keys=True, default=str)
        return cls(owner, key, hashlib.sha256(text.encode()).digest())

    def before(self, *, tx: Tx, at: datetime) -> Placed | None:
        """What came of it before, or None: then it is to be done now. Raises KeyReused."""
        order = orders.asked_before(tx=tx, owner=self.owner, key=self.key, asked=self.asked, at=at)
        return None if order is None else Placed(order.code, order.id)

    def done(self, *, tx: Tx, placed: object) -> None:
        """Keep what came of it."""
        if isinstance(placed, Placed):
            orders.keep_key(tx=tx, owner=self.owner, key=self.key, order_id=placed.order_id)


@dataclass(frozen=True)
class OnceOnSite(Once):
    """The key of something that a phone may send again, because it never heard that it had arrived."""

    def before(self, *, tx: Tx, at: datetime) -> Entered | None:  # type: ignore[override]  # what came of it is another
        """What came of it before, or None: then it is to be done now. Raises EntryKeyReused."""
        entry = field.sent_before(tx=tx, owner=self.owner, key=self.key, asked=self.asked, at=at)
        return None if entry is None else Entered(entry.id, str(entry.kind), entry.text)

    def done(self, *, tx: Tx, placed: object) -> None:
        """Keep what came of it."""
        if isinstance(placed, Entered):
            field.keep_key(tx=tx, owner=self.owner, key=self.key, entry_id=placed.entry_id)
