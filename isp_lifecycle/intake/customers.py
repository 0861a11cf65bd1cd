"""What the staff write about customers, and in which language customers are written to."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import Customer
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.door import Act, enters


@enters("customer.note")
def add_note(act: Act, *, customer_code: str, written: str, pinned: bool = False) -> UUID:
    """Write a note about a customer; pinned, it stands on top of their page. Raises NotFound and NoteWrong.

    The audit tells that it was written and not what, so that the text can be erased at the customer's request.
    """
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    act.about("customer", customer.code)
    author = act.actor.username
    note = customers.add_note(tx=act.tx, customer_id=customer.id, author=author, text=written, pinned=pinned, at=act.at)
    return note.id


@enters("customer.note")
def pin_note(act: Act, *, note_id: UUID, pinned: bool) -> None:
    """Put a note on top of its customer's page, or take it down. Raises NotFound."""
    note = customers.pin_note(tx=act.tx, note_id=note_id, pinned=pinned)
    customer = customers.customer_by_id(tx=act.tx, customer_id=note.customer_id)
    act.about("customer", customer.code)
    act.changed("Pinned note", "yes" if note.pinned else "no", "yes" if pinned else "no")


@enters("customer.language")
def write_to_them_in(act: Act, *, customer_code: str, language: str) -> None:
    """Write to a customer in another language from now on. Raises NotFound and LanguageWrong."""
    _speak(act, customers.customer_by_code(tx=act.tx, code=customer_code), language)


@enters("own.language")
def write_to_me_in(act: Act, *, language: str) -> None:
    """Be written to in another language from now on, oneself. Raises LanguageWrong."""
    if act.actor.customer_id is None:
        raise NotFound("customer", act.actor.username)
    _speak(act, customers.customer_by_id(tx=act.tx, customer_id=act.actor.customer_id), language)


def _speak(act: Act, customer: Customer, language: str) -> None:
    before, after = customers.set_language(tx=act.tx, customer_id=customer.id, language=language)
    act.about("customer", customer.code)
    act.changed("Language", before, after)
