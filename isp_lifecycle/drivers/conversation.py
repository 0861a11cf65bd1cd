"""One open command line: log in, ask, get the answer, answer only the questions that were expected.

How it stays in step with the device: every answer is what stands between the echo of the command and the next prompt.
So a prompt that came late (a warning after login, an alarm between two commands) never ends an answer.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import NoReturn

from isp_lifecycle.drivers.contract import OltAccess, Transcript
from isp_lifecycle.drivers.dialect import AnswerRule, Dialect, LoginMeaning, Meaning, Reply
from isp_lifecycle.drivers.errors import (
    ChangedMeanwhile,
    CommandRejected,
    LoginRefused,
    OltBusy,
    OltUnreachable,
    PasswordExpired,
    SessionLost,
    SessionsExhausted,
    UnknownAnswer,
    UnknownPrompt,
)
from isp_lifecycle.drivers.wire import Hangup, Wire

_SETTLE_S = 0.15
"""After the first prompt: how long silence must last before the greeting counts as over."""
_FIRST_PAUSE_S = 0.25
_TAIL = 600

_REMEDIES = {
    Meaning.REPEATED: "Nothing has to be done: the device is already as asked.",
    Meaning.ABSENT: "Somebody removed it meanwhile, or it never was there: look at the device, then retry.",
    Meaning.OFFLINE: "The ONT must be online for this: check its power and its fibre.",
    Meaning.UNSUPPORTED: "This firmware does not know the command: tell the maintainers, with the transcript.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device said to one command, without echo, prompt, pager and alarms."""

    command: str
    text: str
    meaning: Meaning


