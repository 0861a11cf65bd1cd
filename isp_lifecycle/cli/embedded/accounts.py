"""Which account PostgreSQL runs as: the caller's own, or, for root, an unused one without a log-in."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

#: Above the usual people (1000..) and below what container managers hand out (65536..).
FIRST_UNUSED = 54321
LAST_UNUSED = 60000


@dataclass(frozen=True)
class Account:
    """A user and a group id; -1 means that the caller's own is kept."""

    uid: int = -1
    gid: int = -1

    @property
    def differs(self) -> bool:
        """Whether rights are given up for it."""
        return self.uid >= 0

    def hand_over(self, folder: Path) -> None:
        """Give it ``folder`` and all below; nothing happens where the caller keeps its own account."""
        if not self.differs:
            return
        for top, folders, files in os.walk(folder):
            os.chown(top, self.uid, self.gid)
            for name in (*folders, *files):
                os.chown(os.path.join(top, name), self.uid, self.gid, follow_symlinks=False)


def server_account(data: Path) -> Account:
    """The account that runs the server on ``data``: the folder's owner, or the first id that no account has."""
    if os.geteuid() != 0:
        return Account()
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    uid = next(u for u in range(FIRST_UNUSED, LAST_UNUSED) if u not in taken)
    return Account(uid, uid)


def set_up_account() -> Account:
    """The account for ``initdb``, which insists on one with a name: ``nobody``, for that minute only."""
    if os.geteuid() != 0:
        return Account()
    named = [e for e in pwd.getpwall() if e.pw_uid != 0]
    entry = next((e for e in named if e.pw_name == "nobody"), named[0])
    return Account(entry.pw_uid, entry.pw_gid)
