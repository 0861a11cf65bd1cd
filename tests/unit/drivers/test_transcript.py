from __future__ import annotations

from isp_lifecycle.drivers.contract import OltAccess, Transcript


def test_transcript_masks_secrets_wherever_they_stand() -> None:
    transcript = Transcript(("hunter2",))
    transcript.mask("other-pw")
    transcript.sent("login with hunter2")
    transcript.received("other-pw and Password : 0x31323334(1234)\n  user-account username bob password s3cret", 0.25)
    text = transcript.text()
    assert not any(secret in text for secret in ("hunter2", "other-pw", "31323334", "1234", "s3cret"))
    assert "username bob password ******" in text
    assert "Password : ******" in text


def test_transcript_counts_the_devices_time_and_keeps_the_order() -> None:
    transcript = Transcript()
    transcript.note("connecting")
    transcript.sent("display version")
    transcript.received("display version\r\n  VERSION : X\r\nOLT01#", 0.5)
    transcript.received("", 0.25)
    assert transcript.device_seconds == 0.75
    assert [entry.direction for entry in transcript.entries] == ["note", "sent", "received", "received"]
    offsets = [entry.at for entry in transcript.entries]
    assert offsets == sorted(offsets)
    lines = transcript.text().splitlines()
    assert lines[1].endswith("> display version")
    assert lines[3].endswith("<   VERSION : X")


def test_access_never_shows_its_passwords() -> None:
    access = OltAccess("OLT01", "huawei", "192.0.2.1", 22, "driver", "s3cret", enable_password="also")
    assert "s3cret" not in repr(access)
    assert "also" not in repr(access)
