"""Pictures from strangers' cameras: told by their content, freed of all that is no picture (ISO/IEC 10918-1, annex B).

Where a photo was taken, by which phone and when stands in a JPEG's application segments (EXIF, XMP) and comments;
nothing of these is kept. What is left is what a decoder needs: tables, frame, scans. Nothing is decoded here, so that
no picture can cost more than its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say

JPEG = "image/jpeg"

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
#: Markers without a length: restarts, and TEM.
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
#: Start of frame: all of C0 to CF but tables of Huffman (C4), JPG (C8) and arithmetic conditioning (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Application segments but JFIF's (E0) and Adobe's (EE), which say how colours are meant; and comments.
_DROPPED = (frozenset(range(0xE0, 0xF0)) - {0xE0, 0xEE}) | {0xFE}


@dataclass(frozen=True)
class Photo:
    """A JPEG without what its camera told beside the picture; sizes are pixels."""

    content: bytes
    width: int
    height: int


class NotAPhoto(Refused):
    """What was sent is no JPEG, or one that breaks off."""

    default_remedy = say("Take the photo again.")

    def __init__(self, why: str) -> None:
        super().__init__(f"This is no photo that can be kept: {why}.", field="photo")


def read_jpeg(content: bytes) -> Photo:
    """The picture alone, and its size. Raises NotAPhoto."""
    if content[:3] != b"\xff\xd8\xff":
        raise NotAPhoto(say("it is no JPEG"))
    kept, size = [content[:2]], (0, 0)
    for marker, piece in _segments(content):
        if marker in _FRAMES:
            if len(piece) < 9:
                raise NotAPhoto(say("it is damaged"))
            size = (int.from_bytes(piece[7:9]), int.from_bytes(piece[5:7]))
        if marker not in _DROPPED:
            kept.append(piece)
    if not all(size):
        raise NotAPhoto(say("it has no size"))
    return Photo(b"".join(kept), *size)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker up to the picture's end; what stands after that is left out."""
    at = 2
    while at + 2 <= len(content):
        if content[at] != 0xFF:
            raise NotAPhoto(say("it is damaged"))
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker == _EOI:
            yield marker, content[at : at + 2]
            return
        end = at + 2 if marker in _ALONE else at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker not in _ALONE and end < at + 4:
            raise NotAPhoto(say("it is damaged"))
        if marker == _SOS:
            end = _end_of_scan(content, end)
        if end > len(content):
            break
        yield marker, content[at:end]
        at = end
    raise NotAPhoto(say("it breaks off"))


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands after coded data, in which FF is followed by 00 or a restart."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0x00 and content[at + 1] not in _ALONE and content[at + 1] != 0xFF:
            return at
        at += 2 if content[at + 1] != 0xFF else 1
    raise NotAPhoto(say("it breaks off"))
