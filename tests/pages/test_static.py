"""Static files: compressed where the browser takes it, the same content either way, and nothing outside the folders."""

from __future__ import annotations

from collections.abc import Callable

from tests.pages.conftest import Running

Serve = Callable[..., Running]
BOKEH = "/static/js/bokeh.min.js"


def test_script_is_compressed_once_and_means_the_same(serve: Serve) -> None:
    client = serve().client()
    packed, again = (client.get(BOKEH, headers={"accept-encoding": "gzip"}) for _ in range(2))
    plain = client.get(BOKEH, headers={"accept-encoding": "identity"})
    assert packed.content == again.content == plain.content
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "accept-encoding")
    assert int(packed.headers["content-length"]) < 0.4 * int(plain.headers["content-length"])
    assert [a.headers["cache-control"] for a in (packed, again, plain)] == ["public, max-age=3600"] * 3
    assert packed.headers["content-type"] == plain.headers["content-type"]


def test_unknown_and_outside_files_are_not_found(serve: Serve) -> None:
    client = serve().client()
    for path in (
        "/static/none.js",
        "/assets/none.css",
        "/assets/%2e%2e/seal.py",
        "/static/%2e%2e/%2e%2e/util/token.py",
    ):
        assert client.get(path).status_code == 404


def test_pages_are_never_kept_by_a_browser(serve: Serve) -> None:
    running = serve()
    assert running.signed_in("sales").get("/orders").headers["cache-control"] == "no-store"
    assert running.client().get("/sign-in").headers["cache-control"] == "no-store"
