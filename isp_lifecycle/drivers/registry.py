"""Vendors by name. A new one is a new folder and one line here."""

from __future__ import annotations

from isp_lifecycle.drivers.contract import OltAccess, OltSession, Transcript
from isp_lifecycle.drivers.errors import UnknownVendor
from isp_lifecycle.drivers.huawei import HUAWEI
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.vendor import Vendor
from isp_lifecycle.drivers.vsol import VSOL
from isp_lifecycle.drivers.zte import ZTE, ZTE_C600

_VENDORS: dict[str, Vendor] = {vendor.name: vendor for vendor in (HUAWEI, VSOL, ZTE, ZTE_C600)}


def vendors() -> tuple[str, ...]:
    """The names an `OltAccess.vendor` may have."""
    return tuple(sorted(_VENDORS))


def vendor_named(name: str) -> Vendor:
    """Raises UnknownVendor."""
    try:
        return _VENDORS[name]
    except KeyError as error:
        raise UnknownVendor(name, vendors()) from error


def open_session(access: OltAccess, transcript: Transcript) -> OltSession:
    """Connect and log in, once. The caller closes it; `pool.Olts` does both.

    Raises UnknownVendor, OltUnreachable, LoginRefused, SessionsExhausted, UnknownPrompt.
    """
    return CliSession.open(access, vendor_named(access.vendor), transcript)
