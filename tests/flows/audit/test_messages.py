"""Messages that really went out, damaged where they went."""

from __future__ import annotations

import json
import smtplib

from isp_lifecycle.foundation.ids import new_id
from tests.flows.audit.conftest import Town, agree


def test_messages_that_went_out_are_compared_with_where_they_went(bare: Town) -> None:
    bare.activated()
    var = bare.plant.settings.var
    files = sorted((var / "crm").glob("*.json"))
    told = json.loads(files[0].read_text())
    (var / "crm" / "copy.json").write_text(files[0].read_text())
    stray = str(new_id())
    (var / "crm" / f"{stray}.json").write_text(json.dumps(told | {"eventId": stray}))
    (var / "crm" / "note.json").write_text("{}")
    files[-1].unlink()
    mails = {path: path.read_bytes() for path in sorted((var / "mail").glob("*.eml"))}
    (_first, again), (second, _) = list(mails.items())[:2]
    (var / "mail" / f"{new_id()}.eml").write_bytes(again)
    second.unlink()
    with smtplib.SMTP("127.0.0.1", bare.plant.parts.mailer.port) as relay:
        relay.sendmail("x@example.org", ["y@example.org"], "Message-ID: <stray@x>\r\nSubject: Hello\r\n\r\nHello")
    ids = {row.created_at: row.message_id for row in bare.plant.many("SELECT * FROM emails ORDER BY created_at")}
    by_time = [ids[at] for at in sorted(ids)]
    agree(
        bare.audit(devices=False),
        [
            ("doubled", "CRM message", "copy.json", "one of several"),
            ("doubled", "CRM message", files[0].name, "one of several"),
            ("leaked", "CRM message", f"{stray}.json", "not on record"),
            ("leaked", "CRM message", "note.json", "It is no message"),
            ("lost", "CRM message", files[-1].name, "its file is gone while older ones still stand"),
            ("doubled", "e-mail", by_time[0], "received 2 times"),
            ("lost", "e-mail", by_time[1], "the mail sink does not have it"),
            ("leaked", "e-mail", "<stray@x>", "none like it is on record"),
        ],
    )
    for file in (var / "crm").glob("*.json"):
        file.unlink()
    report = bare.audit(devices=False)
    assert not any(f.about == "CRM message" for f in report.findings)
    assert any("3 messages are no longer in the folder" in note.what for note in report.notes)
