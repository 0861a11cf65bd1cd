"""The network engineer's page: OLTs and their ports, ONTs nobody has registered, address pools."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.pages.port import PortLook
from dashboards.parts import words
from dashboards.parts.cards import bar, empty
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.names import state_words
from dashboards.parts.notice import Notice, alert, describe_failure, shown
from dashboards.parts.picking import Picking
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views import network as views
from isp_lifecycle.views import passive
from isp_lifecycle.views.live import LiveOnt, LiveOnts
from isp_lifecycle.views.network import (
    CardRow,
    LineRow,
    OltRow,
    PonPortRow,
    PoolRow,
    VlanRow,
)
from isp_lifecycle.views.passive import ClosureFill, OutletRow, SplitterNode

TYPICAL = (
    say("Nobody said with which level this port really sends: what should arrive rests on a typical value."),
    say("Measure it, then `isp olt launch OLT PORT DBM`."),
)
WAYS = {"plant": say("Plant"), "unconfigured": say("Unconfigured ONTs"), "pools": say("Address pools")}


def page(session: PageSession) -> Sequence[Any]:
    """The network."""
    return NetworkPage(session).parts()


class NetworkPage:
    """Three ways to look at the network."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._place = column()
        self._olt = session.query.get("olt", "")
        self._port = session.query.get("port", "")
        self._pool = session.query.get("pool", "")
        way = session.query.get("way", "pools" if self._pool else "plant")
        self._ways = Segments(
            WAYS, chosen=self._choose, current=way if way in WAYS else "plant", label=_("Ways to look")
        )
        self._plant = Picking(on_pick=self._open)
        self._now = column()
        self._choose(self._ways.current)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._ways.pane, self._notice.pane, self._place]

    def _choose(self, way: str) -> None:
        makers = {
            "plant": self._plant_parts,
            "unconfigured": self._ont_parts,
            "pools": self._pool_parts,
        }
        self._place.objects = shown(self._notice, makers[way])() or []

    # --- plant -----------------------------------------------------------------------------------------------------

    def _plant_parts(self) -> list[Any]:
        self._draw_plant()
        self._offer_look()
        return [self._now, self._plant]

    def _open(self, key: str) -> None:
        what, _sep, name = key.partition(" ")
        if what == "olt":
            self._olt, self._port = ("", "") if name == self._olt else (name, "")
        else:
            self._port = "" if name == self._port else name
        self._draw_plant()
        self._offer_look()

    def _offer_look(self) -> None:
        """For the port that is open: what its OLT says of it now."""
        self._now.objects = PortLook(self._session, self._olt, self._port, self._notice).parts() if self._port else []

    def _draw_plant(self) -> None:
        olts = self._session.look(views.plant)
        now = self._session.now
        columns = [
            Column[OltRow]("OLT", lambda o: pick(f"olt {o.name}", o.name, parameter="olt"), "key"),
            Column[OltRow](_("Model"), lambda o: f"{o.vendor} {o.model}"),
            Column[OltRow](_("Area"), lambda o: o.area),
            Column[OltRow](_("Address"), lambda o: tag("span", o.address, css="mono")),
            Column[OltRow](_("PON ports"), lambda o: o.pon_ports, "num"),
            Column[OltRow](_("Lines"), lambda o: o.lines, "num"),
            Column[OltRow](
                _("Last seen"),
                lambda o: _("{time} ago", time=words.ago(o.last_seen, now)) if o.last_seen else _("not lately"),
                "num",
            ),
        ]
        nothing = (_("No OLT is recorded."), _("Import the plant with `isp import plant`."))
        pieces = [table(olts, columns, nothing=nothing, current=lambda o: o.name == self._olt)]
        if self._olt:
            pieces += [self._cards(), self._ports(), self._vlans()]
        if self._port:
            pieces[3:3] = [self._lines(), self._passive()]
        self._plant.show(tag("div", *pieces, css="stack-m"))

    def _cards(self) -> Html:
        """What is plugged into its slots; nothing where nobody took note of it yet."""
        now = self._session.now
        columns = [
            Column[CardRow](_("Slot"), lambda c: c.place, "key"),
            Column[CardRow](_("Card"), lambda c: joined(c.model, *_was(c, self._session.zone))),
            Column[CardRow](_("State"), lambda c: _card_state(c, self._session.zone)),
            Column[CardRow](
                _("PON ports"),
                lambda c: _("{in_use} of {pon_ports}", in_use=c.in_use, pon_ports=c.pon_ports) if c.pon_ports else "",
                "num",
            ),
            Column[CardRow](_("In use"), lambda c: _fill(c.in_use, c.pon_ports) if c.pon_ports else Html("")),
            Column[CardRow](_("Seen"), lambda c: _("{time} ago", time=words.ago(c.seen_at, now)), "num"),
        ]
        rows = self._session.look(views.cards, olt=self._olt)
        nothing = (_("No card is on record."), _("Read the OLT on the page OLTs, and take note of it."))
        ways = tag("a", _("Open a terminal"), href=f"/terminal?olt={self._olt}", css="action")
        may = self._session.actor.may("device.terminal")
        head = tag("div", tag("h2", _("Cards of {olt}", olt=self._olt)), ways if may else "", css="row between")
        return joined(head, table(rows, columns, nothing=nothing))

    def _ports(self) -> Html:
        columns = [
            Column[PonPortRow](_("PON port"), lambda p: pick(f"port {p.port}", p.port, parameter="port"), "key"),
            Column[PonPortRow](
                _("Lines"), lambda p: _("{lines} of {capacity}", lines=p.lines, capacity=p.capacity), "num"
            ),
            Column[PonPortRow](_("Fill"), lambda p: _fill(p.lines, p.capacity)),
            Column[PonPortRow](_("Splitters"), lambda p: p.splitters, "num"),
            Column[PonPortRow](_("Launch"), _launch, "num"),
        ]
        rows = self._session.look(views.pon_ports, olt=self._olt)
        nothing = (_("No PON port is recorded."), "")
        return joined(
            tag("h2", _("PON ports of {olt}", olt=self._olt)),
            table(rows, columns, nothing=nothing, current=lambda p: p.port == self._port),
        )

    def _lines(self) -> Html:
        columns = [
            Column[LineRow](
                _("Service"), lambda r: tag("a", r.service_code, href=page_of(Thing.SERVICE, r.service_code)), "key"
            ),
            Column[LineRow](_("Customer"), lambda r: r.customer),
            Column[LineRow]("ONT", lambda r: r.ont_id, "num"),
            Column[LineRow](_("Serial"), lambda r: tag("span", r.serial, css="mono")),
            Column[LineRow](
                _("Plan"), lambda r: joined(r.plan_name, BREAK, tag("small", _("VLAN {vlan}", vlan=r.vlan)))
            ),
            Column[LineRow](_("Expected"), lambda r: words.level(r.expected_rx_dbm), "num"),
            Column[LineRow](_("Measured"), lambda r: words.level(r.measured_rx_dbm), "num"),
            Column[LineRow](_("State"), lambda r: chip(r.state)),
        ]
        rows = self._session.look(views.lines, olt=self._olt, pon_port=self._port)
        nothing = (_("No line is on this port."), "")
        return joined(tag("h2", f"{self._olt} {self._port}"), table(rows, columns, nothing=nothing))

    def _passive(self) -> Html:
        tree = self._session.look(passive.port_tree, olt=self._olt, port=self._port)
        if not tree.splitters:
            return Html("")
        head = _(
            "Behind {port}: {served} of {homes} homes served, sent with {level}",
            port=self._port,
            served=tree.served,
            homes=tree.homes,
            level=words.level(tree.tx_dbm),
        )
        told = tag("p", tag("small", _("On card {card}.", card=tree.card))) if tree.card else Html("")
        doubt = alert("warn", *TYPICAL) if tree.typical else Html("")
        return joined(tag("h2", head), told, doubt, *(_splitter(one) for one in tree.splitters))

    def _vlans(self) -> Html:
        columns = [
            Column[VlanRow]("VLAN", lambda v: v.number, "key"),
            Column[VlanRow](_("For"), lambda v: v.purpose),
        ]
        rows = self._session.look(views.vlans, olt=self._olt)
        return joined(
            tag("h2", _("VLANs on {olt}", olt=self._olt)), table(rows, columns, nothing=(_("No VLAN is in use."), ""))
        )

    # --- unconfigured ONTs -----------------------------------------------------------------------------------------

    def _ont_parts(self) -> list[Any]:
        found = html_pane(empty(_("Pick an OLT to ask it now."), _("It answers in a second or two."), "sensors"))

        def ask(olt: str) -> None:
            self._notice.info(_("Asking {olt}…", olt=olt), _("It takes a second or two."))
            answer = self._session.look(views.unconfigured, olt=olt)
            self._notice.clear()
            show(found, self._onts(answer))

        def ask_all() -> None:
            self._notice.info(_("Asking every OLT…"), _("Those that do not answer say why."))
            answers = self._session.look(views.unconfigured_everywhere)
            self._notice.clear()
            show(found, tag("div", *(self._of_one(answer) for answer in answers), css="stack-m"))

        if not self._session.actor.may("network.read_live"):
            return [html_pane(empty(_("Your role does not ask devices."), _("A network engineer can."), "lock"))]
        names = [olt.name for olt in self._session.look(views.plant)]
        asks = [
            button(_("Ask {name}", name=name), partial(ask, name), notice=self._notice, kind="outlined", icon="search")
            for name in names
        ]
        everywhere = button(_("Ask all"), ask_all, notice=self._notice, icon="travel_explore")
        return [row(*([everywhere] if len(names) > 1 else []), *asks), found]

    def _of_one(self, found: LiveOnts) -> Html:
        return joined(tag("h2", found.olt), self._onts(found))

    def _onts(self, found: LiveOnts) -> Html:
        if found.error is not None:
            return describe_failure(found.olt, found.error.what, found.error.remedy)
        columns = [
            Column[LiveOnt](_("Serial"), lambda o: tag("span", o.serial, css="mono"), "key"),
            Column[LiveOnt](_("PON port"), lambda o: o.pon_port),
            Column[LiveOnt](_("Equipment"), lambda o: f"{o.vendor} {o.equipment}".strip()),
            Column[LiveOnt](_("Software"), lambda o: o.software),
            Column[LiveOnt](_("Seen"), lambda o: words.moment(o.seen_at, self._session.zone)),
        ]
        nothing = (_("{olt} sees no ONT that nobody has registered.", olt=found.olt), "")
        said = _(
            "{olt}, {time_of_day}, answered in {seconds:.1f} s",
            olt=found.olt,
            time_of_day=words.time_of_day(found.read_at, self._session.zone),
            seconds=found.seconds,
        )
        return joined(table(found.onts, columns, nothing=nothing), tag("small", said))

    # --- pools -----------------------------------------------------------------------------------------------------

    def _pool_parts(self) -> list[Any]:
        columns = [
            Column[PoolRow](_("Pool"), lambda p: p.pool, "key"),
            Column[PoolRow](_("Area"), lambda p: p.area or "any"),
            Column[PoolRow](_("For"), lambda p: p.policy),
            Column[PoolRow](_("Prefix"), lambda p: tag("span", p.prefix, css="mono")),
            Column[PoolRow](_("Taken"), lambda p: _("{taken} of {size}", taken=p.taken, size=p.size), "num"),
            Column[PoolRow](_("Fill"), lambda p: bar(p.share, _("{share:.0%} taken", share=p.share))),
            Column[PoolRow](_("In quarantine"), lambda p: p.quarantined, "num"),
            Column[PoolRow](_("Free"), lambda p: p.free, "num"),
        ]
        nothing = (_("No pool is recorded."), _("Import them with `isp import pools`."))
        pools = self._session.look(views.pools)
        return [html_pane(table(pools, columns, nothing=nothing, current=lambda p: p.pool == self._pool))]


