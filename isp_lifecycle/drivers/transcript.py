"""The record of a conversation with a device: evidence for people, and a clock for device time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from isp_lifecycle.drivers.secret_words import SECRETS

Direction = Literal["sent", "received", "note"]

MASK = "******"


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a conversation. ``at`` is seconds since the transcript began, ``seconds`` what it took."""

    direction: Direction
    text: str
    at: float
    seconds: float = 0.0


class Transcript:
    """An append-only record that the caller hands in, so that it survives whatever the session raises.

    ``secrets`` are masked wherever they occur; so are values after words such as *password*. ``head`` says whose
    conversation it is, and stands above it once there is one. Safe to append from several threads.
    """

    def __init__(self, secrets: tuple[str, ...] = (), *, head: str = "") -> None:
        self._head = head
        self._secrets = {secret for secret in secrets if secret}
        self._entries: list[Entry] = []
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def mask(self, secret: str) -> None:
        """Never show this text."""
        if secret:
            with self._lock:
                self._secrets.add(secret)

    def sent(self, text: str) -> None:
        self._append("sent", text, 0.0)

    def received(self, text: str, seconds: float) -> None:
        """``seconds``: how long we waited for the device to say this."""
        self._append("received", text, seconds)

    def note(self, text: str) -> None:
        """Something worth knowing that was not said on the wire: a wait, a lost session, an alarm set aside."""
        self._append("note", text, 0.0)

    def _append(self, direction: Direction, text: str, seconds: float) -> None:
        with self._lock:
            self._entries.append(Entry(direction, text, time.monotonic() - self._began, seconds))

    @property
    def entries(self) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(self._entries)

    @property
    def device_seconds(self) -> float:
        """Time spent waiting for the device, in seconds."""
        return sum(entry.seconds for entry in self.entries)

    def text(self) -> str:
        """The conversation for people, secrets masked."""
        marks = {"sent": ">", "received": "<", "note": "#"}
        entries = self.entries
        lines = [f"{'':9} # {self._head}"] if self._head and entries else []
        for entry in entries:
            took = f"  [{entry.seconds:.3f} s]" if entry.direction == "received" else ""
            said = self._masked(entry.text).strip("\r\n").splitlines() or [""]
            lines.append(f"{entry.at:9.3f} {marks[entry.direction]} {said[0]}{took}".rstrip())
            lines.extend(f"{'':9} {marks[entry.direction]} {line}".rstrip() for line in said[1:])
        return "\n".join(lines)

    def _masked(self, text: str) -> str:
        return discreet(without(self._secrets, text))


def without(secrets: Iterable[str], text: str) -> str:
    """The text with a mask in the place of each secret."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def discreet(text: str) -> str:
    """The text with masks after words such as *password*."""
    for pattern in SECRETS:
        text = pattern.sub(lambda found: found[1] + MASK, text)
    return text
