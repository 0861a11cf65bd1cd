"""The network as a schematic map, level by level, coloured by how things stand; it follows what is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import panel as pn

from dashboards.parts import words
from dashboards.parts.cards import empty
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import field
from dashboards.parts.live import Live
from dashboards.parts.netmap import SHOWN, NetMap, amounts, branch, counted, legend, node
from dashboards.parts.notice import Notice, shown
from dashboards.parts.picking import Picking
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, n_, said, say, say_as
from isp_lifecycle.views.map import levels as views
from isp_lifecycle.views.map.model import (
    CardNode,
    Counts,
    OltNode,
    OntNode,
    Place,
    PortNode,
    SplitterNode,
    Standing,
    worst,
)

#: Whenever something was looked at, or an OLT fell silent, and besides as time passes.
TOPICS, EVERY_SECONDS = ("light", "incidents"), 60.0
#: More OLTs than this are grouped by area, and only what is in trouble, or opened, is sent; of those so many.
GROUPED, TROUBLED = 80, 60
#: How an ONT stands, in words.
SAYS = {
    "up": say_as("ONTs", "up"),
    "down": say_as("ONTs", "down"),
    "no power": say_as("ONTs", "off"),
    "unknown": say_as("ONTs", "unknown"),
    "weak": say("weak"),
    "weak: its drop": say("weak: its drop"),
    "weak: its splitter": say("weak: its splitter"),
    "weak: the feeder": say("weak: the feeder"),
}
#: More areas than this are taken together by their first word.
AREAS = 60


@dataclass(frozen=True)
class Path:
    """What is opened: an area of OLTs, an OLT, one of its cards, a port, and the ONT that was looked for."""

    area: str = ""
    olt: str = ""
    card: str = ""
    port: str = ""
    ont: str = ""

    def words(self) -> dict[str, str]:
        """As it stands in the page's address."""
        return {name: value for name, value in vars(self).items() if value}

    def href(self) -> str:
        """The map with this open."""
        return f"?{urlencode(self.words(), safe='/')}"


@dataclass(frozen=True)
class Seen:
    """What was read for a path."""

    path: Path
    olts: tuple[OltNode, ...]
    cards: tuple[CardNode, ...] = ()
    behind: tuple[SplitterNode, ...] = ()


def page(session: PageSession) -> Sequence[Any]:
    """The map."""
    return MapPage(session).parts()


