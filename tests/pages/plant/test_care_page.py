"""Looking after a line in a real browser: its ONT read now, its sessions and usage, its reset followed step by step."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import write
from tests.pages.browser import Visit, new_context
from tests.pages.plant.conftest import Desk, texts

pytestmark = pytest.mark.browser

#: The columns of FreeRADIUS's own table that are read.
RADACCT = """
    CREATE TABLE radacct (radacctid bigserial, acctsessionid text, username text, nasipaddress inet, nasportid text,
        acctstarttime timestamptz, acctupdatetime timestamptz, acctstoptime timestamptz, acctinputoctets bigint,
        acctoutputoctets bigint, callingstationid text, acctterminatecause text, framedipaddress inet,
        framedipv6address inet, delegatedipv6prefix inet)
"""
SESSIONS = """
    INSERT INTO radacct (acctsessionid, username, nasipaddress, nasportid, acctstarttime, acctupdatetime, acctstoptime,
                         acctinputoctets, acctoutputoctets, callingstationid, acctterminatecause, framedipaddress)
    SELECT 's-' || n, :user, '192.0.2.1', 'OLT-NORTH xpon 0/1/0/0:6.1.100', now() - n * interval '26 hours',
           now() - interval '4 minutes',
           CASE WHEN n > 0 THEN now() - n * interval '25 hours' END,
           n * bigint '100000000', (n + 1) * bigint '1500000000', '00-00-5E-00-53-01',
           CASE WHEN n > 0 THEN 'User-Request' END, '10.64.0.9'
    FROM generate_series(0, 14) AS n
"""


def with_accounts(desk: Desk, service: str) -> Desk:
    """The plant, whose RADIUS has accounted for fifteen sessions of a line; one of them is live."""
    engine = desk.plant.engine
    with write(engine) as tx:
        tx.execute(sa.text(RADACCT))
        tx.execute(sa.text(SESSIONS), {"user": service})
    accounts = Accounts(Server("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", engine))
    desk.plant = replace(desk.plant, window=replace(desk.plant.window, accounts=accounts))
    return desk


def test_support_reads_a_line_resets_its_ont_and_follows_it(desk: Desk, chromium: Browser) -> None:
    desk.active("Ada Byrne")
    (service,) = texts(desk, "SELECT code FROM services WHERE state = 'active'")
    visit = Visit(new_context(chromium, "desktop"), with_accounts(desk, service).serve().url)
    visit.sign_in("support", at=f"/services?service={service}")
    page = visit.page
    page.get_by_role("button", name="Read now", exact=True).click()
    now = page.locator("section.card", has_text="The ONT now")
    expect(now.get_by_role("row", name=re.compile("State online, configuration normal"))).to_be_visible()
    expect(now.get_by_role("row", name=re.compile(r"Firmware V5R0\w+.* in its other memory"))).to_be_visible()
    expect(now.get_by_role("row", name=re.compile(r"Damaged frames \d+ down, \d+ up .*OLT-\w+ in"))).to_be_visible()
    page.get_by_role("button", name="Read sessions and usage", exact=True).click()
    sessions = page.locator("section.card", has_text="Past sessions")
    expect(sessions.get_by_text("OLT-NORTH xpon 0/1/0/0:6.1.100")).to_be_visible()
    expect(sessions.get_by_text("1–10 of 14")).to_be_visible()
    sessions.get_by_text("After →").click()
    expect(sessions.get_by_text("11–14 of 14")).to_be_visible()
    page.get_by_role("button", name="Reset ONT …", exact=True).click()
    expect(page.get_by_text("Ada Byrne is offline for a minute or two.")).to_be_visible()
    page.get_by_role("button", name="Reset it", exact=True).click()
    reset = page.locator("section.card", has_text="Reset of the ONT")
    expect(reset.get_by_text("Asked for by Nuala Support")).to_be_visible()
    expect(page.get_by_role("button", name="Reset ONT …")).to_have_count(0)
    desk.plant.work()
    expect(reset.locator("li.done")).to_have_count(5)
    expect(page.get_by_role("button", name="Reset ONT …")).to_be_visible()
