"""Looking at pages without a browser: the page, its websocket, and the document, as the page's scripts would ask."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import websockets
from bokeh.protocol import Protocol
from bokeh.protocol.message import Message

from isp_lifecycle.cli.bench.errors import BenchStuck

_TOKEN = re.compile(r'"token":\s*"([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
COOKIE = "isp_staff"
WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Reader:
    """Somebody who is signed in."""

    url: str
    cookie: str

    @classmethod
    def signed_in(cls, url: str, username: str, password: str) -> Reader:
        """Fill in the form and send it."""
        with httpx.Client(base_url=url, headers={"origin": url}, timeout=WITHIN_SECONDS) as client:
            hidden = dict(_HIDDEN.findall(client.get("/sign-in").text))
            client.post("/sign-in", data={**hidden, "username": username, "password": password})
            if COOKIE not in client.cookies:
                raise BenchStuck(f"{username} to be signed in", "The server refused it.")
            return cls(url, client.cookies[COOKIE])

    @asynccontextmanager
    async def looks(self, path: str) -> AsyncIterator[websockets.ClientConnection]:
        """The page's websocket, after its whole document has come."""
        async with self.reads(path) as (socket, _document):
            yield socket

    @asynccontextmanager
    async def reads(self, path: str) -> AsyncIterator[tuple[websockets.ClientConnection, str]]:
        """The page's websocket, and the document that came."""
        async with httpx.AsyncClient(
            base_url=self.url, cookies={COOKIE: self.cookie}, timeout=WITHIN_SECONDS
        ) as client:
            answer = await client.get(path)
        found = _TOKEN.search(answer.text)
        if found is None:
            raise BenchStuck(f"the page {path}", f"It answered {answer.status_code}.")
        async with websockets.connect(
            f"{self.url.replace('http', 'ws')}{path.partition('?')[0]}/ws",
            subprotocols=[websockets.Subprotocol("bokeh"), websockets.Subprotocol(found.group(1))],
            origin=websockets.Origin(self.url),
            additional_headers={"cookie": f"{COOKIE}={self.cookie}"},
            max_size=None,
            ping_interval=None,
        ) as socket:
            await _until(socket, "ACK")
            asked: Message[object] = Protocol().create("PULL-DOC-REQ")
            for fragment in (asked.header_json, asked.metadata_json, asked.content_json):
                await socket.send(fragment)
            yield socket, await _until(socket, "PULL-DOC-REPLY")


async def _until(socket: websockets.ClientConnection, kind: str) -> str:
    """The content of the next message of this kind: frames of header, metadata, content, and perhaps buffers."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            frame = await socket.recv()
            if isinstance(frame, str) and '"msgtype"' in frame and json.loads(frame).get("msgtype") == kind:
                await socket.recv()
                return str(await socket.recv())


@dataclass(frozen=True)
class Heard:
    """Seconds from each change to each open page's hearing of it, and what was looked at while all were open."""

    seconds: list[float]
    while_open: float


async def all_hear(
    readers: Sequence[tuple[Reader, str]], change: Callable[[int], None], look: Callable[[], float], *, times: int
) -> Heard:
    """Open all pages; then change something so many times, and see when each page hears of it.

    ``change`` is called in a thread, with the number of the turn; ``look`` once, while all are open and at rest.
    """
    heard: list[float] = []
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(reader.looks(path)) for reader, path in readers]
        found = look()
        for turn in range(times):
            await asyncio.gather(*(_at_rest(socket) for socket in sockets))
            began = time.monotonic()

            async def hear(socket: websockets.ClientConnection, began: float = began) -> float:
                await _until(socket, "PATCH-DOC")
                return time.monotonic() - began

            waiting = [asyncio.create_task(hear(socket)) for socket in sockets]
            await asyncio.to_thread(change, turn)
            heard += await asyncio.gather(*waiting)
    return Heard(heard, found)


async def _at_rest(socket: websockets.ClientConnection) -> None:
    """Read what still comes of what was before, until nothing has come for a while."""
    while True:
        try:
            await asyncio.wait_for(socket.recv(), 2.0)
        except TimeoutError:
            return  # nothing came: that is what was waited for
