"""Customers: one for each e-mail address, whoever fills in the form, however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from isp_lifecycle.customers import actions, store
from isp_lifecycle.customers.errors import CustomerCodeTaken, EmailWrong, NameWrong, PhoneWrong
from isp_lifecycle.customers.model import Difference, Registration, checked_email, checked_name, checked_phone
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import NotFound

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def register(
    tx: Tx, *, name: str = "Una Quinlan", email: str = "una@mail.example", phone: str = "+353 20 910 0002", **more: str
) -> Registration:
    return actions.register_customer(tx=tx, name=name, email=email, phone=phone, at=AT, **more)


def test_customer_gets_a_code_and_is_found_by_each_key(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first = register(tx)
        second = register(tx, email="other@mail.example")
        customer = first.customer
        assert first == Registration(customer=customer, created=True)
        assert (customer.code, second.customer.code) == ("C-000001", "C-000002")
        assert (customer.name, customer.email, customer.created_at) == ("Una Quinlan", "una@mail.example", AT)
        assert actions.customer_by_id(tx=tx, customer_id=customer.id) == customer
        assert actions.customer_by_code(tx=tx, code="C-000001") == customer
        assert actions.customer_by_email(tx=tx, email="UNA@mail.example") == customer
        assert actions.customer_by_email(tx=tx, email="nobody@mail.example") is None
        with pytest.raises(NotFound):
            actions.customer_by_code(tx=tx, code="C-000009")


def test_same_person_asking_again_is_the_same_customer(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first = register(tx)
        again = register(tx, name=" una  QUINLAN ", email="Una@Mail.Example", phone="+353-20-9100002")
        count = tx.execute(sa.select(sa.func.count()).select_from(store.customers)).scalar_one()
    assert again == Registration(customer=first.customer, created=False)
    assert count == 1


def test_what_differs_is_reported_and_the_record_is_kept(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first = register(tx)
        again = register(tx, name="U. Murphy", phone="123456")
        now = actions.customer_by_code(tx=tx, code=first.customer.code)
    assert now == first.customer
    assert again.kept == (
        Difference(field="name", held="Una Quinlan", given="U. Murphy"),
        Difference(field="phone", held="+353 20 910 0002", given="123456"),
    )


def test_import_keeps_its_codes_and_new_customers_go_on_after_them(engine: sa.Engine) -> None:
    with write(engine) as tx:
        imported = register(tx, code="C-000120")
        again = register(tx, code="C-000120")
        other = register(tx, code="C-000777")
        new = register(tx, email="new@mail.example")
        with pytest.raises(CustomerCodeTaken) as refused:
            register(tx, email="wrong@mail.example", code="C-000120")
    assert imported.customer.code == "C-000120"
    assert again == Registration(customer=imported.customer, created=False)
    assert other.kept == (Difference(field="code", held="C-000120", given="C-000777"),)
    assert new.customer.code == "C-000121"
    assert refused.value.other == "una@mail.example"


def test_eight_forms_sent_at_once_make_one_customer(engine: sa.Engine) -> None:
    def once(_: int) -> Registration:
        with write(engine) as tx:
            return register(tx)

    with ThreadPoolExecutor(8) as threads:
        registrations = list(threads.map(once, range(8)))
    assert len({r.customer.id for r in registrations}) == 1
    assert [r.created for r in registrations].count(True) == 1


@pytest.mark.parametrize("wrong", ["", "A", " B ", "x" * 121, "tab\x00name"])
def test_name_is_checked(wrong: str) -> None:
    with pytest.raises(NameWrong) as refused:
        checked_name(wrong)
    assert (refused.value.field, refused.value.value) == ("name", wrong)


@pytest.mark.parametrize("wrong", ["", "una", "una@", "@mail.example", "una@mail", "una@mail example.org", "a b@c.org"])
def test_email_is_checked(wrong: str) -> None:
    with pytest.raises(EmailWrong) as refused:
        checked_email(wrong)
    assert refused.value.field == "email"


def test_email_domain_is_brought_to_small_letters() -> None:
    assert checked_email(" Una.Q@Mail.EXAMPLE ") == "Una.Q@mail.example"


@pytest.mark.parametrize("wrong", ["", "12345", "+353 1 phone", "1" * 16, "++353155501", "555 0100 x"])
def test_phone_is_checked(wrong: str) -> None:
    with pytest.raises(PhoneWrong) as refused:
        checked_phone(wrong)
    assert refused.value.value == wrong


def test_phone_keeps_how_it_was_written() -> None:
    assert checked_phone("  +353  1 (555)-0100 ") == "+353 1 (555)-0100"
