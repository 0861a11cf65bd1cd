"""Groups by Google's Directory API, against a server of ours that answers as Google documents it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isp_lifecycle.access.oidc.errors import ProviderDeclined, ProviderNeedsCare
from isp_lifecycle.access.oidc.provider import OidcProvider as Provider
from tests.contract.providers.conftest import came_back, provider_at
from tests.providers.google import Workspace, workspace
from tests.providers.tampering import TamperedProvider

TABLE = {"noc@isp.test": "network", "desk@isp.test": "support", "sales@isp.test": "sales"}


@pytest.fixture
def google() -> Iterator[Workspace]:
    """A Workspace in which Ann is in one group directly and in another one by a group in it."""
    with workspace() as state:
        state.users["bob"] = {"primaryEmail": "bob@isp.test", "name": {"fullName": "Bob Ray"}}
        state.users["ann"] = {"primaryEmail": "ann.lee@isp.test", "name": {"fullName": "Ann Lee"}, "suspended": False}
        state.groups = {
            "noc@isp.test": {"night@isp.test"},
            "night@isp.test": {"ann"},
            "desk@isp.test": {"ann", "bob"},
            "sales@isp.test": {"bob"},
        }
        yield state


def with_directory(at: TamperedProvider, google: Workspace, folder: Path, **settings: Any) -> Provider:
    """Google with a service account that reads groups."""
    wanted = {
        "kind": "google",
        "groups": TABLE,
        "directory_account": google.key_file(folder),
        "directory_admin": "admin@isp.test",
        "directory_url": google.url,
        **settings,
    }
    return provider_at(at, **wanted)


def test_groups_are_those_of_the_directory_also_by_groups_in_groups(
    at: TamperedProvider, google: Workspace, tmp_path: Path
) -> None:
    provider = with_directory(at, google, tmp_path)
    person = came_back(provider, at)
    assert person.groups == {"noc@isp.test", "desk@isp.test"}  # and not those that the token claims
    assert (person.username, person.email) == ("ann.lee@isp.test", "ann.lee@isp.test")
    came_back(provider, at)
    assert len(google.granted) == 1  # one token serves while it lasts
    assert google.granted[0]["scope"].split() == [
        "https://www.googleapis.com/auth/admin.directory.group.readonly",
        "https://www.googleapis.com/auth/admin.directory.user.readonly",
    ]
    assert 0 < google.granted[0]["exp"] - google.granted[0]["iat"] <= 3600


def test_account_is_looked_at_again(at: TamperedProvider, google: Workspace, tmp_path: Path) -> None:
    provider = with_directory(at, google, tmp_path)
    assert provider.can_look_again
    before = provider.look_again(["ann", "bob", "gone"])
    assert before["gone"] is None
    assert before["bob"] is not None
    assert before["bob"].groups == {"desk@isp.test", "sales@isp.test"}
    assert before["ann"] == came_back(provider, at)
    google.groups["night@isp.test"].clear()
    now = provider.look_again(["ann"])["ann"]
    assert now is not None
    assert now.groups == {"desk@isp.test"}
    google.users["ann"]["suspended"] = True
    assert provider.look_again(["ann"]) == {"ann": None}
    with pytest.raises(ProviderDeclined, match="suspended there"):
        came_back(provider, at)


def test_what_is_not_set_up_is_said(at: TamperedProvider, google: Workspace, tmp_path: Path) -> None:
    google.delegated = False
    with pytest.raises(ProviderNeedsCare, match=r"given no access \(unauthorized_client\)") as refused:
        came_back(with_directory(at, google, tmp_path), at)
    assert "Delegate it domain-wide" in refused.value.remedy
    google.delegated = True
    table = {**TABLE, "typo@isp.test": "support"}
    with pytest.raises(ProviderNeedsCare, match=r"there is no group typo@isp\.test"):
        came_back(with_directory(at, google, tmp_path, groups=table), at)
    provider = with_directory(at, google, tmp_path)
    (tmp_path / "service-account.json").write_text('{"private_key": "-----BEGIN"}', encoding="utf-8")
    with pytest.raises(ProviderNeedsCare, match="key file of its service account cannot be read") as refused:
        came_back(provider, at)
    assert "BEGIN" not in f"{refused.value!r}{refused.value.__cause__!r}"


def test_provider_without_a_directory_cannot_be_asked_again(at: TamperedProvider) -> None:
    provider = provider_at(at)
    assert not provider.can_look_again
    assert provider.look_again(["ann"]) == {}
