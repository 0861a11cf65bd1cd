"""How a ZXA10 talks: device-facts 2.1 (session) and 2.2 (answers).

The codes and texts below were seen on C300 and C320 of V1.2 and V2.1 in public material, and where it says so in a
script's own words only. Not established, and so written as widely as is safe: what it says while it is busy, and to
one session too many.
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
    _rule(r"%\s?(Error|Code)\b.*\bbusy\b", Meaning.BUSY),
    # The number's first digit tells the generation: 32310 before V2, 62310 since.
    _rule(r"%Code [36]2310\b", Meaning.ABSENT),
    _rule(r"%Code [36]2397\b", Meaning.ABSENT),
    _rule(r"\bis not online\b|%Code [36]3987\b", Meaning.OFFLINE),
    _rule(r"%Code [36]3869\b|%Code 66661\b", Meaning.REPEATED),
    _rule(r"%Code [36]2391\b|The onu of this position exists", Meaning.PRESENT),
    _rule(r"%(Error|Code)\b.*\bvlan \d+ does not exist", Meaning.ABSENT),
    _rule(
        r"%Code [36]3904\b|Not support this ONU",
        Meaning.REJECTED,
        "The OLT has no ONT type of this name (show onu-type): create it, or correct the type in the OLT's settings.",
    ),
    _rule(
        r"%(Error|Code)\b.*Parameter exceeds range",
        Meaning.REJECTED,
        "The PON port has not enough upstream bandwidth left for this T-CONT profile.",
    ),
    _rule(
        r"%Code [36]4007\b",
        Meaning.REJECTED,
        "An ONU profile governs this ONT: release it (no onu N profile), or change the profile itself.",
    ),
    # An interface or a profile that does not exist is no valid parameter.
    _rule(r"%Error 20202\b", Meaning.ABSENT),
    _rule(r"%Error 2020[013]\b|%\s?(Invalid input|Incomplete command|Ambiguous command)", Meaning.UNSUPPORTED),
)

_PAGER = r" ?--More--"
_LOGOUT = r"The configuration is changed,\s?confirm to logout without saving\? \[yes/no\]:"

DIALECT = Dialect(
    enter="\n",
    prompt=re.compile(r"(?:\A|\n)(?P<host>[^\s<>#()%!:{}]{1,64})(?:\((?P<mode>[^()\n]{1,64})\))?(?P<mark>>|#)\s*\Z"),
    greetings=(
        Reply(re.compile(r"Username:\s*\Z", re.IGNORECASE), "{username}"),
        Reply(re.compile(r"Password:\s*\Z", re.IGNORECASE), "{password}"),
    ),
    questions=(
        Reply(re.compile(_PAGER + r"\s*\Z"), " "),
        Reply(re.compile(_LOGOUT + r"\s*\Z"), "yes\n"),
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
    ),
    logins=(
        LoginRule(_text(r"%Error 20209:[^\n]*|No username or bad password"), LoginMeaning.REFUSED),
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
