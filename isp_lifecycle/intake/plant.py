"""What is decided about the plant's devices: which SSH host key an OLT must have."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.inventory import actions as inventory


@enters("olt.trust")
def first_host_key(act: Act, *, olt: str, host_key: str) -> str:
    """Note the host key of an OLT that was never reached before; returns the one that it must have."""
    act.about("OLT", olt)
    return inventory.first_host_key(tx=act.tx, name=olt, host_key=host_key, at=act.at).host_key or host_key


@enters("olt.trust")
def accept_host_key(act: Act, *, olt: str, host_key: str) -> None:
    """Accept another host key of an OLT, as somebody read it and compared it with the device; the audit has both."""
    before = inventory.olt_by_name(tx=act.tx, name=olt)
    kind, _, fingerprint = host_key.partition(" ")
    if not kind or not fingerprint.startswith("SHA256:"):
        raise Refused(
            f"{host_key!r} is not a host key.",
            field="host_key",
            value=host_key,
            remedy="Give its kind and fingerprint, as `isp olt trust` shows it: ssh-rsa SHA256:...",
        )
    act.about("OLT", f"{before.name}, instead of {before.host_key}" if before.host_key else before.name)
    inventory.accept_host_key(tx=act.tx, name=olt, host_key=host_key, at=act.at)
