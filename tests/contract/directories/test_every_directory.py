"""What every directory does for sign-in, held against a real Active Directory (Samba) and a real OpenLDAP."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from isp_lifecycle.access.admission import line_for
from isp_lifecycle.access.directory.ldap import LdapDirectory
from isp_lifecycle.access.errors import AccountBarred, Bar, DirectoryUnreachable, DirectoryWrong, SignInRefused
from isp_lifecycle.cli.embedded.server import free_port
from tests.directories.tree import BASE, HOST, LOCKS_AFTER, PASSWORD, Tree
from tests.flows.certificates import certificate


def refusal(directory: LdapDirectory, username: str, password: str = PASSWORD) -> str:
    """How somebody is refused: the words that they read."""
    with pytest.raises((SignInRefused, AccountBarred)) as caught:
        directory.authenticate(username=username, password=password)
    return str(caught.value)


UNFIT = "User name and password do not fit."


def test_name_and_password_tell_who_somebody_is(tree: Tree) -> None:
    name = tree.person(groups=("isp-noc", "all-staff"))
    person = tree.directory().authenticate(username=name.upper(), password=PASSWORD)
    assert (person.source, person.username, person.name) == ("office", name, f"{name.title()} Test")
    assert person.email == f"{name}@isp.example"
    assert person.groups == {"isp-noc", "all-staff"}
    again = tree.directory(vouches_for_mail=False).authenticate(username=name, password=PASSWORD)
    assert again == replace(person, email="")


def test_groups_in_groups_count_also_where_they_go_in_circles(tree: Tree) -> None:
    name = tree.person(groups=("isp-field-north",))
    person = tree.directory().authenticate(username=name, password=PASSWORD)
    assert person.groups == {"isp-field-north", "isp-field"}


def test_a_line_that_is_a_dn_fits_that_group_alone(tree: Tree) -> None:
    name = tree.person(groups=("isp-noc", "other"))
    line = tree.group("isp-noc").upper().replace(",", ", ")
    elsewhere = f"CN=other,OU=Elsewhere,{BASE}"
    directory = tree.directory(groups={line: "network", elsewhere: "administrator"})
    assert directory.authenticate(username=name, password=PASSWORD).groups == {line, "other"}


def test_a_group_that_is_named_like_the_dn_of_another_gives_nothing(tree: Tree) -> None:
    name, table = tree.person(), {tree.group("isp-admins"): "administrator"}
    tree.forged_group(tree.group("isp-admins"), member=name)
    found = tree.directory(groups=table).authenticate(username=name, password=PASSWORD)
    assert line_for(found.groups, table) is None


def test_a_wrong_password_an_unknown_name_and_no_password_are_told_alike(tree: Tree) -> None:
    name, directory = tree.person(), tree.directory()
    assert {refusal(directory, *pair) for pair in ((name, "wrong"), ("nobody", PASSWORD), (name, ""))} == {UNFIT}


@pytest.mark.parametrize(
    "typed", ["*", "person*", "x)(uid=*", "*)(objectClass=*", "a\\2a", "(|(uid=*))", "\x00", "\r\n", " ", "", "x" * 300]
)
def test_nothing_that_is_typed_as_a_name_acts_as_a_filter(tree: Tree, typed: str) -> None:
    tree.person()
    assert refusal(tree.directory(), typed) == UNFIT
    assert tree.directory().find(typed) is None


def test_a_name_that_two_people_go_by_is_nobodys(tree: Tree) -> None:
    """One's address is another's full name: whose password would be asked for, would else be chance."""
    one = tree.person()
    other = tree.person(cn=f"{one}@isp.example")
    directory = tree.directory(user_attributes=("cn", "mail"))
    assert refusal(directory, f"{one}@isp.example") == UNFIT
    assert directory.authenticate(username=f"{other}@isp.example", password=PASSWORD).name == f"{other.title()} Test"


def test_a_name_full_of_what_filters_and_dns_are_made_of_is_a_name(tree: Tree) -> None:
    name = tree.person(f"o'neill{tree.kind}", cn='O\'Neill, "Shay" (north) \\ *', groups=("isp-noc",))
    person = tree.directory().authenticate(username=name, password=PASSWORD)
    assert person.groups == {"isp-noc"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tree, name: tree.disable(name), "Your account is disabled in The office."),
        (lambda tree, name: tree.expire(name), "Your account in The office has expired."),
        (lambda tree, name: tree.must_change(name), "Your password in The office must be changed before you go on."),
    ],
    ids=["disabled", "expired", "must change"],
)
def test_each_state_of_an_account_has_its_own_words_for_who_knows_the_password(
    tree: Tree, change: Callable[[Tree, str], None], words: str
) -> None:
    name, directory = tree.person(groups=("isp-noc",)), tree.directory()
    change(tree, name)
    assert refusal(directory, name) == words
    if not (
        tree.kind == "ldap" and "disabled" in words
    ):  # OpenLDAP says so whatever the password is, as it does of locks
        assert refusal(directory, name, "wrong") == UNFIT


def test_a_password_that_is_too_old_is_told(tree: Tree) -> None:
    assert refusal(tree.directory(), tree.with_old_password()) == "Your password in The office has expired."


def test_a_locked_account_is_told(tree: Tree) -> None:
    name, directory = tree.person(groups=("isp-noc",)), tree.directory()
    assert [refusal(directory, name, "wrong") for _ in range(LOCKS_AFTER)] == [UNFIT] * LOCKS_AFTER
    assert refusal(directory, name) == "Your account is locked in The office after too many wrong passwords."
    found = directory.find(name)
    assert found is not None
    assert found.bar is Bar.LOCKED


def test_people_are_looked_at_again_without_a_password(tree: Tree) -> None:
    names = [tree.person(groups=("isp-field-north",)) for _ in range(4)]
    directory = tree.directory()
    subjects = [directory.authenticate(username=name, password=PASSWORD).subject for name in names]
    tree.take(names[0], "isp-field-north")
    tree.disable(names[1])
    tree.expire(names[2])
    looked = directory.look_again([*subjects, "00000000-0000-0000-0000-000000000000", "no uuid"])
    groups = [person and person.groups for person in looked.values()]
    assert groups == [frozenset(), None, None, {"isp-field-north", "isp-field"}, None, None]


def test_a_lock_ends_no_session_since_strangers_can_bring_it_about(tree: Tree) -> None:
    name, directory = tree.person(groups=("isp-noc",)), tree.directory()
    subject = directory.authenticate(username=name, password=PASSWORD).subject
    for _ in range(LOCKS_AFTER):
        refusal(directory, name, "wrong")
    assert directory.look_again([subject])[subject] is not None


def test_the_subject_stays_when_the_name_changes_and_goes_with_the_person(tree: Tree) -> None:
    name, directory = tree.person(groups=("isp-noc",)), tree.directory()
    subject = directory.authenticate(username=name, password=PASSWORD).subject
    tree.admin.modify(tree.dn(name), {"displayName": [("MODIFY_REPLACE", ["Another Name"])]})
    looked = directory.look_again([subject])[subject]
    assert looked is not None
    assert (looked.name, looked.subject) == ("Another Name", subject)
    tree.admin.delete(tree.dn(name))
    assert directory.look_again([subject]) == {subject: None}


def test_people_who_do_not_fit_the_filter_are_nobody(tree: Tree) -> None:
    name = tree.person(groups=("isp-noc",))
    subject = tree.directory().authenticate(username=name, password=PASSWORD).subject
    narrow = tree.directory(user_filter="(employeeType=staff)")
    assert refusal(narrow, name) == UNFIT
    assert narrow.look_again([subject]) == {subject: None}


def test_starttls_does_as_well(tree: Tree) -> None:
    name = tree.person(groups=("isp-noc",))
    directory = tree.directory(tls="starttls", servers=(f"{tree.address}:{tree.plain}",))
    assert directory.authenticate(username=name, password=PASSWORD).groups == {"isp-noc"}


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", free_port()))
        listening.listen()
        yield listening.getsockname()[1]


def test_the_next_server_is_asked_when_one_is_away_or_says_nothing(tree: Tree, silent: int) -> None:
    name = tree.person(groups=("isp-noc",))
    servers = (f"127.0.0.1:{free_port()}", f"127.0.0.1:{silent}", f"{tree.address}:{tree.ldaps}")
    directory = tree.directory(servers=servers, answer_seconds=1)
    assert directory.authenticate(username=name, password=PASSWORD).username == name
    assert directory._servers.addresses[0] == (tree.address, tree.ldaps), "those that did not answer rest"
    answers = tree.directory(servers=(servers[0], servers[2])).probe()
    assert [bool(answer.error) for answer in answers] == [True, False]
    with pytest.raises(DirectoryUnreachable) as caught:
        tree.directory(servers=servers[:1]).authenticate(username=name, password=PASSWORD)
    assert servers[0] in caught.value.reasons[0]
    assert "127.0.0.1" not in f"{caught.value.message} {caught.value.remedy}"


@pytest.mark.parametrize("tls", ["ldaps", "starttls"])
def test_a_certificate_of_another_authority_or_another_host_is_refused(tree: Tree, tls: str, tmp_path: Path) -> None:
    server = (f"{tree.address}:{tree.ldaps if tls == 'ldaps' else tree.plain}",)
    other, _ = certificate(tmp_path, address="127.0.0.1")
    for wrong, reason in (
        ({"ca_file": other}, "signed by nobody whom CA_FILE names"),
        ({"server_name": "dc2.isp.test"}, "another host's: set SERVER_NAME"),
        ({"ca_file": None}, "signed by nobody whom CA_FILE names"),
    ):
        directory = tree.directory(tls=tls, servers=server, **wrong)
        with pytest.raises(DirectoryUnreachable) as caught:
            directory.authenticate(username="anybody", password=PASSWORD)
        assert reason in caught.value.reasons[0]
    assert not tree.directory(tls=tls, servers=server, server_name=HOST).probe()[0].error


def test_a_wrong_account_for_looking_up_is_named_and_not_tried_again_at_once(tree: Tree) -> None:
    directory = tree.directory(bind_password=SecretStr("not-the-password"))
    for _ in range(2 * LOCKS_AFTER):
        with pytest.raises(DirectoryWrong, match="refuses the account") as caught:
            directory.authenticate(username="anybody", password=PASSWORD)
    assert caught.value.field == "ISP_DIRECTORIES__OFFICE__BIND_PASSWORD"
    assert tree.directory().find("anybody") is None, "the account must not be locked by our own tries"


def test_what_the_settings_name_and_the_directory_does_not_have_is_told(tree: Tree) -> None:
    table = {"isp-noc": "network", "isp-nocc": "network", f"CN=gone,{tree.groups}": "support"}
    (answer,) = tree.directory(groups=table).probe()
    kind = "Active Directory" if tree.kind == "ad" else "LDAP"
    assert answer.notes == (kind, f"it has no group isp-nocc, CN=gone,{tree.groups}")
    with pytest.raises(DirectoryWrong, match="there is nothing at OU=Gone"):
        tree.directory(base=f"OU=Gone,{BASE}").find("anybody")
