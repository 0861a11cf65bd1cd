"""Fills the port ``SignOn`` for FreeRADIUS: rows of its SQL schema, then CoA or Disconnect for what is live.

A line is a user whose name is the service's code. Its rates are a group's, named by them and shared by all lines that
have them: an order keeps a frozen copy of its plan, so a plan's code would not say which rates a line has. The rows are
committed first, so that a session that begins anew has the new ones; that live sessions are yet to be told is noted in
the same transaction as one more group, which answers nothing, and is taken away when they have been told.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from isp_lifecycle.aaa import accounting, store
from isp_lifecycle.aaa.attributes import FILTER, RATES, policy
from isp_lifecycle.aaa.coa import DynamicAuthorization
from isp_lifecycle.aaa.errors import SessionStays
from isp_lifecycle.aaa.model import GROUPS, InUse, Session, SignOnResult, SignOnWanted, Standing, Usage
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.aaa.store import OpValue
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import one_after_other, say, say_many

#: Our groups, and the two that note what is yet to be done with live sessions. They are asked last and answer nothing.
PREFIX = GROUPS
TO_CHANGE, TO_END = "isp-sessions-to-change", "isp-sessions-to-end"
NOTES = frozenset({TO_CHANGE, TO_END})
WALLED = f"{PREFIX}{Standing.WALLED}-"
ASKED_FIRST, ASKED_LAST = 1, 99

#: The circuit as access gateways send it (RFC 4679; FreeRADIUS's name; octets, hence written in hexadecimal).
CIRCUIT = "ADSL-Agent-Circuit-Id"
OWN_CHECKS = frozenset({"Cleartext-Password", "Auth-Type", CIRCUIT})
OWN_REPLIES = frozenset({store.ADDRESS, "Framed-IP-Netmask", store.DELEGATED, store.WAN, "Reply-Message"})
OWN_GROUP_REPLIES = frozenset({FILTER}.union(*(rates(0, 0) for rates in RATES.values())))
SUSPENDED = "This line is suspended."


@dataclass(frozen=True)
class Rules:
    """What is written besides the line's own: vendors of gateways, filters, secrets; see the settings' descriptions."""

    vendors: tuple[str, ...]
    open_filter: str
    walled_filter: str
    walled_vlan: int | None
    line_secret: str = field(repr=False)
    shared_password: bool
    bind_circuit: bool
    coa_secret: str = field(repr=False)


@dataclass(frozen=True)
class _Written:
    """What the first transaction left: how many rows it wrote, and what is to be done about live sessions."""

    rows: int
    to_change: bool
    to_end: bool


@dataclass(frozen=True)
class Radius:
    """FreeRADIUS, by the database that it reads."""

    server: Server
    gateways: DynamicAuthorization
    rules: Rules

    def admit(self, line: SignOnWanted) -> SignOnResult:
        """Let the line on as wanted; a password that it has already stays.

        Raises ServerUnreachable, ServerRefused, GatewayUnreachable and SessionStays, as the others do.
        """
        return self.change(line)

    def change(self, line: SignOnWanted) -> SignOnResult:
        """Make the line stand as wanted; live sessions take it by CoA, or end where they cannot."""
        standing = line.standing(self.rules.walled_vlan)
        attributes = self._policy(line, standing)
        group = None if standing is Standing.REFUSED else _group(line, standing)
        with self.server.transaction() as tx:
            written = self._write(tx, line, group, attributes)
        # Looked for only now: what has signed in until then may have got what stood before.
        sessions = self._sessions(line.service_code)
        told = [self._tell(session, secret, line, attributes, written) for session, secret in sessions.items()]
        if written.to_change or written.to_end:
            with self.server.transaction() as tx:
                store.settle_groups(tx, line.service_code, _member(group), PREFIX)
        return _result(say("{code} {stands}", code=line.service_code, stands=_words(group)), written.rows, told)

    def password(self, service_code: str) -> str | None:
        """What the line's user says: as it stands there, or as it will be written when the line is let on."""
        with self.server.transaction() as tx:
            standing = store.password_of(tx, service_code)
        return standing[1] if standing is not None else self._password(service_code)

    def remove(self, line: SignOnWanted) -> SignOnResult:
        """Take the line's rows out and end its sessions; what an operator wrote by hand beside them stays."""
        user = line.service_code
        with self.server.transaction() as tx:
            rows = store.settle(tx, store.CHECK, user, {}, OWN_CHECKS)
            rows += store.settle(tx, store.REPLY, user, {}, OWN_REPLIES)
            rows += store.settle_groups(tx, user, {}, PREFIX)
        told = [self._end(session, secret) for session, secret in self._sessions(user).items()]
        return _result(say("{user} is not known", user=user), rows, told)

    def look(self) -> str:
        """Whether FreeRADIUS's tables can be read and written; says how many lines they let on."""
        with self.server.transaction() as tx:
            return store.standing_words(tx, PREFIX)

    @property
    def name(self) -> str:
        """As people know it."""
        return self.server.name

    def standing(self) -> dict[str, str]:
        """How each line stands there, by its code, in the words of :meth:`expected`."""
        with self.server.transaction() as tx:
            return store.standing(tx, prefix=PREFIX, notes=NOTES, refusal=SUSPENDED)

    def expected(self, line: SignOnWanted) -> str | None:
        """How the line is to stand there."""
        if not line.enabled:
            return store.REFUSED
        group = _group(line, line.standing(self.rules.walled_vlan))
        return store.described(group, str(line.address.ip) if line.address else None, _delegated(line), _wan(line))

    def in_use(self) -> tuple[InUse, ...]:
        """What live sessions have, by what gateways account for."""
        with self.server.transaction() as tx:
            return accounting.in_use(tx)

    # --- accounting ---------------------------------------------------------------------------------------------------

    def live_sessions(self, service_code: str) -> tuple[Session, ...]:
        """The sessions of a line that no gateway has reported as ended, oldest first."""
        with self.server.transaction() as tx:
            return accounting.live_sessions(tx, service_code)

    def sessions(self, service_code: str, *, since: datetime, until: datetime) -> tuple[Session, ...]:
        """The sessions of a line that began from ``since`` to before ``until``, oldest first."""
        with self.server.transaction() as tx:
            return accounting.sessions(tx, service_code, since=since, until=until)

    def usage(self, service_code: str, *, since: datetime, until: datetime) -> Usage:
        """What a line used in the sessions that began in that period."""
        with self.server.transaction() as tx:
            return accounting.usage(tx, service_code, since=since, until=until)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _write(self, tx: Tx, line: SignOnWanted, group: str | None, attributes: Mapping[str, str]) -> _Written:
        user = line.service_code
        before = store.groups_of(tx, user, PREFIX)
        had = tuple(store.answer_of(tx, user, name) for name in (store.DELEGATED, store.WAN))
        rows = store.settle(tx, store.CHECK, user, self._checks(tx, line), OWN_CHECKS)
        rows += store.settle(tx, store.REPLY, user, _replies(line), OWN_REPLIES)
        if group is not None:
            answers = {name: (":=", value) for name, value in attributes.items()}
            rows += store.settle_shared(tx, store.GROUP_REPLY, group, answers, OWN_GROUP_REPLIES)
        left = group not in before and bool(before - NOTES)
        # An attribute that is no longer sent is not taken back by a CoA: without a filter for open lines, leaving the
        # walled garden takes a new session.
        freed = left and any(name.startswith(WALLED) for name in before) and not attributes.get(FILTER)
        # Prefix and IPv6 address are given when a session begins, and not every gateway accounts for them.
        renumbered = bool(before - NOTES) and had != (_delegated(line), _wan(line))
        to_change, to_end = rows > 0 or left or TO_CHANGE in before, freed or renumbered or TO_END in before
        notes = {name: ASKED_LAST for name, yet in ((TO_CHANGE, to_change), (TO_END, to_end)) if yet}
        rows += store.settle_groups(tx, user, _member(group) | notes, PREFIX) - len(notes.keys() - before)
        return _Written(rows, to_change, to_end)

    def _checks(self, tx: Tx, line: SignOnWanted) -> dict[str, OpValue]:
        password = store.password_of(tx, line.service_code) or (":=", self._password(line.service_code))
        checks = {"Cleartext-Password": password}
        if self.rules.bind_circuit:
            checks[CIRCUIT] = ("==", "0x" + line.circuit.encode().hex())
        if not line.enabled:
            checks["Auth-Type"] = (":=", "Reject")
        return checks

    def _password(self, service_code: str) -> str:
        """One for all lines, or each line's own: 100 bits of a keyed hash of its code, in lower-case letters."""
        if self.rules.shared_password:
            return self.rules.line_secret
        digest = hmac.digest(self.rules.line_secret.encode(), service_code.encode(), hashlib.sha256)
        return base64.b32encode(digest)[:20].decode().lower()

    def _policy(self, line: SignOnWanted, standing: Standing) -> dict[str, str]:
        name = self.rules.walled_filter if standing is Standing.WALLED else self.rules.open_filter
        return policy(vendors=self.rules.vendors, down_kbps=line.down_kbps, up_kbps=line.up_kbps, filter_name=name)

    # --- sessions -----------------------------------------------------------------------------------------------------

    def _sessions(self, service_code: str) -> dict[Session, str]:
        """The line's live sessions, each with the secret of its gateway."""
        with self.server.transaction() as tx:
            live = accounting.live_sessions(tx, service_code)
            return {session: store.secret_of(tx, session.gateway) or self.rules.coa_secret for session in live}

    def _tell(
        self, session: Session, secret: str, line: SignOnWanted, attributes: Mapping[str, str], written: _Written
    ) -> str:
        """Make one live session stand as wanted; says what was done, or nothing where nothing was to be done."""
        wanted = line.address.ip if line.address else None
        elsewhere = None not in (wanted, session.address) and session.address != wanted
        elsewhere = elsewhere or (session.wan is not None and session.wan != line.wan)
        elsewhere = elsewhere or (session.delegated is not None and session.delegated != line.delegated)
        if not line.enabled or written.to_end or elsewhere:
            return self._end(session, secret)
        if not written.to_change:
            return ""
        if not secret:
            return _untold(session)
        answer = self.gateways.change(session, secret, attributes)
        if answer.done:
            return say(
                "session {session} on {gateway} took it while it goes on",
                session=session.session_id,
                gateway=session.gateway,
            )
        return say("{ended} (it refused the change: {why})", ended=self._end(session, secret), why=answer.why)

    def _end(self, session: Session, secret: str) -> str:
        if not secret:
            return _untold(session)
        answer = self.gateways.disconnect(session, secret)
        if answer.done:
            return say("session {session} on {gateway} was ended", session=session.session_id, gateway=session.gateway)
        if answer.gone:
            return say(
                "session {session} on {gateway} had ended already",
                session=session.session_id,
                gateway=session.gateway,
            )
        raise SessionStays(str(session.gateway), session.session_id, answer.why)


