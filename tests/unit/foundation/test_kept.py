"""What was kept in English is said in the reader's language, with the values that it was filled with."""

from __future__ import annotations

from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import said, spoken
from isp_lifecycle.notices.errors import AddressRefused
from isp_lifecycle.orders.errors import OrderOpen
from isp_lifecycle.workflows.errors import OntNeverOnline


def test_what_an_error_said_is_known_again() -> None:
    late = OntNeverOnline(serial="HWTC-00000001", place="OLT-NORTH 0/1/0 3", seconds=60.0, state="offline", cause=None)
    taken = OrderOpen(kind="plan_change", other="O-000007", state="in_progress")
    for error in (taken, AddressRefused("a@b.ie", 550, "no"), late):
        for told in (error.message, error.remedy):
            kept = str(told).encode().decode()
            with spoken("de"):
                assert said(again(kept)) == said(told) != kept
            assert again(kept) == kept


def test_what_nobody_marked_stays_as_it_is() -> None:
    for text in ("", "Das Haus ist rot.", "x" * 5000, "Failure: Input is not in valid format"):
        with spoken("de"):
            assert said(again(text)) == text
