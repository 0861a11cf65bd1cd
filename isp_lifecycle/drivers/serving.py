"""What an ONT is told to do: the changes and the differences, the same for every vendor. Pure."""

from __future__ import annotations

from isp_lifecycle.drivers.contract import Change, LineFound, LineWanted, OltProfile
from isp_lifecycle.drivers.errors import NotOffered, OntServesOthers, VlanProfileDiffers
from isp_lifecycle.drivers.ont_service import BRIDGE, Offer, native_words, router_words, same_router, serving
from isp_lifecycle.drivers.vendor import Commands


def check_offered(olt: str, wanted: LineWanted, commands: Commands) -> None:
    """Raises NotOffered for what the vendor cannot make of a line."""
    asked = [Offer.OWN_VLAN] if wanted.inner is not None else []
    if wanted.ont is not None:
        asked += [Offer.NATIVE_VLAN] if wanted.ont.native_vlan is not None else []
        asked += [wanted.ont.wan.offer] if wanted.ont.wan is not None else []
    for offer in asked:
        if offer in commands.declines:
            raise NotOffered(olt, str(offer), commands.declines[offer])


def service_changes(
    found: LineFound, wanted: LineWanted, ont_id: int, profile: OltProfile, commands: Commands, *, anew: bool
) -> list[Change]:
    """After the flow, which must be there before an ONT can be a router on it. ``anew``: the ONT has nothing yet.

    Raises OntServesOthers and VlanProfileDiffers.
    """
    if wanted.ont is None:
        return []
    have = BRIDGE if anew else found.service or BRIDGE
    want, place = wanted.ont, f"{wanted.port} ONT {ont_id}"
    if have.others and (want.wan is not None or have.wan is not None):
        raise OntServesOthers(found.olt, place, have.others)
    changes: list[Change] = []
    if want.native_vlan != have.native_vlan:
        why = f"it is {native_words(have)}, and should be {native_words(want)}"
        lines = commands.set_native_vlan(wanted.port, ont_id, want.native_vlan)
        changes.append(Change("set", f"Ethernet port 1 of {place}", lines, why))
    if not same_router(want.wan, have, wanted.on_ont):
        _, has = router_words(want.wan, have, wanted.on_ont)
        if have.wan is not None:
            lines = commands.remove_wan(wanted.port, ont_id)
            changes.append(Change("remove", f"router of {place}", lines, f"it is a {has}"))
        if want.wan is not None:
            changes += _profile(found, wanted.on_ont, profile, commands)
            lines = commands.add_wan(wanted, want.wan, ont_id, profile)
            changes.append(Change("set", f"{want.wan} of {place}", lines, f"the ONT is to be one, and was {has}"))
    return changes


def service_pairs(found: LineFound, wanted: LineWanted) -> list[tuple[str, object, object]]:
    """Field, as wanted, as found; never a password."""
    if wanted.ont is None:
        return []
    return [*serving(wanted.ont, found.service or BRIDGE, wanted.on_ont)]


def _profile(found: LineFound, vlan: int, profile: OltProfile, commands: Commands) -> list[Change]:
    needed = commands.vlan_profile(vlan, profile)
    if needed is None:
        return []
    name, lines = needed
    stands = next((one.number for one in found.profiles if (one.kind, one.name) == ("vlan", name)), None)
    if stands is None:
        return [Change("create", f"ONT VLAN profile {name}", lines, f"no router on VLAN {vlan} has been here yet")]
    if stands != vlan:
        raise VlanProfileDiffers(found.olt, name, vlan, stands)
    return []
