"""What is only looked at of a message's text: placeholders, preview, versions."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.parts import words
from dashboards.parts.cards import card, facts
from dashboards.parts.html import Html, joined, tag
from dashboards.parts.notice import alert
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import LANGUAGES, _
from isp_lifecycle.views.templates import Preview, TemplateDetail, VersionRow


def failed(one: TemplateDetail) -> Html:
    """That the own text fails when a message is written, where it does."""
    version = one.failing
    if version is None:
        return Html("")
    return alert(
        "bad",
        _("Version {number} fails: {why}.", number=version.number, why=version.failure),
        _("Messages go out by the shipped text until this one is corrected."),
    )


def placeholders(one: TemplateDetail) -> Html:
    """What can stand in the text, and what makes facts and links of it."""
    rows = [
        (tag("code", p.written), joined(p.meaning, tag("b", " · ", _("must be there")) if p.needed else ""))
        for p in one.placeholders
    ]
    table_of = tag("table", tag("tbody", *(tag("tr", tag("td", a), tag("td", b)) for a, b in rows)), css="plain")
    how = [
        _("“- Name: value” at the beginning of a line makes a row of a small table."),
        _("“[What it says](address)” on a line of its own makes a link."),
        _(
            "Between {begin} and {end} stands what is written only if there is one.",
            begin="{% if … %}",
            end="{% endif %}",
        ),
        _("“|day”, “|clock” and “|rate” write dates, times and speeds as the language does."),
    ]
    more = tag("ul", *(tag("li", one) for one in how), css="listed")
    return tag("details", tag("summary", _("What can stand in it")), table_of, more, css="card")


def wrong(problems: Sequence[str]) -> Html:
    """All that is wrong with the text as it stands there."""
    listed = tag("ul", *(tag("li", one) for one in problems), css="listed")
    return tag("div", alert("warn", _("No message can be made of this text yet."), listed), aria_live="polite")


def made(message: Preview) -> Html:
    """The message with example data, as a mail program shows it and as plain text; nothing in it can run."""
    framed = tag(
        "iframe", srcdoc=message.html, sandbox="", title=_("How the message looks"), height="560", tabindex="0"
    )
    plain = tag(
        "details", tag("summary", _("As plain text")), tag("pre", message.text, css="transcript wraps", dir="auto")
    )
    about = facts((_("Subject"), tag("b", message.subject)))
    return card(about, framed, plain, heading=_("How it looks, with example data"))


def history(session: PageSession, one: TemplateDetail) -> Html:
    """The versions so far, the newest first, and the shipped text; each can be put into the fields again."""
    name = LANGUAGES[one.language]
    if not one.history:
        says = _("The shipped text counts; nobody wrote another one in {language}.", language=name)
        return card(tag("p", says, css="soft"), heading=_("Versions"))
    newest = one.history[0].number
    columns = [
        Column[VersionRow](_("Version"), lambda v: _number(v, newest), "key"),
        Column[VersionRow](_("Kept"), lambda v: words.moment(v.at, session.zone)),
        Column[VersionRow](_("By"), lambda v: v.by),
        Column[VersionRow](_("Text"), _taken),
    ]
    shipped = tag("a", _("Put the shipped text into the fields"), href="#", data_pick="page:take:0", css="action")
    listed = table(one.history, columns, nothing=("", ""))
    return card(listed, tag("p", shipped), heading=_("Versions in {language}", language=name))


def _number(v: VersionRow, newest: int) -> Html:
    return joined(tag("b", str(v.number)), tag("small", " ", _("counts now")) if v.number == newest else "")


def _taken(v: VersionRow) -> Html:
    if v.words is None:
        return tag("span", _("back to the shipped text"), css="soft")
    return tag(
        "a",
        v.words.subject or _("Put it into the fields"),
        href="#",
        data_pick=f"page:take:{v.number}",
        dir="auto",
    )
