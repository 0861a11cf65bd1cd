"""Words that several rules use: evidence with its source, dates and lengths as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from isp_lifecycle.foundation.texts import Text, say, say_many
from isp_lifecycle.foundation.words import word
from isp_lifecycle.views.diagnosis.model import Evidence
from isp_lifecycle.views.diagnosis.seen import Differs, Known, Seen

#: What an engineer needs on whatever visit for light.
FIBRE_TOOLS = (say("light meter"), say("connector cleaner"), say("patch cord"), say("splicing kit"))
SORRY = say("I am sorry that your line does not work. ")


def told(known: Known[Any], what: str, words: str) -> Evidence:
    """Something that a device or server told."""
    return Evidence(what, words, known.source, known.at)


def recorded(seen: Seen, what: str, words: str) -> Evidence:
    """Something on record."""
    return Evidence(what, words, say("our records"), seen.records.at)


def moment(seen: Seen, at: datetime) -> str:
    """An instant as people read it: 4 May, 09:30; with its year where that is another one."""
    local = at.astimezone(seen.zone)
    another = local.year != seen.at.astimezone(seen.zone).year
    year = f" {local:%Y}" if another else ""
    english = f"{local.day} {local:%b}{year}, {local:%H:%M}"
    return Text(english, "{at:%d %b %Y, %H:%M}" if another else "{at:%d %b, %H:%M}", {"at": local})


def sentence(text: str) -> str:
    """A text that ends as sentences do."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def plainly(one: Differs) -> str:
    """One thing in which the OLT is not as the line was built, as people say it."""
    count = re.match(r"(\d+) on GEM port", one.found)
    if one.field == "service_port" and count is not None:
        where = one.wanted.removeprefix("one on ")
        many_or_none = (
            say("no service port joins")
            if count[1] == "0"
            else say("{count} service ports, instead of one, join", count=count[1])
        )
        return say("{joining} the ONT to {where}", joining=many_or_none, where=where)
    if one.field == "service_port":
        return say(
            "its service port is {found} instead of {wanted}", found=one.found, wanted=one.wanted.removeprefix("on ")
        )
    if one.field == "vlan" and one.found == "none":
        return say("it has no VLAN {vlan}", vlan=one.wanted.partition(" ")[0])
    if one.field in ("down", "up"):
        return say(
            "{found} {field} instead of {wanted}",
            found=_rate(one.found),
            field=word(one.field),
            wanted=_rate(one.wanted),
        )
    return say("{field} is {found} instead of {wanted}", field=word(one.field), found=one.found, wanted=one.wanted)


def _rate(words: str) -> str:
    number = re.fullmatch(r"(\d+) kbit/s", words)
    return mbit(int(number[1])) if number is not None else words


def day(value: date) -> str:
    """A date: 4 May 2026."""
    return Text(f"{value.day} {value:%b %Y}", "{value:%d %b %Y}", {"value": value})


def level(dbm: float) -> str:
    """An optical level, with the minus sign that type setters use."""
    return f"{dbm:.1f} dBm".replace("-", "\N{MINUS SIGN}")


def mbit(kbps: int) -> str:
    """A rate as it is sold."""
    return f"{kbps / (1024 if kbps % 1024 == 0 else 1000):g} Mbit/s"


def many(number: int, thing: str) -> str:
    """How many ONTs, or other ONTs."""
    if thing == "ONT":
        return say_many("{count} ONT", "{count} ONTs", number)
    return say_many("{count} other ONT", "{count} other ONTs", number)
