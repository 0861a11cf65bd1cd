"""The second half of the long display of one ONT: its line profile and its service profile, spelled out."""

from collections.abc import Iterable, Iterator

from isp_lifecycle.lab.ma5800.config import Configuration, GemPort, LineProfile, Ont, ServiceProfile
from isp_lifecycle.lab.ma5800.displays.layout import RULE, dash

GEM_RULE = "    " + "-" * 72
ETHERNET_PORTS = 4


def profile_lines(configuration: Configuration, ont: Ont) -> Iterable[str]:
    """Yield the profiles of an ONT, with what is set for it alone."""
    line = configuration.line_profiles.get(ont.line_profile)
    service = configuration.service_profiles.get(ont.service_profile)
    if line:
        yield from line_profile_lines(line)
    if service:
        yield from service_profile_lines(service)
        yield from _port_vlans(service, ont)


def line_profile_lines(profile: LineProfile) -> Iterator[str]:
    """Yield a line profile: switches, T-CONTs, GEM ports and what is mapped into them."""
    yield RULE
    yield f"  Line profile ID      : {profile.id}"
    yield f"  Line profile name    : {profile.name}"
    yield RULE
    yield "  FEC upstream switch :Disable"
    yield "  OMCC encrypt switch :Off"
    yield "  Qos mode            :PQ"
    yield "  Mapping mode        :VLAN"
    yield "  TR069 management    :Disable"
    yield RULE
    yield "  Notes: * indicates Discrete TCONT(TCONT Unbound)"
    yield RULE
    yield "  <T-CONT   0>          DBA Profile-ID:1"
    for tcont, dba in sorted(profile.tconts.items()):
        yield f"  <T-CONT {tcont:>3}>          DBA Profile-ID:{dba}"
        for gem in sorted(profile.gems.values(), key=lambda gem: gem.id):
            if gem.tcont == tcont:
                yield from _gem_lines(gem)


def _gem_lines(gem: GemPort) -> Iterator[str]:
    yield f"    <Gem Index {gem.id}>"
    yield GEM_RULE
    yield f"    |Serv-Type:ETH |Encrypt:{'on ' if gem.encrypt else 'off'} |Cascade:off |GEM-CAR:-            |"
    yield f"    |Upstream-priority-queue:{dash(gem.priority_queue):<3}|Downstream-priority-queue:-       |"
    yield GEM_RULE
    yield "     Mapping VLAN  Priority Port   Port  Bundle  Flow  Transparent"
    yield "     index                  type   ID    ID      CAR"
    yield GEM_RULE
    for mapping in sorted(gem.mappings, key=lambda mapping: mapping.index):
        yield f"     {mapping.index:<7} {mapping.vlan:<5} -        -      -     -       -     -"
    yield GEM_RULE


def service_profile_lines(profile: ServiceProfile) -> Iterator[str]:
    """Yield a service profile: numbers of ports and the switches of the user side."""
    yield RULE
    yield f"  Service profile ID   : {profile.id}"
    yield f"  Service profile name : {profile.name}"
    yield RULE
    yield "  Port-type     Port-number     Max-adaptive-number"
    yield RULE
    yield f"  POTS          {profile.pots:<15} {'32' if profile.pots == 'adaptive' else '-'}"
    yield f"  ETH           {profile.eth:<15} {'8' if profile.eth == 'adaptive' else '-'}"
    yield "  TDM           0               -"
    yield "  MOCA          0               -"
    yield "  CATV          0               -"
    yield RULE
    yield "  TDM port type                     : E1"
    yield "  TDM service type                  : TDMoGem"
    yield "  MAC learning function switch      : Enable"
    yield "  ONT transparent function switch   : Disable"
    yield "  Multicast forward mode            : Unconcern"
    yield "  Multicast forward VLAN            : -"
    yield "  Native VLAN option                : Concern"
    yield RULE


def _port_vlans(profile: ServiceProfile, ont: Ont) -> Iterator[str]:
    yield "  Port   Port   Service-type Index S-VLAN S-PRI C-VLAN C-PRI ENCAP      S-PRI"
    yield "  type   ID                                                             POLICY"
    yield RULE
    vlans = {eth: (vlan, None) for eth, vlan in profile.port_vlans.items()}
    shown: dict[int, tuple[int, int | None]] = {**vlans, **ont.native_vlans}
    for eth, (vlan, priority) in sorted(shown.items()):
        kind = "Native" if eth in ont.native_vlans else "Translation"
        yield f"  ETH    {eth:<6} {kind:<12} 1     {vlan:<6} {dash(priority):<5} {vlan:<6} -     -          -"
    yield RULE
