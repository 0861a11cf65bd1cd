"""An account with just the rights that the README names is enough, and with less the doctor says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ServerRefused, ServerUnreachable
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.foundation.ids import new_id
from tests.contract.sign_on.lines import LINE, line
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.gateway import Gateway
from tests.sign_on.kea import kea_adapter

WRITTEN = "SELECT, INSERT, UPDATE, DELETE"
RADIUS_RIGHTS = (
    (WRITTEN, "radcheck, radreply, radusergroup, radgroupreply"),
    ("SELECT", "radacct, nas"),
    ("USAGE", "SEQUENCE radcheck_id_seq, radreply_id_seq, radusergroup_id_seq, radgroupreply_id_seq"),
)
KEA_RIGHTS = ((WRITTEN, "hosts"), ("SELECT", "schema_version"), ("USAGE", "SEQUENCE hosts_host_id_seq"))


@contextmanager
def account(owner: sa.Engine, *rights: tuple[str, str]) -> Iterator[Callable[[Server], Server]]:
    """The same server, reached by an account of these rights."""
    role = f"r_{new_id().hex}"
    with owner.begin() as tx:
        tx.execute(sa.text(f"CREATE ROLE {role} LOGIN PASSWORD 'test-only'"))
        for what, where in rights:
            tx.execute(sa.text(f"GRANT {what} ON {where} TO {role}"))
    url = owner.url.set(username=role, password="test-only")
    engine = open_engine(url.render_as_string(hide_password=False))
    yield lambda server: replace(server, engine=engine)
    engine.dispose()
    with owner.begin() as tx:
        tx.execute(sa.text(f"DROP OWNED BY {role}"))
        tx.execute(sa.text(f"DROP ROLE {role}"))


def test_radius_needs_no_more_than_the_readme_names(freeradius: FreeRadius, gateway: Gateway) -> None:
    usual = freeradius.adapter(coa=gateway.port)
    with account(freeradius.engine, *RADIUS_RIGHTS) as by:
        radius = replace(usual, server=by(usual.server))
        radius.admit(LINE)
        freeradius.begin_session(LINE.service_code, "1", "10.77.0.50")
        gateway.sessions["1"] = {}
        radius.change(line(down_kbps=1_000))
        assert radius.look() == "Its tables answer; they let 1 line on."
        assert list(radius.standing()) == [LINE.service_code]
        radius.remove(LINE)
    assert gateway.asked == ["CoA 1", "Disconnect 1"]


def test_kea_needs_no_more_than_the_readme_names(kea_engine: sa.Engine) -> None:
    usual = kea_adapter(kea_engine)
    with account(kea_engine, *KEA_RIGHTS) as by:
        kea = replace(usual, server=by(usual.server))
        kea.admit(LINE)
        kea.change(line(address="10.77.0.60/32"))
        assert kea.look().endswith("it holds 1 reservation.")
        assert list(kea.standing()) == [LINE.service_code]
        kea.remove(LINE)


def test_account_that_may_only_read_is_told_to_a_person(freeradius: FreeRadius, kea_engine: sa.Engine) -> None:
    radius, kea = freeradius.adapter(), kea_adapter(kea_engine)
    tables = "radcheck, radreply, radusergroup, radgroupreply, radacct, nas"
    with account(freeradius.engine, ("SELECT", tables)) as by:
        for refused in (lambda r: r.look(), lambda r: r.admit(LINE)):
            with pytest.raises(ServerRefused, match="permission denied"):
                refused(replace(radius, server=by(radius.server)))
    with account(kea_engine, ("SELECT", "hosts, schema_version")) as by:
        with pytest.raises(ServerRefused, match="permission denied"):
            replace(kea, server=by(kea.server)).look()


def test_account_with_no_connection_left_is_tried_again(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    with account(freeradius.engine, *RADIUS_RIGHTS) as by:
        full = by(radius.server)
        freeradius.write(f"ALTER ROLE {full.engine.url.username} CONNECTION LIMIT 0")
        with pytest.raises(ServerUnreachable, match="too many connections"):
            replace(radius, server=full).admit(LINE)
