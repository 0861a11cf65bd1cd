"""Every function of the two doors for every role, called: the table of roles and permissions decides, nothing else.

The door is asked itself, without a page: what a crafted message over a page's websocket, a notebook or a command can
reach is exactly this. The table that comes out stands in ``build/access-matrix.md``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle import intake, views
from isp_lifecycle.access.errors import Forbidden, ProofNeeded
from isp_lifecycle.access.model import PERMISSIONS, ROLES, Actor, Role
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views.window import Window

MATRIX = Path(__file__).parents[3] / "build" / "access-matrix.md"


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function that is written in a module of the two doors."""
    for package in (intake, views):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, thing in vars(module).items():
                if inspect.isfunction(thing) and thing.__module__ == found.name and not name.startswith("_"):
                    yield f"{found.name.removeprefix('isp_lifecycle.')}.{name}", thing


#: What pages, commands, notebooks and machines can call, by its place.
DOORS = {place: function for place, function in functions() if hasattr(function, "permissions")}
#: They are the doors' own parts, and are handed an actor that another function has let in.
PARTS = {"intake.told.told", "intake.told.refusal"}


def takes(function: Callable[..., Any], *types: str) -> bool:
    """Whether a parameter is of one of these types, as it is written."""
    parameters = inspect.signature(function, follow_wrapped=False).parameters.values()
    return any(re.search(rf"\b{kind}\b", str(one.annotation)) for one in parameters for kind in types)


def actor_in(role: Role) -> Actor:
    return Actor(None, f"some-{role}", "Somebody", role, ROLES[role], "test", address="192.0.2.7")


def test_nothing_that_reaches_the_database_is_without_a_permission() -> None:
    """Whoever adds a function that takes a door, a window or an actor declares what it needs, or the build fails."""
    undeclared = [
        place
        for place, function in functions()
        if place not in DOORS and place not in PARTS and takes(function, "Door", "Window", "Actor")
    ]
    assert undeclared == []
    assert {p for function in DOORS.values() for p in function.permissions} <= PERMISSIONS.keys()
    assert all(function.permissions for function in DOORS.values())


def test_nothing_of_a_door_is_given_away_half_open() -> None:
    """What takes an act or a look is inside the door; nobody outside can have one to hand over."""
    assert [place for place, f in functions() if place in DOORS and takes(f, "Act", "Look")] == []


def test_every_permission_lets_somebody_do_something() -> None:
    used = {p for function in DOORS.values() for p in function.permissions}

    assert sorted(PERMISSIONS.keys() - used) == []


class Reached(Exception):
    """The call got past the question who asks."""


def nowhere() -> sa.Engine:
    """A database that nobody may come to: reaching for it tells that the door was open."""
    engine = open_engine("postgresql://nobody@127.0.0.1:9/nothing")

    @sa.event.listens_for(engine, "do_connect")
    def _reached(*_anything: object) -> None:
        raise Reached

    return engine


def is_let_in(function: Callable[..., Any], role: Role, engine: sa.Engine, settings: Settings) -> bool:
    """Call it without any argument: a refusal comes before everything else."""
    clock = SystemClock()
    place: Any = Door(engine, clock, settings)
    if "views" in function.__module__:
        place = Window(engine, clock, settings, Olts([]))
    try:
        function(place, actor_in(role))
    except Forbidden:
        return False
    except (Reached, TypeError, ProofNeeded):
        return True
    return True


@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_where_the_table_says_and_refused_and_told_elsewhere(
    role: Role, engine: sa.Engine, tmp_path: Path
) -> None:
    settings, shut = Settings(var=tmp_path), nowhere()
    allowed = {place for place, function in DOORS.items() if ROLES[role] & set(function.permissions)}
    for place in sorted(allowed):
        assert is_let_in(DOORS[place], role, shut, settings), place
    for place in sorted(DOORS.keys() - allowed):
        assert not is_let_in(DOORS[place], role, engine, settings), place
    with engine.connect() as connection:
        lines = connection.execute(
            sa.text("SELECT actor, role, source, address, action, subject_id, reason FROM audit")
        )
        told = sorted(tuple(line) for line in lines)
    expected = sorted(
        (
            f"some-{role}",
            str(role),
            "test",
            "192.0.2.7",
            "refused",
            _short(place),
            f"needs {DOORS[place].permissions[-1]}",
        )
        for place in DOORS.keys() - allowed
    )
    assert told == expected


def _short(place: str) -> str:
    module, _, name = place.rpartition(".")
    return f"{module.rpartition('.')[2]}.{name}"


def test_the_table_is_written() -> None:
    roles = [role for role in Role if role is not Role.SYSTEM]
    head = ["| function | needs one of | " + " | ".join(roles) + " |", "|---" * (len(roles) + 2) + "|"]
    rows = [
        f"| `{place}` | {', '.join(function.permissions)} | "
        + " | ".join("yes" if ROLES[role] & set(function.permissions) else "" for role in roles)
        + " |"
        for place, function in sorted(DOORS.items())
    ]
    MATRIX.parent.mkdir(exist_ok=True)
    MATRIX.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    assert len(rows) == len(DOORS) > 100
