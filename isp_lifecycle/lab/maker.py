"""What the lab must know of a maker's OLTs to put them on the wire and to report on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from isp_lifecycle.lab.device import Device
from isp_lifecycle.lab.screen import Wire


class Session(Protocol):
    """One logged-in terminal; `broken` when its end is to look like a pulled cable."""

    broken: bool

    async def run(self, *, connected_at: float) -> None:
        """Hold the whole conversation; returns when it is over."""
        ...


class OpenSession(Protocol):
    """Makes a terminal of a device for somebody who has logged in."""

    def __call__(self, device: Any, wire: Wire, *, account: str, address: str, idle_seconds: float) -> Session: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """One maker's devices; the texts are what is said before there is a session."""

    device: Callable[..., Device[Any]]
    session: OpenSession
    control_flag: Callable[[Any, Any], str]
    """What the operator wants of a registered ONT, in the maker's word."""
    running_configuration: Callable[[Any], str]
    banner: str
    wrong_credentials: str
    exhausted: str
