"""How a V1600G talks. Its command line is built on Quagga's, which explains pager, modes and "Current configuration".

Seen, and where: the greeting, ``Bad Password...`` / ``Please retry`` and cells put in place by the cursor on a
V1600G0-B V1.4.8R; unasked lines (``2026/08/06 12:15:28   ONU Offline   PON 0/7 ONU 22 sn ...``), ``Bad UserName or
Bad Password`` and a host name with letters beyond ASCII on a V1600G1 V2.3.1R; ``Error: No related information to
show. 62310``, ``Note: ... OK.`` and ``profile_id:5 create success`` on a V2.1.6R; ``% Unknown command.`` on all.
Not established, and so written as widely as is safe: what it says while it is busy or saves, to one session too many
(a V1600G0-B V1.4.8R took one SSH session at a time and refused the next one's channel: see `wire`), and about what
stands already.
"""

from __future__ import annotations

import re

from isp_lifecycle.drivers.dialect import (
    AnswerRule,
    Asking,
    Dialect,
    LoginMeaning,
    LoginRule,
    Meaning,
    Reply,
)

_M = re.MULTILINE


def _text(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def _rule(words: str, meaning: Meaning, remedy: str = "") -> AnswerRule:
    return AnswerRule(_text(words), meaning, remedy)


ANSWERS: tuple[AnswerRule, ...] = (
    _rule(
        r"\bBad Passwords?\b",
        Meaning.REJECTED,
        "The password of enable differs from that of the login on this OLT: set its own, then retry.",
    ),
    # Bounded, since they are looked for in whole configurations as well.
    _rule(r"(% ?|\bError:? ).{0,60}\b(busy|saving)\b", Meaning.BUSY),
    _rule(r"No related information to show", Meaning.ABSENT),
    _rule(r"\bError:? .{0,40}\b(service-port|service|tcont|gemport|vlan)\b.{0,40}\balready exist", Meaning.REPEATED),
    _rule(r"\bError:? .{0,60}\balready exist|\bprofile (is )?already exist", Meaning.PRESENT),
    _rule(r"\bError:? .{0,60}\b(not|isn't) exist|\bprofile (is not|isn't) exist", Meaning.ABSENT),
    _rule(
        r"\bError:? .{0,60}\bONUs?\b.{0,60}\b(upper limit|maximum|full)\b",
        Meaning.REJECTED,
        "The PON port is full: choose another one, or remove ONTs that are no longer in use.",
    ),
    _rule(r"\bError:? .{0,40}\b(offline|not online)\b", Meaning.OFFLINE),
    _rule(
        r"% ?(Unknown command|Command incomplete|Too many parameters|Ambiguous command|There is no matched command)",
        Meaning.UNSUPPORTED,
    ),
)

# The pager's line is taken back with backspaces, as Quagga does; the blanks after the last of them belong to the text.
_PAGER = r" ?--More-- ?"
_STAMP = r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"

DIALECT = Dialect(
    enter="\n",
    prompt=re.compile(r"(?:\A|\n)(?P<host>[^\s<>#()%!:{}]{1,64})(?:\((?P<mode>[^()\n]{1,64})\))?(?P<mark>>|#)\s*\Z"),
    greetings=(
        Reply(_text(r"(\A|\n)[ \t]*(Login|Username):\s*\Z"), "{username}"),
        Reply(_text(r"(\A|\n)[ \t]*Password:\s*\Z"), "{password}"),
    ),
    questions=(
        Reply(re.compile(_PAGER + r"\s*\Z"), " "),
        # Once only: after a wrong one it asks again. Where no password of its own is set, enable has that of the login.
        Reply(_text(r"\Aenable\s*Password:\s*\Z"), "{enable_password}\n"),
        Reply(_text(r"\Aenable\s*Password:\s*\Z"), "{password}\n"),
    ),
    asking=(
        Asking(re.compile(r"[\[(](yes/no|y/n)[\])]:?\s*\Z", re.IGNORECASE), 0.3),
        Asking(_text(r"Please retry\s*Password:\s*\Z"), 0.3),
        Asking(re.compile(r"[^\n]*[:?\]]\s*\Z"), 3.0),
    ),
    alarm=re.compile(rf"\n?[ \t]*{_STAMP} +ONU [^\n]*\n"),
    alarm_begun=re.compile(rf"[ \t]*{_STAMP}[^\n]*\Z"),
    noise=(re.compile(_PAGER + "(?:[ \x08]*\x08)?"),),
    logins=(
        LoginRule(_text(r"(Bad User ?Name or )?Bad Password[^\n]*|Login incorrect[^\n]*"), LoginMeaning.REFUSED),
        LoginRule(_text(r"[^\n]*too many (users|sessions|connections)\b[^\n]*"), LoginMeaning.EXHAUSTED),
        LoginRule(_text(r"[^\n]*\b(users?|sessions?)\b[^\n]*(maximum|upper limit)[^\n]*"), LoginMeaning.EXHAUSTED),
    ),
    farewells=(),
    answers=ANSWERS,
    rejected=re.compile(r"^[ \t]*(%|Error\b|Bad Password|Fail(ed|ure)\b)", _M | re.IGNORECASE),
    harmless=(
        re.compile(r"^[ \t]*Note: .*\bOK\.?[ \t]*$"),
        re.compile(r"^[ \t]*profile_id:\d+ create success\.?[ \t]*$"),
        # After "pri wan_adv add route"; a tool looks for "number is" and a number in it.
        re.compile(r"^.{0,60}\bnumber is \d+\.?[ \t]*$"),
    ),
    set_up=("enable", "terminal length 0", "configure terminal"),
    home="config",
    go_home="exit",
    from_top="configure terminal",
    quit="exit",
    # How long it writes its configuration is not established; with 205 ONTs a V1600G0-B prints it in 1.3 s.
    slow=(Asking(re.compile(r"^write$"), 60.0),),
)