class Conversation:
    """A command line in step. Not thread-safe; the pool gives it to one user at a time."""

    def __init__(self, wire: Wire, dialect: Dialect, access: OltAccess, transcript: Transcript) -> None:
        self.access = access
        self.mode: str | None = None
        self.closed = False
        self.last: Answer | None = None
        self._wire = wire
        self._dialect = dialect
        self.host = ""  # what the device calls itself, from its prompt
        self.attach(transcript)

    def attach(self, transcript: Transcript) -> None:
        """From now on this is the record; a pooled session changes hands."""
        transcript.mask(self.access.password)
        transcript.mask(self.access.enable_password)
        self.transcript = transcript

    # --- login and logout ---------------------------------------------------------------------------------------------

    def login(self) -> None:
        """From the connection to the home mode; raises as `enter` does, and UnknownPrompt; then it is closed."""
        self.enter(self._dialect.set_up)
        if self.mode != self._dialect.home:
            self.close(politely=False)
            raise UnknownPrompt(self.access.name, self._dialect.set_up[-1], f"a prompt in mode {self.mode or 'top'}")

    def enter(self, commands: tuple[str, ...]) -> None:
        """From the connection to a prompt, wherever these commands lead. Raises as opening a session does."""
        try:
            self._greet()
            for command in commands:
                self.ask(command, accept=frozenset({Meaning.UNSUPPORTED, Meaning.REPEATED}))
        except (Hangup, SessionLost) as error:
            self.close(politely=False)
            reason = error.reason if isinstance(error, SessionLost) else str(error)
            raise self._unreachable(f"the session ended during login ({reason})") from error
        except BaseException:
            self.close(politely=False)
            raise

    def _greet(self) -> None:
        heard, began, answered, given = "", time.monotonic(), 0, False
        while True:
            stands = self._dialect.prompt.search(heard[-_TAIL:])
            left = self.access.read_timeout - (time.monotonic() - began)
            piece = self._hear_greeting(heard, _SETTLE_S if stands else left)
            heard += piece
            self._judge_greeting(heard)
            question = self._question(heard[answered:], self._dialect.greetings)
            if question is not None:
                if given and "{password}" in question.keys:
                    self._not_twice(heard)
                answered, given = len(heard), given or "{password}" in question.keys
                self._wire.write(self._keys(question) + self._dialect.enter)
            elif not piece:
                self.transcript.received(heard, time.monotonic() - began)
                if stands is None:
                    self._no_prompt(heard[answered:])
                self.host, self.mode = stands["host"], stands["mode"]
                return

    def _not_twice(self, heard: str) -> NoReturn:
        """A password that is asked for again was wrong, whatever was said between: once more might lock the account."""
        self.transcript.received(heard, 0.0)
        asked = heard.rstrip().rpartition("\n")[2]
        raise LoginRefused(self.access.name, self.access.username, f"it asks once more: {asked}")

    def _no_prompt(self, since_answered: str) -> NoReturn:
        if any(one.pattern.search(since_answered[-_TAIL:]) for one in self._dialect.asking):
            raise UnknownPrompt(self.access.name, "login", since_answered[-_TAIL:])
        raise self._unreachable(f"no prompt within {self.access.read_timeout:.0f} s")

    def _hear_greeting(self, heard: str, seconds: float) -> str:
        try:
            return self._wire.receive(max(seconds, 0.0)).replace("\r", "")
        except Hangup:
            self.transcript.received(heard, 0.0)
            raise

    def _judge_greeting(self, heard: str) -> None:
        if any(rule.pattern.search(heard) for rule in self._dialect.all_logins):
            self.transcript.received(heard, 0.0)
            self._judge(heard)

    def _judge(self, heard: str) -> None:
        """Raise what a known text about logging in means."""
        for rule in self._dialect.all_logins:
            found = rule.pattern.search(heard)
            if found is None:
                continue
            said = " ".join(found[0].split())
            if rule.meaning is LoginMeaning.REFUSED:
                raise LoginRefused(self.access.name, self.access.username, said)
            if rule.meaning is LoginMeaning.EXPIRED:
                raise PasswordExpired(self.access.name, self.access.username, said)
            if rule.meaning is LoginMeaning.EXHAUSTED:
                raise SessionsExhausted(self.access.name, self.access.username, said)
            raise self._unreachable(said)

    def _unreachable(self, reason: str) -> OltUnreachable:
        return OltUnreachable(self.access.name, self.access.host, self.access.port, reason)

    def close(self, *, politely: bool = True) -> None:
        """Log out as the device wants it, or just hang up. Never raises for what the device does."""
        if self.closed:
            return
        self.closed = True
        try:
            if politely:
                self._log_out()
        except Hangup:
            pass  # that is how a logout ends
        finally:
            self._wire.close()

    def _log_out(self) -> None:
        heard, ends, quits = "", time.monotonic() + 2.0, 0
        self._wire.write(self._dialect.quit + self._dialect.enter)
        while time.monotonic() < ends and not any(said.search(heard) for said in self._dialect.farewells):
            heard += self._wire.receive(0.5).replace("\r", "")
            question = self._question(heard, self._dialect.questions)
            if question is not None:
                heard = ""
                self._wire.write(self._keys(question))
            elif quits < self._dialect.max_quits and self._dialect.prompt.search(heard[-_TAIL:]):
                heard, quits = "", quits + 1
                self._wire.write(self._dialect.quit + self._dialect.enter)

    def alive(self) -> bool:
        """Whether the connection stands, and the device has not said good-bye on it while nobody listened."""
        if self.closed or not self._wire.alive():
            return False
        try:
            waiting = self._set_aside()
        except Hangup:
            return False
        return not any(said.search(waiting) for said in self._dialect.farewells)

    def _set_aside(self) -> str:
        """Take what the device has said unasked: it is evidence, but no answer to what is asked next."""
        waiting = self._wire.receive(0.0)
        if waiting:
            waiting = waiting.replace("\r", "")
            self.transcript.received(waiting, 0.0)
        return waiting

    # --- asking -------------------------------------------------------------------------------------------------------

    def ask(self, command: str, *, accept: frozenset[Meaning] = frozenset()) -> Answer:
        """Send one line and return the answer.

        ``accept`` are the meanings, beyond a plain answer, that the caller can live with. Raises CommandRejected,
        ChangedMeanwhile, OltBusy, UnknownAnswer (the session stays in step) and SessionLost, UnknownPrompt (closed).
        """
        answer, rule = self._ask_patiently(command, accept)
        if answer.meaning is Meaning.PLAIN or answer.meaning in accept:
            return answer
        said = " ".join(answer.text.split())
        if answer.meaning is Meaning.PRESENT:
            raise ChangedMeanwhile(self.access.name, command, said)
        remedy = (rule.remedy if rule is not None else "") or _REMEDIES.get(answer.meaning, "")
        raise CommandRejected(self.access.name, command, said, remedy=remedy)

    def change(self, command: str, *, accept: frozenset[Meaning] = frozenset()) -> Answer:
        """Like `ask`, for a command that changes something: an answer must be silent or of a known form."""
        answer = self.ask(command, accept=accept)
        if answer.meaning is Meaning.PLAIN:
            for line in answer.text.splitlines():
                if line.strip() and not any(form.search(line) for form in self._dialect.harmless):
                    raise UnknownAnswer(self.access.name, command, answer.text)
        return answer

    def go_home(self) -> None:
        """Back to the mode a session rests in, from wherever an error left it."""
        for _ in range(self._dialect.max_quits):
            if self.mode == self._dialect.home:
                return
            self.ask(self._dialect.from_top if self.mode is None else self._dialect.go_home)
        self.close()
        raise UnknownPrompt(self.access.name, self._dialect.go_home, f"a prompt in mode {self.mode or 'top'}")

    def _ask_patiently(self, command: str, accept: frozenset[Meaning]) -> tuple[Answer, AnswerRule | None]:
        """Again and again while the device is busy, or does not yet have what it was given a moment ago."""
        names_new = self._dialect.not_yet is not None and self._dialect.not_yet.search(command) is not None
        passing = {Meaning.BUSY} | ({Meaning.ABSENT} - accept if names_new else set())
        began, pause = time.monotonic(), _FIRST_PAUSE_S
        while True:
            answer, rule = self._ask_once(command)
            if answer.meaning not in passing:
                return answer, rule
            waited = time.monotonic() - began
            if waited + pause > self.access.busy_patience:
                if answer.meaning is Meaning.BUSY:
                    raise OltBusy(self.access.name, command, " ".join(answer.text.split()), waited)
                return answer, rule
            why = "busy" if answer.meaning is Meaning.BUSY else "not there yet"
            self.transcript.note(f"{why}: asking again in {pause:.2f} s")
            time.sleep(pause)
            pause = min(pause * 2, 2.0)

    def _ask_once(self, command: str) -> tuple[Answer, AnswerRule | None]:
        text = self._cleaned(self._exchange(command))
        rule = self._dialect.meaning_of(text, command)
        if rule is None and self._dialect.rejected.search(text):
            raise UnknownAnswer(self.access.name, command, text)
        self.last = Answer(command, text, rule.meaning if rule else Meaning.PLAIN)
        return self.last, rule

    def _cleaned(self, text: str) -> str:
        for noise in self._dialect.noise:
            text = noise.sub("", text)
        return text.strip("\n")

    def _exchange(self, command: str) -> str:
        """Write the line and read until the prompt stands after its echo. Returns what stood between."""
        if self.closed:
            raise SessionLost(self.access.name, command, "the session is closed")
        hearing = _Hearing(command, self._dialect, self.host)
        began = time.monotonic()
        try:
            hearing.begin_with(self._set_aside())
            self.transcript.sent(command)
            self._wire.write(command + self._dialect.enter)
            while not hearing.complete:
                self._hear_more(hearing)
        except Hangup as error:
            self.close(politely=False)
            raise SessionLost(self.access.name, command, str(error)) from error
        finally:
            self.transcript.received(hearing.raw, time.monotonic() - began)
        self.mode = hearing.mode
        return hearing.answer

    def _hear_more(self, hearing: _Hearing) -> None:
        longest = max(self.access.read_timeout, self._dialect.silence_of(hearing.command))
        patience = hearing.patience or longest
        piece = self._wire.receive(patience)
        if not piece:
            self._give_up(hearing, patience)
        hearing.add(piece.replace("\r", ""))
        question = self._question(hearing.unanswered, self._dialect.questions, hearing.command)
        if question is not None:
            hearing.answered()
            self._wire.write(self._keys(question))

    def _give_up(self, hearing: _Hearing, waited: float) -> NoReturn:
        """Nothing more comes, and no prompt stands: never guess, never send another word on this session."""
        self.close(politely=False)
        if hearing.command in self._dialect.set_up:
            self._judge(hearing.raw)  # a password was refused that is asked for after the first prompt
        if hearing.patience is None:
            raise SessionLost(self.access.name, hearing.command, f"no answer for {waited:.0f} s")
        if hearing.echoed:
            raise UnknownPrompt(self.access.name, hearing.command, hearing.raw[-_TAIL:].rsplit("\n\n", 1)[-1])
        raise UnknownAnswer(self.access.name, hearing.command, hearing.raw)

    def _question(self, text: str, known: tuple[Reply, ...], command: str = "") -> Reply | None:
        end = text[-_TAIL:]
        return next((reply for reply in known if reply.pattern.search(end) and self._may_say(reply, command)), None)

    def _may_say(self, reply: Reply, command: str) -> bool:
        asked = reply.asked_by is None or reply.asked_by.search(command) is not None
        return asked and ("{enable_password}" not in reply.keys or bool(self.access.enable_password))

    def _keys(self, reply: Reply) -> str:
        return reply.keys.format(
            username=self.access.username, password=self.access.password, enable_password=self.access.enable_password
        )


