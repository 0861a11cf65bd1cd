"""Fills the port ``SignOn`` where several servers are told: in turn, and off in the opposite order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isp_lifecycle.aaa.model import SignOnResult, SignOnWanted
from isp_lifecycle.aaa.ports import SignOn


@dataclass(frozen=True)
class Both:
    """Each of ``parts`` is idempotent, so that a repeat after one of them failed writes only what is still missing."""

    parts: Sequence[SignOn]

    def admit(self, line: SignOnWanted) -> SignOnResult:
        """Let the line on everywhere; raises what the first part that fails raises."""
        return _together([part.admit(line) for part in self.parts])

    def change(self, line: SignOnWanted) -> SignOnResult:
        """Make the line stand as wanted everywhere; raises what the first part that fails raises."""
        return _together([part.change(line) for part in self.parts])

    def password(self, service_code: str) -> str | None:
        """That of the first part which keeps accounts."""
        return next((said for part in self.parts if (said := part.password(service_code)) is not None), None)

    def remove(self, line: SignOnWanted) -> SignOnResult:
        """Take the line off everywhere; raises what the first part that fails raises."""
        return _together([part.remove(line) for part in reversed(self.parts)])


def _together(results: Sequence[SignOnResult]) -> SignOnResult:
    return SignOnResult(any(r.written for r in results), " ".join(r.words for r in results))
