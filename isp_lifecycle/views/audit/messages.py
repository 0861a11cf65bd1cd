"""Messages: what the CRM and the customers were told, against the events that it was about."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import sqlalchemy as sa

from isp_lifecycle.crm.model import Standing
from isp_lifecycle.notices import mailbox
from isp_lifecycle.views.audit.check import Check, Gathered, Look, ask, counted, run_checks
from isp_lifecycle.views.audit.model import FindingKind, LookedAt, Note
from isp_lifecycle.views.audit.outside import Outside

_K = FindingKind

#: A delivery without a case never ran: the demo's invented past says that it sent nothing.
_NOT_SENT = """
    SELECT d.id AS key, d."case"->>'subject' AS subject, d."case"->>'to' AS recipient,
           CASE WHEN m.id IS NULL THEN 'was never written' ELSE 'was not accepted by the relay' END AS how
    FROM deliveries d LEFT JOIN emails m ON m.key = 'delivery:' || d.id::text
    WHERE d.subscriber IN ('mail', 'account_mail') AND d.state = 'done' AND coalesce(d."case"->>'subject', '') <> ''
      AND m.sent_at IS NULL
"""
_FOR_NOTHING = """
    SELECT m.key, m.subject, m."to" AS recipient FROM emails m
    WHERE starts_with(m.key, 'delivery:')
      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE 'delivery:' || d.id::text = m.key)
"""
_WRITTEN_TWICE = """
    SELECT e.id AS key, e.kind, count(*) AS n, string_agg(m.message_id, ', ' ORDER BY m.created_at) AS ids
    FROM deliveries d JOIN events e ON e.id = d.event_id JOIN emails m ON m.key = 'delivery:' || d.id::text
    WHERE d.subscriber IN ('mail', 'account_mail') GROUP BY e.id HAVING count(*) > 1
"""
_PERHAPS_TWICE = "SELECT count(*) FROM emails WHERE offers > 1 AND sent_at IS NOT NULL"
_SENT_SINCE = 'SELECT message_id, subject, "to" AS recipient FROM emails WHERE sent_at >= :since'
_ON_RECORD = """
    SELECT i.id, m.id IS NOT NULL AS known
    FROM unnest(CAST(:ids AS text[])) AS i(id) LEFT JOIN emails m ON m.message_id = i.id
"""
_TOLD_CRM = """
    SELECT e.id, e.kind, e.recorded_at, o.code AS order_code FROM deliveries d JOIN events e ON e.id = d.event_id
    LEFT JOIN orders o ON o.id = e.order_id
    WHERE d.subscriber = 'crm' AND d.state = 'done' AND d."case" IS NOT NULL
      AND NOT (e.id = ANY (CAST(:ids AS uuid[]))) ORDER BY e.recorded_at
"""
_ABOUT_NOTHING = """
    SELECT i.id FROM unnest(CAST(:ids AS uuid[])) AS i(id)
    WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = i.id AND d.subscriber = 'crm')
