"""A real OIDC provider (oidc-provider-mock) with a layer before its endpoints that can make its answers false.

Left alone it answers as it does by itself. A test sets ``tamper`` to say what the id token of the next answers becomes:
false in one respect only, and signed as rightly as that allows, so that nothing but the looked-for check can refuse it.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask
import httpx
import oidc_provider_mock
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock import User
from werkzeug.serving import make_server

CLIENT, SECRET = "isp-lifecycle", "a secret: with / signs %"

type Claims = dict[str, Any]
#: From the true claims and the provider's key to the token that is sent.
Tamper = Callable[[Claims, RSAKey], str]


@dataclass
class TamperedProvider:
    """The provider as it listens; ``url`` is its issuer."""

    url: str = ""
    tamper: Tamper | None = None
    #: Changes to the discovery document, and further keys that are published.
    discovery: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    #: The forms that were posted to the token endpoint, with how the client named itself.
    asked: list[dict[str, str]] = field(default_factory=list)
    #: The id tokens that were sent.
    sent: list[str] = field(default_factory=list)
    #: How often its keys were fetched.
    fetched: int = 0
    #: An answer of the token endpoint instead of its own: status and body.
    says: tuple[int, dict[str, Any]] | None = None

    def reset(self) -> None:
        """Answer truly again."""
        self.__dict__.update(TamperedProvider(url=self.url).__dict__)

    def consent(self, address: str, sub: str, *, browser: httpx.Client | None = None) -> str:
        """Fill the provider's form as ``sub``; returns the address that it sends the browser back to."""
        client = browser or httpx.Client()
        answer = client.post(address, data={"sub": sub})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def tampered_provider(people: dict[str, Claims], *, tls: tuple[Path, Path] | None = None) -> Iterator[TamperedProvider]:
    """Serve a provider that knows these people by their subjects."""
    state = TamperedProvider()
    app = oidc_provider_mock.app(user_claims=[User(sub=sub, claims=claims) for sub, claims in people.items()])
    app.before_request(lambda: _before(state))
    app.after_request(lambda response: _after(state, response))
    app.wsgi_app = _below_any_path(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap it
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=context)
    state.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    thread.join(10)
    server.server_close()


def _below_any_path(inner: Callable[..., Any]) -> Callable[..., Any]:
    """Have the discovery document below whatever path: Entra's issuers have one, with the tenant in it."""

    def outer(environ: dict[str, Any], start: Any) -> Any:
        known = "/.well-known/openid-configuration"
        return inner({**environ, "PATH_INFO": known} if environ["PATH_INFO"].endswith(known) else environ, start)

    return outer


def _before(state: TamperedProvider) -> flask.Response | None:
    request = flask.request
    if request.path != "/oauth2/token":
        return None
    account = request.authorization
    named = {"client": str(account.username), "secret": str(account.password)} if account else {}
    state.asked.append({**request.form.to_dict(), **named})
    if state.says is not None:
        response = flask.jsonify(state.says[1])
        response.status_code = state.says[0]
        return response
    return None


def _after(state: TamperedProvider, response: flask.Response) -> flask.Response:
    path = flask.request.path
    if path == "/.well-known/openid-configuration":
        response.set_data(json.dumps({**response.get_json(), **state.discovery}))
    elif path == "/jwks":
        state.fetched += 1
        response.set_data(json.dumps({"keys": [*response.get_json()["keys"], *state.keys]}))
    elif path == "/oauth2/token" and response.status_code == 200:
        answer = response.get_json()
        if state.tamper is not None and "id_token" in answer:
            key = flask.g.oidc_provider_mock_storage.jwk
            answer["id_token"] = state.tamper(claims_of(answer["id_token"]), key)
            response.set_data(json.dumps(answer))
        state.sent.append(answer.get("id_token", ""))
    return response


# --- what a token becomes ------------------------------------------------------------------------------------------


def claims_of(token: str) -> Claims:
    """What a token says, unverified."""
    part = token.split(".")[1]
    found: Claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def signed(claims: Claims, key: RSAKey, *, algorithm: str = "RS256", kid: str = "") -> str:
    """A token as the provider signs it."""
    return jwt.encode({"alg": algorithm, "kid": kid or str(key.kid)}, claims, key, algorithms=[algorithm])


def saying(**changes: Any) -> Tamper:
    """A rightly signed token that says something else; what is None is left out."""

    def tamper(claims: Claims, key: RSAKey) -> str:
        changed = {**claims, **{n: v(claims) if callable(v) else v for n, v in changes.items()}}
        return signed({name: value for name, value in changed.items() if value is not None}, key)

    return tamper


def forged(claims: Claims, key: RSAKey) -> str:
    """Signed by another key that calls itself by the provider's key's name."""
    return signed(claims, RSAKey.generate_key(2048), kid=str(key.kid))


def forged_of_no_key(claims: Claims, _key: RSAKey) -> str:
    """Signed by a key that is not published."""
    return signed(claims, RSAKey.generate_key(2048), kid="another")


def unsigned(claims: Claims, _key: RSAKey) -> str:
    """``alg`` none, with no signature."""
    header, payload = (_encoded(json.dumps(part)) for part in ({"alg": "none", "typ": "JWT"}, claims))
    return f"{header}.{payload}."


def signed_by_public_key(claims: Claims, key: RSAKey) -> str:
    """HS256 with the published key, as the PEM text of it, for a secret."""
    header = {"alg": "HS256", "kid": str(key.kid)}
    secret = OctKey.import_key(_unguarded(key.as_pem(private=False)))
    return jws.serialize_compact(header, json.dumps(claims), secret, algorithms=["HS256"])


def altered(claims: Claims, key: RSAKey) -> str:
    """The true token, in which another subject was written afterwards."""
    header, _, signature = signed(claims, key).split(".")
    return f"{header}.{_encoded(json.dumps({**claims, 'sub': 'somebody-else'}))}.{signature}"


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _unguarded(pem: bytes) -> bytes:
    """Libraries refuse a PEM as a shared secret; an attacker's does not, hence its bytes without the guard lines."""
    return re.sub(rb"-----[^-]+-----\n", b"", pem)
