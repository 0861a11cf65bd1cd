"""Changes of many services at once: prepare, agree as a second person, pause, go on, stop.

Preparing changes nothing but the list of what would be changed; what is agreed to is that list. The workflow ``bulk``
then writes ordinary orders, which happen on their day like any other and can be moved or cancelled one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.bulk import actions as bulks
from isp_lifecycle.bulk.errors import FileUnlike, NothingToChange, PausedAlready, SelectionEmpty
from isp_lifecycle.bulk.model import BAD_ROWS, BadRow, Bulk, BulkState, Item, Selection, Standing, conflict
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.events import holds, lines, many
from isp_lifecycle.events.vocabulary import BulkApproved
from isp_lifecycle.foundation.errors import IllegalMove, Refused
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.portal import check_date
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service, ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Order, OrderKind

#: A change covers so many services at most; more are prepared as several.
MOST = 100_000

_SERVICE_CODE = re.compile(r"S-\d{6,9}", re.ASCII)
_SELECT = sa.text(
    """
    SELECT s.id FROM services s JOIN premises p ON p.id = s.premises_id
    LEFT JOIN lines l ON l.service_id = s.id LEFT JOIN olts o ON o.id = l.olt_id
    WHERE s.state <> 'terminated' AND (CAST(:plan AS text) IS NULL OR s.terms->>'plan_code' = :plan)
      AND (CAST(:area AS text) IS NULL OR p.area = :area) AND (CAST(:olt AS text) IS NULL OR o.name = :olt)
    LIMIT :most
    """
)


@dataclass(frozen=True)
class Proposed:
    """What was prepared: how many services would change, how many are left out, and the rows that name no service."""

    code: str
    changes: int
    left_out: int
    bad_rows: tuple[BadRow, ...]


@enters("bulk.propose")
def propose_plan_change(
    act: Act,
    *,
    to_plan: str,
    wanted_on: date,
    reason: str,
    plan: str | None = None,
    area: str | None = None,
    olt: str | None = None,
    codes: Sequence[str] | None = None,
    file: str | None = None,
) -> Proposed:
    """Prepare to move services to a plan on a day: all that fit ``plan``, ``area`` and ``olt``, or those of a file.

    ``codes`` are a file's rows, its first column a service code; a heading and empty rows are passed over, each row
    that is no service is named. A file together with ``plan``, ``area`` or ``olt`` leaves out what does not fit.
    """
    check_date(act, wanted_on)
    why = _reason(reason)
    terms = catalog.terms_of(catalog.sold(tx=act.tx, code=to_plan, today=act.today))
    selection = Selection(
        plan_code=plan, area=area, olt=olt, file=(file or "a typed list") if codes is not None else None
    )
    found, bad = _selected(act, selection, codes)
    items, left_out = _items(act, found, terms=terms, wanted_on=wanted_on, from_plan=plan)
    bulk = bulks.propose(
        tx=act.tx,
        kind=str(OrderKind.PLAN_CHANGE),
        selection=selection,
        terms=terms,
        wanted_on=wanted_on,
        reason=why,
        items=items,
        bad_rows=bad,
        by=act.actor.username,
        at=act.at,
    )
    act.about("bulk", bulk.code)
    return Proposed(bulk.code, len(items) - left_out, left_out, tuple(bad))


@enters("bulk.approve")
def approve(act: Act, *, code: str) -> None:
    """Agree to what somebody else prepared: its orders are written at once and happen on their day."""
    bulk = bulks.approve(tx=act.tx, code=code, by=act.actor.username, at=act.at, today=act.today)
    act.record(BulkApproved(bulk_id=bulk.id), trace=bulk.id)
    act.about("bulk", code)


@enters("bulk.approve", "bulk.propose")
def reject(act: Act, *, code: str, reason: str) -> None:
    """Say no, or take back what one has prepared."""
    bulks.reject(tx=act.tx, code=code, by=act.actor.username, at=act.at, reason=_reason(reason))
    act.about("bulk", code)


@enters("bulk.steer")
def pause(act: Act, *, code: str, reason: str) -> int:
    """Let nothing more of it begin until somebody resumes it; what runs comes to its end. Returns how many wait."""
    bulk = _under_way(act, code)
    key = lines.bulk(bulk.id)
    if holds.held(tx=act.tx, key=key, at=act.at):
        raise PausedAlready(code, say("paused already"))
    holds.hold(tx=act.tx, key=key, reason=_reason(reason), by=act.actor.username, at=act.at)
    act.about("bulk", code)
    return many.hold_back(tx=act.tx, delivery_ids=bulks.delivery_ids(tx=act.tx, bulk_id=bulk.id), key=key)


@enters("bulk.steer")
def resume(act: Act, *, code: str) -> int:
    """Let it go on; returns how many had waited."""
    bulk = bulks.locked(tx=act.tx, code=code)
    act.about("bulk", code)
    if not _lift(act, bulk):
        raise PausedAlready(code, say("not paused"))
    return many.let_go(tx=act.tx, key=lines.bulk(bulk.id))


@enters("bulk.steer")
def stop(act: Act, *, code: str, reason: str) -> int:
    """Give it up: nothing more is ordered, what has not begun is taken back, what was done stays. Returns how many."""
    bulk = bulks.stop(tx=act.tx, code=code, by=act.actor.username, at=act.at, reason=_reason(reason))
    act.about("bulk", code)
    ids = bulks.delivery_ids(tx=act.tx, bulk_id=bulk.id)
    given_up = many.give_up(tx=act.tx, delivery_ids=ids, now=act.at)
    _lift(act, bulk)
    return len(given_up)


def _lift(act: Act, bulk: Bulk) -> bool:
    """End every hold on it; False when there was none."""
    found = act.tx.execute(sa.text("SELECT id FROM holds WHERE key = :key"), {"key": lines.bulk(bulk.id)}).scalars()
    return bool([holds.lift(tx=act.tx, hold_id=hold_id) for hold_id in found.all()])


def _under_way(act: Act, code: str) -> Bulk:
    """The change, locked, if there is something to pause; raises IllegalMove."""
    bulk = bulks.locked(tx=act.tx, code=code)
    if bulk.state not in {BulkState.APPROVED, BulkState.WRITTEN}:
        raise IllegalMove("Bulk change", code, bulk.state, "paused")
    return bulk


def _selected(
    act: Act, selection: Selection, codes: Sequence[str] | None
) -> tuple[tuple[tuple[Service, str | None], ...], list[BadRow]]:
    """The services that are meant, each with its OLT, and the rows of a file that are none."""
    named = {"plan": selection.plan_code, "area": selection.area, "olt": selection.olt}
    if codes is None and not any(named.values()):
        raise SelectionEmpty(say("Nothing says which services are meant."), field="selection")
    fits: set[UUID] | None = None
    if any(named.values()):
        # A file's services on another plan are shown as left out, with their plan, rather than passed over.
        filters = named if codes is None else {**named, "plan": None}
        fits = set(act.tx.execute(_SELECT, {**filters, "most": MOST + 1}).scalars())
    bad: list[BadRow] = []
    if codes is None:
        found = inventory.services_with_olts(tx=act.tx, service_ids=list(fits or ()))
    else:
        wanted, bad = _codes(codes)
        found = inventory.services_with_olts(tx=act.tx, codes=list(wanted))
        bad += _unknown(wanted, found, fits)
        found = tuple(one for one in found if fits is None or one[0].id in fits)
    if len(bad) > BAD_ROWS:
        raise FileUnlike(
            len(bad), say("row {line}, {text} {why}", line=bad[0].line, text=repr(bad[0].text[:60]), why=bad[0].why)
        )
    if not found:
        worst = bad[0] if bad else None
        first = (
            say(" Row {line} of the file, {text}, {why}.", line=worst.line, text=repr(worst.text[:60]), why=worst.why)
            if worst
            else ""
        )
        raise SelectionEmpty(say("No service fits.{first}", first=first), field="selection", value=selection.words())
    if len(found) > MOST:
        raise SelectionEmpty(
            say("More than {most} services fit.", most=MOST), field="selection", remedy=say("Prepare it area by area.")
        )
    return found, sorted(bad, key=lambda row: row.line)


def _codes(rows: Sequence[str]) -> tuple[dict[str, int], list[BadRow]]:
    """The codes in the first column, each with its line; rows that hold none, or one that came before."""
    wanted: dict[str, int] = {}
    bad: list[BadRow] = []
    for line, row in enumerate(rows, start=1):
        text = re.split(r"[,;\t]", row, maxsplit=1)[0].strip().strip('"').removeprefix("\ufeff").upper()
        heading = line == 1 and not any(character.isdigit() for character in text)
        if not text or heading:
            continue
        if _SERVICE_CODE.fullmatch(text) is None:
            bad.append(BadRow(line, text[:80], say("is no service code such as S-000123")))
        elif text in wanted:
            bad.append(BadRow(line, text, say("stands in row {line} already", line=wanted[text])))
        else:
            wanted[text] = line
    return wanted, bad


def _unknown(
    wanted: dict[str, int], found: Sequence[tuple[Service, str | None]], fits: set[UUID] | None
) -> list[BadRow]:
    """Rows whose code is no service's, or one that has ended or lies outside the area and OLT that were named."""
    known = {service.code: service for service, _olt in found}
    bad = [BadRow(line, code, say("is not a service")) for code, line in wanted.items() if code not in known]
    return bad + [
        BadRow(
            wanted[code],
            code,
            say("has ended") if service.state is ServiceState.TERMINATED else say("is not in this area or OLT"),
        )
        for code, service in known.items()
        if fits is not None and service.id not in fits
    ]


