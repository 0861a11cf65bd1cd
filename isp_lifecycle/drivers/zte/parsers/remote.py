"""What an ONT itself is told over OMCI, as the ``pon-onu-mng`` section of a ZXA10's configuration holds it.

``vlan port eth_0/1 mode tag vlan N`` stands in captures of a C320 V2.1 and of C620s, ``wan-ip`` lines in configurations
that people published of both command lines; a classic one counts them (``wan-ip 1``), a Titan says ``wan-ip ipv4``. A
router tags by a VLAN profile, ``onu profile vlan NAME tag-mode tag cvlan N``, which stands in the section ``gpon``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from isp_lifecycle.drivers.ont_service import Dhcp, OntService, Pppoe, Wan

_NATIVE = re.compile(r"vlan port eth_0/1 mode tag vlan (\d+)\b.*")
_WAN_IP = re.compile(r"wan-ip (?:1|ipv4|1 ipv4) mode (?P<mode>pppoe|dhcp)\b(?P<words>.*)")
_IS_INTERNET = re.compile(r"wan 1\b.* service internet\b.*")
_OTHER = re.compile(r"(wan-ip (?!.*ping-response)|pppoe \d|wan \d+ ).*")
_PROFILE = re.compile(r"\s*onu profile vlan (\S+) tag-mode tag cvlan (\d+)\b.*")


def remote_service(body: Iterable[str], profiles: Mapping[str, int]) -> OntService:
    """The router is whole once both of its lines stand. ``profiles``: VLANs by the names of their profiles."""
    native: int | None = None
    wan: Wan | None = None
    wan_vlan: int | None = None
    internet = False
    others: list[str] = []
    for line in body:
        if port := _NATIVE.fullmatch(line):
            native = int(port[1])
        elif ours := _WAN_IP.fullmatch(line):
            words = dict(re.findall(r"\b(username|password|vlan-profile) (\S+)", ours["words"]))
            password = words.get("password", "")
            hidden = set(password) <= {"*"}
            wan = Dhcp() if ours["mode"] == "dhcp" else Pppoe(words.get("username", ""), "" if hidden else password)
            wan_vlan = profiles.get(words.get("vlan-profile", ""))
        elif _IS_INTERNET.fullmatch(line):
            internet = True
        elif _OTHER.fullmatch(line):
            others.append(line.split(" password ")[0])
    return OntService(native, wan, wan_vlan if internet else None, tuple(others))


def vlan_profiles(lines: Iterable[str]) -> dict[str, int]:
    """The VLANs that profiles tag with, by name, among any lines of the configuration."""
    found = (_PROFILE.fullmatch(line) for line in lines)
    return {match[1]: int(match[2]) for match in found if match is not None}
