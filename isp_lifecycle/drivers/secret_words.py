"""Where secrets stand in what devices say and take: the words before them, how they are written, and where they end."""

from __future__ import annotations

import re

#: How a secret is written may stand between the word and the secret: ``password 0 S``, ``community read cipher S``.
_KINDS = (
    r"(?:[0-9]|plain|plaintext|simple|clear|cleartext|cipher|irreversible-cipher|encrypted|encryption|hash|string"
    r"|read|write|ro|rw|level[ \t]+[0-9]+)[ \t]+"
)
_WORDS = (
    r"\w*password(?:-auth)?|passwd|pwd|pw|passphrase|\w*secret|community|(?:irreversible-)?cipher"
    r"|(?:pre-)?shared-key|(?:auth(?:entication)?|priv(?:acy)?|encryption)-key"
)
#: After these the secret follows as well, but only in such commands: a key may be many things.
_IN_COMMANDS = (
    r"(?:radius|tacacs)\S*[ \t][^\r\n]*?\bkey|\bauth(?:entication)?(?:-mode)?[ \t]+(?:md5|sha[0-9-]*)"
    r"|\bpriv(?:acy)?(?:-mode)?[ \t]+(?:des[0-9-]*|3des\S*|aes[0-9-]*)"
)
#: In sentences these words follow, and no secret.
_PROSE = r"(?:is|has|and|or|was|will|must|expires?|expired)\b(?![^ \t\r\n]))"
_PARTS = r"%\^%#[^\r\n]*?%\^%#|%@%@[^\r\n]*?%@%@|\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*'"

#: The word itself, with the lengths that a question for a new password tells.
_NAME = rf"\b(?:{_WORDS})\b(?:\([^)\r\n]*\))?"
#: What follows is no secret: another of the words, or a sentence.
_NOT_YET = rf"(?![:=* \t])(?!(?:{_WORDS})[ \t])(?!{_PROSE}"

#: ``password: S`` and ``password = S``: everything up to two blanks or the line's end.
_NAMED = rf"({_NAME}[ \t]*[:=][ \t]*)({_PARTS}|[^ \t\r\n;,]+(?:[ \t][^ \t\r\n;,]+)*)"
#: ``password S``: one word, or what stands in quotes.
_COMMAND = rf"((?:\b(?:{_WORDS})|{_IN_COMMANDS})[ \t]+(?:{_KINDS})*){_NOT_YET}({_PARTS}|[^ \t\r\n]+)"

#: Each finds what precedes a secret (group 1) and the secret.
SECRETS = (re.compile(_NAMED, re.IGNORECASE), re.compile(_COMMAND, re.IGNORECASE))
#: The same up to the line's end, for what cannot wait until it is known where a secret ends.
TO_LINE_END = re.compile(
    rf"({_NAME}(?:[ \t]*[:=][ \t]*|[ \t]+(?![:= \t]))|(?:{_IN_COMMANDS})[ \t]+)(?!{_PROSE}(\S[^\r\n]*)", re.IGNORECASE
)
#: A line that may have one of the words: it is shown when it is complete.
SUSPECT = re.compile(r"(?i)pass|pwd|\bpw\b|secret|communit|cipher|key\b|\bauth|\bpriv")
