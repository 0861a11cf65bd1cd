"""Bringing a line back on its OLT as it was built: the OLT is compared, the plan shown, agreed to, and followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dashboards.parts.cards import card
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.notice import Notice, alert
from dashboards.parts.transcript import transcript
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.intake import drift as intake
from isp_lifecycle.views import drift as views
from isp_lifecycle.views.drift import DriftRow


@dataclass(frozen=True)
class MendState:
    """How far it is: the comparison under way, and the drift with its plan."""

    comparing: UUID | None = None
    failed: str = ""
    drift: DriftRow | None = None


class Mend:
    """For one line. What was asked for is followed; nothing is carried out that was not shown."""

    def __init__(self, session: PageSession, *, olt: str, key: str, notice: Notice) -> None:
        self._session = session
        self._olt, self._key = olt, key
        self._notice = notice
        self._asked = False
        self._agreed: UUID | None = None
        self._told = html_pane()
        may = session.actor.may
        self._may = may("drift.compare") and may("line.repair") and may("network.read")
        self._compare = button(
            _("Show the plan that mends it"), self._ask, notice=notice, icon="fact_check", kind="outlined"
        )
        self._agree = button(_("Carry it out"), self._carry_out, notice=notice, icon="build", visible=False)

    def parts(self) -> Any:
        """What is shown; nothing to whom may not agree to it."""
        return column(self._told, row(self._compare, self._agree), visible=self._may)

    def read(self) -> MendState | None:
        """How it stands; None while nobody asked."""
        if not self._asked:
            return None
        rows = self._session.look(views.drifts, olt=self._olt)
        standing = next((one for one in self._session.look(views.olts) if one.olt == self._olt), None)
        found = next((one for one in rows if one.key == self._key), None)
        return MendState(standing.under_way if standing else None, standing.failed if standing else "", found)

    def show(self, state: MendState | None) -> bool:
        """Show how it stands; tells whether it has just come to its end."""
        if state is None:
            return False
        drift = state.drift
        self._agree.visible = bool(drift and drift.plan and drift.state == "open" and not state.comparing)
        self._compare.visible = state.comparing is None and not self._agree.visible and drift is None
        show(self._told, self._words(state))
        ended = self._agreed is not None and drift is None
        if ended:
            self._agreed, self._asked = None, False
            show(self._told, card(alert("good", _("The line is as it was built again."), _("Looking again …"))))
        return ended

    def _words(self, state: MendState) -> Html:
        drift = state.drift
        if state.failed:
            return card(
                alert(
                    "bad",
                    _("{olt} could not be compared: {failed}", olt=self._olt, failed=state.failed),
                    _("See the page Queue."),
                )
            )
        if state.comparing is not None:
            return card(
                alert(
                    "info", _("{olt} is being compared with the records …", olt=self._olt), _("It takes some seconds.")
                )
            )
        if drift is None:
            return card(alert("info", _("Nothing of this line differs any more."), _("Look again.")))
        if drift.state == "approved":
            return card(self._carrying(drift))
        says = tag("ul", *(tag("li", words) for words in drift.differences), css="listed")
        plan = transcript(drift.plan) if drift.plan else alert("warn", _("There is no plan for it."), drift.obstacle)
        return card(joined(says, plan), heading=_("The plan: nothing else is sent to the OLT"))

    def _carrying(self, drift: DriftRow) -> Html:
        if drift.delivery_state == "failed":
            link = tag("a", _("See what failed, and retry"), href=f"/support?delivery={drift.delivery_id}")
            return joined(alert("bad", _("The plan could not be carried out."), _("Its OLT refused.")), link)
        return alert("info", _("The plan is being carried out …"), _("The page follows it."))

    def _ask(self) -> None:
        self._session.act(intake.compare, olt=self._olt)
        self._asked, self._agreed = True, None
        self.show(self.read())

    def _carry_out(self) -> None:
        state = self.read()
        if state is None or state.drift is None:
            return
        self._agreed = self._session.act(intake.repair, drift_id=state.drift.id)
        self.show(self.read())