"""

CHECKS = (
    Check(
        _K.LOST,
        "e-mail",
        _NOT_SENT,
        "“{subject}” to {recipient} {how}, but its delivery is done.",
        "Write to them by hand.",
    ),
    Check(
        _K.LEAKED,
        "e-mail",
        _FOR_NOTHING,
        "“{subject}” to {recipient} belongs to no delivery.",
        "Find out what wrote it; if it was sent, the customer may need an explanation.",
    ),
    Check(
        _K.DOUBLED,
        "e-mail",
        _WRITTEN_TWICE,
        "{n} e-mails were written about this {kind}: {ids}.",
        "Apologise, and put the unique constraint of deliveries back.",
    ),
)


#: Opens a snapshot of this moment.
Later = Callable[[], AbstractContextManager[Look]]


def look_at_messages(look: Look, later: Later, outside: Outside, into: Gathered) -> None:
    """Every e-mail, and whatever of the messages to the CRM can be read back.

    What should be outside is taken from ``look``, which is older than the look outside; what is outside for no reason
    is judged by a ``later`` one, since events that are committed between the two are told of at once.
    """
    began = time.monotonic()
    run_checks(look, CHECKS, into)
    counted(look, "e-mails", "emails", into, began)
    if outside.mail_folder is not None:
        _compare_mails(look, later, mailbox.message_ids(outside.mail_folder), into)
    else:
        text = "Mail goes to a real relay; what became of it after that cannot be read back."
        if again := look.tx.execute(sa.text(_PERHAPS_TWICE)).scalar_one():
            text += f" {again} were handed over again after an attempt that ended unnoticed: they may be there twice."
        into.notes.append(Note("e-mail", text))
    began = time.monotonic()
    if outside.crm is None:
        into.notes.append(
            Note("CRM message", f"{outside.crm_name} cannot be read back: only its acknowledgements are on record.")
        )
        return
    standing = outside.crm.standing()
    _missing_from_folder(look, standing, into)
    with later() as after:
        _too_much_in_folder(after, standing, into)
    into.looked_at.append(LookedAt("CRM messages", len(standing), time.monotonic() - began))


# --- the demo's mail sink -------------------------------------------------------------------------------------------


def _compare_mails(look: Look, later: Later, received: tuple[tuple[datetime, str], ...], into: Gathered) -> None:
    """The sink keeps a limited number: what it may have forgotten is not judged."""
    began = time.monotonic()
    whole = len(received) < mailbox.KEPT
    since = datetime.min.replace(tzinfo=look.at.tzinfo) if whole else received[0][0]
    times = Counter(message_id for _, message_id in received)
    for row in ask(look, _SENT_SINCE, since=since):
        if row.message_id not in times:
            what = f"“{row.subject}” to {row.recipient} was accepted, but the mail sink does not have it."
            into.add(_K.LOST, "e-mail", row.message_id, what, "Look at the sink's log; send it again by hand.")
    for message_id, count in times.items():
        if count > 1:
            what = f"It was received {count} times under one Message-ID."
            remedy = "Most mail programs show it once; a worker died between sending it and noting that."
            into.add(_K.DOUBLED, "e-mail", message_id, what, remedy)
    with later() as after:
        unknown = [row.id for row in ask(after, _ON_RECORD, ids=sorted(times)) if not row.known]
    for message_id in unknown:
        into.add(_K.LEAKED, "e-mail", message_id, "It was received, but none like it is on record.", "Find its sender.")
    into.looked_at.append(LookedAt("mails in the sink", len(received), time.monotonic() - began))


# --- the CRM's file drop --------------------------------------------------------------------------------------------


def _too_much_in_folder(look: Look, standing: tuple[Standing, ...], into: Gathered) -> None:
    times = Counter(one.id for one in standing)
    for one in standing:
        if one.id is None:
            into.add(_K.LEAKED, "CRM message", one.file, "It is no message.", "Find out who put it there; remove it.")
        elif times[one.id] > 1 or one.file != f"{one.id}.json":
            what = f"It tells of event {one.id}, and is {'one of several' if times[one.id] > 1 else 'named otherwise'}."
            into.add(_K.DOUBLED, "CRM message", one.file, what, "Remove the one that is not named like its event.")
    for row in ask(look, _ABOUT_NOTHING, ids=sorted(str(one.id) for one in standing if one.id is not None)):
        what = "It tells of an event that is not on record, or that no CRM hears."
        into.add(_K.LEAKED, "CRM message", f"{row.id}.json", what, "Remove it before the CRM takes it.")


def _missing_from_folder(look: Look, standing: tuple[Standing, ...], into: Gathered) -> None:
    """A CRM empties its folder, the oldest first: what is missing and older than all that stands was taken away."""
    missing = ask(look, _TOLD_CRM, ids=[str(one.id) for one in standing if one.id is not None])
    oldest = min((one.at for one in standing if one.at is not None), default=None)
    taken = [row for row in missing if oldest is None or row.recorded_at < oldest]
    for row in missing[len(taken) :]:
        what = f"{row.kind} of order {row.order_code} was told, but its file is gone while older ones still stand."
        remedy = "Ask the CRM whether it has it; if not, tell it by hand."
        into.add(_K.LOST, "CRM message", f"{row.id}.json", what, remedy)
    if taken:
        text = f"{len(taken)} messages are no longer in the folder: the CRM took them, which cannot be checked here."
        into.notes.append(Note("CRM message", text))
