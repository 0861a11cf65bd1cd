"""A page's place: its path, who may open it, and the function that fills it for one session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.changes import Changes
from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.texts import ENGLISH, say_as
from isp_lifecycle.intake.door import Entry
from isp_lifecycle.views.window import View


@dataclass(frozen=True)
class PageSession:
    """What a page is given: who looks at it, the doors, and what its address says."""

    actor: Actor
    doors: Doors
    settings: Settings
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    sign_out_seal: str = ""
    dark: bool = False
    #: A phone, as far as the browser has told so far: the menu starts folded.
    narrow: bool = False
    #: The headings of the menu that were left open.
    menu: frozenset[str] = frozenset()
    #: The code of the language in which the page speaks.
    language: str = ENGLISH
    #: Counts an application while it is placed, by the address of who looks; refuses when there were too many.
    applying: Callable[[], AbstractContextManager[None]] = nullcontext
    #: Tells what was changed in the database, for parts that follow it.
    changes: Changes = field(default_factory=Changes)

    def look[**P, R](self, view: View[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Read through a view as the one who looks."""
        return view(self.doors.window, self.actor, *args, **named)

    def act[**P, R](self, entry: Entry[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Change something through the door as the one who looks."""
        return entry(self.doors.door, self.actor, *args, **named)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the provider's wall calendar, in which all times are shown."""
        return self.settings.company.tz

    @property
    def now(self) -> datetime:
        """The present instant by the doors' clock."""
        return self.doors.window.clock.now()

    @property
    def today(self) -> date:
        """The date on the provider's wall calendar."""
        return self.now.astimezone(self.zone).date()


#: The headings of a long menu, in their order.
GROUPS = (
    say_as("menu", "Sales"),
    say_as("menu", "Field"),
    say_as("menu", "Lines"),
    say_as("menu", "Network"),
    say_as("menu", "Business"),
    say_as("menu", "System"),
)

#: Fills a page: what it returns stands below the title, from top to bottom.
Build = Callable[[PageSession], Sequence[Any]]


@dataclass(frozen=True)
class Route:
    """One page. ``any_of`` names permissions of which one suffices; a public page needs no sign-in."""

    title: str
    icon: str
    build: Build
    any_of: tuple[str, ...] = ()
    public: bool = False
    in_menu: bool = True
    demo_only: bool = False
    #: Of a folder: whether its own pages send forms there, which the guard lets through sealed and from here only.
    sends: bool = False
    #: What the menu calls it, where the title is long; and under which of ``GROUPS`` it stands there.
    menu: str = ""
    group: str = ""
    #: Widest that the content grows, in pixels.
    width: int = 1180

    def open_to(self, actor: Actor) -> bool:
        """Whether this actor may open the page; what they may do there is checked again by each door."""
        return self.public or any(actor.may(permission) for permission in self.any_of)


Routes = Mapping[str, Route]


def home_of(actor: Actor, routes: Routes, homes: Mapping[str, str]) -> str:
    """The page that an actor starts on: the one of their role, else the first that is open to them."""
    own = homes.get(actor.role, "")
    candidates = [own, *routes] if own else [*routes]
    return next((path for path in candidates if path in routes and routes[path].open_to(actor)), "")
