"""The HTTP API as machines see it: what each path answers, to whom, and what refusals say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.access.model import PORTAL_ROLES, ROLES, SYSTEM, Role
from isp_lifecycle.api import shapes
from isp_lifecycle.api.problem import MEDIA_TYPE
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake import sales
from tests.contract.api.conftest import Machines

MATRIX = Path(__file__).parents[3] / "build" / "api-matrix.md"
ORDERS = f"{shapes.ORDERING}/productOrder"
SERVICES = f"{shapes.INVENTORY}/service"
FREE = "P-0090"


def new_line(**more: Any) -> dict[str, Any]:
    return {
        "productOrderItem": [
            {"action": "add", "productOffering": {"id": "home-100"}, "product": {"place": [{"id": FREE}]}}
        ],
        "relatedParty": [
            {
                "role": "customer",
                "name": "Eve Kelly",
                "contactMedium": [
                    {"mediumType": "email", "characteristic": {"emailAddress": "eve@example.org"}},
                    {"mediumType": "mobile", "characteristic": {"phoneNumber": "+353 1 555 0101"}},
                ],
            }
        ],
        "consent": True,
    } | more


def change(service: str, action: str = "modify", **more: Any) -> dict[str, Any]:
    product = {"id": service, **({"status": more.pop("status")} if "status" in more else {})}
    offering = {"productOffering": {"id": more.pop("plan")}} if "plan" in more else {}
    return {"productOrderItem": [{"action": action, "product": product, **offering}], **more}


LEADS = f"{shapes.SALES}/salesLead"
LEAD = {
    "relatedParty": [
        {"name": "Niamh Walsh", "contactMedium": [{"characteristic": {"phoneNumber": "+353 1 555 0177"}}]}
    ],
    "address": "9 Far Lane, Kilmorran",
    "description": "For two",
    "consent": True,
}

#: Each path: a request that would do something, and the permissions of which one suffices.
ROUTES: dict[tuple[str, str], tuple[str, dict[str, Any], tuple[str, ...]]] = {
    ("GET", f"{shapes.CATALOGUE}/productOffering"): ("", {}, ("plan.read",)),
    ("GET", f"{shapes.CATALOGUE}/productOffering/{{code}}"): ("home-100", {}, ("plan.read",)),
    ("GET", f"{shapes.ADDRESSES}/geographicAddress"): ("", {"params": {"fullText": "anchor"}}, ("address.read",)),
    ("POST", f"{shapes.QUALIFICATION}/checkServiceQualification"): (
        "",
        {"json": {"place": {"id": FREE}}},
        ("address.read",),
    ),
    ("GET", ORDERS): ("", {}, ("partner.read", "order.read")),
    ("GET", f"{ORDERS}/{{code}}"): ("O-000001", {}, ("partner.read", "order.read")),
    ("POST", ORDERS): ("", {"json": new_line()}, ("partner.order", "order.place", "own.order")),
    ("POST", f"{shapes.ORDERING}/cancelProductOrder/{{code}}"): (
        "O-000001",
        {},
        ("own.withdraw", "partner.change", "service.withdraw"),
    ),
    ("GET", LEADS): ("", {}, ("partner.read", "lead.read")),
    ("GET", f"{LEADS}/{{code}}"): ("L-000001", {}, ("partner.read", "lead.read")),
    ("POST", LEADS): ("", {"json": LEAD}, ("partner.order", "order.place")),
    ("GET", SERVICES): ("", {}, ("partner.read", "service.read")),
    ("GET", f"{SERVICES}/{{code}}"): ("S-000001", {}, ("partner.read", "service.read")),
    ("GET", "/v1/incidents"): ("", {}, ("incident.read",)),
}
#: Further ways into the one path that places orders.
CHANGES = {
    "plan": (change("S-000001", plan="home-500"), ("own.change_plan", "partner.change", "service.change_plan")),
    "end": (change("S-000001", "delete"), ("own.terminate", "partner.change", "service.terminate")),
    "pause": (change("S-000001", status="suspended"), ("own.suspend", "partner.change", "service.suspend")),
    "go on": (change("S-000001", status="active"), ("own.suspend", "partner.change", "service.resume")),
}


def tries() -> list[tuple[str, str, dict[str, Any], tuple[str, ...]]]:
    found = [(m, p.replace("{code}", key), asked, needs) for (m, p), (key, asked, needs) in ROUTES.items()]
    return found + [("POST", ORDERS, {"json": body}, needs) for body, needs in CHANGES.values()]


def test_every_path_is_tried(machines: Machines) -> None:
    document = machines.client.get("/openapi.json").json()
    served = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert served == set(ROUTES)
    assert all("HTTPBearer" in str(m["security"]) for methods in document["paths"].values() for m in methods.values())


def test_each_role_is_let_in_where_the_table_says_and_refused_and_told_elsewhere(machines: Machines) -> None:
    """The table that comes out stands in ``build/api-matrix.md``."""
    roles = [role for role in Role if role not in (Role.SYSTEM, Role.APPLICANT)]
    for role in roles:
        secret, refused = machines.token(role), 0
        for method, path, asked, needs in tries():
            answer = machines.ask(secret, method, path, **asked)
            if ROLES[role] & set(needs):
                assert answer.status_code not in (401, 403), (role, method, path, answer.text)
                continue
            refused += 1
            assert (answer.status_code, answer.headers["content-type"]) == (403, MEDIA_TYPE), (role, method, path)
            assert answer.json()["field"] == "permission"
        told = [line for line in machines.audit("refused") if line.role == role]
        assert len(told) == refused
        assert {(line.source, line.address) for line in told} <= {("api", "192.0.2.9")}
    head = ["| path | needs one of | " + " | ".join(roles) + " |", "|---" * (len(roles) + 2) + "|"]
    names = [f"{method} {path}" for method, path in ROUTES] + [f"POST {ORDERS} ({how})" for how in CHANGES]
    rows = [
        f"| `{name}` | {', '.join(needs)} | " + " | ".join("yes" if ROLES[r] & set(needs) else "" for r in roles) + " |"
        for name, (_, _, _, needs) in zip(names, tries(), strict=True)
    ]
    MATRIX.parent.mkdir(exist_ok=True)
    MATRIX.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")


def test_whoever_shows_no_token_that_stands_is_let_in_nowhere(machines: Machines) -> None:
    secret = machines.token(Role.ADMINISTRATOR)
    expired, revoked = machines.token(Role.SALES), machines.token(Role.NETWORK)
    with write(machines.engine) as tx:
        past = "UPDATE api_tokens SET created_at = now() - interval '9 days', expires_at = now() - interval '1 second'"
        of = " WHERE user_id = (SELECT id FROM users WHERE username = :name)"
        tx.execute(sa.text(past + of), {"name": "m.sales"})
        tx.execute(sa.text("UPDATE api_tokens SET revoked_at = now()" + of), {"name": "m.network"})
    wrong = {
        "missing": {},
        "expired": {"authorization": f"Bearer {expired}"},
        "revoked": {"authorization": f"Bearer {revoked}"},
        "malformed": {"authorization": "Bearer isp_123"},
        "not known": {"authorization": f"Bearer isp_{'0' * 64}"},
    }
    ways = tries()
    for number, (why, headers) in enumerate(wrong.items()):
        for method, path, asked, _needs in ways[number::5] or ways[:1]:
            answer = machines.client.request(method, path, headers=headers, **asked)
            assert answer.status_code == 401, (why, path)
            assert "Bearer" in answer.headers["www-authenticate"]
            assert why in answer.json()["detail"]
    told = machines.audit("token.refused")
    assert len(told) == len(ways)
    assert {(t.actor, t.source, t.address) for t in told} == {("visitor", "api", "192.0.2.9")}
    assert expired not in str(told)
    for header in ({"cookie": f"isp_staff={secret}"}, {"authorization": f"Basic {secret}"}, {"x-isp-identity": "x"}):
        assert machines.client.get(ORDERS, headers=header).status_code == 401
    assert machines.client.get(ORDERS, params={"access_token": secret}).status_code == 401


def test_who_tries_tokens_or_asks_too_often_is_told_to_wait(machines: Machines) -> None:
    secret = machines.token(Role.NETWORK)
    codes = [machines.ask("isp_" + "1" * 64, "GET", "/v1/incidents").status_code for _ in range(27)]
    assert codes == [401] * 25 + [429] * 2
    assert machines.ask(secret, "GET", "/v1/incidents").status_code == 429
    # The limit is of the address: another one is let in.
    machines.client._transport.client = ("192.0.2.77", 1)  # type: ignore[attr-defined]
    codes = [machines.ask(secret, "GET", "/v1/incidents").status_code for _ in range(62)]
    assert codes == [200] * 60 + [429] * 2
    answer = machines.ask(secret, "GET", "/v1/incidents")
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_a_partner_sells_follows_changes_and_ends_its_own_and_sees_nothing_else(machines: Machines) -> None:
    acme, other = machines.token(Role.PARTNER, partner="acme"), machines.token(Role.PARTNER, partner="other")
    asked = {"json": {"place": {"id": FREE}}}
    can = machines.ask(acme, "POST", f"{shapes.QUALIFICATION}/checkServiceQualification", **asked)
    assert can.json()["qualificationResult"] == "qualified"
    placed = machines.ask(acme, "POST", ORDERS, json=new_line(note=[{"text": "ring twice"}]))
    assert placed.status_code == 201, placed.text
    order = placed.json()
    assert (order["state"], order["channel"]) == ("acknowledged", [{"id": "acme", "role": "partner"}])
    assert placed.headers["location"] == order["href"]
    assert machines.ask(acme, "GET", order["href"]).json() == order
    assert machines.ask(other, "GET", order["href"]).status_code == 404
    assert machines.ask(other, "GET", ORDERS).json() == []
    listed = machines.ask(acme, "GET", ORDERS)
    assert ([o["id"] for o in listed.json()], listed.headers["x-total-count"]) == ([order["id"]], "1")

    sales.confirm_order(machines.doors.door, SYSTEM, order_code=order["id"])
    mine = machines.ask(acme, "GET", SERVICES).json()
    assert [s["state"] for s in mine] == ["reserved"]
    code = mine[0]["id"]
    with write(machines.engine) as tx:
        tx.execute(sa.text("UPDATE services SET state = 'active', active_on = now() WHERE code = :c"), {"c": code})
    for token in (other, machines.token(Role.PARTNER)):
        assert machines.ask(token, "GET", f"{SERVICES}/{code}").status_code == 404
        hidden = machines.ask(token, "POST", ORDERS, json=change(code, "delete"))
        assert (hidden.status_code, hidden.json()["detail"]) == (404, f"There is no service or order {code}.")
        assert machines.ask(token, "POST", f"{shapes.ORDERING}/cancelProductOrder/{order['id']}").status_code == 404
    for theirs in ("S-000001", "O-000001"):  # Ada's, who came by nobody
        assert machines.ask(acme, "GET", f"{SERVICES}/{theirs}").status_code == 404
        assert machines.ask(acme, "GET", f"{ORDERS}/{theirs}").status_code == 404
    assert machines.ask(acme, "POST", ORDERS, json=change("S-000001", "delete")).status_code == 404

    later = (machines.doors.door.clock.now().date()).replace(month=12, day=28).isoformat()
    moved = machines.ask(acme, "POST", ORDERS, json=change(code, plan="home-500", requestedStartDate=later))
    assert (moved.status_code, moved.json()["category"]) == (201, "plan_change"), moved.text
    assert moved.json()["channel"][0]["id"] == "acme"
    back = machines.ask(acme, "POST", f"{shapes.ORDERING}/cancelProductOrder/{moved.json()['id']}")
    assert back.status_code == 204
    paused = machines.ask(acme, "POST", ORDERS, json=change(code, status="suspended", requestedStartDate=later))
    ended = machines.ask(acme, "POST", ORDERS, json=change(code, "delete", requestedStartDate=later))
    assert [a.json()["category"] for a in (paused, ended)] == ["suspension", "termination"]
    again = machines.ask(acme, "POST", ORDERS, json=change(code, "delete", requestedStartDate=later))
    assert again.status_code in (409, 422)
    assert machines.ask(acme, "GET", ORDERS, params={"state": "completed"}).json() == []
    assert len(machines.ask(acme, "GET", ORDERS, params={"limit": 2, "offset": 1}).json()) == 2


def test_a_partner_proves_nothing_by_knowing_an_e_mail_address(machines: Machines) -> None:
    body = new_line()
    body["relatedParty"][0]["contactMedium"][0]["characteristic"]["emailAddress"] = "ada@example.org"
    assert machines.ask(machines.token(Role.PARTNER, partner="acme"), "POST", ORDERS, json=body).status_code == 201
    with machines.engine.connect() as connection:
        row = connection.execute(
            sa.text("SELECT claimed, channel, partner FROM orders WHERE partner IS NOT NULL")
        ).one()
    assert tuple(row) == (True, "partner", "acme")


def test_a_partner_sends_who_cannot_be_served_yet(machines: Machines) -> None:
    answer = machines.ask(machines.token(Role.PARTNER), "POST", LEADS, json=LEAD)
    assert answer.status_code == 201, answer.text
    with machines.engine.connect() as connection:
        (row,) = connection.execute(sa.text("SELECT code, source, address, phone, owner FROM leads")).all()
    assert tuple(row) == (answer.json()["id"], "partner", LEAD["address"], "+353 1 555 0177", None)
    refused = machines.ask(machines.token(Role.PARTNER), "POST", LEADS, json=LEAD | {"consent": False})
    assert refused.status_code == 422


def test_a_partner_follows_whom_it_sent_and_nobody_elses(machines: Machines) -> None:
    ours, theirs = machines.token(Role.PARTNER), machines.token(Role.PARTNER, partner="other")
    first = machines.ask(ours, "POST", LEADS, json=LEAD)
    second = machines.ask(theirs, "POST", LEADS, json=LEAD | {"description": "For three"})
    assert first.headers["location"] == first.json()["href"] == f"{LEADS}/{first.json()['id']}"
    listed = machines.ask(ours, "GET", LEADS)
    assert ([one["id"] for one in listed.json()], listed.headers["x-total-count"]) == ([first.json()["id"]], "1")
    found = machines.ask(ours, "GET", first.json()["href"]).json()
    assert (found["status"], found["description"], found["qualified"]) == ("acknowledged", "For two", False)
    assert "Niamh" not in str(found)
    assert "555 0177" not in str(found)
    assert (found["address"], "place" in found) == (LEAD["address"], False)
    placed = machines.ask(ours, "POST", LEADS, json=LEAD | {"address": "", "place": {"id": FREE}}).json()
    assert machines.ask(ours, "GET", placed["href"]).json()["place"]["id"] == FREE
    assert machines.ask(ours, "GET", second.json()["href"]).status_code == 404
    assert machines.ask(ours, "GET", LEADS, params={"status": "accepted"}).json() == []
    sales = machines.ask(machines.token(Role.SALES), "GET", LEADS).json()
    assert {one["id"] for one in sales} == {first.json()["id"], second.json()["id"], placed["id"]}
    assert {one["channel"]["id"] for one in sales} == {"nobody", "other"}


def test_an_order_under_a_key_is_placed_once(machines: Machines) -> None:
    acme, other = machines.token(Role.PARTNER, partner="acme"), machines.token(Role.PARTNER, partner="other")
    key = {"headers": {"Idempotency-Key": "4711"}}
    first = machines.ask(acme, "POST", ORDERS, json=new_line(), **key)
    again = machines.ask(acme, "POST", ORDERS, json=new_line(), **{"headers": {"Idempotency-Key": "4711"}})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    differs = machines.ask(
        acme, "POST", ORDERS, json=new_line(note=[{"text": "x"}]), headers={"Idempotency-Key": "4711"}
    )
    assert (differs.status_code, differs.json()["field"]) == (422, "Idempotency-Key")
    theirs = machines.ask(other, "POST", ORDERS, json=new_line(), headers={"Idempotency-Key": "4711"})
    assert theirs.status_code == 409  # another's key is another key, and the address is taken
    without = machines.ask(acme, "POST", ORDERS, json=new_line())
    assert without.status_code == 409
    with machines.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM orders WHERE partner = 'acme'")).scalar_one() == 1


#: What is wrong with each order, and how it is answered.
WRONG: list[tuple[dict[str, Any], int, str | None]] = [
    (new_line(consent=False), 422, "consent"),
    (new_line(requestedStartDate="2020-01-01"), 422, None),
    (new_line(relatedParty=[]), 422, "relatedParty"),
    (new_line(productOrderItem=[]), 422, "productOrderItem"),
    (new_line(surprise=1), 422, "surprise"),
    (new_line(requestedStartDate="tomorrow"), 422, None),
    (change("S-999999", "delete"), 404, None),
    (change("S-000001"), 422, "productOrderItem.productOffering"),
    ({"productOrderItem": [{"action": "delete", "product": {}}]}, 422, "productOrderItem.product.id"),
    ({"productOrderItem": [{"action": "steal", "product": {}}]}, 422, "productOrderItem.0.action"),
]


def test_a_wrong_order_is_refused_with_its_field(machines: Machines) -> None:
    secret = machines.token(Role.MANAGER)
    for body, status, field in WRONG:
        answer = machines.ask(secret, "POST", ORDERS, json=body)
        document = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE), answer.text
        assert (document["status"], document["type"]) == (status, "about:blank")
        assert document["title"]
        assert document["detail"]
        assert field is None or document["field"] == field
    with machines.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM orders")).scalar_one() == 1


def test_the_staffs_machines_see_everything_that_the_role_does(machines: Machines) -> None:
    sales_token, network = machines.token(Role.SALES), machines.token(Role.NETWORK)
    assert [o["id"] for o in machines.ask(sales_token, "GET", ORDERS).json()] == ["O-000001"]
    service = machines.ask(network, "GET", f"{SERVICES}/S-000001").json()
    assert (service["state"], service["place"][0]["id"]) == ("active", "P-0001")
    assert machines.ask(network, "GET", "/v1/incidents").json() == []
    plans = machines.ask(network, "GET", f"{shapes.CATALOGUE}/productOffering").json()
    assert [(p["id"], p["productOfferingPrice"][0]["price"]["value"]) for p in plans] == [
        ("home-100", "39.0000"),
        ("home-500", "59.0000"),
    ]
    found = machines.ask(network, "GET", f"{shapes.ADDRESSES}/geographicAddress", params={"fullText": "P-0090"}).json()
    assert found[0]["id"] == "P-0090"
    taken = {"json": {"place": {"id": "P-0001"}}}
    path = f"{shapes.QUALIFICATION}/checkServiceQualification"
    assert machines.ask(network, "POST", path, **taken).json()["qualificationResult"] == "unqualified"


def test_answers_are_kept_by_nobody_and_too_much_is_not_read(machines: Machines) -> None:
    answer = machines.ask(machines.token(Role.SALES), "GET", ORDERS)
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert machines.client.get("/docs").status_code == 404
    assert machines.client.get("/nothing").json()["status"] == 404
    huge = new_line(note=[{"text": "x" * 200_000}])
    assert machines.ask(machines.token(Role.SALES), "POST", ORDERS, json=huge).status_code >= 400
    assert not PORTAL_ROLES & {Role.PARTNER}
