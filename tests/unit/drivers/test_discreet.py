"""What stands after words such as *password* is masked in every form that devices say and take, and only that."""

from __future__ import annotations

import pytest

from isp_lifecycle.drivers.transcript import MASK, Transcript, discreet
from isp_lifecycle.drivers.veil import Veil

#: Command lines and answers with a secret (``S3cret``, or more words with it), and what of them is to stay readable.
LINES = [
    ("ont ipconfig 0 5 ip-index 1 pppoe vlan 100 priority 0 user-account username U password S3cret", "username U"),
    ('ont ipconfig 0 5 pppoe vlan 100 user-account username U password "my S3cret" profile 3', "profile 3"),
    ("username U password 0 S3cret max-sessions 16", "max-sessions 16"),
    ("username U password 7 S3cret privilege 15", "privilege 15"),
    ("  password encrypted S3cret", "password encrypted"),
    ("wan-ip 1 mode pppoe username U password S3cret vlan-profile PPPoE host 1", "vlan-profile PPPoE host 1"),
    ("pppoe 1 nat enable user U password 'my S3cret'", "user U"),
    ("tr069-mgmt 1 acs http://acs:7547 validate basic username U password S3cret", "http://acs:7547"),
    ("enable secret 5 S3cret", "enable secret 5"),
    ("super password level 3 cipher S3cret", "level 3"),
    ("super password level 3 cipher %^%#a S3cret b%^%#", "level 3"),
    ("local-user U password irreversible-cipher S3cret", "local-user U"),
    ("snmp-agent community read cipher S3cret", "community read cipher"),
    ("snmp-agent community write S3cret", "community write"),
    ("snmp-server community S3cret view AllView rw", "view AllView rw"),
    ("snmp-server user U G v3 auth md5 S3cret priv aes128 S3cret", "user U G v3"),
    (
        "snmp-agent usm-user v3 U authentication-mode sha cipher S3cret privacy-mode aes128 cipher S3cret",
        "usm-user v3 U",
    ),
    ("radius-server shared-key cipher S3cret", "radius-server"),
    ("radius-server host 10.0.0.1 auth-port 1812 key S3cret timeout 3", "timeout 3"),
    ("tacacs-server key 7 S3cret", "tacacs-server"),
    ("ntp-service authentication-keyid 1 authentication-mode md5 S3cret", "authentication-keyid 1"),
    ("ont add 0 1 password-auth S3cret always-on omci", "always-on omci"),
    ("onu 3 type ALL pw S3cret", "onu 3 type ALL"),
    ("  Password            : 0x31323334(S3cret)", "Password"),
    ("Password            : my S3cret  VendorID: HWTC", "VendorID: HWTC"),
    ("Password=S3cret;user=U", ""),
    ("User Password(length<6,15>):S3cret", "User Password(length<6,15>):"),
    ("Authentication password: S3cret", "Authentication"),
]
#: Sentences of devices and of ours in which nothing is secret.
PLAIN = [
    "Warning: The user password is set by other administrator or NMS, it is\r\nrecommended to change the password.",
    "%Error 20209: No username or bad password",
    ">>User name:\r\n>>User password:\r\n",
    "Password:\r\nZXAN#",
    "The password has expired and must be changed.",
    "Your password will expire in 3 days.",
    "ONT 48575443 at 0/1/3 carries the key S-000123",
    "authentication-mode password",
    "service-port 12 vlan 100 gpon 0/1/3 ont 5 gemport 1",
]


@pytest.mark.parametrize(("line", "stays"), LINES)
def test_no_form_of_a_secret_is_shown_and_what_surrounds_it_is(line: str, stays: str) -> None:
    shown = discreet(f"before\r\n{line}\r\nafter")
    assert "S3cret" not in shown
    assert MASK in shown
    assert stays in shown
    assert shown.startswith("before\r\n")
    assert shown.endswith("\r\nafter")


@pytest.mark.parametrize("text", PLAIN)
def test_what_tells_no_secret_is_left_as_it_is(text: str) -> None:
    assert discreet(text) == text


@pytest.mark.parametrize("line", [line for line, _stays in LINES])
def test_neither_a_record_nor_a_terminal_shows_it_however_the_network_cuts_it(line: str) -> None:
    transcript = Transcript()
    transcript.sent(line)
    transcript.received(f"{line}\r\n", 0.1)
    assert "S3cret" not in transcript.text()
    for size in (1, 3, 7, 1000):
        veil, text = Veil(()), f"{line}\r\nOLT#"
        shown = "".join(veil.of(text[at : at + size]) for at in range(0, len(text), size)) + veil.rest()
        assert "S3cret" not in shown, size
        assert shown.endswith("OLT#")
