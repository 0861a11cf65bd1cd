"""Which passwords are refused: NIST SP 800-63B (3.1.1.2) asks for length and a list, not for kinds of characters.

Refused are those that anybody tries first: the most common ones of eight characters and more, one short piece over and
over, runs along the keyboard or the alphabet, and what is written on the account itself.
"""

from __future__ import annotations

import re

from isp_lifecycle.foundation.texts import say

_COMMON = (
    "password password1 password12 password123 passw0rd p@ssw0rd p@ssword pa55word passwort contrasena motdepasse "
    "12345678 123456789 1234567890 123123123 11111111 00000000 88888888 87654321 987654321 0987654321 1q2w3e4r "
    "1q2w3e4r5t 1qaz2wsx qwertyui qwertyuiop qwerty123 qwerty12 qwerty1234 asdfghjk asdfghjkl zxcvbnm1 abcd1234 "
    "abc12345 a1b2c3d4 iloveyou iloveyou1 sunshine princess football baseball superman batman123 trustno1 welcome1 "
    "welcome123 letmein1 letmein123 michelle jennifer computer internet starwars whatever charlie1 corvette "
    "mercedes maverick dragon123 monkey123 shadow123 master123 hunter123 killer123 soccer123 jordan23 liverpool "
    "chelsea1 arsenal1 manchester changeme changeme1 default1 secret123 test1234 testtest admin123 admin1234 "
    "administrator root1234 support1 operator network1 huawei123 zte12345 cisco123 mikrotik fiberhome guest123 "
    "temp1234 temporary summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2025 spring2026 "
    "autumn2025 autumn2026 january1 december1 football1 blink182 "
    # of twelve and more
    "123456789012 1234567890123 12345678901234 123456789101112 1234567891011 123456123456 1234512345 123123123123 "
    "111111111111 000000000000 121212121212 112233445566 987654321098 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv "
    "zaq12wsxcde3 qwertyuiop123 qwerty123456 qwertyuiop12 qwerty12345678 qwertyqwerty asdfghjkl123 asdfasdfasdf "
    "zxcvbnm12345 passwordpassword password1234 password12345 password123456 mypassword123 thisismypassword "
    "correcthorsebatterystaple letmeinplease iloveyouforever iloveyou1234 iloveyouiloveyou welcomewelcome "
    "adminadmin123 administrator1 administrator123 adminpassword rootpassword changemechangeme changeme12345 "
    "abcdefghijkl abcdefgh1234 abcd1234abcd abc123abc123 aaaaaaaaaaaa testtesttest testpassword unknownpassword "
    "manchesterunited liverpoolfc1892 jesuschrist1 princess1234 football1234 baseball1234 superman1234 "
    "telecomadmin1 telecomadmin123 customerservice networkadmin1 internet12345 broadband123 internetprovider "
)
#: The passwords that lists of stolen ones have most of, in lower case, where length alone would let them pass.
COMMON = frozenset(_COMMON.split())
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def weakness_of(password: str, *, own_words: tuple[str, ...]) -> str:
    """Why this password would be guessed, in a few words; empty when nothing speaks against it.

    ``own_words`` are the account's: user name, name, e-mail.
    """
    plain = password.lower()
    if plain in COMMON or plain.rstrip("0123456789!.?") in COMMON:
        return say("it is one of the most common")
    if re.fullmatch(r"(.{1,3})\1+.?", plain):
        return say("it is one short piece over and over")
    if any(plain in run or plain in run[::-1] for run in _RUNS):
        return say("it is a run along the keyboard or the alphabet")
    left = plain
    for piece in re.split(r"[\s@._-]+", " ".join(own_words).lower()):
        left = left.replace(piece, "") if len(piece) >= 4 else left
    return say("it is hardly more than your own name") if len(left) < 4 else ""
