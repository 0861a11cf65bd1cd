"""A transaction on the PostgreSQL that a RADIUS or DHCP server reads, and what its failures mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ServerRefused, ServerUnreachable
from isp_lifecycle.foundation.db import Tx

#: A server that starts, stops or is full answers FATAL as well, and will be well again (SQLSTATE 57P01, 57P03, 53300).
PASSING = (
    *("starting up", "shutting down", "in recovery mode", "terminating connection"),
    *("too many clients", "too many connections", "remaining connection slots"),
)


@dataclass(frozen=True)
class Server:
    """``name`` is the server's as people know it, ``setting`` the variable that says where its database is."""

    name: str
    setting: str
    engine: sa.Engine

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A transaction that commits when the block ends well.

        Raises ServerUnreachable when nobody answers or the connection breaks off, ServerRefused when the sign-in, the
        rights or the tables are wrong.
        """
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except sa.exc.DBAPIError as error:
            # SQLAlchemy's own words carry the statement's values, passwords among them; the driver's do not.
            why = str(error.orig).strip().split("\n")[0]
            if _refused(error.orig, why):
                raise ServerRefused(self.name, why, self.setting) from error.orig
            raise ServerUnreachable(self.name, why) from error.orig


def _refused(error: BaseException | None, why: str) -> bool:
    """Whether the server answered and does not let us, rather than not answering or not now."""
    if any(word in why for word in PASSING):
        return False
    if isinstance(error, psycopg.OperationalError):
        return "FATAL" in why  # a refused sign-in or an unknown database carries no SQLSTATE when connecting
    return True
