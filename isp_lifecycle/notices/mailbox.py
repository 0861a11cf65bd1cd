"""Reads the messages that the local sink has stored, for the page that shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from uuid import UUID

from isp_lifecycle.notices.errors import MailUnknown
from isp_lifecycle.notices.model import StoredMail

SUFFIX = ".eml"

#: So many of the newest messages are kept.
KEPT = 10_000


def messages(folder: Path, *, limit: int = 100) -> tuple[StoredMail, ...]:
    """The messages received last, newest first; none while nothing was ever received."""
    newest = sorted((path.stem for path in folder.glob(f"*{SUFFIX}")), reverse=True)[:limit]
    return tuple(read_mail(folder, mail_id) for mail_id in newest)


def message_ids(folder: Path) -> tuple[tuple[datetime, str], ...]:
    """When each message was received and its Message-ID, the oldest first; only headers are read."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            with path.open("rb") as file:
                headers = BytesHeaderParser(policy=default).parse(file)
            found.append((_received_at(UUID(path.stem)), str(headers.get("Message-ID", "")).strip()))
        except (ValueError, FileNotFoundError):
            continue  # the sink forgets its oldest while we look, and a file of another name is none of its messages
    return tuple(found)


def read_mail(folder: Path, mail_id: str) -> StoredMail:
    """One message; raises MailUnknown, also for an id that is none."""
    try:
        received = _received_at(UUID(mail_id))
        content = (folder / f"{UUID(mail_id)}{SUFFIX}").read_bytes()
    except (ValueError, FileNotFoundError) as error:
        raise MailUnknown(mail_id) from error
    message = message_from_bytes(content, policy=default)
    return StoredMail(
        id=mail_id,
        received_at=received,
        sender=str(message.get("From", "")),
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        message_id=str(message.get("Message-ID", "")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _received_at(mail_id: UUID) -> datetime:
    """The time that an id of version 7 carries in its first 48 bits, in milliseconds (RFC 9562, section 5.7)."""
    return datetime.fromtimestamp((mail_id.int >> 80) / 1000, UTC)


def _part(message: EmailMessage, form: str) -> str:
    body = message.get_body(preferencelist=(form,))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
