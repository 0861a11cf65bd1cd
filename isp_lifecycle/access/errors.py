"""What can go wrong when somebody signs in or asks for something that is not theirs to do."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from isp_lifecycle.foundation.texts import say, say_many
from isp_lifecycle.foundation.words import some_of


class Forbidden(Refused):
    """The actor's role does not hold the permission."""

    def __init__(self, *, username: str, role: str, permission: str) -> None:
        super().__init__(
            say(
                "{username} ({role}) may not do this: {permission}.",
                username=username or "A visitor",
                role=role,
                permission=permission,
            ),
            field="permission",
            value=permission,
            remedy=say("Ask somebody whose role allows it, or an administrator for another role."),
        )
        self.username = username
        self.role = role
        self.permission = permission


class ProofNeeded(Refused):
    """The act is dangerous, and it is long ago that whoever sits there proved who they are."""

    def __init__(self, *, minutes: int, possible: bool) -> None:
        super().__init__(
            say("This is asked of you once more: is it you who sits there?")
            if possible
            else say("This can be done by somebody at a page only, never by a token."),
            remedy=say(
                "Confirm it with your password; that holds for {minutes} minutes. Then press again.", minutes=minutes
            )
            if possible
            else say("Sign in to the staff suite, and do it there."),
        )
        self.possible = possible


class LanguageUnknown(Refused):
    """Pages do not speak this language."""

    def __init__(self, language: str) -> None:
        super().__init__(
            say("Pages do not speak {language!r}.", language=language[:20]),
            field="language",
            value=language,
            remedy=say("Choose one of the list."),
        )


class PermissionUnknown(Refused):
    """No permission has this name."""

    def __init__(self, permission: str, *, near: tuple[str, ...]) -> None:
        super().__init__(
            say("No permission is called {permission}.", permission=repr(permission)),
            field="permission",
            value=permission,
            remedy=say("Perhaps one of: {near}.", near=", ".join(near))
            if near
            else say("`isp access matrix` lists them all."),
        )


class SignInRefused(Refused):
    """Name and password do not fit, or the account is closed; deliberately not told apart."""

    def __init__(self) -> None:
        super().__init__(
            say("User name and password do not fit."), remedy=say("Type both again; after that, ask an administrator.")
        )


class Bar(StrEnum):
    """Why somebody may not sign in who proved who they are."""

    DISABLED = "disabled"
    LOCKED = "locked"
    EXPIRED = "expired"
    PASSWORD_EXPIRED = "password expired"  # noqa: S105 - a word for people
    MUST_CHANGE = "must change"
    NO_ROLE = "no role"
    CLOSED = "closed"


def _barred(why: Bar, source: str) -> tuple[str, str]:
    """What they are told, and what to do about it."""
    elsewhere = say("Change it where you always do, at your computer for example, then sign in here.")
    return {
        Bar.DISABLED: (
            say("Your account is disabled in {source}.", source=source),
            say("Ask those who look after it to enable it."),
        ),
        Bar.LOCKED: (
            say("Your account is locked in {source} after too many wrong passwords.", source=source),
            say("Wait until it is open again, or ask those who look after it to unlock it."),
        ),
        Bar.EXPIRED: (
            say("Your account in {source} has expired.", source=source),
            say("Ask those who look after it to extend it."),
        ),
        Bar.PASSWORD_EXPIRED: (say("Your password in {source} has expired.", source=source), elsewhere),
        Bar.MUST_CHANGE: (
            say("Your password in {source} must be changed before you go on.", source=source),
            elsewhere,
        ),
        Bar.NO_ROLE: (
            say("Your account in {source} is in no group that has a role here.", source=source),
            say("Ask an administrator which group it should be in."),
        ),
        Bar.CLOSED: (
            say("Your account here was closed by an administrator."),
            say("Ask an administrator to open it again."),
        ),
    }[why]


class AccountBarred(Refused):
    """Somebody proved who they are, and may not sign in all the same; each reason has its own words."""

    def __init__(self, why: Bar, *, source: str) -> None:
        message, remedy = _barred(why, source)
        super().__init__(message, field="username", remedy=remedy)
        self.why = why
        self.source = source


class DirectoryUnreachable(Unreachable):
    """No server of a directory answers as it should. What people are told names no server; ``reasons`` do."""

    def __init__(self, title: str, *, reasons: tuple[str, ...]) -> None:
        super().__init__(
            say("{title} does not answer just now, so that nobody can be looked up there.", title=title),
            remedy=say("Try again in a minute. Accounts that were made here sign in as always."),
        )
        self.reasons = reasons


class DirectoryWrong(NeedsPerson):
    """A directory answers, but not with what the settings say of it."""

    def __init__(self, title: str, *, setting: str, what: str) -> None:
        super().__init__(
            say("{title} cannot be used as it is set: {what}.", title=title, what=what),
            field=setting,
            remedy=say("An administrator corrects {setting}; `isp doctor` says when it is right.", setting=setting),
        )
        self.setting = setting
        self.what = what


