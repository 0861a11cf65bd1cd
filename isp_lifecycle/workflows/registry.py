"""The one registry: the code behind each subscriber's name in ``events.subscriptions``."""

from __future__ import annotations

from typing import Any

from isp_lifecycle.workflows.line.activation import ACTIVATION
from isp_lifecycle.workflows.line.address_change import ADDRESS_CHANGE
from isp_lifecycle.workflows.line.light_reading import LIGHT_READING
from isp_lifecycle.workflows.line.plan_change import PLAN_CHANGE
from isp_lifecycle.workflows.line.plugged import PREPARED_LOOK
from isp_lifecycle.workflows.line.reconciliation import RECONCILIATION
from isp_lifecycle.workflows.line.recording import LINE_RECORDING
from isp_lifecycle.workflows.line.relocation import RELOCATION
from isp_lifecycle.workflows.line.repair import LINE_REPAIR
from isp_lifecycle.workflows.line.reset import ONT_RESET
from isp_lifecycle.workflows.line.save import OLT_SAVE
from isp_lifecycle.workflows.line.suspension import RESUMPTION, SUSPENSION
from isp_lifecycle.workflows.line.swap import ONT_SWAP, ONT_SWAP_VISIT
from isp_lifecycle.workflows.line.termination import TERMINATION
from isp_lifecycle.workflows.office.account_mail import ACCOUNT_MAIL
from isp_lifecycle.workflows.office.billing import (
    BILLING_CHANGE,
    BILLING_PAUSE,
    BILLING_RESUME,
    BILLING_START,
    BILLING_STOP,
)
from isp_lifecycle.workflows.office.bulk import BULK
from isp_lifecycle.workflows.office.crm import CRM
from isp_lifecycle.workflows.office.mail import MAIL
from isp_lifecycle.workflows.office.probe import PROBE
from isp_lifecycle.workflows.office.report import REPORT
from isp_lifecycle.workflows.office.trial_mail import TRIAL_MAIL
from isp_lifecycle.workflows.steps import Workflow

WORKFLOWS: dict[str, Workflow[Any]] = {
    workflow.name: workflow
    for workflow in (
        ACTIVATION,
        PLAN_CHANGE,
        TERMINATION,
        SUSPENSION,
        RESUMPTION,
        ONT_SWAP,
        ONT_SWAP_VISIT,
        RELOCATION,
        ADDRESS_CHANGE,
        OLT_SAVE,
        RECONCILIATION,
        LIGHT_READING,
        PREPARED_LOOK,
        LINE_REPAIR,
        LINE_RECORDING,
        ONT_RESET,
        BILLING_START,
        BILLING_CHANGE,
        BILLING_STOP,
        BILLING_PAUSE,
        BILLING_RESUME,
        CRM,
        MAIL,
        ACCOUNT_MAIL,
        TRIAL_MAIL,
        REPORT,
        PROBE,
        BULK,
    )
}
