"""Photos by their content: what a camera told beside the picture is gone, and what is no whole picture is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from isp_lifecycle.foundation.pictures import NotAPhoto, read_jpeg


def photo(*, progressive: bool = False, comment: bytes = b"") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (53.0, 20.0, 10.0)
    out = io.BytesIO()
    picture = Image.effect_noise((320, 200), 60).convert("RGB")
    picture.save(out, "JPEG", exif=exif, progressive=progressive, comment=comment, icc_profile=b"i" * 400)
    return out.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
def test_only_the_picture_is_left_and_it_is_the_same(progressive: bool) -> None:
    taken = photo(progressive=progressive, comment=b"at home")
    kept = read_jpeg(taken + b"<script>after the end</script>")
    assert (kept.width, kept.height) == (320, 200)
    for told in (b"PhoneMaker", b"Exif", b"at home", b"script", b"iiii"):
        assert told not in kept.content
    seen = Image.open(io.BytesIO(kept.content))
    assert dict(seen.getexif()) == {}
    assert seen.tobytes() == Image.open(io.BytesIO(taken)).tobytes()
    assert read_jpeg(kept.content) == kept


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no JPEG"),
        (b"<svg onload=alert(1)>", "no JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "no JPEG"),
        (b"\xff\xd8\xff\xd9", "no size"),
        (b"\xff\xd8\xff\xe1\x00\x00", "damaged"),
        (b"\xff\xd8\xff\xe1\x00\x20abc", "breaks off"),
        (b"\xff\xd8\xff\xe0\x00\x04abXXXX", "damaged"),
        (b"\xff\xd8\xff\xc0\x00\x05abc", "damaged"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(NotAPhoto, match=why):
        read_jpeg(content)


def test_a_photo_cut_anywhere_is_refused_and_never_hangs() -> None:
    taken = photo()
    for length in range(2, len(taken) - 2, 97):
        with pytest.raises(NotAPhoto):
            read_jpeg(taken[:length])
