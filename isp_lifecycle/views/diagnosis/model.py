"""What was found: one cause in plain words, its evidence, what else was looked at, and where it goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Sure(StrEnum):
    """How sure a finding is."""

    CERTAIN = "certain"  #: It was seen, and nothing else explains it.
    LIKELY = "likely"  #: It explains what was seen; something else could, too.
    OPEN = "open"  #: Too little could be seen to tell.


class Layer(StrEnum):
    """Where on the way from the customer's account to the router a cause lies, in the order of the way."""

    RECORDS = "records"
    OLT = "olt"
    PORT = "port"
    ONT = "ont"
    CONFIGURATION = "configuration"
    LIGHT = "light"
    WORK = "work"
    SIGN_ON = "sign-on"
    NOTHING = "nothing"  #: No cause was found.


#: What a cause explains besides itself: nothing of that is told as another one.
EXPLAINS: Mapping[Layer, frozenset[Layer]] = {
    Layer.RECORDS: frozenset(Layer),
    Layer.OLT: frozenset({Layer.PORT, Layer.ONT, Layer.CONFIGURATION, Layer.LIGHT, Layer.SIGN_ON}),
    Layer.PORT: frozenset({Layer.ONT, Layer.LIGHT, Layer.SIGN_ON}),
    Layer.ONT: frozenset({Layer.CONFIGURATION, Layer.LIGHT, Layer.SIGN_ON}),
    Layer.CONFIGURATION: frozenset({Layer.SIGN_ON}),
}


class Act(StrEnum):
    """What can be done about it from here."""

    LOOK_AGAIN = "look again"  #: It passes by itself.
    RESET = "reset"  #: Have the ONT start anew.
    MEND = "mend"  #: Have the plan shown that brings the line back on its OLT, and carry it out.
    RETRY = "retry"  #: Continue, or give up, the work that failed.
    FIELD = "field"  #: Send somebody, with what to bring.
    NETWORK = "network"  #: Tell the network's people.
    RESUME = "resume"  #: Open the suspended service again.
    DECIDE = "decide"  #: Have the order decided.
    ASK = "ask"  #: Ask the customer to do something.


@dataclass(frozen=True)
class Evidence:
    """Something that was seen, by whom and when."""

    what: str
    words: str
    source: str
    at: datetime | None


@dataclass(frozen=True)
class Finding:
    """One cause. ``cause`` is its name, ``says`` the sentence; ``to_customer`` can be read out on the phone as it is.

    ``bring`` is what somebody needs who is sent; ``delivery_id`` is the work that it is about. ``common`` names what
    others share who are in the same trouble: one ticket is enough for all of them.
    """

    cause: str
    layer: Layer
    says: str
    sure: Sure
    advice: str
    to_customer: str
    act: Act
    because: tuple[Evidence, ...] = ()
    bring: tuple[str, ...] = ()
    delivery_id: UUID | None = None
    common: str = ""

    @property
    def healthy(self) -> bool:
        """Whether it says that nothing is wrong."""
        return self.layer is Layer.NOTHING and self.sure is not Sure.OPEN


class How(StrEnum):
    """How a link of the chain stands."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"  #: Not good, and not the cause.
    UNSEEN = "unseen"  #: It could not be looked at.
    READING = "reading"  #: It is being looked at.
    NONE = "none"  #: There is none of it, rightly.


@dataclass(frozen=True)
class Link:
    """One piece of the way from the customer's account to the router."""

    name: str
    how: How
    words: str
    source: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Missed:
    """What could not be looked at, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Diagnosis:
    """The answer as far as is known at an instant: ``reading`` says what is still being looked at."""

    key: str
    customer: str
    at: datetime
    finding: Finding
    besides: tuple[Finding, ...] = ()
    chain: tuple[Link, ...] = ()
    missed: tuple[Missed, ...] = ()
    reading: tuple[str, ...] = field(default=())

    @property
    def final(self) -> bool:
        """Whether nothing is being read any more."""
        return not self.reading

    @property
    def good(self) -> tuple[Link, ...]:
        """What was looked at and found good."""
        return tuple(one for one in self.chain if one.how is How.GOOD)
