"""What can go wrong when somebody signs in or asks for something that is not theirs to do."""

from __future__ import annotations

from datetime import timedelta

from isp_lifecycle.foundation.errors import Refused


class Forbidden(Refused):
    """The actor's role does not hold the permission."""

    def __init__(self, *, username: str, role: str, permission: str) -> None:
        super().__init__(
            f"{username or 'A visitor'} ({role}) may not do this: {permission}.",
            field="permission",
            value=permission,
            remedy="Ask somebody whose role allows it, or an administrator for another role.",
        )
        self.username = username
        self.role = role
        self.permission = permission


class PermissionUnknown(Refused):
    """No permission has this name."""

    def __init__(self, permission: str, *, near: tuple[str, ...]) -> None:
        super().__init__(
            f"No permission is called {permission!r}.",
            field="permission",
            value=permission,
            remedy=f"Perhaps one of: {', '.join(near)}." if near else "`isp access matrix` lists them all.",
        )


class SignInRefused(Refused):
    """Name and password do not fit, or the account is closed; deliberately not told apart."""

    def __init__(self) -> None:
        super().__init__(
            "User name and password do not fit.", remedy="Type both again; after that, ask an administrator."
        )


class TooManyAttempts(Refused):
    """So many wrong passwords that the door is shut for a while."""

    def __init__(self, *, wait: timedelta) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(
            "Too many wrong passwords for this account or from this address.",
            remedy=f"Wait {minutes} minute{'' if minutes == 1 else 's'}, then sign in with the right one.",
        )
        self.wait = wait


class TooManyApplications(Refused):
    """So many applications that the form is shut for a while."""

    def __init__(self, *, wait: timedelta, phone: str) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(
            "We have had more applications than usual, and take no more by this form for now.",
            remedy=f"Try again in {minutes} minute{'' if minutes == 1 else 's'}, or call {phone}.",
        )
        self.wait = wait


class RoleUnknown(Refused):
    """No role that staff can have is called so."""

    def __init__(self, role: str, remedy: str) -> None:
        super().__init__(f"{role!r} is not a role of the staff.", field="role", value=role, remedy=remedy)


class OwnAccount(Refused):
    """Nobody gives themselves another role, or closes their own account."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"{username} is your own account.",
            field="username",
            value=username,
            remedy="Ask another administrator.",
        )


class LastAdministrator(Refused):
    """Without an administrator nobody could make one."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"{username} is the only administrator whose account is open.",
            field="username",
            value=username,
            remedy="Make somebody else an administrator first.",
        )


class UsernameTaken(Refused):
    """Another account already has this name."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"The user name {username} is taken.", field="username", value=username, remedy="Choose another user name."
        )


class UsernameWrong(Refused):
    """A user name is 1 to 80 characters without spaces."""

    def __init__(self, username: str) -> None:
        super().__init__(
            "A user name is 1 to 80 characters without spaces.",
            field="username",
            value=username,
            remedy="Choose a name such as s.murphy or an e-mail address.",
        )


class PasswordTooShort(Refused):
    """NIST SP 800-63B asks for length, not for kinds of characters."""

    def __init__(self, *, least: int, most: int) -> None:
        super().__init__(
            f"A password has {least} to {most} characters.",
            field="password",
            remedy="Choose a longer one; a few unrelated words are good.",
        )


class PasswordWeak(Refused):
    """A password that would be guessed among the first."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This password would be guessed: {why}.",
            field="password",
            remedy="Choose a longer one; a few unrelated words are good.",
        )


class PasswordsDiffer(Refused):
    """The new password was not typed the same twice."""

    def __init__(self) -> None:
        super().__init__(
            "The new password was not typed the same twice.", field="again", remedy="Type the new one twice again."
        )


class PresentPasswordWrong(Refused):
    """The present password does not fit, so that it is not changed."""

    def __init__(self) -> None:
        super().__init__(
            "The present password does not fit.", field="current", remedy="Type the one with which you sign in."
        )
