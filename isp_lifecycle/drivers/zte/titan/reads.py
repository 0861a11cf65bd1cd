"""Looks at a C600 where they differ from the classic ones.

``show running-config interface`` with a blank is not understood there (C600 V1.2.2); with a hyphen it is (the banners
of two C620s list it, and two tools use it). ``show version`` and ``show system-group`` are not understood either.
"""

from __future__ import annotations

from dataclasses import replace

from isp_lifecycle.drivers.contract import OltIdentity, OltProfile, OntService, PonPort
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import KeysHidden
from isp_lifecycle.drivers.vendor import Ask, Unreadable
from isp_lifecycle.drivers.zte import names, parsers
from isp_lifecycle.drivers.zte.parsers import titan
from isp_lifecycle.drivers.zte.reads import HIDDEN, ZteReads

_NONE = frozenset({Meaning.ABSENT})


class TitanReads(ZteReads):
    """As on a classic one; the flows of an ONT stand on its virtual ports, which have configurations of their own."""

    spelling = names.TITAN
    found_onts = "show pon onu uncfg"
    configuration_of = "show running-config-interface"
    configuration_of_onts = "show running-config xpon"
    other_flows = "flows on virtual ports that are mapped by hand"

    def __init__(self, olt: str, profile: OltProfile) -> None:
        super().__init__(olt, profile)
        self._shows_descriptions = False
        """What an account is shown cannot change in a session."""

    def identify(self, ask: Ask) -> OltIdentity:
        block = titan.software(ask("show software").text)
        return OltIdentity("", block.product, block.version, "")

    def configuration(self, text: str) -> parsers.Configuration:
        return titan.running_config(text)

    def _interface(
        self, ask: Ask, interface: str, *, accept: frozenset[Meaning] = _NONE
    ) -> parsers.Configuration | None:
        """A name that nothing has is not told from a command that is not known. So PON ports and ONTs, which come first
        and are known to be there, must be understood; of other interfaces it then says that there is none."""
        known = interface.startswith((self.spelling.pon_word, self.spelling.onu_word))
        return super()._interface(ask, interface, accept=accept if known else accept | {Meaning.UNSUPPORTED})

    def _block(self, ask: Ask, place: tuple[PonPort, int]) -> parsers.OnuBlock:
        """A virtual port for each GEM port, as the usual vport mode has it."""
        block = super()._block(ask, place)
        flows, gems = list(block.service_ports), {gem.number: gem for gem in block.gem_ports}
        for number in sorted(gems):
            found = self._interface(ask, names.vport(*place, number))
            if found is None:
                continue
            part = next(iter(found.blocks), None)
            if part is None:
                raise Unreadable(f"no configuration of {names.vport(*place, number)}")
            flows += part.service_ports
            limits = next(gem for gem in part.gem_ports if gem.number == number)
            gems[number] = replace(gems[number], down=limits.down, up=limits.up)
        return replace(block, gem_ports=tuple(gems.values()), service_ports=tuple(flows))

    def service(self, ask: Ask, place: tuple[PonPort, int], profiles: dict[str, int]) -> OntService:
        """It stands with the ONT's interface (a published output of one has it), but its VLAN profiles do not."""
        answer = ask(f"{self.configuration_of} {self.spelling.onu(*place)}", accept=_NONE)
        return titan.remote_config(answer.text, place, profiles)

    def _described(self, ask: Ask, word: str) -> tuple[str, ...] | None:
        """Once in a session all descriptions are looked at, lest a line is made whose ONT nobody can tell later."""
        if self._shows_descriptions:
            return super()._described(ask, word)
        described = super()._described(ask, "description")
        if described is not None and HIDDEN in described:
            raise KeysHidden(self._olt)
        self._shows_descriptions = bool(described)
        return described

    def _downs(self, ask: Ask) -> tuple[parsers.ProfileRate, ...]:
        return titan.traffic_profiles(ask("show running-config | include traffic-profile").text)