class MapPage:
    """The map, what is opened of it, and the search for a place on it."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._map = NetMap(on_pick=shown(self._notice, self._pick))
        self._head = html_pane()
        self._offered = Picking(on_pick=shown(self._notice, self._jump), visible=False)
        self._text = field(_("Find an OLT, port, splitter, service, serial number or customer"), size="small")
        self._text.param.watch(lambda event: shown(self._notice, self._find)(event.new), "value")
        query = session.query
        self._path = Path(*(query.get(name, "")[:80] for name in ("area", "olt", "card", "port", "ont")))
        self._live = Live(
            ask=self._read,
            show=self._show,
            every=EVERY_SECONDS,
            notice=self._notice,
            changes=session.changes,
            topics=TOPICS,
        )
        self._again()

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._text, self._notice.pane, self._offered, self._head, self._map, self._live.start()]

    # --- reading and drawing ---------------------------------------------------------------------------------------

    def _read(self) -> Seen:
        path, look = self._path, self._session.look
        olts = look(views.olts)
        cards = look(views.cards, olt=path.olt) if path.olt else ()
        behind = look(views.behind, olt=path.olt, port=path.port) if path.olt and path.port else ()
        return Seen(path, olts, cards, behind)

    def _again(self) -> None:
        seen = shown(self._notice, self._read)()
        if seen is not None:
            self._show(seen)

    def _show(self, seen: Seen) -> None:
        if seen.path != self._path:
            return  # somebody opened another thing meanwhile, which is drawn already
        show(self._head, _heading(seen.olts))
        self._map.show(_Drawing(self._session, seen).whole())

    # --- opening ---------------------------------------------------------------------------------------------------

    def _pick(self, key: str) -> None:
        what, _sep, name = key.partition(" ")
        now = self._path
        steps = {
            "area": Path(area="" if name == now.area else name),
            "olt": Path(area=now.area, olt="" if name == now.olt else name),
            "card": Path(now.area, now.olt, "" if name == now.card else name),
            "port": Path(now.area, now.olt, now.card, "" if name == now.port else name),
        }
        self._go(steps.get(what, now))

    def _go(self, path: Path) -> None:
        self._path = path
        self._again()
        if pn.state.location is not None:
            pn.state.location.search = path.href() if path.words() else ""

    def _find(self, text: str) -> None:
        found = self._session.look(views.places, text=text or "") if (text or "").strip() else ()
        self._offered.visible = len(found) != 1 and bool((text or "").strip())
        if len(found) == 1:
            self._go(self._path_to(found[0]))
        elif self._offered.visible:
            nothing = empty(
                _("Nothing on the map is known by that."), _("Try a part of the name, or the whole number.")
            )
            self._offered.show(tag("div", *map(_offer, found), css="choices") if found else nothing)

    def _jump(self, key: str) -> None:
        olt, port, serial = (*key.split("|"), "", "")[:3]
        self._offered.visible = False
        self._go(self._path_to(Place(olt, port, serial)))

    def _path_to(self, place: Place) -> Path:
        card = ""
        if place.port:
            cards = self._session.look(views.cards, olt=place.olt)
            card = next((one.place for one in cards if place.port in {p.port for p in one.ports}), "")
        return Path(olt=place.olt, card=card, port=place.port, ont=place.serial)


def _offer(place: Place) -> Html:
    key = f"{place.olt}|{place.port}|{place.serial}"
    href = Path(olt=place.olt, port=place.port, ont=place.serial).href()
    return tag("a", tag("span", place.says), href=href, data_pick=key)


def _heading(olts: tuple[OltNode, ...]) -> Html:
    counts = sum((one.counts for one in olts), Counts())
    silent = sum(bool(one.silent) for one in olts)
    number = n_("{count} OLT", "{count} OLTs", len(olts))
    onts = n_("{count} ONT", "{count} ONTs", counts.total)
    told = _("{olts}, {onts}: {amounts}.", olts=number, onts=onts, amounts=amounts(counts))
    mute = n_("{count} OLT did not answer when last asked.", "{count} OLTs did not answer when last asked.", silent)
    return joined(tag("p", tag("b", told), " ", mute if silent else ""), legend())


class _Drawing:
    """The map of what was read."""

    def __init__(self, session: PageSession, seen: Seen) -> None:
        self._session = session
        self._seen = seen
        self._path = seen.path
        self._now = session.now

    def whole(self) -> Html:
        """The OLTs, and the one that is opened with what hangs on it."""
        if not self._seen.olts:
            return empty(_("No OLT is recorded."), _("Import the plant with `isp import plant`."), "hub")
        grouped = len(self._seen.olts) > GROUPED
        above = self._areas() if grouped else tag("ul", *map(self._tile, _sorted(self._seen.olts)), css="mosaic")
        opened = next((one for one in self._seen.olts if one.name == self._path.olt), None)
        below = (
            tag("ul", self._olt(opened), css="tree", aria_label=_("What hangs on {olt}", olt=opened.name))
            if opened
            else ""
        )
        return tag("div", tag("nav", above, aria_label=_("OLTs")), below, css="netmap stack-m")

    def _areas(self) -> Html:
        """Areas with their counts; of the OLTs those that are in trouble, and those of the area that is opened."""
        name_of = _area_names(self._seen.olts)
        areas: dict[str, list[OltNode]] = {}
        for one in self._seen.olts:
            areas.setdefault(name_of[one.name], []).append(one)
        bad = [one for one in _sorted(self._seen.olts) if one.standing in (Standing.SILENT, Standing.DOWN)]
        heading = _("In trouble")
        if len(bad) > TROUBLED:
            heading = _("In trouble (the first {shown} of {all})", shown=TROUBLED, all=len(bad))
        trouble = joined(tag("h3", heading), tag("ul", *map(self._tile, bad[:TROUBLED]), css="mosaic"))
        items = (self._area(name, some) for name, some in sorted(areas.items()))
        return joined(trouble if bad else "", tag("h3", _("Areas")), tag("ul", *items, css="mosaic areas"))

    def _area(self, name: str, olts: list[OltNode]) -> Html:
        opened = name == self._path.area
        counts = sum((one.counts for one in olts), Counts())
        says = f"{n_('{count} OLT', '{count} OLTs', len(olts))} · {amounts(counts)}"
        standing = worst([one.standing for one in olts])
        own = node(f"area {name}", name, standing, says, href=Path(area=name).href(), opened=opened)
        inner = tag("ul", *map(self._tile, _sorted(olts)), css="mosaic") if opened else ""
        return tag("li", own, inner, css="wide" if opened else "")

    def _tile(self, one: OltNode) -> Html:
        opened = one.name == self._path.olt
        bad = Counts(down=one.counts.down, weak=one.counts.weak)
        says = said(SHOWN[Standing.SILENT][2]) if one.silent else amounts(bad if one.counts.trouble else one.counts)
        href = Path(area=self._path.area, olt=one.name).href()
        return tag("li", node(f"olt {one.name}", one.name, one.standing, says, href=href, opened=opened))

    def _olt(self, one: OltNode) -> Html:
        says = one.silent or f"{one.model} · {counted(one.counts, self._now)}"
        standing = one.standing
        own = node(
            f"olt {one.name}",
            one.name,
            standing,
            says,
            href=Path(area=self._path.area).href(),
            opened=True,
            page=page_of(Thing.OLT, one.name),
        )
        cards = self._seen.cards
        if len(cards) == 1:
            return branch(own, map(self._port, cards[0].ports))
        return branch(own, map(self._card, cards))

    def _card(self, card: CardNode) -> Html:
        name = f"{card.place} {card.model}" if card.place else _("no card on record")
        opened = self._path.card == (card.place or "-") or any(one.port == self._path.port for one in card.ports)
        missing = _("missing") + " · " if card.missing else ""
        key = f"card {card.place or '-'}"
        href = Path(self._path.area, self._path.olt, card.place or "-").href()
        standing = Standing.DOWN if card.missing else worst([one.counts.standing() for one in card.ports])
        own = node(key, name, standing, missing + counted(card.counts, self._now), href=href, opened=opened)
        return branch(own, map(self._port, card.ports) if opened else ())

    def _port(self, port: PortNode) -> Html:
        opened = port.port == self._path.port
        own = node(
            f"port {port.port}",
            port.port,
            port.counts.standing(),
            counted(port.counts, self._now),
            href=Path(self._path.area, self._path.olt, self._path.card, port.port).href(),
            opened=opened,
            page=page_of(Thing.PON_PORT, f"{self._path.olt} {port.port}"),
        )
        return branch(own, map(self._splitter, self._seen.behind) if opened else ())

    def _splitter(self, one: SplitterNode) -> Html:
        name = f"{one.code} 1:{one.ratio}" if one.code else _("splitter not on record")
        href = f"/network?olt={quote(self._path.olt)}&port={quote(self._path.port, safe='/')}"
        own = node(f"splitter {one.code}", name, one.counts.standing(), amounts(one.counts), href=href)
        if one.splitters:
            return branch(own, (*map(self._splitter, one.splitters), *map(self._ont, one.onts)))
        return branch(own, map(self._ont, one.onts), leaves=True)

    def _ont(self, one: OntNode) -> Html:
        who = one.service_code or _("nobody's")
        how = said(SAYS[one.says])
        if one.since and one.standing is not Standing.UP:
            how = _("{how} since {moment}", how=how, moment=words.moment(one.since, self._session.zone))
        light = f" · {words.level(one.rx_dbm)}" if one.rx_dbm is not None else ""
        where = page_of(Thing.PON_PORT, f"{self._path.olt} {self._path.port}")
        if one.service_code and self._session.actor.may("service.read"):
            where = f"/why?of={one.service_code}"
        name = joined(f"{one.ont_id} {who}", *((BREAK, tag("small", one.customer, dir="auto")) if one.customer else ()))
        here = one.serial == self._path.ont
        says = f"{how}{light}"
        return tag("li", node(f"ont {one.serial}", name, one.standing, says, href=where, here=here))


def _sorted(olts: Sequence[OltNode]) -> list[OltNode]:
    order = {standing: n for n, standing in enumerate(Standing)}
    return sorted(olts, key=lambda one: (order[one.standing], -one.counts.trouble, one.name))


def _area_names(olts: Sequence[OltNode]) -> dict[str, str]:
    """The group of each OLT: its area, or what the names of areas begin with where there are too many of them."""
    if len({one.area for one in olts}) <= AREAS:
        return {one.name: one.area or _("No area") for one in olts}
    return {one.name: re.sub(r"[\s\d-]+$", "", one.area) or one.area or _("No area") for one in olts}
