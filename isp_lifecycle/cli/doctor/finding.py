"""What a check found, and how one that fails is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.views.health.model import Finding, Health, failed, ok, warning

__all__ = ["Finding", "Health", "failed", "guarded", "ok", "warning"]


def guarded(name: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Pass findings on; an error of the product's own on the way is a finding too."""
    try:
        yield from findings
    except LifecycleError as error:
        yield failed(name, error.message, error.remedy)
