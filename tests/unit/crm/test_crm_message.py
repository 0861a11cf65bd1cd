"""The message's document, field by field, and the addresses that a webhook accepts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from isp_lifecycle.crm.errors import CrmAddressUnsafe
from isp_lifecycle.crm.model import CrmKind, CrmMessage
from isp_lifecycle.crm.webhook import Webhook

ID = UUID("0198c0de-0000-7000-8000-000000000001")
NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)


def test_a_service_message_names_service_order_customer_plan_and_place() -> None:
    message = CrmMessage(
        id=ID,
        kind=CrmKind.SERVICE_STATE,
        at=NOON,
        customer_code="C-000001",
        state="active",
        order_code="O-000002",
        service_code="S-000003",
        plan="Fibre 500",
        address="7 Quay Street",
    )
    assert message.document() == {
        "eventId": "0198c0de-0000-7000-8000-000000000001",
        "eventType": "ServiceStateChangeEvent",
        "eventTime": "2026-02-03T12:00:00Z",
        "version": 1,
        "event": {
            "service": {
                "id": "S-000003",
                "state": "active",
                "relatedParty": [{"id": "C-000001", "role": "customer"}],
                "productOrder": {"id": "O-000002"},
                "productOffering": {"name": "Fibre 500"},
                "place": {"name": "7 Quay Street", "role": "installationAddress"},
            }
        },
    }


def test_an_order_message_leaves_out_what_is_not_known() -> None:
    message = CrmMessage(
        id=ID,
        kind=CrmKind.ORDER_STATE,
        at=NOON,
        customer_code="C-000001",
        state="rejected",
        order_code="O-000002",
        reason="No fibre in the street.",
    )
    assert message.document()["event"] == {
        "productOrder": {
            "id": "O-000002",
            "state": "rejected",
            "relatedParty": [{"id": "C-000001", "role": "customer"}],
            "statusChangeReason": "No fibre in the street.",
        }
    }


@pytest.mark.parametrize("url", ["https://crm.example/hook", "http://127.0.0.1:21000/hook", "http://[::1]:21000/"])
def test_a_webhook_goes_over_tls_or_stays_on_this_machine(url: str) -> None:
    assert Webhook(url=url).where == url


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hook",
        "http://10.0.0.1/",
        "ftp://crm.example/",
        "https://",
        "crm",
        "",
        "https://a:b@crm.example/",
    ],
)
def test_a_webhook_refuses_an_address_that_is_unsafe_or_none(url: str) -> None:
    with pytest.raises(CrmAddressUnsafe) as refused:
        Webhook(url=url)
    assert refused.value.value == url


def test_a_webhook_shows_neither_its_token_nor_a_key_in_its_address() -> None:
    hook = Webhook(url="https://crm.example/hook?key=hush", token="hush")
    assert "hush" not in repr(hook) + hook.where
