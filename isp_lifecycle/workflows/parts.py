"""The real parts that workflows work with, chosen by ``bootstrap`` and handed in; nothing here is found by itself."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from isp_lifecycle.aaa.ports import SignOn
from isp_lifecycle.crm.ports import CrmSender
from isp_lifecycle.drivers.contract import OltSession, Transcript
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.reports.ports import Reporter


class OltSessions(Protocol):
    """Sessions with the OLTs by name, pooled and reused."""

    def writer(self, name: str, transcript: Transcript) -> AbstractContextManager[OltSession]:
        """The one session that may change this OLT."""
        ...

    def reader(self, name: str, transcript: Transcript) -> AbstractContextManager[OltSession]:
        """A session for looking only."""
        ...

    def forget_refusal(self, name: str) -> None:
        """A person says that the account was mended: log in again."""
        ...


@dataclass(frozen=True)
class Parts:
    """What a workflow's steps may use."""

    engine: sa.Engine
    clock: Clock
    settings: Settings
    olts: OltSessions
    sign_on: SignOn
    crm: CrmSender
    mailer: Mailer
    reporter: Reporter