def _standings(act: Act, found: Sequence[tuple[Service, str | None]]) -> dict[UUID, Standing]:
    """How the services stand now, with what is ordered for them already."""
    ahead: dict[tuple[UUID | None, OrderKind], Order] = {}
    for order in orders.open_changes(tx=act.tx, service_ids=[service.id for service, _olt in found]):
        ahead[order.service_id, order.kind] = order
    return {
        service.id: Standing(
            state=str(service.state),
            terms=service.terms,
            olt=olt,
            changing=_described(ahead.get((service.id, OrderKind.PLAN_CHANGE))),
            ends_on=ending.wanted_on if (ending := ahead.get((service.id, OrderKind.TERMINATION))) else None,
        )
        for service, olt in found
    }


def _items(
    act: Act,
    found: Sequence[tuple[Service, str | None]],
    *,
    terms: Terms,
    wanted_on: date,
    from_plan: str | None,
) -> tuple[list[Item], int]:
    """The services as items, and how many are left out; refused when all are."""
    standings = _standings(act, found)
    items = [
        _item(service, olt, conflict(standings[service.id], terms=terms, wanted_on=wanted_on, from_plan=from_plan))
        for service, olt in found
    ]
    left_out = Counter(item.conflict for item in items if item.conflict)
    if len(items) == left_out.total():
        raise NothingToChange(left_out.total(), str(left_out.most_common(1)[0][0]))
    return _spread(items), left_out.total()