class NobodyThere(Refused):
    """A source knows nobody by a name."""

    def __init__(self, username: str, title: str) -> None:
        super().__init__(
            say("{title} has nobody who signs in as {username}.", title=title, username=repr(username)),
            field="username",
            value=username,
            remedy=say(
                "Look how the name is written there, and whether people are looked for in the right place (BASE)."
            ),
        )


class SourceUnknown(Refused):
    """The settings have no directory of this name."""

    def __init__(self, name: str, *, known: tuple[str, ...]) -> None:
        super().__init__(
            say("The settings have no directory {name}.", name=repr(name)),
            field="source",
            value=name,
            remedy=say("Use one of: {known}.", known=", ".join(known))
            if known
            else say("ISP_DIRECTORIES connects one."),
        )


class RoleFromSource(Refused):
    """The role is a source's to give or take."""

    def __init__(self, username: str, source: str) -> None:
        super().__init__(
            say("The role of {username} comes from {source}.", username=username, source=source),
            field="username",
            value=username,
            remedy=say(
                "Change which groups {username} is in there, or the table of groups in the settings; it "
                "follows within a minute. An administrator may close the account.",
                username=username,
            ),
        )
        self.source = source


class MappedRoleUnknown(NeedsPerson):
    """The settings give a group a role that there is not."""

    def __init__(self, group: str, role: str, *, known: tuple[str, ...]) -> None:
        super().__init__(
            say(
                "The settings give the group {group} the role {role}, which is none of the staff's.",
                group=repr(group),
                role=repr(role),
            ),
            field="groups",
            value=role,
            remedy=say("Use one of: {known}.", known=", ".join(known)),
        )


class TooManyAttempts(Refused):
    """So many wrong passwords that the door is shut for a while; ``from_there``: so many failures from one address."""

    def __init__(self, *, wait: timedelta, from_there: bool = False) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        right = say_many(
            "Wait {count} minute, then sign in with the right one.",
            "Wait {count} minutes, then sign in with the right one.",
            minutes,
        )
        any_way = say_many("Wait {count} minute, then sign in.", "Wait {count} minutes, then sign in.", minutes)
        super().__init__(
            say("Too many failed sign-ins from this address.")
            if from_there
            else say("Too many wrong passwords for this account or from this address."),
            remedy=any_way if from_there else right,
        )
        self.wait = wait


class TooManyApplications(Refused):
    """So many applications that the form is shut for a while."""

    def __init__(self, *, wait: timedelta, phone: str) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(
            say("We have had more applications than usual, and take no more by this form for now."),
            remedy=say_many(
                "Try again in {count} minute, or call {phone}.",
                "Try again in {count} minutes, or call {phone}.",
                minutes,
                phone=phone,
            ),
        )
        self.wait = wait


class RoleUnknown(Refused):
    """No role that staff can have is called so."""

    def __init__(self, role: str, remedy: str) -> None:
        super().__init__(
            say("{role} is not a role of the staff.", role=repr(role)), field="role", value=role, remedy=remedy
        )


class OwnAccount(Refused):
    """Nobody gives themselves another role, or closes their own account."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("{username} is your own account.", username=username),
            field="username",
            value=username,
            remedy=say("Ask another administrator."),
        )


class LastAdministrator(Refused):
    """Without an administrator nobody could make one."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("{username} is the only administrator whose account is open.", username=username),
            field="username",
            value=username,
            remedy=say("Make somebody else an administrator first."),
        )


class UsernameTaken(Refused):
    """Another account already has this name."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("The user name {username} is taken.", username=username),
            field="username",
            value=username,
            remedy=say("Choose another user name."),
        )


class UsernameWrong(Refused):
    """A user name is 1 to 80 characters without spaces."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("A user name is 1 to 80 characters without spaces."),
            field="username",
            value=username,
            remedy=say("Choose a name such as s.murphy or an e-mail address."),
        )


class BeyondOneself(Refused):
    """Nobody gives, or decides over, more than they hold themselves."""

    def __init__(self, what: str, missing: tuple[str, ...]) -> None:
        shown = some_of(missing)
        super().__init__(
            say("{what} may do what you may not: {shown}.", what=what, shown=shown),
            field="permissions",
            value=shown,
            remedy=say("Ask an administrator who may do all of it."),
        )


class OwnRoleWrong(Refused):
    """A role cannot be called so, start from there, or be given that."""

    def __init__(self, field: str, value: str, why: str, remedy: str) -> None:
        super().__init__(say("{value} {why}.", value=repr(value), why=why), field=field, value=value, remedy=remedy)


