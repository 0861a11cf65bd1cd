"""The documents of a customer on their page: brought, saved, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.cards import card, empty
from dashboards.parts.html import Html, html_pane, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice
from dashboards.parts.picking import Picking
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.intake import documents as intake
from isp_lifecycle.views.customers import documents as views
from isp_lifecycle.views.customers.documents import DocumentRow

KINDS = {
    "contract": say("Contract"),
    "identity": say("Proof of identity"),
    "letter": say("Letter"),
    "other": say("Something else"),
}
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.txt"


class Documents:
    """What is kept of one customer. What is written with it is drawn when somebody wants to add or remove something."""

    def __init__(
        self, session: PageSession, customer_code: str, *, notice: Notice, changed: Callable[[], None]
    ) -> None:
        self._session = session
        self._code = customer_code
        self._notice = notice
        self._changed = changed
        self._may = session.actor.may("document.write")
        self._list = Picking(on_pick=self._picked)
        self._place = column(visible=False)

    def parts(self) -> list[Any]:
        """What is shown; nothing to who may read no documents."""
        if not self._session.actor.may("document.read"):
            return []
        self._list.show(self._drawn(self._session.look(views.documents, customer_code=self._code)))
        return [column(self._list, self._place)]

    def _drawn(self, rows: tuple[DocumentRow, ...]) -> Html:
        add = tag("a", _("Add a document"), href="#", data_pick="add", css="action") if self._may else ""
        nothing = empty(_("No document is kept."), _("Contracts, proofs of identity and letters."), "description")
        listed = tag("ul", *(self._row(one) for one in rows), css="papers") if rows else nothing
        return card(listed, add, heading=_("Documents ({rows})", rows=len(rows)) if rows else _("Documents"))

    def _row(self, one: DocumentRow) -> Html:
        zone = self._session.zone
        about = f"{said(KINDS[one.kind])}, {words.octets(one.size)}, {one.added_by}, {words.moment(one.added_at, zone)}"
        if one.removed_at is not None:
            gone = _(
                "Removed by {removed_by}, {time}: {reason}",
                removed_by=one.removed_by,
                time=words.moment(one.removed_at, zone),
                reason=one.reason,
            )
            return tag("li", tag("s", one.name, dir="auto"), tag("small", about), tag("small", gone))
        link = tag("a", one.name, href=f"/documents/{one.id}", download=one.name, dir="auto")
        named = {"aria_label": _("Remove {name}", name=one.name)}
        away = tag("a", _("Remove …"), href="#", data_pick=f"remove:{one.id}", **named) if self._may else ""
        return tag("li", tag("b", link), tag("small", about, " ", away))

    def _picked(self, key: str) -> None:
        what, _, document_id = key.partition(":")
        parts = self._add() if what == "add" else self._remove(document_id)
        self._place.objects = parts
        self._place.visible = True

    def _close(self) -> None:
        self._place.objects, self._place.visible = [], False

    def _add(self) -> list[Any]:
        kind = choice(_("What it is"), {name: word for word, name in KINDS.items()}, value="contract")
        most = self._session.settings.desk.document_bytes
        file = pmui.FileInput(
            label=_("Choose a PDF, a picture or a text"), accept=ACCEPTED, sizing_mode="stretch_width", margin=0
        )

        def keep() -> None:
            if not file.value:
                raise Refused(
                    say("No file is chosen."),
                    field="document",
                    remedy=say(
                        "Choose a PDF, a picture (PNG, JPEG) or a text of at most {octets}.", octets=words.octets(most)
                    ),
                )
            name = str(file.filename or "document")
            self._session.act(
                intake.keep_document, customer_code=self._code, kind=kind.value, written=name, content=file.value
            )
            self._changed()
            self._notice.good(_("The document is kept."), _("Who opens it is noted in the audit trail."))

        presses = row(
            button(_("Keep it"), keep, notice=self._notice, icon="upload_file"),
            button(_("Not now"), self._close, notice=self._notice, kind="text"),
        )
        return [kind, file, presses]

    def _remove(self, document_id: str) -> list[Any]:
        shown = self._session.look(views.documents, customer_code=self._code)
        one = next((row for row in shown if str(row.id) == document_id and row.removed_at is None), None)
        if one is None:
            raise Refused(say("It is not kept any more."), remedy=say("Reload the page."))
        reason = field(_("Why is it not kept any more?"), max_length=300)

        def remove() -> None:
            self._session.act(intake.remove_document, document_id=one.id, reason=str(reason.value_input or ""))
            self._changed()
            self._notice.info(_("{name} is removed for good.", name=one.name))

        presses = row(
            button(_("Remove it"), remove, notice=self._notice, color="error", icon="delete"),
            button(_("Not now"), self._close, notice=self._notice, kind="text"),
        )
        return [
            html_pane(tag("p", _("{name} is taken away for good; that it was kept stays known.", name=one.name))),
            reason,
            presses,
        ]
