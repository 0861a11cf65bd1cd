"""Documents that are kept of customers: brought, given away, removed; each told to the audit trail."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers import documents
from isp_lifecycle.customers.model import DocumentKind
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.papers import read_paper
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters


@enters("document.write")
def keep_document(act: Act, *, customer_code: str, kind: str, written: str, content: bytes) -> UUID:
    """Keep a document of a customer; ``written`` is the name that its file has. What it is, its content tells.

    The audit tells that it was kept, its kind and size, and not its name, which may say too much. Raises NotFound,
    NotADocument, DocumentTooLarge, TooManyDocuments.
    """
    if kind not in list(DocumentKind):
        known = ", ".join(DocumentKind)
        raise Refused(
            say("{kind} is no kind of document.", kind=kind),
            field="kind",
            value=kind,
            remedy=say("Choose from: {known}.", known=known),
        )
    desk = act.settings.desk
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    document = documents.keep(
        tx=act.tx,
        customer_id=customer.id,
        kind=DocumentKind(kind),
        name=written,
        paper=read_paper(content),
        by=act.actor.username,
        at=act.at,
        limits=(desk.document_bytes, desk.documents_per_customer),
    )
    act.about("customer", customer.code)
    act.changed("Document", "none", f"{document.kind}, {document.media_type}, {document.size} bytes, {document.id}")
    return document.id


@enters("document.read")
def note_opened(act: Act, *, document_id: UUID) -> None:
    """Tell the audit that somebody was given a document of a customer; raises NotFound."""
    document = documents.document_by_id(tx=act.tx, document_id=document_id)
    act.about("customer", customers.customer_by_id(tx=act.tx, customer_id=document.customer_id).code)


@enters("document.write")
def remove_document(act: Act, *, document_id: UUID, reason: str) -> None:
    """Take a document away for good, with a reason; raises NotFound."""
    if not reason.strip():
        raise Refused(say("A reason is needed."), field="reason", remedy=say("Say why it is not kept any more."))
    document = documents.remove(
        tx=act.tx, document_id=document_id, by=act.actor.username, reason=reason.strip()[:500], at=act.at
    )
    act.about("customer", customers.customer_by_id(tx=act.tx, customer_id=document.customer_id).code)
    act.changed("Document", f"{document.kind}, {document.size} bytes, {document.id}", "removed")
