"""Documents from people's own disks: told by their content, never by their name or by what a browser says."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pictures import JPEG, NotAPhoto, read_jpeg
from isp_lifecycle.foundation.texts import say

PDF, PNG, TEXT = "application/pdf", "image/png", "text/plain"
#: How a name ends for each.
ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg", TEXT: "txt"}
_PNG_HEAD, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
#: A PDF's end mark stands in its last 1024 bytes (ISO 32000-1, annex H).
_PDF_END_WITHIN = 1024


class NotADocument(Refused):
    """What was sent is none of the kinds that are kept, or breaks off."""

    default_remedy = say("Send a PDF, a PNG or JPEG picture, or plain text.")

    def __init__(self, why: str) -> None:
        super().__init__(f"This is no document that can be kept: {why}.", field="document")


@dataclass(frozen=True)
class Paper:
    """A document and what it is. A picture is freed of what its camera told beside it."""

    media_type: str
    content: bytes


def read_paper(content: bytes) -> Paper:
    """What this is; raises NotADocument."""
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-_PDF_END_WITHIN:]:
            raise NotADocument(say("the PDF breaks off"))
        return Paper(PDF, content)
    if content.startswith(_PNG_HEAD):
        end = content.rfind(_PNG_END)
        if content[12:16] != b"IHDR" or end < 0:
            raise NotADocument(say("the picture breaks off"))
        return Paper(PNG, content[: end + len(_PNG_END)])
    if content.startswith(b"\xff\xd8\xff"):
        try:
            return Paper(JPEG, read_jpeg(content).content)
        except NotAPhoto:
            raise NotADocument(say("the picture breaks off")) from None
    return Paper(TEXT, _text(content))


def _text(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotADocument(say("it is neither PDF, PNG, JPEG nor text")) from None
    if not text.strip():
        raise NotADocument(say("it is empty"))
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
        raise NotADocument(say("it is neither PDF, PNG, JPEG nor text"))
    return content
