"""The documents that are kept of a customer, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.access import actions as access
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers import documents as kept
from isp_lifecycle.customers.model import Document
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class DocumentRow:
    """A document that is kept, or was: then ``removed_at``, ``removed_by`` and ``reason`` say when, by whom and why."""

    id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str
    removed_at: datetime | None
    removed_by: str
    reason: str


@dataclass(frozen=True)
class DocumentFile:
    """A document itself."""

    name: str
    media_type: str
    content: bytes


@shows("document.read")
def documents(look: Look, *, customer_code: str) -> tuple[DocumentRow, ...]:
    """What is, and was, kept of a customer, the newest first; raises NotFound."""
    customer = customers.customer_by_code(tx=look.tx, code=customer_code)
    found = kept.documents_of(tx=look.tx, customer_id=customer.id)
    names = {name: _name(look, name) for one in found for name in (one.added_by, one.removed_by) if name}
    return tuple(_row(one, names) for one in found)


@shows("document.read")
def document_file(look: Look, *, document_id: UUID) -> DocumentFile:
    """A document itself; raises NotFound."""
    document = kept.document_by_id(tx=look.tx, document_id=document_id)
    content = kept.content_of(tx=look.tx, document_id=document_id)
    return DocumentFile(document.name, document.media_type, content)


def _name(look: Look, username: str) -> str:
    user = access.user_by_username(tx=look.tx, username=username)
    return user.name if user else username


def _row(one: Document, names: dict[str, str]) -> DocumentRow:
    return DocumentRow(
        id=one.id,
        kind=str(one.kind),
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        added_at=one.added_at,
        added_by=names[one.added_by],
        removed_at=one.removed_at,
        removed_by=names.get(one.removed_by or "", ""),
        reason=one.reason or "",
    )
