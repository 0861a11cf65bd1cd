"""Commands that are loaded when they are called: ``isp status`` does not wait for what ``isp bench`` imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

_LOADED: dict[str, Any] = {}


def lazy_group(commands: Mapping[str, str], helps: Mapping[str, str], *, loose: Iterable[str] = ()) -> type[TyperGroup]:
    """A group of commands by their places, such as ``isp_lifecycle.cli.db:db``: a function, or a group of Typer's.

    ``helps`` says in a line what each is for, so that the list of all needs none of them (a test holds them to what the
    commands say themselves). Those that are ``loose`` hand options that they do not know on.
    """

    class Lazy(TyperGroup):
        """Knows the names, and loads a command when somebody calls it."""

        _listing = False

        def list_commands(self, ctx: Any) -> list[str]:
            return [*commands, *super().list_commands(ctx)]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name not in commands:
                return super().get_command(ctx, cmd_name)
            if self._listing:
                return TyperCommand(cmd_name, help=helps[cmd_name])
            if cmd_name not in _LOADED:
                _LOADED[cmd_name] = _load(cmd_name, commands[cmd_name], loose=cmd_name in loose)
            return _LOADED[cmd_name]

        def format_help(self, ctx: Any, formatter: Any) -> None:
            self._listing = True
            try:
                super().format_help(ctx, formatter)
            finally:
                self._listing = False

    return Lazy


def _load(name: str, place: str, *, loose: bool) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
        return getattr(get_command(alone), "commands")[name]  # noqa: B009 - a group, whatever its declared class says
    alone.command(name=name, context_settings={"ignore_unknown_options": True} if loose else None)(found)
    return get_command(alone)
