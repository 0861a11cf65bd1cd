"""A lab in a process of its own, for whoever needs one for a while: tests, the demo, a benchmark."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from isp_lifecycle.lab.client import LabClient, LabNeverReady

STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabProcess:
    """A running lab: where to steer it and where its OLTs listen."""

    process: subprocess.Popen[str]
    url: str
    ports: dict[str, int]

    @classmethod
    def start(
        cls,
        *,
        state: Path,
        seed: int = 7,
        olts: int = 2,
        vendors: tuple[str, ...] = (),
        dense: bool = False,
        region: bool = False,
        awake: int = 120,
        speed: float = 20.0,
        base_port: int = 0,
        control_port: int = 0,
        reenter: int = 4,
        idle_seconds: float = 300.0,
        environment: dict[str, str] | None = None,
    ) -> Self:
        """Start a lab and return when everything listens; LabNeverReady when it ends before that."""
        arguments = {
            "--state": state,
            "--seed": seed,
            "--olts": olts,
            "--vendors": ",".join(vendors),
            "--speed": speed,
            "--awake": awake,
            "--base-port": base_port,
            "--control-port": control_port,
            "--reenter": reenter,
            "--idle-timeout": idle_seconds,
        }
        command = [
            sys.executable,
            "-m",
            "isp_lifecycle.lab",
            *(str(word) for pair in arguments.items() for word in pair),
            *(("--dense",) if dense else ()),
            *(("--region",) if region else ()),
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("lab ready "):
            raise LabNeverReady(f"the lab ended with status {process.wait(STOP_SECONDS)}")
        places = dict(part.split("=", 1) for part in line.split()[2:])
        url = places.pop("control")
        return cls(
            process=process, url=url, ports={name: int(place.rsplit(":", 1)[1]) for name, place in places.items()}
        )

    def client(self) -> LabClient:
        """Return a new client of this lab."""
        return LabClient(self.url)

    def stop(self) -> int:
        """End the lab politely and return its exit status."""
        self.process.terminate()
        return self._ended()

    def kill(self) -> int:
        """End the lab as a power cut would, and return its exit status."""
        self.process.send_signal(signal.SIGKILL)
        return self._ended()

    def _ended(self) -> int:
        status = self.process.wait(STOP_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()
