"""The OLTs: what stands on each, in what it differs from the records and what would mend that; and how one is added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

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
from isp_lifecycle.intake import drift as intake
from isp_lifecycle.intake import plant as plant_intake
from isp_lifecycle.views import discovery as discovery_views
from isp_lifecycle.views import drift as views
from isp_lifecycle.views.discovery import Discovery
from isp_lifecycle.views.drift import DriftRow, OltDrift

#: So many differing lines are listed; where more differ, the first ones are mended first.
LISTED = 50
LOOK_AGAIN_SECONDS = 1.0
REMEDIES = {"repair": "make the OLT as recorded", "remove": "take it off the OLT", "look": "a person has to look"}


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
        self._adding = column(visible=False)
        self._browse = Browse(
            parameter="olt",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No OLT is picked.", "Pick one to see what stands on it and what differs.", "dns"),
            narrow=session.narrow,
            picked=session.query.get("olt", ""),
            back="All OLTs",
            wide_detail=True,
        )
        self._state = self._standing()
        self._live = Live(ask=self._standing, show=self._moved, every=LOOK_AGAIN_SECONDS, notice=self._told)

    def parts(self) -> list[Any]:
        """What is shown."""
        above: list[Any] = [self._told.pane]
        if self._session.actor.may("olt.add"):
            add = button("Add an OLT …", self._ask, notice=self._told, kind="outlined", icon="add")
            above += [row(add), self._adding]
        return [*self._browse.parts(*above), self._live.start()]

    def _standing(self) -> tuple[object, ...]:
        """What of the OLTs moves while one looks on."""
        rows = self._session.look(views.olts)
        return tuple((o.olt, o.compared_at, o.open, o.in_hand, o.under_way, o.failed) for o in rows)

    def _moved(self, state: tuple[object, ...]) -> None:
        if state != self._state:
            self._state = state
            self._browse.again()

    # --- the list --------------------------------------------------------------------------------------------------

    def _list(self, picked: str) -> Html:
        name, _, chosen = picked.partition("/")
        now = self._session.now
        columns = [
            Column[OltDrift]("OLT", lambda o: joined(_pick(o.olt, o.olt), BREAK, tag("small", _kind(o))), "key"),
            Column[OltDrift]("Compared", lambda o: _compared(o, now)),
            Column[OltDrift]("Differ", lambda o: _differ(o), "num"),
        ]
        nothing = ("No OLT is recorded.", "Add one here, or import the plant with `isp import plant`.")
        pieces = [table(self._session.look(views.olts), columns, nothing=nothing, current=lambda o: o.olt == name)]
        if name:
            pieces.append(self._differences(name, chosen))
        return tag("div", *pieces, css="stack-m")

    def _differences(self, olt: str, chosen: str) -> Html:
        rows = self._session.look(views.drifts, olt=olt)
        if not rows:
            return Html("")
        columns = [
            Column[DriftRow]("Line", lambda d: joined(_pick(f"{olt}/{d.id}", d.key), BREAK, _customer(d)), "key"),
            Column[DriftRow]("What differs", lambda d: lines(d.differences)),
            Column[DriftRow]("", lambda d: chip("running", "in hand") if d.state == "approved" else Html("")),
        ]
        more = tag("small", f"The first {LISTED} of {len(rows)}.") if len(rows) > LISTED else Html("")
        drawn = table(rows[:LISTED], columns, nothing=("", ""), current=lambda d: str(d.id) == chosen)
        return joined(tag("h2", f"What differs on {olt}"), drawn, more)

    # --- one of them -----------------------------------------------------------------------------------------------

    def _detail(self, key: str) -> list[Any]:
        name, _, chosen = key.partition("/")
        if chosen:
            return self._one_drift(self._session.look(views.drift, drift_id=UUID(chosen)))
        found = next((o for o in self._session.look(views.olts) if o.olt == name), None)
        if found is None:
            raise Refused(f"There is no OLT {name}.", field="olt", value=name, remedy="Pick one of the list.")
        return self._one_olt(found)

    def _one_olt(self, o: OltDrift) -> list[Any]:
        zone, notice = self._session.zone, self._browse.notice
        nobodys = joined(f"{o.adopted} noted", f", {o.strangers} that nobody took note of" if o.strangers else "")
        about = card(
            tag("h2", o.olt),
            facts(
                ("Vendor", o.vendor),
                ("Area", o.area),
                ("Compared", words.moment(o.compared_at, zone) if o.compared_at else "never"),
                ("Stood there", f"{o.onts} ONTs, {o.service_ports} service ports" if o.compared_at else ""),
                ("Took", f"{o.seconds:.1f} s" if o.compared_at else ""),
                ("ONTs without a service", nobodys if o.adopted or o.strangers else ""),
                ("Not read", o.unread),
            ),
            BREAK,
            self._says(o),
        )
        presses = []
        if self._session.actor.may("drift.compare"):
            presses.append(button("Compare now", lambda: self._compare(o.olt), notice=notice, icon="compare_arrows"))
        if self._session.actor.may("olt.add"):
            read = button(
                "Read everything on it", lambda: self._read(o.olt), notice=notice, kind="outlined", icon="search"
            )
            presses.append(read)
        parts: list[Any] = [html_pane(about), row(*presses)]
        if o.olt in self._seen:
            parts += self._discovery(self._seen[o.olt])
        return parts

    def _says(self, o: OltDrift) -> Html:
        if o.failed:
            at = tag("a", "Look at it, and press Retry there.", href=f"/support?delivery={o.under_way}")
            return alert("bad", f"Its comparison stands still: {o.failed}", at)
        if o.under_way is not None:
            at = tag("a", "where it stands", href=f"/engine?delivery={o.under_way}")
            return alert("info", "It is being compared with the records.", at)
        if o.compared_at is None:
            return alert("info", "It was never compared with the records.", "Each night it is; now at your press.")
        if o.open or o.in_hand:
            return alert("warn", _how_many(o.open + o.in_hand), "")
        return alert("good", "When it was last compared, everything stood as recorded.", "")

    def _compare(self, olt: str) -> None:
        self._session.act(intake.compare, olt=olt)
        self._browse.again()

    def _read(self, olt: str) -> None:
        self._browse.notice.info(f"Reading {olt}…", "A full OLT takes some seconds.")
        self._seen[olt] = self._session.look(discovery_views.discovery, olt=olt)
        self._browse.again()
        self._browse.notice.clear()

    def _discovery(self, found: Discovery) -> list[Any]:
        seen, adoption, identity = found.seen, found.adoption, found.seen.identity
        took = f"in {found.seconds:.1f} s, {found.device_seconds:.1f} s of them its own, {found.commands} commands"
        boards = [
            joined(f"{b.place}: {b.model} ({b.state})", f", {len(b.pon_ports)} PON ports" if b.pon_ports else "")
            for b in seen.boards
        ]
        shown = card(
            tag("h2", "What it says of itself"),
            facts(
                ("Product", f"{identity.product} {identity.version} {identity.patch}".strip()),
                ("Boards", lines(boards)),
                ("ONTs", f"{len(seen.found.onts)}, of which {adoption.ours} are lines on record"),
                ("Service ports", len(seen.found.service_ports)),
                ("VLANs in use", ", ".join(map(str, seen.vlans_in_use))),
                ("Not read", seen.found.unread),
                ("Read", took),
            ),
            BREAK,
            tag("h2", "Not on record yet"),
            facts(
                ("Cards", lines([news.text for news in adoption.boards]) if adoption.boards else ""),
                ("PON ports", len(adoption.pon_ports) or ""),
                ("VLANs", ", ".join(map(str, adoption.vlans))),
                ("ONTs", adoption.news or ""),
                ("Noted, and gone", len(adoption.gone) or ""),
            )
            if adoption.changes
            else tag("p", "All of it is on record."),
        )  # fmt: skip
        if not adoption.changes:
            return [html_pane(shown)]
        press = button(
            "Take note of it", lambda: self._adopt(found), notice=self._browse.notice, icon="playlist_add_check"
        )
        return [html_pane(shown), row(press)]

    def _adopt(self, found: Discovery) -> None:
        taken = self._session.act(plant_intake.adopt, olt=found.olt, seen=found.seen)
        del self._seen[found.olt]
        self._browse.again()
        ports, vlans = len(taken.pon_ports), len(taken.vlans)
        self._browse.notice.good(
            f"{found.olt}: {ports} PON ports, {vlans} VLANs and {taken.news} ONTs were noted.",
            "ONTs become lines when their customers are imported; `isp olt onts` lists them.",
        )

    # --- a difference ----------------------------------------------------------------------------------------------

    def _one_drift(self, d: DriftRow) -> list[Any]:
        zone = self._session.zone
        delivery = tag("a", d.delivery_state, href=f"/engine?delivery={d.delivery_id}") if d.delivery_id else None
        about = card(
            tag("h2", f"{d.key} on {d.olt}"),
            lines(d.differences),
            facts(
                ("Customer", d.customer),
                ("What would mend it", REMEDIES[d.remedy]),
                ("May agree to it", ", ".join(d.may_approve)),
                ("First seen", words.moment(d.found_at, zone)),
                ("Last seen", words.moment(d.seen_at, zone)),
                ("State", chip("running", "in hand") if d.state == "approved" else chip(d.state)),
                ("Carried out by", delivery),
            ),
        )
        plan = transcript(d.plan) if d.plan else alert("warn", "There is no plan.", d.obstacle)
        return [html_pane(about), html_pane(plan), *self._decisions(d)]

    def _decisions(self, d: DriftRow) -> list[Any]:
        if d.state != "open":
            return []
        may, notice, presses = self._session.actor.may, self._browse.notice, []
        needs = {"repair": "line.repair", "remove": "ont.remove"}.get(d.remedy)
        if d.plan and needs is not None and may(needs):
            presses.append(button("Carry out this plan", lambda: self._mend(d), notice=notice, icon="build"))
        if d.can_record and may("line.record"):
            take = button("Take it as found", lambda: self._record(d), notice=notice, kind="outlined", icon="edit_note")
            presses.append(take)
        if not presses and d.may_approve:
            return [html_pane(alert("info", f"Your role does not decide this: {', '.join(d.may_approve)} may."))]
        return [row(*presses)]

    def _mend(self, d: DriftRow) -> None:
        self._session.act(intake.remove if d.remedy == "remove" else intake.repair, drift_id=d.id)
        self._browse.again()
        self._browse.notice.good(f"The plan for {d.key} is being carried out.", "It is mended once that was seen.")

    def _record(self, d: DriftRow) -> None:
        self._session.act(intake.take_as_found, drift_id=d.id)
        self._browse.again()
        self._browse.notice.good(
            f"{d.key} is being put on record as it stands on {d.olt}.", "RADIUS and DHCP are told too."
        )

    # --- a new one -------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Open the form, or close it."""
        if self._adding.visible:
            self._adding.visible = False
            return
        ways = self._session.look(discovery_views.ways_to_reach)
        name, host = field("Name", placeholder="OLT-EAST"), field("Management address", placeholder="10.20.0.7")
        port, uplink = field("SSH port", value="22"), field("Uplink port, in its own notation", placeholder="0/9/0")
        vendor = choice("Vendor", list(ways.vendors))
        area = field("Area", placeholder=ways.areas[0] if ways.areas else "")
        account = choice("Account on it", list(ways.credentials))

        def add() -> None:
            values = {"name": name, "host": host, "uplink": uplink, "area": area}
            texts = {key: (one.value_input or one.value or "").strip() for key, one in values.items()}
            number = (port.value_input or port.value or "").strip()
            if not number.isdigit():
                raise Refused("The port is no number.", field="port", value=number, remedy="Mostly it is 22.")
            self._session.act(
                plant_intake.add_olt, **texts, port=int(number), vendor=vendor.value, credentials=account.value
            )
            self._adding.visible = False
            self._told.good(f"{texts['name']} is recorded.", "It is being asked what stands on it.")
            self._browse.open(texts["name"])
            self._browse.refresh()
            self._read(texts["name"])

        press = button("Add it and ask it", add, notice=self._told, icon="dns")
        self._adding.objects = [row(name, vendor), row(host, port), row(uplink, area), row(account), row(press)]
        self._adding.visible = True


def _how_many(number: int) -> str:
    return "One line differs from the records." if number == 1 else f"{number} lines differ from the records."


def _pick(key: str, shown: str) -> Html:
    return pick(key, shown, parameter="olt")


def _kind(o: OltDrift) -> str:
    return f"{o.vendor} · {o.area}"


def _customer(d: DriftRow) -> Html:
    return tag("small", d.customer or REMEDIES[d.remedy])


def _compared(o: OltDrift, now: Any) -> Html:
    if o.failed:
        return chip("failed", "not compared")
    if o.under_way is not None:
        return chip("running", "being compared")
    return joined(f"{words.ago(o.compared_at, now)} ago" if o.compared_at else "never")


def _differ(o: OltDrift) -> Html:
    if o.compared_at is None:
        return Html("")
    number = o.open + o.in_hand
    return chip("failed", str(number)) if number else joined("0")
