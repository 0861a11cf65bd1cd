"""Components of our own that are made of browser libraries: bundled ahead of time, loaded only by pages that use them.

Their sources are in ``dashboards/components``, one file a component, which exports ``render`` as Panel's ESM components
do. ``make components`` bundles each with the libraries it imports (by the versions of the lock there) into
``dashboards/assets/components``; what comes out is committed and shipped, so that only who changes them needs node.
Another library::

    cd dashboards/components && npm install --package-lock-only --save-exact --omit-lockfile-registry-resolved NAME

Licences that may be shipped are listed in ``build.mjs``. After a conflict in what was made: ``make components`` again.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from panel.custom import JSComponent

FOLDER = Path(__file__).parent.parent / "assets" / "components"


class Bundled(JSComponent):
    """A component whose module is the bundle named by :attr:`_component`, served with the other static files."""

    _component = ""

    __abstract = True

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        cls._bundle = cls._esm = FOLDER / f"{cls._component}.js"

    @classmethod
    def _render_esm(cls, compiled: Any = True, server: bool = False) -> str:
        """Where browsers get the module: relative, so that it holds below a prefix, and another for each version."""
        return f"./assets/components/{cls._component}.js?v={_version(cls._component)}"


@cache
def _version(name: str) -> str:
    made = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return str(made["bundles"][name]["sha256"][:12])
