"""Constraints are the last word: this turns the database's refusal into the capability's own error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import LifecycleError


@contextmanager
def refusing(*, tx: sa.Connection, by: Mapping[str, Callable[[], LifecycleError]]) -> Iterator[None]:
    """Run a block in a savepoint; where a named constraint refuses it, raise what ``by`` makes of that name.

    The makers run after the savepoint was rolled back, so they may look up who is in the way. The violation of
    a constraint that ``by`` does not name is a defect and goes up as it is.
    """
    try:
        with tx.begin_nested():
            yield
    except sa.exc.IntegrityError as violation:
        name = constraint_of(violation)
        if name not in by:
            raise
        raise by[name]() from violation


def constraint_of(violation: sa.exc.IntegrityError) -> str:
    """The name of the violated constraint, as PostgreSQL reports it; empty where it names none (NOT NULL)."""
    diagnosis = getattr(violation.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
