"""A real FreeRADIUS on a database of the tests' PostgreSQL, with a folder and ports of its own."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.aaa.coa import DynamicAuthorization
from isp_lifecycle.aaa.radius import Radius, Rules
from isp_lifecycle.aaa.server import Server as Database
from isp_lifecycle.cli.embedded.server import Server, free_port, running
from isp_lifecycle.foundation.db import open_engine
from tests.sign_on.installed import COA_SECRET, RADDB, RADIUS_SCHEMA, SECRET, WALLED_VLAN, database, program, schema

RADIUSD = Path(__file__).parents[1] / "data" / "sign_on" / "radiusd.conf"


@dataclass(frozen=True)
class FreeRadius:
    """A running FreeRADIUS: its database, and its clients' programs.

    It listens for CoA as well, as an access gateway that is not pyrad's; it refuses the session named ``refused``.
    """

    engine: sa.Engine
    folder: Path
    auth: int
    acct: int
    coa: int

    def adapter(self, *, coa: int = 9, timeout: float = 0.3, **rules: Any) -> Radius:
        """Our adapter to it, whose gateways take CoA at that port."""
        usual: dict[str, Any] = {
            "vendors": ("mikrotik", "huawei"),
            "open_filter": "",
            "walled_filter": "walled-garden",
            "walled_vlan": WALLED_VLAN,
            "line_secret": "lines-test-only",
            "shared_password": False,
            "bind_circuit": False,
            "coa_secret": COA_SECRET,
        }
        return Radius(
            server=Database("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", self.engine),
            gateways=DynamicAuthorization(port=coa, timeout=timeout, attempts=2),
            rules=Rules(**(usual | rules)),
        )

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of its database."""
        with self.engine.begin() as tx:
            return [tuple(row) for row in tx.execute(sa.text(statement), values)]

    def write(self, statement: str, **values: Any) -> None:
        """Change its database, as an operator might."""
        with self.engine.begin() as tx:
            tx.execute(sa.text(statement), values)

    def password(self, user: str) -> str:
        """What the user signs in with."""
        query = "SELECT value FROM radcheck WHERE username = :u AND attribute = 'Cleartext-Password'"
        return str(self.rows(query, u=user)[0][0])

    def radtest(self, user: str, password: str) -> Answer:
        """Sign in as an access gateway does for a customer who dials in, by FreeRADIUS's own ``radtest``."""
        argv = [program("radtest"), "-x", user, password, f"127.0.0.1:{self.auth}", "0", SECRET]
        return Answer.of(self._run(argv, ""))

    def request(self, *attributes: str) -> Answer:
        """Sign in with attributes as ``radclient`` takes them."""
        argv = [program("radclient"), "-x", "-r", "2", "-t", "3", f"127.0.0.1:{self.auth}", "auth", SECRET]
        return Answer.of(self._run(argv, "\n".join(attributes)))

    def account(self, *attributes: str) -> None:
        """Report about a session as an access gateway does."""
        argv = [program("radclient"), "-r", "2", "-t", "3", f"127.0.0.1:{self.acct}", "acct", SECRET]
        self._run(argv, "\n".join(("NAS-IP-Address = 127.0.0.1", *attributes)))

    def begin_session(self, user: str, session: str, address: str = "") -> None:
        """A live session of this user."""
        more = (f"Framed-IP-Address = {address}",) if address else ()
        self.account(f'User-Name = "{user}"', f'Acct-Session-Id = "{session}"', "Acct-Status-Type = Start", *more)

    def _run(self, argv: list[str], text: str) -> str:
        # Its tools ask the name server for this machine's name unless the variable for it is set.
        done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=30, check=False)
        assert "Received" in done.stdout or argv[0].endswith("radclient"), done.stdout + done.stderr
        return done.stdout + done.stderr


@dataclass(frozen=True)
class Answer:
    """What FreeRADIUS answered, attribute by attribute."""

    accepted: bool
    attributes: dict[str, str]

    @classmethod
    def of(cls, output: str) -> Answer:
        """Read what its tools print."""
        received = output.partition("Received Access-")[2]
        assert received, output
        said = re.findall(r"^\s+([A-Za-z0-9-]+) = \"?(.*?)\"?$", received, re.MULTILINE)
        kept = {name: value for name, value in said if name != "Message-Authenticator"}
        return cls(received.startswith("Accept"), kept)


def filled(**values: object) -> str:
    """Its configuration with these values."""
    text = RADIUSD.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


@contextmanager
def freeradius(server: str, folder: Path) -> Iterator[FreeRadius]:
    """Run FreeRADIUS on a new database of that PostgreSQL."""
    binary, ask = program("freeradius"), program("radclient")
    with database(server, schema(RADIUS_SCHEMA)) as url:
        auth, acct, coa = free_port(), free_port(), free_port()
        place = sa.make_url(url)
        text = filled(
            folder=folder,
            raddb=RADDB,
            secret=SECRET,
            coa_secret=COA_SECRET,
            auth=auth,
            acct=acct,
            coa=coa,
            host=place.host,
            port=place.port,
            name=place.database,
            user=place.username,
            password=place.password,
        )
        (folder / "radiusd.conf").write_text(text, encoding="utf-8")
        status = [ask, "-r", "1", "-t", "1", f"127.0.0.1:{auth}", "status", SECRET]

        def ready() -> bool:
            said = subprocess.run(status, input="Message-Authenticator = 0x00", text=True, capture_output=True)
            return said.returncode == 0

        argv = (binary, "-f", "-l", "stdout", "-d", str(folder), "-n", "radiusd")
        daemon = Server(name="freeradius", argv=argv, url=url, stop=signal.SIGTERM, ready=ready)
        with running(daemon, log=folder / "freeradius.log"):
            engine = open_engine(url)
            yield FreeRadius(engine, folder, auth, acct, coa)
            engine.dispose()
