"""A small server that answers as Google documents its token endpoint and Directory API: there is no emulator."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from joserfc import jwt
from joserfc.jwk import RSAKey

ACCOUNT = "isp@project.iam.gserviceaccount.com"


@dataclass
class Workspace:
    """The server, its service account's key, and who is where; ``groups`` are members by a group's address."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    admin: str = "admin@isp.test"
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    #: The assertions by which access was asked for, and the paths that were asked.
    granted: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    delegated: bool = True

    def key_file(self, folder: Path) -> Path:
        """The key file of the service account, as Google's console gives it."""
        path = folder / "service-account.json"
        account = {
            "type": "service_account",
            "client_email": ACCOUNT,
            "private_key": self.key.as_pem(private=True).decode(),
            "private_key_id": "key-1",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(account), encoding="utf-8")
        return path

    def is_member(self, group: str, who: str) -> bool:
        """Whether somebody is in a group, directly or by groups in it."""
        members = self.groups[group]
        return who in members or any(self.is_member(one, who) for one in members if one in self.groups)


@contextmanager
def workspace() -> Iterator[Workspace]:
    """Serve it."""
    state = Workspace()

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            self._say(*_granted(state, form))

        def do_GET(self) -> None:
            if self.headers["authorization"] != "Bearer directory-token":
                self._say(401, {"error": {"code": 401}})
                return
            state.asked.append(self.path)
            path, _, asked = self.path.partition("?")
            query = {name: values[0] for name, values in parse_qs(asked).items()}
            self._say(*_told(state, [unquote(part) for part in path.split("/")[4:]], query))

        def _say(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    thread.join(10)
    server.server_close()


def _granted(state: Workspace, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The token endpoint (RFC 7523): who delegated nothing gets unauthorized_client."""
    token = jwt.decode(form["assertion"], state.key, algorithms=["RS256"])  # raises for another's signature
    claims = token.claims
    right = (claims["iss"], claims["sub"], claims["aud"]) == (ACCOUNT, state.admin, f"{state.url}/token")
    if form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" or not right or not state.delegated:
        return 401, {"error": "unauthorized_client"}
    state.granted.append(claims)
    return 200, {"access_token": "directory-token", "expires_in": 3599, "token_type": "Bearer"}


def _page(state: Workspace, group: str, query: dict[str, str]) -> dict[str, Any]:
    """A page of a group's members; of one each, so that there are several."""
    assert query["includeDerivedMembership"] == "true"
    every = sorted(who for who in state.users if state.is_member(group, who))
    at = int(query.get("pageToken", "0"))
    more = {"nextPageToken": str(at + 1)} if at + 1 < len(every) else {}
    return {"members": [{"id": who, "type": "USER"} for who in every[at : at + 1]], **more}


def _told(state: Workspace, path: list[str], query: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The Directory API: ``users/{key}``, ``groups/{key}/hasMember/{member}``, ``groups/{key}/members``."""
    match path:
        case ["users", key] if key in state.users:
            return 200, {"kind": "admin#directory#user", "id": key, **state.users[key]}
        case ["groups", group, "hasMember", member] if group in state.groups:
            return 200, {"isMember": state.is_member(group, member)}
        case ["groups", group, "members"] if group in state.groups:
            return 200, _page(state, group, query)
        case _:
            return 404, {"error": {"code": 404, "message": "Resource Not Found"}}
