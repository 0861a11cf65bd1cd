"""Vendors by name. A new one is a new folder and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from isp_lifecycle.drivers.console import Console, FullConsole, ReadingConsole
from isp_lifecycle.drivers.contract import OltAccess, OltSession, Transcript
from isp_lifecycle.drivers.conversation import Conversation
from isp_lifecycle.drivers.errors import UnknownVendor
from isp_lifecycle.drivers.huawei import HUAWEI
from isp_lifecycle.drivers.session import CliSession, by_netmiko
from isp_lifecycle.drivers.vendor import Vendor
from isp_lifecycle.drivers.vsol import VSOL
from isp_lifecycle.drivers.wire import Line
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


def open_console(
    access: OltAccess, transcript: Transcript, *, reading: bool, connect: Callable[[OltAccess], Line] = by_netmiko
) -> Console:
    """Connect and log in for a person, once. The access that it then tells of names the host key that was found.

    Raises UnknownVendor, OltUnreachable, HostKeyChanged, LoginRefused, SessionsExhausted, UnknownPrompt.
    """
    vendor = vendor_named(access.vendor)
    line = connect(access)
    if not access.host_key and line.host_key:
        access = replace(access, host_key=line.host_key)
    Conversation(line, vendor.dialect, access, transcript).enter(vendor.reading.set_up if reading else ())
    if reading:
        return ReadingConsole(line, access, vendor.dialect, vendor.reading)
    return FullConsole(line, access, vendor.dialect)


def open_session(access: OltAccess, transcript: Transcript) -> OltSession:
    """Connect and log in, once. The caller closes it; `pool.Olts` does both.

    Raises UnknownVendor, OltUnreachable, LoginRefused, SessionsExhausted, UnknownPrompt.
    """
    return CliSession.open(access, vendor_named(access.vendor), transcript)
