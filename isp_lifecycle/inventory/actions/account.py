"""The accounts by which devices are signed in to: sealed, opened only for a driver, sealed anew under a newer key."""

from __future__ import annotations

import re

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.vault import Vault
from isp_lifecycle.inventory.errors import DeviceAccountInUse, DeviceAccountWrong
from isp_lifecycle.inventory.model import DeviceAccount, SignIn
from isp_lifecycle.inventory.store import account as store
from isp_lifecycle.inventory.store import plant

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def put_device_account(*, tx: Tx, vault: Vault, account: DeviceAccount, password: str, enable_password: str) -> None:
    """Keep an account, or replace it whole. Raises DeviceAccountWrong, and VaultShut without a key."""
    if not NAME.fullmatch(account.name):
        raise DeviceAccountWrong("name", account.name, say("Use small letters, digits and _, such as core_olts."))
    if not account.username.strip() or not password:
        raise DeviceAccountWrong("username", account.username, say("Give a user name and a password."))
    sealed = vault.seal(_place(account.name, "password"), password)
    enable = vault.seal(_place(account.name, "enable_password"), enable_password) if enable_password else None
    store.put_account(tx=tx, account=account, password=sealed, enable_password=enable)


def device_accounts(*, tx: Tx) -> tuple[DeviceAccount, ...]:
    """Every account without its secrets, by name."""
    return tuple(store.accounts(tx=tx))


def device_sign_in(*, tx: Tx, vault: Vault, name: str) -> SignIn | None:
    """What a driver signs in with; None where no account has this name. Raises VaultShut."""
    found = store.sealed(tx=tx, name=name)
    if found is None:
        return None
    username, password, enable = found
    return SignIn(
        username,
        vault.open(_place(name, "password"), password),
        vault.open(_place(name, "enable_password"), enable) if enable is not None else "",
    )


def remove_device_account(*, tx: Tx, name: str) -> None:
    """Take an account out. Raises NotFound, and DeviceAccountInUse while an OLT is signed in to by it."""
    using = [olt.name for olt in plant.all_olts(tx=tx) if olt.credentials == name]
    if using:
        raise DeviceAccountInUse(name, using)
    if not store.remove_account(tx=tx, name=name):
        raise NotFound("device account", name)


def reseal_device_accounts(*, tx: Tx, vault: Vault) -> int:
    """Seal anew what an older key sealed; how many secrets that were."""
    anew = 0
    for (name, column), sealed in store.all_sealed(tx=tx).items():
        if not vault.is_newest(sealed):
            store.keep_sealed(tx=tx, name=name, column=column, sealed=vault.sealed_anew(_place(name, column), sealed))
            anew += 1
    return anew


def _place(name: str, column: str) -> str:
    return f"device account {name} {column}"
