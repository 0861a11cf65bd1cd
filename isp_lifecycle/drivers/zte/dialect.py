"""How a ZXA10 talks: device-facts 2.1 (session) and 2.2 (answers), and what Titan says otherwise.

The codes and texts below were seen on C300 and C320 of V1.2 and V2.1, and on C600 and C620, in public material, and
where it says so in a script's own words only. Not established, and so written as widely as is safe: what it says while
it is busy, and to one session too many; on a Titan also what a name that does not exist is answered with (taken to be
the code for invalid input, which is its only one for a wrong word) and the question when one leaves (the classic one).
"""

from __future__ import annotations

import re
from dataclasses import replace

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


def _code(number: str) -> str:
    """The end of a number, under either command line. Before it stands the generation: 3 before V2, 6 since, 22 on a
    Titan (222387, 222391 and 223981 were seen there; for the other ends of numbers that is an inference)."""
    return rf"%(?:Code [36]|Error 22){number}\b"


_COMMON: tuple[AnswerRule, ...] = (
    _rule(r"%\s?(Error|Code)\b.*\bbusy\b", Meaning.BUSY),
    _rule(rf"{_code('2310')}|%(Error|Code)\b.*\bNo related information to show", Meaning.ABSENT),
    _rule(rf"{_code('2397')}|%(Error|Code)\b.*\bThe entry is not existed", Meaning.ABSENT),
    _rule(rf"\bis not online\b|{_code('3987')}", Meaning.OFFLINE),
    _rule(rf"{_code('3869')}|%Code 66661\b|%Error\b.*\bThe service is already existed", Meaning.REPEATED),
    _rule(rf"{_code('2391')}|The onu of this position exists", Meaning.PRESENT),
    _rule(r"%(Error|Code)\b.*\bvlan \d+ does not exist", Meaning.ABSENT),
    _rule(
        rf"{_code('3904')}|Not support this ONU",
        Meaning.REJECTED,
        "The OLT has no ONT type of this name (show onu-type): create it, or correct the type in the OLT's settings.",
    ),
    _rule(
        r"%(Error|Code)\b.*\bONUs?\b.*\b(upper limit|maximum)\b",
        Meaning.REJECTED,
        "The PON port is full: choose another one, or remove ONTs that are no longer in use.",
    ),
    _rule(
        r"%(Error|Code)\b.*(Parameter exceeds range|Profile exceed)",
        Meaning.REJECTED,
        "The PON port has not enough upstream bandwidth left for this T-CONT profile.",
    ),
    _rule(
        _code("4007"),
        Meaning.REJECTED,
        "An ONU profile governs this ONT: release it (no onu N profile), or change the profile itself.",
    ),
)

ANSWERS: tuple[AnswerRule, ...] = (
    *_COMMON,
    # An interface or a profile that does not exist is no valid parameter.
    _rule(r"%Error 20202\b", Meaning.ABSENT),
    _rule(r"%Error 2020[013]\b|%\s?(Invalid input|Incomplete command|Ambiguous command)", Meaning.UNSUPPORTED),
)

TITAN_ANSWERS: tuple[AnswerRule, ...] = (
    *_COMMON,
    _rule(rf"{_code('3981')}|%Error 22\d{{4}}\b.*\bdoes not exist", Meaning.ABSENT),
    _rule(r"%Error 14030[135]\b|%\s?(Invalid input|Incomplete command|Ambiguous command)", Meaning.UNSUPPORTED),
)

_PAGER = r" ?--More--"
_REBOOT = r"Confirm to reboot\? ?\[yes/no\]:"
_LOGOUT = r"The configuration is changed,\s?confirm to logout without saving\? \[yes/no\]:"

DIALECT = Dialect(
    enter="\n",
    prompt=re.compile(r"(?:\A|\n)(?P<host>[^\s<>#()%!:{}]{1,64})(?:\((?P<mode>[^()\n]{1,64})\))?(?P<mark>>|#)\s*\Z"),
    greetings=(
        Reply(re.compile(r"(\A|\n)[ \t]*Username:\s*\Z", re.IGNORECASE), "{username}"),
        Reply(re.compile(r"(\A|\n)[ \t]*Password:\s*\Z", re.IGNORECASE), "{password}"),
    ),
    questions=(
        Reply(re.compile(_PAGER + r"\s*\Z"), " "),
        Reply(re.compile(_LOGOUT + r"\s*\Z"), "yes\n"),
        Reply(re.compile(_REBOOT + r"\s*\Z"), "yes\n", asked_by=re.compile(r"^reboot$")),
        Reply(re.compile(r"\n\s*Password:\s*\Z"), "{enable_password}\n"),
    ),
    asking=(
        Asking(re.compile(r"\[(yes/no|y/n)\]:?\s*\Z", re.IGNORECASE), 0.3),
        Asking(re.compile(r"[^\n]*[:?\]]\s*\Z"), 3.0),
    ),
    # No layout of an unasked message is established: none counts as one, and what breaks an answer makes it unknown.
    alarm=re.compile(r"(?!)"),
    alarm_begun=re.compile(r"(?!)"),
    noise=(
        # The pager's line is taken back with backspaces; the blanks after the last of them belong to the text.
        re.compile(_PAGER + "(?:[ \x08]*\x08)?"),
        re.compile(r"^[ \t]*" + _REBOOT + r"[ \t]*(yes)?[ \t]*$\n?", _M),
    ),
    logins=(
        LoginRule(
            _text(r"%Error 20209:[^\n]*|No username or bad password|% ?Username or password error"),
            LoginMeaning.REFUSED,
        ),
        LoginRule(_text(r"too many (users|sessions|connections)\b[^\n]*"), LoginMeaning.EXHAUSTED),
        LoginRule(_text(r"[^\n]*\b(users?|sessions?)\b[^\n]*(maximum|upper limit)[^\n]*"), LoginMeaning.EXHAUSTED),
    ),
    farewells=(),
    answers=ANSWERS,
    rejected=re.compile(r"^[ \t]*%[ \t]?(Error|Code|Invalid|Incomplete|Ambiguous|Unknown)|^[ \t]+\^[ \t]*$", _M),
    harmless=(
        re.compile(r"^[ \t]*\[Successful\][ \t]*$"),
        re.compile(r"^[ \t]*%Info \d+:"),
    ),
    set_up=("enable", "terminal length 0", "configure terminal"),
    home="config",
    go_home="exit",
    from_top="configure terminal",
    quit="exit",
    # A full C300 writes for half a minute without a word (device-facts 2.1), and builds its configuration as long.
    # An ONT's interface is there about two seconds after the ONT was registered (device-facts 2.4, two sources).
    not_yet=re.compile(r"^(interface|pon-onu-mng) gpon-onu_"),
    slow=(Asking(re.compile(r"^write\b|^show running-config( \||$)"), 120.0),),
)

TITAN_DIALECT = replace(
    DIALECT,
    answers=TITAN_ANSWERS,
    not_yet=re.compile(r"^(interface|pon-onu-mng) (gpon_onu-|vport-)"),
    naming=re.compile(r"^(interface|pon-onu-mng) "),
    # Its ONTs alone take 25 to 30 s to print (a C600 V1.2.2).
    slow=(Asking(re.compile(r"^write\b|^show running-config( xpon)?( \||$)"), 120.0),),
)
