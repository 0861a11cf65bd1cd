"""Texts of browser scripts: marked there by ``_("…")`` and ``n_("{count} one", "{count} many", count)``, said here.

A script is given what it marks in the language of whoever looks, and nothing where that is English.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from isp_lifecycle.foundation.catalogues import language_of
from isp_lifecycle.foundation.texts import language

#: A text that a script marks: its English, as JavaScript writes it between double quotes.
_MARKED = re.compile(r'(?<![\w.])n?_\(\s*("(?:[^"\\]|\\.)*")')


@cache
def marked(script: Path) -> tuple[str, ...]:
    """The English of what a script marks; of many things, of one of them."""
    return tuple(dict.fromkeys(json.loads(one) for one in _MARKED.findall(script.read_text(encoding="utf-8"))))


def texts_of(*scripts: Path) -> dict[str, list[str]]:
    """Each marked text's forms in the language to speak now, by its English."""
    found = language_of(language())
    if found is None:
        return {}
    texts = ((one, found.texts.get(("", one))) for script in scripts for one in marked(script))
    return {one: list(forms) for one, forms in texts if forms is not None}