class _Hearing:
    """What has come in answer to one command so far, and whether it is complete."""

    def __init__(self, command: str, dialect: Dialect, host: str) -> None:
        self.command = command
        self.raw = ""
        self.answer = ""
        self.mode: str | None = None
        self.complete = False
        self.echoed = False
        self.patience: float | None = None
        """Seconds of silence after which this text counts as a question nobody knows; None: it is ordinary text."""
        self._dialect = dialect
        self._host = host
        self._answered = 0
        self._own_prompt = re.compile(rf"^{re.escape(host)}(?:\([^()\n]*\))?[>#%]+[ \t]*$", re.MULTILINE)
        # Line editors break and rejoin words, so white space in the echo proves nothing.
        self._echo = re.compile(r"\s*".join(re.escape(letter) for letter in command if not letter.isspace()))

    @property
    def unanswered(self) -> str:
        """The text since the last question that was answered; empty until the echo."""
        return self.raw[self._answered :] if self.echoed else ""

    def answered(self) -> None:
        self._answered = len(self.raw)
        self.patience = None

    def begin_with(self, aside: str) -> None:
        """Of what was said before, only an alarm matters whose end is still to come: into the answer, perhaps."""
        begun = self._dialect.alarm_begun.search(self._dialect.alarm.sub("", aside))
        if begun is not None:
            self.raw = aside[aside.rindex(begun[0]) :]

    def add(self, piece: str) -> None:
        self.raw += piece
        if "\n" not in self.raw:
            return  # the echo comes letter by letter; nothing can be decided before its line ends
        said = self._after_echo()
        prompt = self._dialect.prompt.search(said, max(0, len(said) - _TAIL))
        if prompt is not None and prompt["host"] == self._host and not self._dialect.alarm_begun.search(said):
            self.complete = self.echoed
            self.answer, self.mode = self._first_said(said[: prompt.start()]), prompt["mode"]
        self._consider_silence(prompt)

    def _after_echo(self) -> str:
        """What was said after the echo, without alarms; everything as long as there is no echo."""
        calm = self._calm(self.raw)
        echo = self._echo.search(calm)
        inside = self._echo.search(self.raw) if echo is None else None  # an alarm may close around the echo
        self.echoed = echo is not None or inside is not None
        if echo is not None:
            return calm[echo.end() :]
        if inside is not None:
            return self._calm(self.raw[: inside.start()] + self.raw[inside.end() :])
        return calm

    def _calm(self, text: str) -> str:
        """Without alarms. After one that came at a prompt the prompt is said again, on a line of its own still."""

        def left(alarm: re.Match[str]) -> str:
            line = text[: alarm.start()].rpartition("\n")[2]
            return "\n" if alarm[0].startswith("\n") and self._own_prompt.fullmatch(line) else ""

        return self._dialect.alarm.sub(left, text)

    def _first_said(self, text: str) -> str:
        """Where prompts stand inside, the device said something twice, or said it late: the first words count."""
        parts = self._own_prompt.split(text)
        return next((part for part in parts if part.strip()), "")

    def _consider_silence(self, prompt: re.Match[str] | None) -> None:
        self.patience = next(
            (wait.seconds for wait in self._dialect.asking if wait.pattern.search(self.unanswered[-_TAIL:])), None
        )
        if prompt is not None and not self.complete:
            self.patience = self._dialect.stray_prompt_seconds
