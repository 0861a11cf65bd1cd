"""Where Debian's Chromium is."""

from __future__ import annotations

import shutil

#: The shell without a window is the same engine and takes half the processor: the browser's own window is drawn by a
#: page as well, though nobody sees it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    """The first there is; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
