"""The network engineer's page: OLTs and their ports, ONTs nobody has registered, address pools."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.parts import words
from dashboards.parts.cards import bar, empty
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.notice import Notice, alert, describe_failure, shown
from dashboards.parts.picking import Picking
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
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
    "Nobody said with which level this port really sends: what should arrive rests on a typical value.",
    "Measure it, then `isp olt launch OLT PORT DBM`.",
)
WAYS = {"plant": "Plant", "unconfigured": "Unconfigured ONTs", "pools": "Address pools"}


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
        way = session.query.get("way", "plant")
        self._ways = Segments(WAYS, chosen=self._choose, current=way if way in WAYS else "plant", label="Ways to look")
        self._plant = Picking(on_pick=self._open)
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
        return [self._plant]

    def _open(self, key: str) -> None:
        what, _, name = key.partition(" ")
        if what == "olt":
            self._olt, self._port = ("", "") if name == self._olt else (name, "")
        else:
            self._port = "" if name == self._port else name
        self._draw_plant()

    def _draw_plant(self) -> None:
        olts = self._session.look(views.plant)
        now = self._session.now
        columns = [
            Column[OltRow]("OLT", lambda o: pick(f"olt {o.name}", o.name, parameter="olt"), "key"),
            Column[OltRow]("Model", lambda o: f"{o.vendor} {o.model}"),
            Column[OltRow]("Area", lambda o: o.area),
            Column[OltRow]("Address", lambda o: tag("span", o.address, css="mono")),
            Column[OltRow]("PON ports", lambda o: o.pon_ports, "num"),
            Column[OltRow]("Lines", lambda o: o.lines, "num"),
            Column[OltRow](
                "Last seen", lambda o: f"{words.ago(o.last_seen, now)} ago" if o.last_seen else "not yet", "num"
            ),
        ]
        nothing = ("No OLT is recorded.", "Import the plant with `isp import plant`.")
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
            Column[CardRow]("Slot", lambda c: c.place, "key"),
            Column[CardRow]("Card", lambda c: joined(c.model, *_was(c, self._session.zone))),
            Column[CardRow]("State", lambda c: _card_state(c, self._session.zone)),
            Column[CardRow]("PON ports", lambda c: f"{c.in_use} of {c.pon_ports}" if c.pon_ports else "", "num"),
            Column[CardRow]("In use", lambda c: _fill(c.in_use, c.pon_ports) if c.pon_ports else Html("")),
            Column[CardRow]("Seen", lambda c: f"{words.ago(c.seen_at, now)} ago", "num"),
        ]
        rows = self._session.look(views.cards, olt=self._olt)
        nothing = ("No card is on record.", "Read the OLT on the page OLTs, and take note of it.")
        return joined(tag("h2", f"Cards of {self._olt}"), table(rows, columns, nothing=nothing))

    def _ports(self) -> Html:
        columns = [
            Column[PonPortRow]("PON port", lambda p: pick(f"port {p.port}", p.port, parameter="port"), "key"),
            Column[PonPortRow]("Lines", lambda p: f"{p.lines} of {p.capacity}", "num"),
            Column[PonPortRow]("Fill", lambda p: _fill(p.lines, p.capacity)),
            Column[PonPortRow]("Splitters", lambda p: p.splitters, "num"),
            Column[PonPortRow]("Launch", _launch, "num"),
        ]
        rows = self._session.look(views.pon_ports, olt=self._olt)
        nothing = ("No PON port is recorded.", "")
        return joined(
            tag("h2", f"PON ports of {self._olt}"),
            table(rows, columns, nothing=nothing, current=lambda p: p.port == self._port),
        )

    def _lines(self) -> Html:
        columns = [
            Column[LineRow](
                "Service", lambda r: tag("a", r.service_code, href=f"/services?service={r.service_code}"), "key"
            ),
            Column[LineRow]("Customer", lambda r: r.customer),
            Column[LineRow]("ONT", lambda r: r.ont_id, "num"),
            Column[LineRow]("Serial", lambda r: tag("span", r.serial, css="mono")),
            Column[LineRow]("Plan", lambda r: joined(r.plan_name, BREAK, tag("small", f"VLAN {r.vlan}"))),
            Column[LineRow]("Expected", lambda r: words.level(r.expected_rx_dbm), "num"),
            Column[LineRow]("Measured", lambda r: words.level(r.measured_rx_dbm), "num"),
            Column[LineRow]("State", lambda r: chip(r.state)),
        ]
        rows = self._session.look(views.lines, olt=self._olt, pon_port=self._port)
        nothing = ("No line is on this port.", "")
        return joined(tag("h2", f"{self._olt} {self._port}"), table(rows, columns, nothing=nothing))

    def _passive(self) -> Html:
        tree = self._session.look(passive.port_tree, olt=self._olt, port=self._port)
        if not tree.splitters:
            return Html("")
        head = f"Behind {self._port}: {tree.served} of {tree.homes} homes served, sent with {words.level(tree.tx_dbm)}"
        told = tag("p", tag("small", f"On card {tree.card}.")) if tree.card else Html("")
        doubt = alert("warn", *TYPICAL) if tree.typical else Html("")
        return joined(tag("h2", head), told, doubt, *(_splitter(one) for one in tree.splitters))

    def _vlans(self) -> Html:
        columns = [
            Column[VlanRow]("VLAN", lambda v: v.number, "key"),
            Column[VlanRow]("For", lambda v: v.purpose),
        ]
        rows = self._session.look(views.vlans, olt=self._olt)
        return joined(tag("h2", f"VLANs on {self._olt}"), table(rows, columns, nothing=("No VLAN is in use.", "")))

    # --- unconfigured ONTs -----------------------------------------------------------------------------------------

    def _ont_parts(self) -> list[Any]:
        found = html_pane(empty("Pick an OLT to ask it now.", "It answers in a second or two.", "sensors"))

        def ask(olt: str) -> None:
            self._notice.info(f"Asking {olt}…", "It takes a second or two.")
            answer = self._session.look(views.unconfigured, olt=olt)
            self._notice.clear()
            show(found, self._onts(answer))

        def ask_all() -> None:
            self._notice.info("Asking every OLT…", "Those that do not answer say why.")
            answers = self._session.look(views.unconfigured_everywhere)
            self._notice.clear()
            show(found, tag("div", *(self._of_one(answer) for answer in answers), css="stack-m"))

        if not self._session.actor.may("network.read_live"):
            return [html_pane(empty("Your role does not ask devices.", "A network engineer can.", "lock"))]
        names = [olt.name for olt in self._session.look(views.plant)]
        asks = [
            button(f"Ask {name}", partial(ask, name), notice=self._notice, kind="outlined", icon="search")
            for name in names
        ]
        everywhere = button("Ask all", ask_all, notice=self._notice, icon="travel_explore")
        return [row(*([everywhere] if len(names) > 1 else []), *asks), found]

    def _of_one(self, found: LiveOnts) -> Html:
        return joined(tag("h2", found.olt), self._onts(found))

    def _onts(self, found: LiveOnts) -> Html:
        if found.error is not None:
            return describe_failure(found.olt, found.error.what, found.error.remedy)
        columns = [
            Column[LiveOnt]("Serial", lambda o: tag("span", o.serial, css="mono"), "key"),
            Column[LiveOnt]("PON port", lambda o: o.pon_port),
            Column[LiveOnt]("Equipment", lambda o: f"{o.vendor} {o.equipment}".strip()),
            Column[LiveOnt]("Software", lambda o: o.software),
            Column[LiveOnt]("Seen", lambda o: words.moment(o.seen_at, self._session.zone)),
        ]
        nothing = (f"{found.olt} sees no ONT that nobody has registered.", "")
        said = f"{found.olt}, {words.time_of_day(found.read_at, self._session.zone)}, answered in {found.seconds:.1f} s"
        return joined(table(found.onts, columns, nothing=nothing), tag("small", said))

    # --- pools -----------------------------------------------------------------------------------------------------

    def _pool_parts(self) -> list[Any]:
        columns = [
            Column[PoolRow]("Pool", lambda p: p.pool, "key"),
            Column[PoolRow]("Area", lambda p: p.area or "any"),
            Column[PoolRow]("For", lambda p: p.policy),
            Column[PoolRow]("Prefix", lambda p: tag("span", p.prefix, css="mono")),
            Column[PoolRow]("Taken", lambda p: f"{p.taken} of {p.size}", "num"),
            Column[PoolRow]("Fill", lambda p: bar(p.share, f"{p.share:.0%} taken")),
            Column[PoolRow]("In quarantine", lambda p: p.quarantined, "num"),
            Column[PoolRow]("Free", lambda p: p.free, "num"),
        ]
        nothing = ("No pool is recorded.", "Import them with `isp import pools`.")
        return [html_pane(table(self._session.look(views.pools), columns, nothing=nothing))]


def _splitter(node: SplitterNode) -> Html:
    """A splitter that opens: what hangs on its outputs, each with the light that should arrive there."""
    at = f"output {node.parent_port}, " if node.parent_port else ""
    head = (
        f"{node.code}, 1:{node.ratio}, {node.used} outputs used",
        tag("small", f"{at}{node.fibre_m} m of fibre, {node.loss_db:g} dB, then {words.level(node.output_dbm)}"),
        _fill(node.used, node.ratio),
    )
    columns = [
        Column[OutletRow]("Output", lambda o: o.splitter_port, "key"),
        Column[OutletRow]("Premises", lambda o: joined(o.address, BREAK, tag("small", o.premises_code))),
        Column[OutletRow]("Drop", lambda o: f"{o.drop_m} m", "num"),
        Column[OutletRow]("Should arrive", lambda o: words.level(o.expected_rx_dbm), "num"),
        Column[OutletRow]("Measured", lambda o: words.level(o.measured_rx_dbm), "num"),
        Column[OutletRow]("Service", _served),
    ]
    outlets = table(node.outlets, columns, nothing=("", "")) if node.outlets else Html("")
    content = tag("div", _closures(node), *(_splitter(child) for child in node.splitters), outlets, css="stack-s inset")
    return tag("details", tag("summary", *head), content)


def _closures(node: SplitterNode) -> Html:
    """The closures that its feed goes through, and the one it sits in, each with how full it is."""
    ways = [("Fed through", one) for one in node.through] + ([("Sits in", node.closure)] if node.closure else [])
    columns = [
        Column[tuple[str, ClosureFill]]("", lambda pair: pair[0], "key"),
        Column[tuple[str, ClosureFill]]("Closure", lambda pair: tag("span", pair[1].code, css="mono")),
        Column[tuple[str, ClosureFill]]("Splices", lambda pair: f"{pair[1].used} of {pair[1].splices}", "num"),
        Column[tuple[str, ClosureFill]]("Fill", lambda pair: _fill(pair[1].used, pair[1].splices)),
        Column[tuple[str, ClosureFill]]("Loss here", lambda pair: _loss(pair[1]), "num"),
    ]
    return table(ways, columns, nothing=("", "")) if ways else Html("")


def _loss(closure: ClosureFill) -> str:
    if closure.loss_db is None:
        return ""
    return f"{closure.loss_db:g} dB, {'measured' if closure.measured else 'usual'}"


def _launch(port: PonPortRow) -> Html:
    return joined(words.level(port.tx_dbm), *((BREAK, tag("small", "typical")) if port.typical else ()))


def _was(card: CardRow, zone: ZoneInfo) -> tuple[object, ...]:
    if card.was_model is None or card.changed_at is None:
        return ()
    return (BREAK, tag("small", f"until {words.moment(card.changed_at, zone)} {card.was_model}"))


def _card_state(card: CardRow, zone: ZoneInfo) -> Html:
    if card.missing_since is None:
        return joined(card.state)
    return joined(chip("failed", "missing"), BREAK, tag("small", f"since {words.moment(card.missing_since, zone)}"))


def _served(o: OutletRow) -> Html:
    if not o.service_code:
        return joined("free")
    return joined(tag("a", o.service_code, href=f"/services?service={o.service_code}"), " ", chip(o.service_state))


def _fill(lines: int, capacity: int) -> Html:
    share = lines / capacity if capacity else 0.0
    return bar(share, f"{share:.0%} in use")
