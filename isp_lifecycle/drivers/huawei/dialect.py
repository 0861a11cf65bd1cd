"""How a SmartAX talks: device-facts 1.1 (login, prompts), 1.2 (pager, hints, alarms) and 1.3 (answers)."""

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
    _rule(r"Failure: System is busy", Meaning.BUSY),
    _rule(r"Failure: System is reading or writing flash", Meaning.BUSY),
    _rule(r"Failure: Command can not be executed rightly, the cause is: .*(being executed|retry later)", Meaning.BUSY),
    _rule(r"Failure: Make configuration repeatedly", Meaning.REPEATED),
    _rule(r"Failure: The port is already in the VLAN", Meaning.REPEATED),
    _rule(r"Failure: (The )?VLAN (has existed already|does already exist|already exists?)", Meaning.REPEATED),
    _rule(r"Failure: The automatically found ONTs do not exist", Meaning.ABSENT),
    _rule(r"Failure: The (required )?ONT does not exist", Meaning.ABSENT),
    _rule(r"There is no ONT available", Meaning.ABSENT),
    _rule(r"Failure: (The )?VLAN does not exist", Meaning.ABSENT),
    _rule(r"Failure: There is no VLAN on the port", Meaning.ABSENT),
    _rule(r"Failure: The service virtual port does not exist", Meaning.ABSENT),
    _rule(r"Failure: No service virtual port can be operated", Meaning.ABSENT),
    _rule(r"Failure: The traffic table does not exist", Meaning.ABSENT),
    _rule(r"Failure: The (ONT )?IP (host|interface)[^\n]* does not exist", Meaning.ABSENT),
    _rule(r"Failure: The (ont-)?(line|srv|service)[- ]?profile does not exist", Meaning.ABSENT),
    _rule(r"Failure: (The )?ONT is not online", Meaning.OFFLINE),
    _rule(r"Failure: SN already exists", Meaning.PRESENT),
    _rule(r"Failure: The ONT ID has already existed", Meaning.PRESENT),
    _rule(r"Failure: (The )?service virtual port has existed already", Meaning.PRESENT),
    _rule(r"Failure: The traffic table (exists already|has already existed)", Meaning.PRESENT),
    _rule(r"Failure: This configured object has some service virtual ports", Meaning.PRESENT),
    _rule(
        r"Failure: The number of ONTs on the port has reached the upper limit",
        Meaning.REJECTED,
        "The PON port is full: choose another one, or remove ONTs that are no longer in use.",
    ),
    _rule(
        r"Failure: The GEM port does not exist",
        Meaning.REJECTED,
        "The line profile has no such GEM port: add it to the profile, or correct the GEM port in the OLT's settings.",
    ),
    _rule(
        r"Failure: (Board type error|(The )?board does not (support|exist)|The port does not exist|"
        r"The port of this type does not support)",
        Meaning.REJECTED,
        "There is no board for this at that place: check frame, slot and port against the OLT.",
    ),
    _rule(
        r"Failure: The maximum bandwidth of the referenced DBA profile exceeds",
        Meaning.REJECTED,
        "The PON port has not enough upstream bandwidth left for the line profile's DBA profile.",
    ),
    _rule(r"% ?(Unknown command|Incomplete command|Too many parameters|Parameter error)", Meaning.UNSUPPORTED),
    _rule(r"Incorrect command:", Meaning.UNSUPPORTED),
)

_PAGER = r"---- More \( Press 'Q' to break \) ----"
_HINT = r"\{[^{}\n]*<cr>[^{}]*\}:"
_CONFIRMATIONS = (
    r"Are you sure to log out\? \(y/n\)\[n\]:",
    r"Are you sure to delete the ONT(\(s\))?\? \(y/n\)\[n\]:",
)
_RESET = r"Are you sure to reset the ONT(\(s\))?\? \(y/n\)\[n\]:"
_YES_NO = r"\(y/n\)\[[yn]\]:"

