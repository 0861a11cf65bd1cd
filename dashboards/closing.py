"""What a page holds is let go when its browser has gone, not some time after."""

from __future__ import annotations

from bokeh.protocol.exceptions import ProtocolError
from bokeh.server.core import BokehServerCore
from bokeh.util.token import get_session_id
from starlette.types import ASGIApp, Receive, Scope, Send

#: Where a page's websocket is, after the page's own path.
WEBSOCKET = "/ws"


class Closing:
    """Stands before the pages and asks for the end of a page's session when its websocket has closed.

    A browser that lost its connection asks for the page anew (``assets/shell.js``), with a session of its own. Panel
    would keep the old one for another 15 seconds: its megabyte, and its questions to the database whenever something
    changes. Those 15 seconds remain for a page whose scripts are still on their way to a slow phone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        #: Set once the pages are mounted.
        self.core: BokehServerCore | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "websocket":
                self._let_go(scope)

    def _let_go(self, scope: Scope) -> None:
        offered = scope.get("subprotocols") or []
        if self.core is None or len(offered) != 2 or not scope["path"].endswith(WEBSOCKET):
            return
        try:
            session = self.core.get_session(scope["path"].removesuffix(WEBSOCKET) or "/", get_session_id(offered[1]))
        except (ProtocolError, KeyError, ValueError):
            return  # refused before it had one
        session.request_expiration()
