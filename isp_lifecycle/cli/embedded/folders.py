"""Where embedded servers keep their data and secrets, and whether an account without rights can reach it.

Started by root, PostgreSQL runs as an account that owns nothing else, so each folder above its data and its programs
must let that account pass. Where ``var/`` does not (a checkout in a home of mode 0700), both go to a folder of the
same purpose below ``/var/tmp``, and whoever started it is told.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from isp_lifecycle.cli.embedded.errors import SetUpFailed

ELSEWHERE = Path("/var/tmp")  # noqa: S108 - a folder of our own is made in it, and its owner is checked


def everyone_passes(path: Path) -> bool:
    """Whether any account may walk down to ``path``: the last existing folder and all above it have o+x."""
    path = path.resolve()
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents) if p.exists())


def make_var(var: Path) -> Path:
    """Make the data folder (0711 when made by root: others pass, none lists) and return its absolute path."""
    var = var.resolve()
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return var


def reachable_root(var: Path) -> Path:
    """The folder for what another account must reach: ``var`` itself, or one in /var/tmp that belongs to it."""
    if os.geteuid() != 0 or everyone_passes(var):
        return var
    return elsewhere(var)


def elsewhere(var: Path) -> Path:
    """The folder in /var/tmp that belongs to this ``var``; made by :func:`own_folder` when it is needed."""
    return ELSEWHERE / f"isp-lifecycle-{hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]}"


def own_folder(folder: Path, *, mode: int = 0o711) -> Path:
    """Make ``folder`` and be sure that it is ours: in a shared folder somebody may have made it first."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(mode)  # whatever the umask
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise SetUpFailed(f"making {folder}", "it exists already and belongs to somebody else")
    return folder
