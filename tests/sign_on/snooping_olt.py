"""The part of an OLT that DHCP meets: two ports, between which it puts option 82 into what customers send.

It works as a layer-2 relay agent (RFC 3046, without giaddr), which is how access nodes insert the option into a
customer's own packet. Everything else passes as it came.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ETHERNET, UDP_HEADER, FIXED = 14, 8, 240
END, PAD, RELAY_AGENT, CIRCUIT_ID = 255, 0, 82, 1


@contextmanager
def snooping_olt(
    *, namespace: str, customers: str, servers: str, circuits: dict[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """Join two interfaces of a network namespace; yields the circuits by hardware address, for the test to fill."""
    circuits = {} if circuits is None else circuits
    down, up = _ports(namespace, (customers, servers))
    wake, stop = socket.socketpair()
    passing = threading.Thread(target=_pass, args=(down, up, circuits, wake), daemon=True)
    passing.start()
    yield circuits
    stop.close()
    passing.join()
    for one in (down, up, wake):
        one.close()


def _ports(namespace: str, names: tuple[str, str]) -> list[socket.socket]:
    """Raw sockets on interfaces of a namespace, opened by a thread that enters it and ends."""
    opened: list[socket.socket] = []

    def enter() -> None:
        with Path(f"/run/netns/{namespace}").open() as place:
            os.setns(place.fileno(), os.CLONE_NEWNET)
        for name in names:
            port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
            port.bind((name, 0))
            opened.append(port)

    entering = threading.Thread(target=enter)
    entering.start()
    entering.join()
    assert len(opened) == 2, f"no raw sockets in {namespace}"
    return opened


def _pass(down: socket.socket, up: socket.socket, circuits: dict[str, str], wake: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([down, up, wake], [], [])
        if wake in ready:
            return
        for port in ready:
            frame, (_, _, kind, *_) = port.recvfrom(65536)
            if kind == socket.PACKET_OUTGOING:
                continue  # what this thread has sent itself
            if port is down:
                up.send(with_option(frame, circuits.get(frame[6:12].hex(":"))))
            else:
                down.send(frame)


def with_option(frame: bytes, circuit: str | None) -> bytes:
    """The frame, with the circuit in option 82 when it is a customer's DHCP request and the circuit is known."""
    ip = frame[ETHERNET:]
    if circuit is None or frame[12:14] != b"\x08\x00" or ip[9] != socket.IPPROTO_UDP:
        return frame
    header = (ip[0] & 15) * 4
    udp, message = ip[header : header + UDP_HEADER], ip[header + UDP_HEADER :]
    if udp[2:4] != struct.pack("!H", 67):
        return frame
    at = _end_of_options(message)
    raw = circuit.encode()
    option = bytes((RELAY_AGENT, len(raw) + 2, CIRCUIT_ID, len(raw))) + raw
    message = message[:at] + option + bytes((END,))
    # A UDP checksum of zero says that there is none (RFC 768).
    udp = udp[:4] + struct.pack("!HH", UDP_HEADER + len(message), 0)
    begin = ip[:2] + struct.pack("!H", header + len(udp) + len(message)) + ip[4:10] + b"\0\0" + ip[12:header]
    begin = begin[:10] + struct.pack("!H", _checksum(begin)) + begin[12:]
    return frame[:ETHERNET] + begin + udp + message


def _end_of_options(message: bytes) -> int:
    at = FIXED
    while message[at] != END:
        at += 1 if message[at] == PAD else 2 + message[at + 1]
    return at


def _checksum(header: bytes) -> int:
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
