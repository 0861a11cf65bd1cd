"""Words that stand in sentences about things and their states, so that a sentence is said whole in every language.

States are stored by their own names, and errors name things by a word; both are values of a sentence's placeholders,
and a value is translated only when it is a marked text. :func:`word` gives that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isp_lifecycle.foundation.texts import Text, say, say_as

_WORDS: tuple[Text, ...] = (
    say_as("in a sentence", "OLT"),
    say_as("in a sentence", "PON port"),
    say_as("in a sentence", "account"),
    say_as("in a sentence", "attempt"),
    say_as("in a sentence", "audit line"),
    say_as("in a sentence", "bulk change"),
    say_as("in a sentence", "Bulk change"),
    say_as("in a sentence", "closure"),
    say_as("in a sentence", "customer account of"),
    say_as("in a sentence", "customer"),
    say_as("in a sentence", "delivery"),
    say_as("in a sentence", "device account"),
    say_as("in a sentence", "drift"),
    say_as("in a sentence", "e-mail"),
    say_as("in a sentence", "entry"),
    say_as("in a sentence", "kind of message"),
    say_as("in a sentence", "language"),
    say_as("in a sentence", "line of service"),
    say_as("in a sentence", "notification"),
    say_as("in a sentence", "order"),
    say_as("in a sentence", "Order"),
    say_as("in a sentence", "partner of"),
    say_as("in a sentence", "pause"),
    say_as("in a sentence", "place"),
    say_as("in a sentence", "plan"),
    say_as("in a sentence", "report file of"),
    say_as("in a sentence", "report"),
    say_as("in a sentence", "reserved address of service"),
    say_as("in a sentence", "reset of"),
    say_as("in a sentence", "role"),
    say_as("in a sentence", "saved view"),
    say_as("in a sentence", "service or order"),
    say_as("in a sentence", "service"),
    say_as("in a sentence", "Service"),
    say_as("in a sentence", "splitter"),
    say_as("in a sentence", "subscriber"),
    say_as("in a sentence", "terminal"),
    say_as("in a sentence", "ticket"),
    say_as("in a sentence", "token"),
    say_as("in a sentence", "visit"),
    say_as("in a sentence", "work ahead"),
    say_as("in a sentence", "engineer"),
    say_as("in a sentence", "incident"),
    say_as("in a sentence", "open task of delivery"),
    say_as("in a sentence", "photo or signature"),
    say_as("in a sentence", "task"),
    say_as("in a sentence", "ticket of incident"),
    say_as("in a sentence", "visit of delivery"),
    say_as("in a sentence", "premises"),
    say_as("in a sentence", "note"),
    say_as("in a sentence", "message"),
    say_as("in a sentence", "setting"),
    say_as("in a sentence", "new line"),
    say_as("in a sentence", "plan change"),
    say_as("in a sentence", "termination"),
    say_as("in a sentence", "suspension"),
    say_as("in a sentence", "resumption"),
    say_as("in a sentence", "ONT swap"),
    say_as("in a sentence", "ont swap"),
    say_as("in a sentence", "relocation"),
    say_as("in a sentence", "address change"),
    say_as("in a sentence", "submitted"),
    say_as("in a sentence", "confirmed"),
    say_as("in a sentence", "in progress"),
    say_as("in a sentence", "completed"),
    say_as("in a sentence", "cancelled"),
    say_as("in a sentence", "failed"),
    say_as("in a sentence", "rejected"),
    say_as("in a sentence", "pending"),
    say_as("in a sentence", "active"),
    say_as("in a sentence", "suspended"),
    say_as("in a sentence", "terminated"),
    say_as("in a sentence", "scheduled"),
    say_as("in a sentence", "queued"),
    say_as("in a sentence", "running"),
    say_as("in a sentence", "waiting"),
    say_as("in a sentence", "done"),
    say_as("in a sentence", "open"),
    say_as("in a sentence", "booked"),
    say_as("in a sentence", "started"),
    say_as("in a sentence", "missed"),
    say_as("in a sentence", "acknowledged"),
    say_as("in a sentence", "resolved"),
    say_as("in a sentence", "closed"),
    say_as("in a sentence", "approved"),
    say_as("in a sentence", "proposed"),
    say_as("in a sentence", "paused"),
    say_as("in a sentence", "stopped"),
    say_as("in a sentence", "gone"),
    say_as("in a sentence", "mended"),
    say_as("in a sentence", "recorded"),
    say_as("in a sentence", "online"),
    say_as("in a sentence", "offline"),
    say_as("in a sentence", "moved"),
    say_as("in a sentence", "rescheduled"),
    say_as("in a sentence", "assigned"),
    say_as("in a sentence", "not scheduled"),
    say_as("in a sentence", "moved to another day"),
    say_as("in a sentence", "moved to another time"),
    say_as("in a sentence", "dynamic"),
    say_as("in a sentence", "static"),
    say_as("in a sentence", "name"),
    say_as("in a sentence", "telephone"),
    say_as("in a sentence", "phone"),
    say_as("in a sentence", "e-mail address"),
    say_as("in a sentence", "subject"),
    say_as("in a sentence", "text"),
    say_as("in a sentence", "area"),
    say_as("in a sentence", "photos"),
)
WORDS: Mapping[str, Text] = {str(one): one for one in _WORDS}


def word(name: object) -> str:
    """A state, a kind or a thing as it stands in a sentence; what is not known, or a text already, stays as it is."""
    if isinstance(name, Text):
        return name
    text = str(name).replace("_", " ")
    return WORDS.get(text, text)


def small(title: str) -> str:
    """A title as it stands in a sentence: English writes it small there, other languages as it is."""
    if not isinstance(title, Text):
        return title.lower()
    return Text(title.lower(), title.msgid, title.parts, title.plural, title.context)


def some_of(names: Sequence[str], most: int = 5) -> str:
    """The first few of many names, and how many more there are."""
    shown = ", ".join(names[:most])
    return say("{names} and {more} more", names=shown, more=len(names) - most) if len(names) > most else shown
