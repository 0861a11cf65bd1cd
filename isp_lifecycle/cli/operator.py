"""Whoever types commands: an administrator by having the database's password, named in the audit by their account."""

from __future__ import annotations

import getpass

from isp_lifecycle.access.model import ROLES, Actor, Role


def operator() -> Actor:
    """The actor of a command."""
    return Actor(
        user_id=None,
        username=account_name(),
        name=account_name(),
        role=Role.ADMINISTRATOR,
        permissions=ROLES[Role.ADMINISTRATOR],
        source="cli",
    )


def account_name() -> str:
    """The operating system's name of whoever runs this; "operator" where it has none (a container's bare number)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"
