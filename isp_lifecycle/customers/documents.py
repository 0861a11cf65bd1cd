"""Documents that are kept of customers, in the database: they commit with their entry, are in each backup, and go with
the person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from isp_lifecycle.customers.errors import DocumentTooLarge, TooManyDocuments
from isp_lifecycle.customers.model import Document, DocumentKind, checked_file_name
from isp_lifecycle.customers.store import documents as store
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.papers import ENDINGS, Paper

#: What stands in place of a name that was erased.
ERASED = "(erased)"


def keep(
    *,
    tx: Tx,
    customer_id: UUID,
    kind: DocumentKind,
    name: str,
    paper: Paper,
    by: str,
    at: datetime,
    limits: tuple[int, int],
) -> Document:
    """Keep a document of a customer; ``limits`` are the most bytes of one, and the most documents.

    Raises DocumentTooLarge and TooManyDocuments.
    """
    most_bytes, most = limits
    if len(paper.content) > most_bytes:
        raise DocumentTooLarge(len(paper.content), most_bytes)
    if store.kept_count(tx=tx, customer_id=customer_id) >= most:
        raise TooManyDocuments(most)
    document = Document(
        id=new_id(),
        customer_id=customer_id,
        kind=kind,
        name=checked_file_name(name, ENDINGS[paper.media_type]),
        media_type=paper.media_type,
        size=len(paper.content),
        sha256=hashlib.sha256(paper.content).digest(),
        added_at=at,
        added_by=by,
    )
    store.insert(tx=tx, document=document, content=paper.content)
    return document


def documents_of(*, tx: Tx, customer_id: UUID) -> Sequence[Document]:
    """What is, and was, kept of a customer, the newest first."""
    return store.documents_of(tx=tx, customer_id=customer_id)


def document_by_id(*, tx: Tx, document_id: UUID) -> Document:
    """A document that is kept; one that was removed is not there. Raises NotFound."""
    return _found(document_id, store.kept(tx=tx, document_id=document_id))


def content_of(*, tx: Tx, document_id: UUID) -> bytes:
    """The document itself; raises NotFound."""
    return _found(document_id, store.content(tx=tx, document_id=document_id))


def remove(*, tx: Tx, document_id: UUID, by: str, reason: str, at: datetime) -> Document:
    """Take a document away for good; that it was there, who took it away and why stays. Raises NotFound."""
    document = document_by_id(tx=tx, document_id=document_id)
    store.take_away(tx=tx, document_id=document_id, values={"removed_at": at, "removed_by": by, "reason": reason})
    return document


def erase_documents(*, tx: Tx, customer_id: UUID, by: str, at: datetime) -> int:
    """Take all documents of a customer away, with what they were called; returns how many."""
    return store.erase(tx=tx, customer_id=customer_id, by=by, text=ERASED, at=at)


def _found[T](key: UUID, thing: T | None) -> T:
    if thing is None:
        raise NotFound("document", key)
    return thing
