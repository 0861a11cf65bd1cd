"""How a vendor's command line talks: prompts, pagers, questions, error texts. Data only; `conversation` reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum


class Meaning(Enum):
    """What an answer means for the one who asked."""

    PLAIN = "an answer like any other"
    REPEATED = "it already is as asked: good for a change"
    ABSENT = "there is no such thing: normal for a look and for a removal"
    PRESENT = "something of that name or number stands there already"
    OFFLINE = "the ONT must be online for this"
    BUSY = "the device is occupied: ask again a little later"
    UNSUPPORTED = "this firmware does not know the command"
    REJECTED = "a known no that only the device's configuration can cure"


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """A text of the device and what it means. Texts are matched with runs of white space made one space."""

    pattern: re.Pattern[str]
    meaning: Meaning
    remedy: str = ""
    """For REJECTED: what a person does about it."""


class LoginMeaning(Enum):
    REFUSED = "wrong user name or password"
    EXPIRED = "the password is too old, and nothing else is let in before it was changed"
    EXHAUSTED = "too many sessions of this account"
    CLOSED = "the device ends the session"


@dataclass(frozen=True, slots=True)
class LoginRule:
    pattern: re.Pattern[str]
    meaning: LoginMeaning


#: The words for it are established for none of the vendors, so that they are written here as widely as is safe. A
#: password that *will* expire, or that one is advised to change, is none.
PASSWORD_EXPIRED = LoginRule(
    re.compile(
        r"[^\n]*\bpassword\b[^\n]*\b((has|is|was) (already )?expired|(must|needs? to|has to) be (changed|modified))"
        r"[^\n]*",
        re.IGNORECASE,
    ),
    LoginMeaning.EXPIRED,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A question the driver may answer, with the keys it presses."""

    pattern: re.Pattern[str]
    keys: str
    asked_by: re.Pattern[str] | None = None
    """The commands that it is answered to, where the same question after another one must not be; None: to any."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a text ends that waits for a person, and how long silence must last before that is certain."""

    pattern: re.Pattern[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Dialect:
    """Everything that `conversation` must know of a vendor. Patterns see text without ANSI codes and without CR."""

    enter: str
    prompt: re.Pattern[str]
    """At the end of the text; groups ``host``, ``mode`` (None at the top) and ``mark``."""
    greetings: tuple[Reply, ...]
    """Questions between connection and first prompt."""
    questions: tuple[Reply, ...]
    """Questions during a session that are expected: pager, completion hints, confirmations of what was asked for."""
    asking: tuple[Asking, ...]
    """What no question above matches and yet ends like this is an unknown prompt."""
    alarm: re.Pattern[str]
    """A whole block said unasked."""
    alarm_begun: re.Pattern[str]
    """The beginning of such a block, searched after whole ones were removed: no prompt counts until its end came."""
    noise: tuple[re.Pattern[str], ...]
    """Traces of pagers, hints and confirmations, and progress texts; removed from answers."""
    logins: tuple[LoginRule, ...]
    farewells: tuple[re.Pattern[str], ...]
    """Said by the device when it ends a session."""
    answers: tuple[AnswerRule, ...]
    rejected: re.Pattern[str]
    """Any answer that is a rejection, known or not."""
    harmless: tuple[re.Pattern[str], ...]
    """Lines with which a change may be confirmed. Any other line after a change is an unknown answer."""
    set_up: tuple[str, ...]
    """Sent after login, in order, one line each."""
    home: str
    """The mode in which a session rests (the prompt's ``mode``)."""
    go_home: str
    """One level up, from a mode below the home mode."""
    from_top: str
    """From the top (a prompt without a mode) to the home mode."""
    quit: str
    max_quits: int = 6
    stray_prompt_seconds: float = 3.0
    """Silence after a prompt that no echo preceded, before the answer counts as garbled."""
    slow: tuple[Asking, ...] = ()
    """Commands at which the device works in silence, and how long that may last, beyond the OLT's read timeout."""

    not_yet: re.Pattern[str] | None = None
    """Commands that name what may be a moment old: if there is no such thing, they are sent again a little later."""
    naming: re.Pattern[str] | None = None
    """Commands known to this firmware in which only a name can be wrong: not understood means that it names nothing."""

    @property
    def all_logins(self) -> tuple[LoginRule, ...]:
        """The vendor's, and what any vendor may say."""
        return (*self.logins, PASSWORD_EXPIRED)

    def silence_of(self, command: str) -> float:
        """Seconds of silence that are ordinary for this command; 0 for most."""
        return next((one.seconds for one in self.slow if one.pattern.search(command)), 0.0)

    def meaning_of(self, answer: str, command: str = "") -> AnswerRule | None:
        """The first rule that matches, or None. A rejection that no rule knows is for the caller to notice."""
        flat = " ".join(answer.split())
        rule = next((rule for rule in self.answers if rule.pattern.search(flat)), None)
        if rule is not None and rule.meaning is Meaning.UNSUPPORTED and self.naming and self.naming.search(command):
            return replace(rule, meaning=Meaning.ABSENT)
        return rule
