"""A supervisor over tiny real servers, run as a process of its own: ``town_of_parts.py VAR PORT SCENE``."""

from __future__ import annotations

import sys
from pathlib import Path

from isp_lifecycle.cli.up.part import Part, accepts
from isp_lifecycle.cli.up.register import alone
from isp_lifecycle.cli.up.supervisor import Supervisor
from isp_lifecycle.foundation.errors import LifecycleError

#: Listens on a port after a pause and notes when it came and when it was told to go.
SERVER = """
import os, signal, socket, subprocess, sys, time
name, port, diary, manner = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
def note(what):
    with open(diary, "a") as file:
        file.write(f"{name} {what}\\n")
def leave(*_):
    note("goes")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if manner == "deaf" else leave)
if manner == "broken":
    print("the fuse has blown", flush=True)
    sys.exit(3)
if manner == "parent":
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
time.sleep(0.2)
with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    note("comes")
    print(f"{name} listens", flush=True)
    while True:
        connection, _ = listener.accept()
        connection.close()
"""


def server(name: str, port: int, stage: int, var: Path, manner: str = "good") -> Part:
    """One tiny server."""
    return Part(
        name=name,
        argv=(sys.executable, "-c", SERVER, name, str(port), str(var / "diary"), manner),
        stage=stage,
        ready=accepts(port),
        ports=(port,),
        stop_seconds=1.0,
        start_seconds=10.0,
    )


def scene(name: str, port: int, var: Path) -> tuple[Part, ...]:
    """The parts of one test."""
    good = (server("cellar", port, 0, var), server("hall", port + 1, 1, var), server("attic", port + 2, 2, var))
    manners = {"good": good, "broken": (*good[:2], server("attic", port + 2, 2, var, "broken"))}
    manners["deaf"] = (*good[:2], server("attic", port + 2, 2, var, "deaf"))
    manners["parent"] = (*good[:2], server("attic", port + 2, 2, var, "parent"))
    failing = Part(name="sweep", argv=(sys.executable, "-c", "raise SystemExit('no broom')"), stage=1, once=True)
    manners["once"] = (good[0], failing, good[2])
    return manners[name]


def main() -> None:
    """Run the scene until told to stop."""
    var, port, name = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

    def say(part: str, text: str) -> None:
        print(f"{part}: {text}", flush=True)

    try:
        with alone(var):
            Supervisor(parts=scene(name, port, var), var=var, port=port, host="127.0.0.1", say=say).run(
                when_up=lambda: say("isp", "up")
            )
    except LifecycleError as error:
        print(f"refused: {error} / {error.remedy}", flush=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
