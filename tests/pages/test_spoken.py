"""No page shows a text that is in no catalogue: in a language that brackets each of its texts, none stands bare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from dashboards.routes import STAFF
from isp_lifecycle.access.model import ROLES, Role
from isp_lifecycle.foundation import catalogues, texts
from isp_lifecycle.foundation.texts import Language
from tests.pages.browser import Visit, new_context
from tests.pages.conftest import Running
from tests.pages.test_pages import Town, database, imported, staff, town

__all__ = ["database", "imported", "staff", "town"]

#: Who looks: together they may open every page.
LOOKERS = (Role.MANAGER, Role.ADMINISTRATOR, Role.NETWORK, Role.DISPATCHER)
#: What stands on pages and is no text: names, numbers, codes, dates as the browser or the locale writes them.
DATA = re.compile(
    r"""
      [a-z0-9-]+([._@][a-z0-9-]+)+ # a permission, a setting, a user name, an address of e-mail
    | \b(OLT|ONT|PON|VLAN|HWTC|ISP|O|S|C|V|T|B)s?([-_][A-Z0-9_]+)*\b
    | \b(IPv[46]|dBm?|EUR|Mbit/s|kbit/s|Gbit/s|kB|MB|GB|CSV|JSON|UTC|SSH|RADIUS|DHCP|NAT|NetBox|CRM|TMF620|geo)\b
    | \b(Mo|Di|Mi|Do|Fr|Sa|So)\b\. | \b(Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sept|Okt|Nov|Dez)\b\.?
    | Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|\bUhr\b
    | Deutsch | English | huawei | MA5800-\w+ | YYYY | default | \b(relay|worker)\b | \{l(at|on)\} | Flat
    """,
    re.VERBOSE,
)
#: What tells of what was recorded, in the words of the record.
RECORDS = {"/trail"}
#: Every text that is to be seen or is told to readers of screens, through shadow roots, but for symbols and code.
TEXTS = """() => {
  const found = []
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) { found.push(node.nodeValue.trim()); return }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (['SCRIPT', 'STYLE', 'CODE', 'PRE', 'NOSCRIPT'].includes(node.tagName)) return
      if (/icon/i.test(node.getAttribute('class') ?? '')) return
      for (const name of ['placeholder', 'title', 'alt']) found.push((node.getAttribute(name) ?? '').trim())
    }
    if (node.shadowRoot) walk(node.shadowRoot)
    for (const child of node.childNodes) walk(child)
  }
  walk(document.body)
  return found.filter(text => text)
}"""


@cache
def bracketed(code: str) -> Language | None:
    """A language as it is shipped, each of its texts in brackets."""
    found = catalogues.language_of(code)
    if found is None:
        return None
    return replace(found, texts={key: tuple(f"⟦{one}⟧" for one in forms) for key, forms in found.texts.items()})


@pytest.fixture
def names(town: Town) -> re.Pattern[str]:
    """Names of people and places, plans and areas, as they are on record."""
    statement = """SELECT name FROM users UNION SELECT name FROM customers UNION SELECT name FROM engineers
                   UNION SELECT name FROM plans UNION SELECT code FROM plans UNION SELECT name FROM pools
                   UNION SELECT street FROM premises UNION SELECT city FROM premises UNION SELECT area FROM premises"""
    with town.engine.connect() as connection:
        found = [*connection.execute(sa.text(statement)).scalars(), town.doors.settings.company.name]
    return re.compile("|".join(re.escape(one) for one in sorted(found, key=len, reverse=True) if one))


@pytest.mark.browser
def test_no_page_shows_a_text_that_is_in_no_catalogue(
    town: Town, staff: Running, chromium: Browser, names: re.Pattern[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mend it: mark the text, as ``foundation/texts.py`` says; what is no text but data belongs into ``DATA``."""
    monkeypatch.setattr(texts, "_source", bracketed)
    monkeypatch.setattr("dashboards.parts.scripts.language_of", bracketed)
    context = new_context(chromium, "desktop", "de-DE")
    seen: set[str] = set()
    bare: dict[str, str] = {}
    for role in LOOKERS:
        context.clear_cookies()
        visit = Visit(context, staff.url)
        visit.sign_in(town.usernames[role])
        for path in sorted(path for path, route in STAFF.items() if ROLES[role] & set(route.any_of)):
            if path not in seen:
                seen.add(path)
                visit.open(path)
                if path in RECORDS:
                    continue
                bare.update((text, path) for text in shown_bare(visit.page, names))
        visit.page.close()
    assert seen == set(STAFF)
    assert not bare, "\n".join(f"{path}: {text}" for text, path in bare.items())


def shown_bare(page: Page, names: re.Pattern[str]) -> Iterator[str]:
    """The texts of a page with words outside of brackets that are no data."""
    for text in page.evaluate(TEXTS):
        left = text
        while (less := re.sub(r"⟦[^⟦⟧]*⟧", " ", left)) != left:
            left = less
        if re.search(r"[A-Za-z]{3,}", DATA.sub(" ", names.sub(" ", left))):
            yield text