def _described(order: Order | None) -> str | None:
    return (
        f"{order.code}, {order.terms.plan_name}" + (f" on {order.wanted_on}" if order.wanted_on else "")
        if order
        else None
    )


def _item(service: Service, olt: str | None, why: str | None) -> Item:
    return Item(
        bulk_id=service.id,  # the change has no id yet; it is filled in when it is kept
        number=0,
        service_id=service.id,
        service_code=service.code,
        customer_id=service.customer_id,
        premises_id=service.premises_id,
        olt=olt,
        old_plan_code=service.terms.plan_code,
        old_plan_name=service.terms.plan_name,
        old_price=service.terms.price.amount,
        conflict=why,
    )


def _spread(items: Sequence[Item]) -> list[Item]:
    """Number the items so that neighbours stand on different OLTs: workers then find something to do on each."""
    seen: Counter[str | None] = Counter()
    places: list[tuple[int, str, int]] = []
    for index, item in enumerate(items):
        places.append((seen[item.olt], item.olt or "", index))
        seen[item.olt] += 1
    return [replace(items[index], number=number) for number, (_, _, index) in enumerate(sorted(places), start=1)]


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused(
            say("A reason is needed."), field="reason", value="", remedy=say("Say why in a few words: it is kept.")
        )
    return text.strip()[:500]
