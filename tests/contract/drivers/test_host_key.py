"""A device with host keys of several kinds shows the one that is known of it, whatever newer kind we would prefer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncssh
import pytest

from isp_lifecycle.drivers.contract import OltAccess
from isp_lifecycle.drivers.errors import OltUnreachable
from isp_lifecycle.drivers.ssh import host_key_of


def test_known_kind_is_asked_for_first() -> None:
    keys = [asyncssh.generate_private_key(kind) for kind in ("ssh-ed25519", "ssh-rsa")]
    shown = {key.get_algorithm(): f"{key.get_algorithm()} {key.get_fingerprint()}" for key in keys}

    async def scene() -> tuple[str, str, OltAccess]:
        server = await asyncssh.create_server(asyncssh.SSHServer, "127.0.0.1", 0, server_host_keys=keys)
        access = OltAccess("OLT-1", "huawei", "127.0.0.1", server.get_port(), "driver", "never sent")
        known = replace(access, host_key=shown["ssh-rsa"])
        found = [await asyncio.to_thread(host_key_of, one) for one in (access, known)]
        server.close()
        await server.wait_closed()
        return found[0], found[1], access

    first, again, access = asyncio.run(scene())
    assert first == shown["ssh-ed25519"]
    assert again == shown["ssh-rsa"]
    with pytest.raises(OltUnreachable, match="OLT-1 does not answer"):
        host_key_of(access)