class OwnRoleYours(Refused):
    """Nobody changes the role that they have themselves."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say("{name} is your own role.", name=name),
            field="name",
            value=name,
            remedy=say("Ask an administrator of another role."),
        )


class OwnRoleInUse(Refused):
    """A role that accounts have is not removed."""

    def __init__(self, name: str, usernames: tuple[str, ...]) -> None:
        shown = some_of(usernames)
        super().__init__(
            say("Accounts have the role {name}: {shown}.", name=name, shown=shown),
            field="name",
            value=name,
            remedy=say("Give them another role first; closed accounts count, too."),
        )


class LinkDead(Refused):
    """A link of an invitation or for a forgotten password that does not work, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            say("This link does not work any more."),
            field="token",
            remedy=say("A link works once, and for a limited time. Ask for a new one."),
        )


class NoAddress(Refused):
    """An account without an e-mail address cannot be sent a link."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("No e-mail address is known of {username}.", username=username),
            field="email",
            value=username,
            remedy=say("Give one: the invitation goes there."),
        )


class HasPassword(Refused):
    """An account that has a password needs no invitation."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("{username} has a password already.", username=username),
            field="username",
            value=username,
            remedy=say("Who has forgotten it asks for another one on the sign-in page."),
        )


class PasswordTooShort(Refused):
    """NIST SP 800-63B asks for length, not for kinds of characters."""

    def __init__(self, *, least: int, most: int) -> None:
        super().__init__(
            say("A password has {least} to {most} characters.", least=least, most=most),
            field="password",
            remedy=say("Choose a longer one; a few unrelated words are good."),
        )


class PasswordWeak(Refused):
    """A password that would be guessed among the first."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("This password would be guessed: {why}.", why=why),
            field="password",
            remedy=say("Choose a longer one; a few unrelated words are good."),
        )


class PasswordsDiffer(Refused):
    """The new password was not typed the same twice."""

    def __init__(self) -> None:
        super().__init__(
            say("The new password was not typed the same twice."),
            field="again",
            remedy=say("Type the new one twice again."),
        )


class PresentPasswordWrong(Refused):
    """The present password does not fit, so that it is not changed."""

    def __init__(self) -> None:
        super().__init__(
            say("The present password does not fit."),
            field="current",
            remedy=say("Type the one with which you sign in."),
        )


class CodeWrong(Refused):
    """A code that is none of the authenticator's now, was used already, or is no recovery code."""

    def __init__(self) -> None:
        super().__init__(
            say("This code does not fit."),
            field="code",
            remedy=say("Type the newest code of your authenticator, or a recovery code; is the phone's clock right?"),
        )


class FactorThere(Refused):
    """The account has a second factor already."""

    def __init__(self, username: str) -> None:
        super().__init__(
            say("{username} has a second factor already.", username=username),
            field="username",
            value=username,
            remedy=say("Take that one off first, to set up another."),
        )


class NoFactor(Refused):
    """The account has no second factor."""

    def __init__(self) -> None:
        super().__init__(say("There is no second factor to change."), remedy=say("Set one up first."))


class FactorNeeded(Refused):
    """The account's role must have a second factor."""

    def __init__(self, role: str) -> None:
        super().__init__(
            say("Accounts of the role {role} must have a second factor.", role=role),
            field="role",
            value=role,
            remedy=say("Keep it. To use another authenticator, ask an administrator to reset it."),
        )


class TokenRefused(Refused):
    """A token that lets nobody in."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("The token {why}.", why=why),
            field="authorization",
            remedy=say("Send “Authorization: Bearer isp_...” with a token that stands; its owner makes a new one."),
        )


class ScopesWrong(Refused):
    """A token was to be made for something that it cannot be made for."""

    def __init__(self, scope: str, allowed: list[str], *, known: bool) -> None:
        why = say("is not this account's to give, or a person's alone") if known else say("is no permission")
        super().__init__(
            say("{scope} {why}.", scope=repr(scope), why=why)
            if scope
            else say("A token needs at least one permission."),
            field="scopes",
            value=scope,
            remedy=say("Choose of: {allowed}.", allowed=", ".join(allowed))
            if allowed
            else say("This account's role allows machines nothing."),
        )


class TokenTermWrong(Refused):
    """A token's name or term cannot be so."""

    def __init__(self, field: str, value: object, remedy: str) -> None:
        super().__init__(
            say("A token cannot have {value} as {field}.", value=repr(value), field=field),
            field=field,
            value=value,
            remedy=remedy,
        )


class TooManyRequests(Refused):
    """A machine asks more often than it may."""

    def __init__(self, *, wait: timedelta) -> None:
        seconds = max(1, int(wait.total_seconds()))
        super().__init__(
            say("Too many requests."),
            remedy=say("Wait {seconds} seconds; the header Retry-After says so too.", seconds=seconds),
        )
        self.wait = wait


class SavedViewWrong(Refused):
    """A way of looking at a list cannot be kept like this."""

    def __init__(self, field: str, value: object, remedy: str) -> None:
        super().__init__(say("This view of the list cannot be kept."), field=field, value=value, remedy=remedy)
