"""What a directory says of an account's state: in the answer to a password, and in the entry itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from isp_lifecycle.access.directory.servers import INVALID_CREDENTIALS, SUCCESS, Bound, Entry
from isp_lifecycle.access.errors import Bar

#: Attributes that tell it, of Active Directory and of others.
AD_STATE: Final = ("userAccountControl", "accountExpires", "lockoutTime")
LDAP_STATE: Final = ("pwdAccountLockedTime", "shadowExpire")

#: Windows' error codes in the text of a refused bind ([MS-ERREF] 2.2, in hexadecimal). All but 775 come only to the
#: right password. A locked account gets 775 to any, so that it tells a stranger that a name exists and is locked; it is
#: told all the same, since people who cannot know that they wait for nothing call the help desk.
_AD: Final = {
    "533": Bar.DISABLED,
    "701": Bar.EXPIRED,
    "773": Bar.MUST_CHANGE,
    "532": Bar.PASSWORD_EXPIRED,
    "775": Bar.LOCKED,
}
#: The errors of the password policy's control (draft-behera-ldap-password-policy-10, 6.2).
_POLICY: Final = {0: Bar.PASSWORD_EXPIRED, 1: Bar.LOCKED, 2: Bar.MUST_CHANGE}
_DISABLED_BIT: Final = 0x2
#: "Never", twice: [MS-ADTS], accountExpires.
_NEVER: Final = (0, 0x7FFFFFFFFFFFFFFF)
_WINDOWS_BEGAN: Final = datetime(1601, 1, 1, tzinfo=UTC)
_UNIX_BEGAN: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: The time of a lock that only an administrator takes off (draft-behera-ldap-password-policy-10, 5.3.3).
_LOCKED_FOR_GOOD: Final = "000001010000Z"


def bar_of_answer(answer: Bound, *, ad: bool) -> Bar | None:
    """Why a bind was refused, or is not enough; None for the right password (code 0) and for a wrong one alike."""
    if ad:
        found = re.search(r"\bdata ([0-9a-f]+)\b", answer.message) if answer.code == INVALID_CREDENTIALS else None
        return _AD.get(found.group(1)) if found else None
    error = _policy_error(answer.policy)
    return _POLICY.get(error) if answer.code in (SUCCESS, INVALID_CREDENTIALS) and error is not None else None


def bar_of_entry(entry: Entry, *, ad: bool, now: datetime) -> Bar | None:
    """Disabled or expired, as the entry says. A lock is none: strangers can bring it about, and it passes."""
    if ad:
        if int(entry.text("userAccountControl") or 0) & _DISABLED_BIT:
            return Bar.DISABLED
        expires = int(entry.text("accountExpires") or 0)  # in 100 ns since 1601
        passed = (now - _WINDOWS_BEGAN) // timedelta(microseconds=1) * 10
        return Bar.EXPIRED if expires not in _NEVER and expires <= passed else None
    if entry.text("pwdAccountLockedTime") == _LOCKED_FOR_GOOD:
        return Bar.DISABLED
    days = entry.text("shadowExpire")
    if days.isdecimal() and int(days) <= (now - _UNIX_BEGAN).days:
        return Bar.EXPIRED
    return None


def is_locked(entry: Entry) -> bool:
    """Whether the entry says that wrong passwords locked it, for those who look somebody up."""
    return entry.text("lockoutTime") not in ("", "0") or bool(entry.text("pwdAccountLockedTime"))


def _policy_error(value: bytes) -> int | None:
    """The error in ``SEQUENCE { warning [0] ... OPTIONAL, error [1] ENUMERATED OPTIONAL }`` (BER); None without one."""
    if len(value) < 2 or value[0] != 0x30:
        return None
    rest = value[2 : 2 + value[1]]
    while len(rest) >= 2:
        tag, length = rest[0], rest[1]
        if tag == 0x81 and length == 1 and len(rest) >= 3:
            return rest[2]
        rest = rest[2 + length :]
    return None
