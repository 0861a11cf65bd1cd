"""Secrets that stand in the database, sealed: the accounts by which devices are signed in to, and the key over all."""

from __future__ import annotations

from isp_lifecycle.access import second_factor
from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.vault import vault_of
from isp_lifecycle.intake.door import Act, Door, enters, through
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import DeviceAccount


@enters("secret.write", proof=True)
def set_device_account(act: Act, *, name: str, username: str, password: str, enable_password: str = "") -> None:
    """Keep the account by which devices are signed in to that name it; one that there is already is replaced whole.

    From the next session with such a device it is used. Raises DeviceAccountWrong and VaultShut.
    """
    act.about("device account", name)
    before = {one.name: one.username for one in inventory.device_accounts(tx=act.tx)}
    act.changed("User name", before.get(name, "none"), username)
    inventory.put_device_account(
        tx=act.tx,
        vault=vault_of(act.settings),
        account=DeviceAccount(name, username, act.at, act.actor.username),
        password=password,
        enable_password=enable_password,
    )


@enters("secret.write", proof=True)
def remove_device_account(act: Act, *, name: str) -> None:
    """Take an account out that no OLT names any more. Raises NotFound and DeviceAccountInUse."""
    act.about("device account", name)
    inventory.remove_device_account(tx=act.tx, name=name)


@enters("secret.write", proof=True)
def seal_anew(act: Act) -> int:
    """Seal every secret under the newest key that an older one sealed; returns how many. Raises VaultShut."""
    act.about("secrets", "all")
    vault = vault_of(act.settings)
    devices = inventory.reseal_device_accounts(tx=act.tx, vault=vault)
    factors = second_factor.reseal(tx=act.tx, vault=vault)
    act.changed("Sealed under the newest key", "0", str(devices + factors))
    return devices + factors


@through("secret.write")
def rotate(door: Door, actor: Actor) -> int:
    """Make a new key and seal every secret under it; returns how many were sealed anew.

    The old key stays in the file, and opens what a process sealed just before it read the new one, until
    :func:`forget_old_keys`; on other machines the file is copied in between.
    """
    vault_of(door.settings).add_key()
    return seal_anew(door, actor)


@through("secret.write")
def forget_old_keys(door: Door, actor: Actor) -> int:
    """Seal anew whatever an old key still seals, then forget all keys but the newest; returns how many that were."""
    seal_anew(door, actor)
    return vault_of(door.settings).drop_old_keys()


def known_accounts(act: Act) -> tuple[str, ...]:
    """The names that an OLT's account may have."""
    kept = (one.name for one in inventory.device_accounts(tx=act.tx))
    return tuple(sorted({*act.settings.credentials, *kept}))
