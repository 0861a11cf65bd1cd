"""The demo's mail page: what the local sink received instead of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.access.model import Actor
from isp_lifecycle.notices import mailbox
from isp_lifecycle.notices.model import without_links
from isp_lifecycle.views.window import Window, asks


@dataclass(frozen=True)
class MailRow:
    """A received e-mail in the list."""

    mail_id: str
    received_at: datetime
    to: str
    subject: str


@dataclass(frozen=True)
class MailText:
    """A received e-mail. Show ``html`` in a sandbox only."""

    mail_id: str
    received_at: datetime
    to: str
    subject: str
    text: str
    html: str


@asks("mail.read")
def mails(window: Window, actor: Actor) -> tuple[MailRow, ...]:
    """What was received, newest first."""
    return tuple(MailRow(m.id, m.received_at, m.to, m.subject) for m in mailbox.messages(window.settings.var / "mail"))


@asks("mail.read")
def mail(window: Window, actor: Actor, *, mail_id: str) -> MailText:
    """One e-mail, without a link in it that opens an account: reading mail must not be enough to take one over."""
    m = mailbox.read_mail(window.settings.var / "mail", mail_id)
    return MailText(m.id, m.received_at, m.to, m.subject, without_links(m.text), without_links(m.html))