DIALECT = Dialect(
    enter="\n",
    prompt=re.compile(r"(?:\A|\n)(?P<host>[^\s<>#()%!:{}]{1,64})(?:\((?P<mode>[^()\n]{1,64})\))?(?P<mark>>|#|%%)\s*\Z"),
    greetings=(
        Reply(re.compile(r">>\s*User name[^:\n]*:\s*\Z", re.IGNORECASE), "{username}"),
        Reply(re.compile(r">>\s*User password[^:\n]*:\s*\Z", re.IGNORECASE), "{password}"),
        Reply(re.compile(r"YES.NO[^\n]*\Z"), "yes"),
    ),
    questions=(
        Reply(re.compile(_PAGER + r"\s*\Z"), " "),
        Reply(re.compile(_HINT + r"\s*\Z"), "\n"),
        *(Reply(re.compile(words + r"\s*\Z"), "y\n") for words in _CONFIRMATIONS),
        Reply(re.compile(_RESET + r"\s*\Z"), "y\n", asked_by=re.compile(r"^ont reset \d+ \d+$")),
        Reply(re.compile(r"\n\s*Password:\s*\Z"), "{enable_password}\n"),
    ),
    asking=(
        Asking(re.compile(_YES_NO + r"\s*\Z"), 0.3),
        Asking(re.compile(r"<[KUSE]>[^{}]*\}:\s*\Z"), 0.3),
        Asking(re.compile(r"[^\n]*[:?\]]\s*\Z"), 3.0),
    ),
    alarm=re.compile(r"\n?^[ \t]*! \d+ \[[^\]\n]*\]:.*?^[ \t]*-{2,3} END[^\n]*$\n?", _M | re.DOTALL),
    alarm_begun=re.compile(r"^[ \t]*! \d+ \[", _M),
    noise=(
        re.compile(r"[ \t]*" + _PAGER + r"[ \t]*"),
        re.compile(r"^[ \t]*" + _HINT + r"[ \t]*\n", _M),
        re.compile(r"^[ \t]*Command:[ \t]*\n[^\n]*\n", _M),
        re.compile(r"^[^\n]*" + _YES_NO + r"[ \t]*y?[ \t]*$\n?", _M),
        re.compile(r"^[ \t]*It will take several minutes to save configuration file, please wait\.*[ \t]*$\n?", _M),
        re.compile(r"^[ \t]*The percentage of saved data on [^\n]*$\n?", _M),
        re.compile(r"^[ \t]*The data (of|is being) [^\n]*sav[^\n]*$\n?", _M),
        re.compile(r"^[ \t]*(Command is being executed\. Please wait|During the course of print[^\n]*)[ \t]*$\n?", _M),
    ),
    logins=(
        LoginRule(_text(r"User\s?name or password invalid"), LoginMeaning.REFUSED),
        LoginRule(_text(r"The IP address has been locked[^\n]*"), LoginMeaning.REFUSED),
        LoginRule(_text(r"Reenter times have reached the upper limit"), LoginMeaning.EXHAUSTED),
        LoginRule(_text(r"too many users?\b[^\n]*"), LoginMeaning.EXHAUSTED),
        LoginRule(_text(r"Configuration console (exit|time out), please retry to log on"), LoginMeaning.CLOSED),
    ),
    farewells=(_text(r"Configuration console (exit|time out), please retry to log on"),),
    answers=ANSWERS,
    rejected=re.compile(r"^[ \t]*(Failure:|%|Error:)|^[ \t]+\^[ \t]*$", _M),
    harmless=(
        re.compile(r"^[ \t]*-{5,}[ \t]*$"),
        re.compile(r"^[ \t]*Number of ONTs that can be (added|deleted|modified): \d+, success: [1-9]\d*[ \t]*$"),
        re.compile(r"^[ \t]*PortID ?: ?\d+, ONTID ?: ?\d+[ \t]*$"),
        re.compile(r"^[ \t]*Create traffic descriptor record successfully[ \t]*$"),
        re.compile(r"^[ \t]*(TD|Traffic Table) (Index|Name) *:"),
        re.compile(
            r"^[ \t]*(Priority|Priority Policy|Copy Priority|Mapping Index|CTAG[ \w]*|CIR|CBS|PIR|PBS|Fix|"
            r"CAR Threshold Profile|Color Mode|Color Policy|Referenced Status|[EYG][\w ]*(Priority|Index|Weight)) *:"
        ),
        re.compile(r"^[ \t]*Info:"),
        re.compile(r"^[ \t]*Set ONT port\(s\) VLAN configuration, success: [1-9]\d*, failed: 0[ \t]*$"),
    ),
    set_up=("undo smart", "enable", "infoswitch cli OFF", "scroll 512", "config"),
    home="config",
    go_home="quit",
    from_top="config",
    quit="quit",
)
