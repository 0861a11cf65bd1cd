"""Keep a value on disk so that a killed process finds either the old or the new one, never half of it."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write `content` in one step, with these permissions.

    The rename is atomic. There is no fsync: the promise is made against the death of the process, not of the machine.
    """
    scratch = path.with_name(path.name + ".new")
    scratch.touch(mode=mode)
    scratch.write_bytes(content)
    os.replace(scratch, path)
