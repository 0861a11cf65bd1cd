"""One thing that was found, and the steps by which things are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.views.window import Look

#: So many of a kind are shown; whoever needs the others types another word.
OF_EACH = 6


@dataclass(frozen=True)
class Hit:
    """Something found: its kind and key, by which it has its address; a name, what tells it apart, and its state."""

    thing: Thing
    key: str
    title: str
    says: str = ""
    state: str = ""


#: What one step finds for a text, the likeliest first; nothing where the text is of another form.
Finder = Callable[[Look, str], Iterable[Hit]]


def rows(look: Look, statement: str, **values: Any) -> list[Any]:
    """Rows of a statement."""
    return list(look.tx.execute(sa.text(statement), {"many": OF_EACH, **values}))


def told(*parts: object) -> str:
    """What tells a thing apart, in one line."""
    return " · ".join(str(part) for part in parts if part)
