"""A template's words, and whether a message can be made of them: checked whole before they are kept.

Templates are Jinja, of which only what a letter needs is left: placeholders, a few ways to write them, and ``if``.
Nothing that reaches into a value (``a.b``, ``a[b]``, calls), repeats or includes is let through, whoever writes it;
what is let through runs in Jinja's sandbox besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from uuid import UUID

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from isp_lifecycle.foundation.texts import Text, one_after_other, say

SUBJECT_LENGTH, BODY_LENGTH = 200, 10_000
#: Ways to write a value.
FILTERS = ("day", "clock", "rate")
#: Questions that ``if`` may ask with ``is``.
TESTS = ("defined", "none")

_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Const,
    nodes.Concat,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)


@dataclass(frozen=True)
class Words:
    """Subject and text of a template, as somebody wrote them. A frame has no subject."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One version of the provider's own words for a kind of message in a language; numbered from 1 for each.

    One without words is a return to the shipped text. ``failed_at`` and ``failure`` tell when it could not be made
    into a message first, and why.
    """

    id: UUID
    kind: str
    language: str
    number: int
    subject: str | None
    body: str | None
    written_by: str
    written_at: datetime
    failed_at: datetime | None = None
    failure: str | None = None

    @property
    def words(self) -> Words | None:
        """What it says; None where it goes back to the shipped text."""
        return Words(self.subject or "", self.body) if self.body is not None else None


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: the line of the text, counted from 1; 0 for the subject and the whole."""

    what: str
    line: int = 0
    where: str = field(default="body")

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> Text:
        """What is wrong with its place."""
        if self.where == "subject":
            return say("Subject: {what}", what=self.what)
        if self.line:
            return say("Line {line}: {what}", line=self.line, what=self.what)
        return one_after_other(self.what)


#: Reads templates to judge them; what fills them in is another one with the filters themselves.
READER = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)


def problems(words: Words, *, allowed: Collection[str], needed: Collection[str], subject: bool) -> tuple[Problem, ...]:
    """All that can be told without filling it in; ``needed`` placeholders must stand in the text somewhere."""
    found = [*_sizes(words, subject=subject)]
    used: set[str] = set()
    parts = [("subject", words.subject)] if subject else []
    for where, source in (*parts, ("body", words.body)):
        try:
            parsed = READER.parse(source)
        except jinja2.TemplateSyntaxError as error:
            found.append(Problem(say("this cannot be read: {why}.", why=error.message or ""), error.lineno, where))
            continue
        found += _of(parsed, where, allowed)
        if where == "body":
            used |= {node.name for node in parsed.find_all(nodes.Name)}
            missing = [name for name in needed if name not in used]
            found += [Problem(say("{placeholder} is missing.", placeholder=shown(name))) for name in missing]
    return tuple(found)


def shown(name: str) -> str:
    """A placeholder as it is written."""
    return "{{ " + name + " }}"


def _sizes(words: Words, *, subject: bool) -> Iterator[Problem]:
    if subject and not words.subject.strip():
        yield Problem(say("there is none."), where="subject")
    if len(words.subject) > SUBJECT_LENGTH:
        yield Problem(say("it is longer than {most} characters.", most=SUBJECT_LENGTH), where="subject")
    if not words.body.strip():
        yield Problem(say("There is no text."))
    if len(words.body) > BODY_LENGTH:
        yield Problem(say("The text is longer than {most} characters.", most=BODY_LENGTH))


def _of(parsed: nodes.Template, where: str, allowed: Collection[str]) -> Iterator[Problem]:
    for node in _all(parsed):
        what = _wrong(node, allowed)
        if what is not None:
            yield Problem(what, node.lineno, where)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _wrong(node: nodes.Node, allowed: Collection[str]) -> Text | None:
    if isinstance(node, nodes.Name):
        return None if node.name in allowed and node.ctx == "load" else _unknown(node.name, allowed)
    if isinstance(node, nodes.Filter):
        return None if node.name in FILTERS and not _given(node) else _not_a_way(node.name, FILTERS)
    if isinstance(node, nodes.Test):
        return None if node.name in TESTS and not _given(node) else _not_a_way(node.name, TESTS)
    if isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Call):
        return say("a placeholder stands for itself: nothing behind it with a dot, a bracket or a call.")
    if not isinstance(node, _PLAIN):
        return say("only placeholders and “if” can be used here, not “{word}”.", word=type(node).__name__.lower())
    return None


def _given(node: nodes.Filter | nodes.Test) -> bool:
    """Whether it was given anything in brackets."""
    return bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)


def _unknown(name: str, allowed: Collection[str]) -> Text:
    near = get_close_matches(name, allowed, n=1)
    if near:
        return say("there is no {placeholder}; is {near} meant?", placeholder=shown(name), near=shown(near[0]))
    return say("there is no {placeholder}.", placeholder=shown(name))


def _not_a_way(name: str, known: Collection[str]) -> Text:
    return say("“{name}” cannot be used here; there are: {known}.", name=name, known=", ".join(known))
