"""Become another program that ends with its parent: ``leash.py PARENT SIGNAL UID GID program argument...``.

Runs as a file of its own with the standard library only, so that it starts quickly and needs no ``preexec_fn``
(which is unsafe in a process with threads). It gives up root for UID and GID (-1 = stays as it is), asks the kernel to
send SIGNAL when the parent dies (Linux; elsewhere the next start finds what was left), and executes the program.
"""

from __future__ import annotations

import ctypes
import os
import sys

#: linux/prctl.h
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Give up rights, tie the leash, become the program."""
    parent, signal_number, uid, gid = (int(a) for a in arguments[:4])
    argv = arguments[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After setuid, which would clear it.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(f"{argv[0]}: the parent has gone already")
    os.execv(argv[0], argv)  # noqa: S606 - becoming the program is the purpose; no shell is involved


if __name__ == "__main__":
    main(sys.argv[1:])
