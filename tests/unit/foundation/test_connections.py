"""Connections that died while nobody used them."""

from __future__ import annotations

import sqlalchemy as sa

from isp_lifecycle.foundation.db import open_engine, read


def test_connection_that_the_server_has_ended_is_replaced_before_it_is_used(database: str) -> None:
    engine, other = open_engine(database, pool_size=1), open_engine(database)
    backend = sa.text("SELECT pg_backend_pid()")
    with read(engine) as tx:
        first = tx.execute(backend).scalar_one()
    with other.begin() as tx:
        tx.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    with read(engine) as tx:
        assert tx.execute(backend).scalar_one() != first
    engine.dispose()
    other.dispose()
