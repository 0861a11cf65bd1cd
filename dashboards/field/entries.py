"""An entry as a phone sends it, and the door that it goes through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake import visits as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.once import Entered, OnceOnSite

#: The largest entry, in bytes: a photo of the largest setting, and its words.
LARGEST_ENTRY = 5_200_000


class EntryUnreadable(Refused):
    """What was sent is no entry."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("This entry cannot be read: {why}.", why=why), field="entry", remedy=say("Write it down anew.")
        )


class OthersEntry(Refused):
    """The entry was made by another account on the same phone."""

    def __init__(self, owner: str) -> None:
        super().__init__(
            say("This entry was made by {owner} and is sent by nobody else.", owner=owner),
            field="owner",
            value=owner,
            remedy=say("It is kept on this phone until {owner} signs in.", owner=owner),
        )


@dataclass(frozen=True)
class Sent:
    """One entry: its key, who made it and when, at which visit, what kind, its fields, perhaps a photo."""

    key: UUID
    owner: str
    visit_code: str
    kind: str
    made_at: datetime
    fields: Mapping[str, Any]
    content: bytes

    @classmethod
    def read(cls, *, key: UUID, text: str, content: bytes) -> Sent:
        """Read a JSON document and what is attached to it. Raises EntryUnreadable."""
        try:
            document = json.loads(text)
            made_at = datetime.fromisoformat(document["made_at"])
            fields = document.get("fields", {})
            words = document["owner"], document["visit"], document["kind"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise EntryUnreadable(say("it is no entry of this page")) from error
        if made_at.tzinfo is None or not isinstance(fields, dict) or not all(isinstance(one, str) for one in words):
            raise EntryUnreadable(say("a field of it is missing"))
        return cls(key, *words, made_at, fields, content)

    def asked(self) -> dict[str, Any]:
        """What makes it this entry and no other."""
        return {
            "visit": self.visit_code,
            "kind": self.kind,
            "made_at": self.made_at.isoformat(),
            "fields": dict(self.fields),
            "content": hashlib.sha256(self.content).hexdigest(),
        }

    def text(self, name: str) -> str:
        """A field that is a text; nothing where it is missing."""
        value = self.fields.get(name, "")
        if not isinstance(value, str):
            raise EntryUnreadable(say("its {name} is no text", name=name))
        return value


def entered(door: Door, actor: Actor, sent: Sent) -> Entered:
    """Take it through the door, once however often it is sent. Raises what the door refuses it for."""
    if sent.owner != actor.username:
        raise OthersEntry(sent.owner)
    take = KINDS.get(sent.kind)
    if take is None:
        raise EntryUnreadable(say("nothing is known of the kind {kind!r}", kind=sent.kind))
    once = OnceOnSite.of(owner=str(actor.user_id), key=str(sent.key), request=sent.asked())
    return take(replace(door, once=once), actor, sent)


def _note(door: Door, actor: Actor, sent: Sent) -> Entered:
    return intake.note(door, actor, visit_code=sent.visit_code, text=sent.text("text"), made_at=sent.made_at)


def _light(door: Door, actor: Actor, sent: Sent) -> Entered:
    level = sent.fields.get("level_dbm")
    if not isinstance(level, int | float):
        raise EntryUnreadable(say("its level is no number"))
    return intake.light(door, actor, visit_code=sent.visit_code, level_dbm=float(level), made_at=sent.made_at)


def _photo(door: Door, actor: Actor, sent: Sent) -> Entered:
    return intake.photo(
        door, actor, visit_code=sent.visit_code, content=sent.content, text=sent.text("text"), made_at=sent.made_at
    )


def _signature(door: Door, actor: Actor, sent: Sent) -> Entered:
    return intake.signature(
        door,
        actor,
        visit_code=sent.visit_code,
        name=sent.text("name"),
        strokes=_strokes(sent.fields.get("strokes")),
        made_at=sent.made_at,
    )


def _activation(door: Door, actor: Actor, sent: Sent) -> Entered:
    return intake.activation(door, actor, visit_code=sent.visit_code, serial=sent.text("serial"), made_at=sent.made_at)


def _cannot_do(door: Door, actor: Actor, sent: Sent) -> Entered:
    return intake.cannot_do(
        door,
        actor,
        visit_code=sent.visit_code,
        reason=sent.text("reason"),
        words=sent.text("words"),
        made_at=sent.made_at,
    )


def _strokes(value: Any) -> list[list[list[int]]]:
    """Lines of pairs; what the numbers may be, the door says."""
    lines = value if isinstance(value, list) else []
    pairs = [point for line in lines if isinstance(line, list) for point in line]
    if not all(isinstance(line, list) for line in lines) or not all(
        isinstance(point, list) and len(point) == 2 for point in pairs
    ):
        raise EntryUnreadable(say("its signature is no drawing"))
    return lines


KINDS: dict[str, Callable[[Door, Actor, Sent], Entered]] = {
    "note": _note,
    "light": _light,
    "photo": _photo,
    "signature": _signature,
    "activation": _activation,
    "cannot_do": _cannot_do,
}
