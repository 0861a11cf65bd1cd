"""What a template's text looks like when it is filled in: paragraphs, facts and links, as plain text and as HTML.

A template is written once, in lines that people can read::

    A paragraph, which may have
    several lines.

    - Name: a value beside it
    - Name: another one, below the first

    [What the link says]({{ link }})

Only what the template itself says makes structure: values are marked where they begin, and their line breaks are put
aside, so that nothing that a customer typed becomes a fact or a link. All text is escaped in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from isp_lifecycle.notices.model import LINK_MARK

#: Stands before each value, stands for a line break within one, and stands where a frame has its content.
VALUE, BROKEN, CONTENT = "\ue000", "\ue001", "\ue002"
_OWN = str.maketrans(dict.fromkeys((VALUE, BROKEN, CONTENT), ""))

_FACT = re.compile(r"- ([^:\n]{1,60}):(?:[ \t]+(.*))?")
_LINK = re.compile(rf"\[([^\]\n{VALUE}]+)\]\((.+)\)")
#: What a link may lead to.
_LEADS = re.compile(r"(?:https?://|mailto:|tel:)\S+")

_NAMES = 12
_SOFT = "font-size:14px;color:#5a6876"
_BUTTON = (
    "display:inline-block;padding:10px 20px;border-radius:6px;background:#0b5c8a;color:#ffffff;text-decoration:none"
)


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Link:
    """A link with a line of its own."""

    says: str
    leads_to: str


Block = Paragraph | Facts | Link


def marked(value: str) -> str:
    """A value as it stands in a filled-in template until it is laid out."""
    return VALUE + value.translate(_OWN).replace("\r\n", "\n").replace("\n", BROKEN)


def plain(text: str) -> str:
    """The text without marks."""
    return text.replace(VALUE, "").replace(BROKEN, "\n")


def blocks(filled: str) -> tuple[Block, ...]:
    """The parts of a template that was filled in."""
    found: list[Block] = []
    for part in re.split(r"\n[ \t]*\n", filled):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        while lines:
            block, taken = _next(lines)
            found.append(block)
            lines = lines[taken:]
    return tuple(found)


def _next(lines: Sequence[str]) -> tuple[Block, int]:
    """The block that these lines begin with, and how many of them it takes."""
    rows = []
    for line in lines:
        fact = _FACT.fullmatch(line)
        if fact is None:
            break
        rows.append((fact[1].strip(), (fact[2] or "").strip()))
    if rows:
        return Facts(tuple(rows)), len(rows)
    if (link := _link(lines[0])) is not None:
        return link, 1
    end = next((n for n, line in enumerate(lines) if n and (_FACT.fullmatch(line) or _link(line))), len(lines))
    return Paragraph(tuple(lines[:end])), end


def _link(line: str) -> Link | None:
    found = _LINK.fullmatch(line)
    if found is None:
        return None
    leads_to = plain(found[2]).strip()
    return Link(found[1], leads_to) if leads_to == LINK_MARK or _LEADS.fullmatch(leads_to) else None


def as_text(found: Sequence[Block]) -> str:
    """The blocks as plain text, an empty line between them."""
    return "\n\n".join(filter(None, (_text_of(block) for block in found)))


def _text_of(block: Block) -> str:
    if isinstance(block, Facts):
        width = max(_NAMES, *(len(plain(name)) for name, _ in block.rows))
        return "\n".join(f"  {plain(name):<{width}} {plain(value)}".rstrip() for name, value in block.rows)
    if isinstance(block, Link):
        return f"{block.says}:\n\n  {block.leads_to}"
    return plain("\n".join(block.lines))


def as_html(found: Sequence[Block], *, soft: bool = False) -> str:
    """The blocks as HTML, everything in them escaped; ``soft`` is small and grey."""
    return "\n".join(_html_of(block, soft=soft) for block in found)


def _html_of(block: Block, *, soft: bool) -> str:
    if isinstance(block, Facts):
        rows = "\n".join(
            f'<tr>\n<th scope="row" style="padding:4px 20px 4px 0;text-align:left;vertical-align:top;font-weight:400;'
            f'color:#5a6876">{_escaped(name)}</th>\n<td style="padding:4px 0">{_escaped(value)}</td>\n</tr>'
            for name, value in block.rows
        )
        return f'<table style="margin:16px 0;border-collapse:collapse">\n{rows}\n</table>'
    if isinstance(block, Link):
        leads_to = escape(block.leads_to)
        return (
            f'<p><a href="{leads_to}" style="{_BUTTON}">{escape(block.says)}</a></p>\n'
            f'<p style="{_SOFT};overflow-wrap:anywhere">{leads_to}</p>'
        )
    style = f' style="margin:28px 0 0;{_SOFT}"' if soft else ""
    return f"<p{style}>{'<br>'.join(_escaped(line) for line in block.lines)}</p>"


def _escaped(text: str) -> str:
    return escape(plain(text)).replace("\n", "<br>")


def page(*, company: str, subject: str, before: str, content: str, after: str, language: str) -> str:
    """The HTML of a whole message; ``before``, ``content`` and ``after`` are HTML already."""
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(subject)}</title>
</head>
<body style="margin:0;padding:24px;background:#f3f5f7;color:#1c2733;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:28px 32px;background:#ffffff;border-radius:8px">
<p style="margin:0 0 20px;font-weight:600;color:#0b5c8a">{escape(company)}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">{escape(subject)}</h1>
{before}
{content}
{after}
</div>
</body>
</html>
"""
