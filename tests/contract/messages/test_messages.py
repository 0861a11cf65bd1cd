"""What former versions wrote, this one reads: events in the outbox, cases of deliveries that are on their way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from isp_lifecycle.events import codec
from isp_lifecycle.events.errors import UnknownEvent
from isp_lifecycle.events.vocabulary import VOCABULARY, OrderPlaced
from isp_lifecycle.workflows.registry import WORKFLOWS
from tests.contract.messages.record import RECORDED, kinds

DOCUMENTS: dict[str, list[dict[str, Any]]] = json.loads(RECORDED.read_text(encoding="utf-8"))


def read(name: str, document: dict[str, Any]) -> Any:
    """Read a document as a worker of this version does."""
    if name.startswith("event "):
        _event, kind, version = name.split()
        return codec.load_event(kind, int(version), document)
    return codec.load(WORKFLOWS[name.removeprefix("case of ")].case, document)


def test_every_event_and_every_case_is_recorded() -> None:
    missing = kinds().keys() - DOCUMENTS.keys()
    assert not missing, "Run `python -m tests.contract.messages.record`."
    assert all(DOCUMENTS.values())


def of_then(now: Any, then: Any) -> Any:
    """What a document has now of the fields that it had then, also within its parts."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {key: of_then(now.get(key), value) for key, value in then.items()}
    return now


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_recorded_documents_are_read_and_lose_nothing(name: str) -> None:
    for document in DOCUMENTS[name]:
        again = codec.dump(read(name, document))
        if name in kinds():  # of former versions of an event, `upgraded` says what became of their fields
            assert of_then(again, document) == document, "A field was dropped or has another meaning."


def test_an_event_of_a_later_version_is_refused_and_not_guessed() -> None:
    (document, *_others) = DOCUMENTS["event OrderPlaced 1"]
    with pytest.raises(UnknownEvent, match="version 2"):
        codec.load_event("OrderPlaced", 2, document)


@dataclass(frozen=True, kw_only=True)
class OrderPlacedAnew(OrderPlaced):
    """A later version, that tells one thing more."""

    version: ClassVar[int] = 2
    channel: str

    @classmethod
    def upgraded(cls, document: dict[str, Any], version: int) -> dict[str, Any]:
        return document if version >= 2 else {**document, "channel": "portal"}


def test_what_stands_in_the_outbox_is_read_by_the_version_that_changes_a_meaning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(VOCABULARY, "OrderPlaced", OrderPlacedAnew)
    (document, *_others) = DOCUMENTS["event OrderPlaced 1"]
    old = codec.load_event("OrderPlaced", 1, document)
    new = codec.load_event("OrderPlaced", 2, {**document, "channel": "telephone"})
    assert isinstance(old, OrderPlacedAnew)
    assert isinstance(new, OrderPlacedAnew)
    assert (str(old.order_id), old.channel, new.channel) == (document["order_id"], "portal", "telephone")
