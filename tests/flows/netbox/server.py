"""A NetBox on a real socket, as far as prefixes, ranges, addresses and tags go: its shapes, filters, pages, refusals.

After the serializers, filter sets, pagination and model checks of NetBox 4.6 (its folders ipam, extras, netbox/api):
lists are all or none, a duplicate in the global table is refused, an unknown tag or role in a filter is a 400.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_interface, ip_network
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

#: Required fields, and the choices of ``status``, of each kind of object.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ipam/prefixes": (("prefix",), ("container", "active", "reserved", "deprecated")),
    "ipam/ip-ranges": (("start_address", "end_address"), ("active", "reserved", "deprecated")),
    "ipam/ip-addresses": (("address",), ("active", "reserved", "deprecated", "dhcp", "slaac")),
    "extras/tags": (("name", "slug"), ()),
}


class Invalid(Exception):
    """A 400 with its map of fields."""


@dataclass
class FakeNetBox:
    """Its objects by kind and number; ``page_at_most`` is its MAX_PAGE_SIZE."""

    url: str = ""
    token: str = "hush"
    page_at_most: int = 1000
    roles: tuple[str, ...] = ("customers",)
    things: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    asked: list[tuple[str, str]] = field(default_factory=list)
    answer: tuple[int, bytes] | None = None
    ignores_tags: bool = False
    #: Addresses that the token's account may not view.
    hidden: frozenset[str] = frozenset()

    def add(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Add an object as somebody in NetBox would."""
        return self._create(kind, fields)

    def respond(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """The status and the document of an answer."""
        kind = path.removeprefix("/api/").strip("/")
        if kind not in KINDS:
            return 404, {"detail": "Not found."}
        before = {k: dict(v) for k, v in self.things.items()}
        try:
            if method == "GET":
                return 200, self._page(kind, query)
            if method == "DELETE":
                for one in body:
                    self.things[kind].pop(one["id"], None)
                return 204, None
            change = self._create if method == "POST" else self._change
            return (201 if method == "POST" else 200), [change(kind, one) for one in body]
        except Invalid as error:
            self.things = before
            return 400, error.args[0] if method != "POST" else [error.args[0]]

    def _page(self, kind: str, query: dict[str, list[str]]) -> dict[str, Any]:
        limit = min(int(query.pop("limit", ["50"])[0]) or self.page_at_most, self.page_at_most)
        offset = int(query.pop("offset", ["0"])[0])
        self._known(query.get("tag"), [t["slug"] for t in self.things["extras/tags"].values()], "tag")
        self._known(query.get("role"), self.roles, "role")
        found = [t for _, t in sorted(self.things[kind].items()) if all(self._fits(t, n, v) for n, v in query.items())]
        more = {**query, "limit": limit, "offset": offset + limit}
        following = f"{self.url}/api/{kind}/?{urlencode(more, doseq=True)}" if offset + limit < len(found) else None
        return {"count": len(found), "next": following, "previous": None, "results": found[offset : offset + limit]}

    def _fits(self, thing: dict[str, Any], name: str, values: list[str]) -> bool:
        if name == "tag":
            return self.ignores_tags or any(tag["slug"] == values[0] for tag in thing["tags"])
        if name == "role":
            return bool(thing["role"]) and thing["role"]["slug"] == values[0]
        if name == "status":
            return str(thing["status"]["value"]) in values
        if name == "vrf_id":
            return thing["vrf"] is None
        if name == "address":
            return thing["address"] not in self.hidden and str(ip_interface(thing["address"]).ip) in values
        return thing.get(name) in values

    @staticmethod
    def _known(values: list[str] | None, known: Any, name: str) -> None:
        for value in values or ():
            if value not in known:
                raise Invalid({name: [f"Select a valid choice. {value} is not one of the available choices."]})

    def _create(self, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        required, choices = KINDS[kind]
        if missing := [name for name in required if name not in fields]:
            raise Invalid({name: ["This field is required."] for name in missing})
        number = max((0, *self.things[kind])) + 1
        where = f"{self.url}/{{}}{kind}/{number}/"
        thing = {"id": number, "url": where.format("api/"), "display_url": where.format(""), "description": ""}
        if kind != "extras/tags":
            thing |= {"vrf": None, "role": None, "tags": [], "custom_fields": {}, "status": "active"}
        thing |= fields
        if kind != "extras/tags":
            thing["tags"] = [self._tag(tag) for tag in thing["tags"]]
            self._clean(kind, thing, choices)
        self.things[kind][number] = thing
        return thing

    def _change(self, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        thing = self.things[kind][fields["id"]]
        changed = thing | {"status": thing["status"]["value"]} | fields
        self._clean(kind, changed, KINDS[kind][1])
        self.things[kind][fields["id"]] = changed
        return changed

    def _tag(self, tag: dict[str, str]) -> dict[str, Any]:
        for known in self.things["extras/tags"].values():
            if known["slug"] == tag["slug"]:
                return known
        raise Invalid({"tags": [f"Related object not found using the provided attributes: {tag}"]})

    def _clean(self, kind: str, thing: dict[str, Any], choices: tuple[str, ...]) -> None:
        if thing["status"] not in choices:
            raise Invalid({"status": [f"{thing['status']} is not a valid choice."]})
        thing["status"] = {"value": thing["status"], "label": thing["status"].capitalize()}
        if len(thing["description"]) > 200:
            raise Invalid({"description": ["Ensure this field has no more than 200 characters."]})
        if kind == "ipam/prefixes":
            self._unique(kind, thing, "prefix", lambda text: ip_network(text, strict=False))
        if kind == "ipam/ip-addresses":
            self._unique(kind, thing, "address", lambda text: ip_interface(text).ip)

    def _unique(self, kind: str, thing: dict[str, Any], name: str, key: Any) -> None:
        try:
            mine = key(thing[name])
        except ValueError:
            raise Invalid({name: ["Invalid IP address format."]}) from None
        for other in self.things[kind].values():
            if other["id"] != thing["id"] and other["vrf"] is None and key(other[name]) == mine:
                raise Invalid({name: [f"Duplicate {name} found in global table: {other[name]}"]})


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[FakeNetBox]:
    """A NetBox that answers until the end."""
    netbox = FakeNetBox()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: two would wait for each other

        def handle_any(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            netbox.asked.append((self.command, self.path))
            if netbox.answer is not None:
                return self.send(*netbox.answer)
            if self.headers["Authorization"] != f"Token {netbox.token}":
                return self.send(403, json.dumps({"detail": "Invalid v1 token"}).encode())
            body = json.loads(content) if content else None
            status, document = netbox.respond(self.command, parts.path, parse_qs(parts.query), body)
            return self.send(status, b"" if document is None else json.dumps(document).encode())

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        def send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    netbox.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield netbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
