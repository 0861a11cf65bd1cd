"""Secrets that stand in the database: what opens them, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.foundation.vault import Vault, VaultShut, vault_of


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return vault_of(Settings(var=tmp_path))


def test_what_was_sealed_opens_at_its_own_place_only(vault: Vault) -> None:
    sealed = vault.seal("device account core password", "s3cret")

    assert b"s3cret" not in sealed
    assert vault.open("device account core password", sealed) == "s3cret"
    assert vault.seal("device account core password", "s3cret") != sealed
    with pytest.raises(VaultShut, match="altered in the database, or moved"):
        vault.open("device account edge password", sealed)
    with pytest.raises(VaultShut, match="altered"):
        vault.open("device account core password", sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_old_keys_open_until_they_are_forgotten(vault: Vault, tmp_path: Path) -> None:
    """A process that has read the file before reads it again: what rotates the key is another process."""
    other = vault_of(Settings(var=tmp_path))
    sealed = other.seal("a", "kept")
    vault.add_key()

    assert (other.open("a", sealed), other.is_newest(sealed)) == ("kept", False)
    anew = other.sealed_anew("a", sealed)
    assert other.is_newest(anew)
    assert vault.drop_old_keys() == 1
    assert other.open("a", anew) == "kept"
    with pytest.raises(VaultShut, match=r"is not in .*vault"):
        other.open("a", sealed)


def test_the_file_is_its_owners_and_its_faults_are_named(tmp_path: Path) -> None:
    kept = vault_of(Settings(var=tmp_path))
    kept.seal("a", "b")
    kept.add_key()
    assert (tmp_path / "secrets" / "vault").stat().st_mode & 0o777 == 0o600

    own = Settings(var=tmp_path, vault_file=tmp_path / "keys")
    with pytest.raises(VaultShut, match="cannot be read"):
        vault_of(own).seal("a", "b")
    (tmp_path / "keys").write_text("abc\n", encoding="ascii")
    with pytest.raises(VaultShut, match="is no key") as refused:
        vault_of(own).seal("a", "b")
    assert refused.value.field == "ISP_VAULT_FILE"
    (tmp_path / "keys").write_text("\n", encoding="ascii")
    with pytest.raises(VaultShut, match="has no key"):
        vault_of(own).seal("a", "b")


def test_who_only_opens_makes_no_key(tmp_path: Path) -> None:
    """A lost file is told as lost; an empty new one beside the sealed secrets would hide that."""
    with pytest.raises(VaultShut, match="cannot be read"):
        vault_of(Settings(var=tmp_path)).open("a", b"\x01" + bytes(40))
    assert list(tmp_path.iterdir()) == []
