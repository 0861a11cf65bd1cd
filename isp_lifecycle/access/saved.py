"""How people look at lists, kept by name: their own, and those that they share with all who may read the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from isp_lifecycle.access.errors import SavedViewWrong
from isp_lifecycle.access.model import SavedView
from isp_lifecycle.access.store import saved as store
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import say

#: So many of one list an account keeps, at most; a longer menu is no help.
MOST = 30
NAME_LENGTH, QUERY_LENGTH = 60, 2000


def keep_view(*, tx: Tx, user_id: UUID, list_name: str, name: str, query: str, shared: bool, at: datetime) -> None:
    """Keep what is asked of a list (an address's query) under a name; the same name again replaces it.

    Raises SavedViewWrong.
    """
    label = " ".join(name.split())
    if not 1 <= len(label) <= NAME_LENGTH:
        raise SavedViewWrong("name", name, say("Give it a name of 1 to {most} letters.", most=NAME_LENGTH))
    if len(query) > QUERY_LENGTH:
        raise SavedViewWrong("query", query[:40], say("Filter by less, then save it."))
    known = {view.name for view in store.select_for(tx=tx, user_id=user_id, list_name=list_name)}
    if label not in known and store.count_of(tx=tx, user_id=user_id, list_name=list_name) >= MOST:
        raise SavedViewWrong("name", name, say("You keep {most} already: remove one first.", most=MOST))
    view = SavedView(new_id(), user_id, list_name, label, query, shared, at)
    store.put(tx=tx, view=view)


def forget_view(*, tx: Tx, user_id: UUID, view_id: UUID) -> str:
    """Forget one of one's own; its name. Raises NotFound for any other."""
    name = store.remove(tx=tx, view_id=view_id, user_id=user_id)
    if name is None:
        raise NotFound("saved view", view_id)
    return name


def views_for(*, tx: Tx, user_id: UUID, list_name: str) -> Sequence[SavedView]:
    """Those of an account, then those that others share."""
    return store.select_for(tx=tx, user_id=user_id, list_name=list_name)