def _splitter(node: SplitterNode) -> Html:
    """A splitter that opens: what hangs on its outputs, each with the light that should arrive there."""
    at = _("output {parent_port}, ", parent_port=node.parent_port) if node.parent_port else ""
    head = (
        _("{code}, 1:{ratio}, {used} outputs used", code=node.code, ratio=node.ratio, used=node.used),
        tag(
            "small",
            _(
                "{at}{fibre_m} m of fibre, {loss_db:g} dB, then {level}",
                at=at,
                fibre_m=node.fibre_m,
                loss_db=node.loss_db,
                level=words.level(node.output_dbm),
            ),
        ),
        _fill(node.used, node.ratio),
    )
    columns = [
        Column[OutletRow](_("Output"), lambda o: o.splitter_port, "key"),
        Column[OutletRow](_("Premises"), lambda o: joined(o.address, BREAK, tag("small", o.premises_code))),
        Column[OutletRow](_("Drop"), lambda o: f"{o.drop_m} m", "num"),
        Column[OutletRow](_("Should arrive"), lambda o: words.level(o.expected_rx_dbm), "num"),
        Column[OutletRow](_("Measured"), lambda o: words.level(o.measured_rx_dbm), "num"),
        Column[OutletRow](_("Service"), _served),
    ]
    outlets = table(node.outlets, columns, nothing=("", "")) if node.outlets else Html("")
    content = tag("div", _closures(node), *(_splitter(child) for child in node.splitters), outlets, css="stack-s inset")
    return tag("details", tag("summary", *head), content)


