"""The OLTs: what stands on each, in what it differs from the records and what would mend that; and how one is added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dashboards.pages.olt_now import Answer, OltNowCard
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.parts.transcript import transcript
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, n_, say
from isp_lifecycle.intake import drift as intake
from isp_lifecycle.intake import plant as plant_intake
from isp_lifecycle.views import discovery as discovery_views
from isp_lifecycle.views import drift as views
from isp_lifecycle.views.discovery import Discovery
from isp_lifecycle.views.drift import DriftRow, OltDrift

#: So many differing lines are listed; where more differ, the first ones are mended first.
LISTED = 50
LOOK_AGAIN_SECONDS = 1.0
REMEDIES = {
    "repair": say("make the OLT as recorded"),
    "remove": say("take it off the OLT"),
    "look": say("a person has to look"),
}


def page(session: PageSession) -> Sequence[Any]:
    """The OLTs."""
    return OltsPage(session).parts()


class OltsPage:
    """The list of OLTs, under the picked one its differences; beside it the OLT, or the difference that is picked.

    Keys are an OLT's name, or its name, a slash and the id of a drift.
    """

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._told = Notice()
        self._seen: dict[str, Discovery] = {}
        self._open: OltNowCard | None = None
        self._adding = column(visible=False)
        self._browse = Browse(
            parameter="olt",
            draw=self._list,
            detail=self._detail,
            nothing=empty(_("No OLT is picked."), _("Pick one to see what stands on it and what differs."), "dns"),
            narrow=session.narrow,
            picked=session.query.get("olt", ""),
            back=_("All OLTs"),
            wide_detail=True,
        )
        self._state = self._standing()
        self._live = Live(ask=self._asked, show=self._fresh, every=LOOK_AGAIN_SECONDS, notice=self._told)

    def parts(self) -> list[Any]:
        """What is shown."""
        above: list[Any] = [self._told.pane]
        if self._session.actor.may("olt.add"):
            add = button(_("Add an OLT …"), self._ask, notice=self._told, kind="outlined", icon="add")
            above += [row(add), self._adding]
        return [*self._browse.parts(*above), self._live.start()]

    def _standing(self) -> tuple[object, ...]:
        """What of the OLTs moves while one looks on."""
        rows = self._session.look(views.olts)
        return tuple((o.olt, o.compared_at, o.open, o.in_hand, o.under_way, o.failed) for o in rows)

    def _asked(self) -> tuple[tuple[object, ...], OltNowCard | None, Answer | None]:
        """How the OLTs stand, and what happens on the one that is open."""
        opened = self._open if self._browse.picked else None
        return self._standing(), opened, opened.read() if opened else None

    def _fresh(self, answer: tuple[tuple[object, ...], OltNowCard | None, Answer | None]) -> None:
        state, opened, now = answer
        if state != self._state:
            self._state = state
            self._browse.again()
        elif opened is not None and now is not None and opened is self._open:
            opened.show(now)

    # --- the list --------------------------------------------------------------------------------------------------

    def _list(self, picked: str) -> Html:
        name, _sep, chosen = picked.partition("/")
        now = self._session.now
        columns = [
            Column[OltDrift]("OLT", lambda o: joined(_pick(o.olt, o.olt), BREAK, tag("small", _kind(o))), "key"),
            Column[OltDrift](_("Compared"), lambda o: _compared(o, now)),
            Column[OltDrift](_("Differ"), lambda o: _differ(o), "num"),
        ]
        nothing = (_("No OLT is recorded."), _("Add one here, or import the plant with `isp import plant`."))
        pieces = [table(self._session.look(views.olts), columns, nothing=nothing, current=lambda o: o.olt == name)]
        if name:
            pieces.append(self._differences(name, chosen))
        return tag("div", *pieces, css="stack-m")

    def _differences(self, olt: str, chosen: str) -> Html:
        rows = self._session.look(views.drifts, olt=olt)
        if not rows:
            return Html("")
        columns = [
            Column[DriftRow](_("Line"), lambda d: joined(_pick(f"{olt}/{d.id}", d.key), BREAK, _customer(d)), "key"),
            Column[DriftRow](_("What differs"), lambda d: lines(d.differences)),
            Column[DriftRow]("", lambda d: chip("running", _("in hand")) if d.state == "approved" else Html("")),
        ]
        more = (
            tag("small", _("The first {listed} of {rows}.", listed=LISTED, rows=len(rows)))
            if len(rows) > LISTED
            else Html("")
        )
        drawn = table(rows[:LISTED], columns, nothing=("", ""), current=lambda d: str(d.id) == chosen)
        return joined(tag("h2", _("What differs on {olt}", olt=olt)), drawn, more)

    # --- one of them -----------------------------------------------------------------------------------------------

    def _detail(self, key: str) -> list[Any]:
        self._open = None
        name, _sep, chosen = key.partition("/")
        if chosen:
            return self._one_drift(self._session.look(views.drift, drift_id=UUID(chosen)))
        found = next((o for o in self._session.look(views.olts) if o.olt == name), None)
        if found is None:
            raise Refused(
                say("There is no OLT {name}.", name=name), field="olt", value=name, remedy=say("Pick one of the list.")
            )
        return self._one_olt(found)

    def _one_olt(self, o: OltDrift) -> list[Any]:
        zone, notice = self._session.zone, self._browse.notice
        nobodys = joined(
            _("{adopted} noted", adopted=o.adopted),
            _(", {strangers} that nobody took note of", strangers=o.strangers) if o.strangers else "",
        )
        about = card(
            tag("h2", o.olt),
            facts(
                (_("Vendor"), o.vendor),
                (_("Area"), o.area),
                (_("Compared"), words.moment(o.compared_at, zone) if o.compared_at else _("never")),
                (
                    _("Stood there"),
                    _("{onts} ONTs, {service_ports} service ports", onts=o.onts, service_ports=o.service_ports)
                    if o.compared_at
                    else "",
                ),
                (_("Took"), f"{o.seconds:.1f} s" if o.compared_at else ""),
                (_("ONTs without a service"), nobodys if o.adopted or o.strangers else ""),
                (_("Not read"), o.unread),
            ),
            BREAK,
            self._says(o),
        )
        presses = []
        if self._session.actor.may("drift.compare"):
            presses.append(button(_("Compare now"), lambda: self._compare(o.olt), notice=notice, icon="compare_arrows"))
        if self._session.actor.may("olt.add"):
            read = button(
                _("Read everything on it"), lambda: self._read(o.olt), notice=notice, kind="outlined", icon="search"
            )
            presses.append(read)
        if self._session.actor.may("device.terminal") or self._session.actor.may("device.terminal_full"):
            presses.append(
                html_pane(tag("a", _("Terminal"), href=f"/terminal?olt={o.olt}", css="action"), sizing_mode=None)
            )
        self._open = OltNowCard(self._session, o.olt)
        parts: list[Any] = [html_pane(about), row(*presses), self._open.pane]
        if o.olt in self._seen:
            parts += self._discovery(self._seen[o.olt])
        return parts

    def _says(self, o: OltDrift) -> Html:
        if o.failed:
            at = tag("a", _("Look at it, and press Retry there."), href=page_of(Thing.DELIVERY, o.under_way))
            return alert("bad", _("Its comparison stands still: {failed}", failed=o.failed), at)
        if o.under_way is not None:
            at = tag("a", _("where it stands"), href=page_of(Thing.DELIVERY, o.under_way))
            return alert("info", _("It is being compared with the records."), at)
        if o.compared_at is None:
            return alert(
                "info", _("It was never compared with the records."), _("Each night it is; now at your press.")
            )
        if o.open or o.in_hand:
            return alert("warn", _how_many(o.open + o.in_hand), "")
        return alert("good", _("When it was last compared, everything stood as recorded."), "")

    def _compare(self, olt: str) -> None:
        self._session.act(intake.compare, olt=olt)
        self._browse.again()

    def _read(self, olt: str) -> None:
        self._browse.notice.info(_("Reading {olt}…", olt=olt), _("A full OLT takes some seconds."))
        self._seen[olt] = self._session.look(discovery_views.discovery, olt=olt)
        self._browse.again()
        self._browse.notice.clear()

    def _discovery(self, found: Discovery) -> list[Any]:
        seen, adoption, identity = found.seen, found.adoption, found.seen.identity
        took = _(
            "in {seconds:.1f} s, {device_seconds:.1f} s of them its own, {commands} commands",
            seconds=found.seconds,
            device_seconds=found.device_seconds,
            commands=found.commands,
        )
        boards = [
            joined(
                f"{b.place}: {b.model} ({b.state})",
                _(", {pon_ports} PON ports", pon_ports=len(b.pon_ports)) if b.pon_ports else "",
            )
            for b in seen.boards
        ]
        onts = len(seen.found.onts)
        shown = card(
            tag("h2", _("What it says of itself")),
            facts(
                (_("Product"), f"{identity.product} {identity.version} {identity.patch}".strip()),
                (_("Boards"), lines(boards)),
                ("ONTs", _("{onts}, of which {ours} are lines on record", onts=onts, ours=adoption.ours)),
                (_("Service ports"), len(seen.found.service_ports)),
                (_("VLANs in use"), ", ".join(map(str, seen.vlans_in_use))),
                (_("Not read"), seen.found.unread),
                (_("Read"), took),
            ),
            BREAK,
            tag("h2", _("Not on record yet")),
            facts(
                (_("Cards"), lines([news.text for news in adoption.boards]) if adoption.boards else ""),
                (_("PON ports"), len(adoption.pon_ports) or ""),
                ("VLANs", ", ".join(map(str, adoption.vlans))),
                ("ONTs", adoption.news or ""),
                (_("Noted, and gone"), len(adoption.gone) or ""),
            )
            if adoption.changes
            else tag("p", _("All of it is on record.")),
        )  # fmt: skip
        if not adoption.changes:
            return [html_pane(shown)]
        press = button(
            _("Take note of it"), lambda: self._adopt(found), notice=self._browse.notice, icon="playlist_add_check"
        )
        return [html_pane(shown), row(press)]

    def _adopt(self, found: Discovery) -> None:
        taken = self._session.act(plant_intake.adopt, olt=found.olt, seen=found.seen)
        del self._seen[found.olt]
        self._browse.again()
        ports, vlans = len(taken.pon_ports), len(taken.vlans)
        self._browse.notice.good(
            _(
                "{olt}: {ports} PON ports, {vlans} VLANs and {news} ONTs were noted.",
                olt=found.olt,
                ports=ports,
                vlans=vlans,
                news=taken.news,
            ),
            _("ONTs become lines when their customers are imported; `isp olt onts` lists them."),
        )

    # --- a difference ----------------------------------------------------------------------------------------------

    def _one_drift(self, d: DriftRow) -> list[Any]:
        zone = self._session.zone
        delivery = tag("a", d.delivery_state, href=page_of(Thing.DELIVERY, d.delivery_id)) if d.delivery_id else None
        about = card(
            tag("h2", _("{key} on {olt}", key=d.key, olt=d.olt)),
            lines(d.differences),
            facts(
                (_("Customer"), d.customer),
                (_("What would mend it"), REMEDIES[d.remedy]),
                (_("May agree to it"), ", ".join(d.may_approve)),
                (_("First seen"), words.moment(d.found_at, zone)),
                (_("Last seen"), words.moment(d.seen_at, zone)),
                (_("State"), chip("running", _("in hand")) if d.state == "approved" else chip(d.state)),
                (_("Carried out by"), delivery),
            ),
        )
        plan = transcript(d.plan) if d.plan else alert("warn", _("There is no plan."), d.obstacle)
        return [html_pane(about), html_pane(plan), *self._decisions(d)]

    def _decisions(self, d: DriftRow) -> list[Any]:
        if d.state != "open":
            return []
        may, notice, presses = self._session.actor.may, self._browse.notice, []
        needs = {"repair": "line.repair", "remove": "ont.remove"}.get(d.remedy)
        if d.plan and needs is not None and may(needs):
            presses.append(button(_("Carry out this plan"), lambda: self._mend(d), notice=notice, icon="build"))
        if d.can_record and may("line.record"):
            take = button(
                _("Take it as found"), lambda: self._record(d), notice=notice, kind="outlined", icon="edit_note"
            )
            presses.append(take)
        if not presses and d.may_approve:
            return [
                html_pane(
                    alert(
                        "info",
                        _("Your role does not decide this: {may_approve} may.", may_approve=", ".join(d.may_approve)),
                    )
                )
            ]
        return [row(*presses)]

    def _mend(self, d: DriftRow) -> None:
        self._session.act(intake.remove if d.remedy == "remove" else intake.repair, drift_id=d.id)
        self._browse.again()
        self._browse.notice.good(
            _("The plan for {key} is being carried out.", key=d.key), _("It is mended once that was seen.")
        )

    def _record(self, d: DriftRow) -> None:
        self._session.act(intake.take_as_found, drift_id=d.id)
        self._browse.again()
        self._browse.notice.good(
            _("{key} is being put on record as it stands on {olt}.", key=d.key, olt=d.olt),
            _("RADIUS and DHCP are told too."),
        )

    # --- a new one -------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Open the form, or close it."""
        if self._adding.visible:
            self._adding.visible = False
            return
        ways = self._session.look(discovery_views.ways_to_reach)
        name, host = (
            field(_("Name"), placeholder="OLT-EAST"),
            field(_("Management address"), placeholder="10.20.0.7"),
        )
        port, uplink = (
            field(_("SSH port"), value="22"),
            field(_("Uplink port, in its own notation"), placeholder="0/9/0"),
        )
        vendor = choice(_("Vendor"), list(ways.vendors))
        area = field(_("Area"), placeholder=ways.areas[0] if ways.areas else "")
        account = choice(_("Account on it"), list(ways.credentials))

        def add() -> None:
            values = {"name": name, "host": host, "uplink": uplink, "area": area}
            texts = {key: (one.value_input or one.value or "").strip() for key, one in values.items()}
            number = (port.value_input or port.value or "").strip()
            if not number.isdigit():
                raise Refused(say("The port is no number."), field="port", value=number, remedy=say("Mostly it is 22."))
            self._session.act(
                plant_intake.add_olt, **texts, port=int(number), vendor=vendor.value, credentials=account.value
            )
            self._adding.visible = False
            self._told.good(_("{texts} is recorded.", texts=texts["name"]), _("It is being asked what stands on it."))
            self._browse.open(texts["name"])
            self._browse.refresh()
            self._read(texts["name"])

        press = button(_("Add it and ask it"), add, notice=self._told, icon="dns")
        self._adding.objects = [row(name, vendor), row(host, port), row(uplink, area), row(account), row(press)]
        self._adding.visible = True


def _how_many(number: int) -> str:
    return n_("One line differs from the records.", "{count} lines differ from the records.", number)


def _pick(key: str, shown: str) -> Html:
    return pick(key, shown, parameter="olt")


def _kind(o: OltDrift) -> str:
    return f"{o.vendor} · {o.area}"


def _customer(d: DriftRow) -> Html:
    return tag("small", d.customer or REMEDIES[d.remedy])


def _compared(o: OltDrift, now: Any) -> Html:
    if o.failed:
        return chip("failed", _("not compared"))
    if o.under_way is not None:
        return chip("running", _("being compared"))
    return joined(_("{time} ago", time=words.ago(o.compared_at, now)) if o.compared_at else _("never"))


def _differ(o: OltDrift) -> Html:
    if o.compared_at is None:
        return Html("")
    number = o.open + o.in_hand
    return chip("failed", str(number)) if number else joined("0")
