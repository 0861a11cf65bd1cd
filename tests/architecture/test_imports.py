"""Imports: they point one way, importing does nothing, and all of them stand at the top of a file."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, product_modules, product_sources

#: Run in a process of its own: imports each module while an audit hook notes every reach of ours beyond the process.
WALK = """
import importlib, sys
reached = []
EVENTS = {"socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
          "sqlite3.connect", "os.mkdir", "os.remove", "os.rename", "smtplib.connect", "urllib.Request"}
ours = None
def note(event, arguments):
    if event != "open" and event not in EVENTS:
        return
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.split(".")[0] in ("isp_lifecycle", "workers", "dashboards"):
            break
        if name.startswith("importlib"):
            return  # another package does it when it is imported
        frame = frame.f_back
    if event in EVENTS and ours and frame is not None:
        reached.append(f"{ours}: {event} {arguments!r:.120}")
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes and ours and frame is not None and "__pycache__" not in str(arguments[0]):
        reached.append(f"{ours}: writes {arguments[0]}")
sys.addaudithook(note)
for ours in sys.argv[1:]:
    __import__(ours)
print("\\n".join(reached))
"""


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts") :] + done.stderr


def test_importing_reaches_nothing_outside_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WALK, *product_modules()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split("\n") == ["", ""]


#: Where something is imported when it is needed, and why it is worth it: netmiko and paramiko take 0.4 s to load, which
#: every command and every process would wait for, and few open a session.
#: ldap3 takes as long, and serves those who have a directory.
LATE = {"isp_lifecycle/drivers/session.py", "isp_lifecycle/drivers/pool.py", "isp_lifecycle/bootstrap.py"}


def test_imports_stand_at_the_top() -> None:
    inside = [
        source.at(node)
        for source in product_sources()
        for function in source.walk(ast.FunctionDef | ast.AsyncFunctionDef)  # type: ignore[arg-type]
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert {place.partition(":")[0] for place in inside} == LATE, inside
