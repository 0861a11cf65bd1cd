"""One's own second factor: set up, confirmed, taken off; and taken off somebody else who lost theirs."""

from __future__ import annotations

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import second_factor
from isp_lifecycle.access.errors import FactorNeeded, OwnAccount
from isp_lifecycle.access.model import User
from isp_lifecycle.access.second_factor import Setup
from isp_lifecycle.events.vocabulary import AccountChanged
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.vault import vault_of
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.reach import require_reach_over


@enters("account.own", proof=True)
def begin(act: Act) -> Setup:
    """A new seed for one's authenticator; it counts from :func:`confirm` on. Raises FactorThere and VaultShut."""
    user = _own(act)
    issuer = act.settings.company.name
    return second_factor.begin(tx=act.tx, vault=vault_of(act.settings), user=user, issuer=issuer, at=act.at)


@enters("account.own")
def confirm(act: Act, *, passcode: str) -> tuple[str, ...]:
    """Have one's authenticator asked for at every sign-in, by a code of it; returns the recovery codes, once.

    Raises NoFactor, FactorThere, CodeWrong and VaultShut.
    """
    user, vault = _own(act), vault_of(act.settings)
    codes = second_factor.confirm(tx=act.tx, vault=vault, user_id=user.id, code=passcode, at=act.at)
    act.changed("Second factor", "none", "authenticator")
    act.record(AccountChanged(user_id=user.id, what="factor_added", address=act.actor.address))
    _tell(act, user, "factor_added")
    return codes


@enters("account.own", proof=True)
def renew_codes(act: Act) -> tuple[str, ...]:
    """New recovery codes in place of all one had. Raises NoFactor."""
    user = _own(act)
    codes = second_factor.new_codes(tx=act.tx, user_id=user.id)
    _tell(act, user, "recovery_codes")
    return codes


@enters("account.own", proof=True)
def take_off(act: Act, *, passcode: str) -> None:
    """Take one's own second factor off, by a code of it. Raises CodeWrong and FactorNeeded."""
    user = _own(act)
    if user.role in act.settings.second_factor_roles:
        raise FactorNeeded(user.role)
    second_factor.check(tx=act.tx, vault=vault_of(act.settings), user_id=user.id, code=passcode, at=act.at)
    second_factor.remove(tx=act.tx, user_id=user.id)
    act.changed("Second factor", "authenticator", "none")
    _tell(act, user, "factor_removed")


@enters("user.write", proof=True)
def reset(act: Act, *, username: str, reason: str) -> User:
    """Take the second factor off somebody who lost theirs, after making sure who asks; their password still stands.

    Raises NotFound, NoFactor, OwnAccount, BeyondOneself, and Refused without a reason.
    """
    if not reason.strip():
        raise Refused(
            say("A reason is needed."), field="reason", value="", remedy=say("Say how you made sure who asks.")
        )
    user = access.user_by_username(tx=act.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    act.about("account", user.username)
    if user.id == act.actor.user_id:
        raise OwnAccount(user.username)
    require_reach_over(act, user)
    second_factor.remove(tx=act.tx, user_id=user.id)
    act.changed("Second factor", "authenticator", "none")
    _tell(act, user, "factor_removed_by_administrator")
    return user


def _tell(act: Act, user: User, what: str) -> None:
    """Its owner is told by e-mail: whoever sits at a stolen session should not stay unseen."""
    act.record(AccountChanged(user_id=user.id, what=what, address=act.actor.address))


def _own(act: Act) -> User:
    act.about("account", act.actor.username)
    if act.actor.user_id is None:
        raise NotFound("account", act.actor.username)
    return access.user_by_id(tx=act.tx, user_id=act.actor.user_id)
