"""How people look at lists: what they keep of it, and what they take out of the house."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.access import saved
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.door import Act, enters


@enters("account.own")
def keep_view(act: Act, *, list_name: str, name: str, query: str, shared: bool = False) -> None:
    """Keep what is asked of a list under a name, for oneself or all who may read the list; raises SavedViewWrong."""
    act.about("list", list_name)
    user_id = _account(act)
    saved.keep_view(tx=act.tx, user_id=user_id, list_name=list_name, name=name, query=query, shared=shared, at=act.at)


@enters("account.own")
def forget_view(act: Act, *, view_id: UUID) -> None:
    """Forget one of one's own saved views; raises NotFound."""
    act.about("saved view", saved.forget_view(tx=act.tx, user_id=_account(act), view_id=view_id))


@enters("account.own")
def note_export(act: Act, *, list_name: str, query: str, rows: int, form: str) -> None:
    """Tell the audit that somebody took rows of a list out of the house, and which."""
    act.about("list", list_name)


def _account(act: Act) -> UUID:
    if act.actor.user_id is None:
        raise NotFound("account", act.actor.username)
    return act.actor.user_id
