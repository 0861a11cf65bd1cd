"""The audit trail as a list: found by the words of a line in its own index, or by a whole trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.trail.store import WORDS
from isp_lifecycle.views.lists.model import Found, Kind, ListColumn, ListOf
from isp_lifecycle.views.window import Look


def _finds(_look: Look, text: str) -> Found | None:
    """A whole trace means all that came of one request; any other text is looked for in the words of lines."""
    try:
        return Found("(a.detail->>'trace') = :trace", {"trace": str(UUID(text))})
    except ValueError:
        return None


def _said(_look: Look, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [
        dict(row)
        | {
            "changes": "; ".join(f"{what} {before} → {after}" for what, before, after in row["changes"]),
            "detail": "; ".join(f"{name}={value}" for name, value in row["detail"].items()),
            "came": "; ".join(f"{what} {before} → {after}" for what, before, after in row["changes"][:2])
            or row["reason"],
            "from": f"{row['role']}, {row['source']}",
        }
        for row in rows
    ]


TRAIL = ListOf(
    name="trail",
    title=say("Lines"),
    source="audit a",
    columns=(
        ListColumn("id", say("Line"), "a.id", reads="at", filtered=False),
        ListColumn("at", say("When"), "a.at", Kind.MOMENT),
        ListColumn("who", say("Who"), "a.actor", under="from"),
        ListColumn("did", say("Did"), "a.action", under="came"),
        ListColumn("about", say("About"), "a.subject_id", under="kind"),
        ListColumn("kind", say("Kind of thing"), "a.subject_kind", Kind.CHOICE, shown=False),
        ListColumn("role", say("Role"), "a.role", Kind.CHOICE, shown=False),
        ListColumn("source", say("By way of"), "a.source", shown=False),
        ListColumn("address", say("From address"), "a.address", shown=False),
        ListColumn("reason", say("Why"), "a.reason", shown=False),
        ListColumn("from", say("As what"), "", said=True, shown=False),
        ListColumn("came", say("What became of it"), "", said=True, shown=False),
        ListColumn("changes", say("Changes"), "a.changes", said=True, shown=False),
        ListColumn("detail", say("Asked with"), "a.detail", said=True, shown=False),
        ListColumn("seq", say("Number"), "a.seq", Kind.NUMBER, shown=False, empty=True),
        ListColumn("told", say("Hash of what it tells"), "encode(a.told, 'hex')", shown=False, filtered=False),
        ListColumn("link", say("Link"), "encode(a.link, 'hex')", shown=False, filtered=False, empty=True),
    ),
    search=(WORDS,),
    sort="-at",
    finds=_finds,
    says=_said,
)
#: What is listed unasked.
LAST_MONTH = {"at": "today-30.."}
