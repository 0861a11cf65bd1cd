"""Who proves with a name and a password that they are somebody: by an account here, or else by a directory.

Directories lock accounts after some wrong passwords. Every attempt here is counted before a directory is asked, under
one name however it was written, so that nobody can be locked out there through this form, as long as the directory lets
pass more in a quarter of an hour than ``ISP_WEB__SIGN_IN_ATTEMPTS`` says.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from isp_lifecycle.access import actions, admission
from isp_lifecycle.access.errors import AccountBarred, SignInRefused
from isp_lifecycle.access.model import PORTAL_ROLES, SYSTEM, Role, User
from isp_lifecycle.access.ports import Directory
from isp_lifecycle.access.store import identities
from isp_lifecycle.access.store.identities import Identity
from isp_lifecycle.foundation.claims import Claim
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.intake import sources
from isp_lifecycle.intake.door import Door

_log = log(__name__)


def counted_as(username: str, *, directories: Mapping[str, Directory]) -> str:
    """The name under which attempts count: ``OFFICE\\ann``, ``ann@office.example`` and ``ann`` are one there."""
    return username.rpartition("\\")[2].partition("@")[0] if directories else username


def proved(
    door: Door, *, roles: frozenset[Role], directories: Mapping[str, Directory], username: str, password: str
) -> User:
    """The account whose password this is, or whom a directory vouches for.

    Raises SignInRefused (which of name and password is wrong is not told), AccountBarred, and Unreachable or
    NeedsPerson where nobody else vouches and a directory could not be asked.
    """
    try:
        with write(door.engine, Claim("username", username)) as tx:
            user = actions.check_password(tx=tx, username=username, password=password)
            if user.role not in roles:
                raise SignInRefused
            if user.role not in PORTAL_ROLES:  # customers are known to no source outside
                admission.signed_in_here(tx=tx, at=door.clock.now(), user_id=user.id)
            return user
    except SignInRefused:
        if not directories:
            raise
    return _vouched_for(door, directories, username, password)


def _vouched_for(door: Door, directories: Mapping[str, Directory], username: str, password: str) -> User:
    """Each directory in turn; somebody who is barred in one may still be let in by another.

    What an administrator of our own types is never shown to a directory, which would count it against somebody there
    who has that name; a name that nobody has is asked about instead, so that the time it takes tells nothing.
    """
    with read(door.engine) as tx:
        own = actions.user_by_username(tx=tx, username=username)
    asked = f"nobody-{secrets.token_hex(8)}" if own is not None and own.is_local_administrator else username
    barred: AccountBarred | None = None
    silent: LifecycleError | None = None
    for name, directory in directories.items():
        try:
            return sources.admit(door, SYSTEM, person=directory.authenticate(username=asked, password=password))
        except SignInRefused:
            continue  # nobody there, or not with this password: perhaps in the next one
        except AccountBarred as error:
            barred = barred or error
        except (Unreachable, NeedsPerson) as error:
            _log.error("a directory could not be asked about a sign-in", source=name, reason=error.message)
            silent = silent or error
    raise barred or silent or SignInRefused()


def proved_again(
    door: Door,
    *,
    roles: frozenset[Role],
    directories: Mapping[str, Directory],
    user_id: UUID,
    password: str,
) -> User:
    """The account of somebody who is signed in, whose password this is: the one here, or that of a directory.

    There they are asked for as they are known there, which may be otherwise than here; nobody else's password will do.
    Raises SignInRefused, AccountBarred, Unreachable and NeedsPerson.
    """
    with read(door.engine) as tx:
        user = actions.user_by_id(tx=tx, user_id=user_id)
        known = identities.of_user(tx=tx, user_id=user_id)
    if user.has_password:
        try:
            return proved(door, roles=roles, directories={}, username=user.username, password=password)
        except SignInRefused:
            if not known:
                raise
    for one in known:
        directory = directories.get(one.source)
        if directory is not None and _is_theirs(directory, one, password):
            return user
    raise SignInRefused


def _is_theirs(directory: Directory, known: Identity, password: str) -> bool:
    try:
        return directory.authenticate(username=known.username, password=password).subject == known.subject
    except SignInRefused:
        return False  # perhaps another of their directories