def _closures(node: SplitterNode) -> Html:
    """The closures that its feed goes through, and the one it sits in, each with how full it is."""
    ways = [(_("Fed through"), one) for one in node.through] + ([(_("Sits in"), node.closure)] if node.closure else [])
    columns = [
        Column[tuple[str, ClosureFill]]("", lambda pair: pair[0], "key"),
        Column[tuple[str, ClosureFill]](_("Closure"), lambda pair: tag("span", pair[1].code, css="mono")),
        Column[tuple[str, ClosureFill]](
            _("Splices"), lambda pair: _("{used} of {splices}", used=pair[1].used, splices=pair[1].splices), "num"
        ),
        Column[tuple[str, ClosureFill]](_("Fill"), lambda pair: _fill(pair[1].used, pair[1].splices)),
        Column[tuple[str, ClosureFill]](_("Loss here"), lambda pair: _loss(pair[1]), "num"),
    ]
    return table(ways, columns, nothing=("", "")) if ways else Html("")


def _loss(closure: ClosureFill) -> str:
    if closure.loss_db is None:
        return ""
    return _("{loss_db:g} dB, {what}", loss_db=closure.loss_db, what="measured" if closure.measured else "usual")


def _launch(port: PonPortRow) -> Html:
    return joined(words.level(port.tx_dbm), *((BREAK, tag("small", _("typical"))) if port.typical else ()))


def _was(card: CardRow, zone: ZoneInfo) -> tuple[object, ...]:
    if card.was_model is None or card.changed_at is None:
        return ()
    return (
        BREAK,
        tag("small", _("until {time} {was_model}", time=words.moment(card.changed_at, zone), was_model=card.was_model)),
    )


def _card_state(card: CardRow, zone: ZoneInfo) -> Html:
    if card.missing_since is None:
        return joined(card.state)
    return joined(
        chip("failed", _("missing")),
        BREAK,
        tag("small", _("since {time}", time=words.moment(card.missing_since, zone))),
    )


def _served(o: OutletRow) -> Html:
    if not o.service_code:
        return joined(state_words("free"))
    return joined(tag("a", o.service_code, href=page_of(Thing.SERVICE, o.service_code)), " ", chip(o.service_state))


def _fill(lines: int, capacity: int) -> Html:
    share = lines / capacity if capacity else 0.0
    return bar(share, _("{share:.0%} in use", share=share))