def _group(line: SignOnWanted, standing: Standing) -> str:
    return f"{PREFIX}{standing}-{line.down_kbps}k-{line.up_kbps}k"


def _member(group: str | None) -> dict[str, int]:
    return {group: ASKED_FIRST} if group else {}


def _replies(line: SignOnWanted) -> dict[str, OpValue]:
    """What only this line is answered. A refusal carries the reason alone: not every server filters the rest out."""
    if not line.enabled:
        return {"Reply-Message": (":=", SUSPENDED)}
    replies: dict[str, OpValue] = {}
    if line.wan is not None:
        replies[store.WAN] = (":=", str(line.wan))
    if line.delegated is not None:
        replies[store.DELEGATED] = (":=", str(line.delegated))
    if line.address is None:
        return replies
    replies[store.ADDRESS] = (":=", str(line.address.ip))
    if line.address.network.prefixlen < 32:  # a block: the gateway has the first address of it, the customer the rest
        replies["Framed-IP-Netmask"] = (":=", str(line.address.network.netmask))
    return replies


def _delegated(line: SignOnWanted) -> str | None:
    return str(line.delegated) if line.delegated else None


def _wan(line: SignOnWanted) -> str | None:
    return str(line.wan) if line.wan else None


def _words(group: str | None) -> str:
    return say("stands in group {group}", group=group) if group else say("is refused")


def _untold(session: Session) -> str:
    return say(
        "session {session} on {gateway} goes on as it was, since no CoA secret is set for it",
        session=session.session_id,
        gateway=session.gateway,
    )


def _result(what: str, rows: int, told: list[str]) -> SignOnResult:
    said = [words for words in told if words]
    wrote = say_many("{count} row written", "{count} rows written", rows) if rows else say("as it did before")
    stands = say("{what}, {wrote}", what=what, wrote=wrote)
    return SignOnResult(
        written=bool(rows or said), words=say("RADIUS: {words}.", words=one_after_other(stands, *said, between="; "))
    )
