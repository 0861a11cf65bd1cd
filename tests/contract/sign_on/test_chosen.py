"""Which servers lines are let on by is a matter of settings; `isp doctor` looks at those that are set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.both import Both
from isp_lifecycle.aaa.kea import Kea
from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.aaa.radius import Radius
from isp_lifecycle.bootstrap import SettingMissing, open_sign_on
from isp_lifecycle.cli.doctor import machine
from isp_lifecycle.cli.doctor.finding import Health
from isp_lifecycle.foundation.settings import SettingWrong, load_settings
from tests.contract.sign_on.lines import LINE, line
from tests.sign_on.freeradius import FreeRadius


def url(engine: sa.Engine, **changed: Any) -> str:
    return engine.url.set(**changed).render_as_string(hide_password=False)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch, freeradius: FreeRadius, kea_engine: sa.Engine, tmp_path: Path) -> None:
    """Both servers are set, as an operator sets them."""
    monkeypatch.setenv("ISP_VAR", str(tmp_path))
    monkeypatch.setenv("ISP_RADIUS__DATABASE_URL", url(freeradius.engine, drivername="postgresql"))
    monkeypatch.setenv("ISP_RADIUS__LINE_SECRET", "lines-test-only")
    monkeypatch.setenv("ISP_RADIUS__VENDORS", json.dumps(["huawei", "wispr"]))
    monkeypatch.setenv("ISP_KEA__DATABASE_URL", url(kea_engine, drivername="postgresql"))
    monkeypatch.setenv("ISP_KEA__SUBNETS", json.dumps({"10.77.0.0/24": 1}))


def test_without_settings_nothing_is_connected() -> None:
    assert isinstance(open_sign_on(load_settings(), application="test"), NotConnected)


@pytest.mark.usefixtures("connected")
def test_with_both_set_a_line_is_let_on_by_both(freeradius: FreeRadius) -> None:
    sign_on = open_sign_on(load_settings(), application="test")
    assert isinstance(sign_on, Both)
    assert sign_on.admit(LINE).words == (
        "DHCP: S-001001 gets 10.77.0.50 in subnet 1. "
        "RADIUS: S-001001 stands in group isp-open-500000k-100000k, 7 rows written."
    )
    answer = freeradius.radtest(LINE.service_code, freeradius.password(LINE.service_code)).attributes
    assert (answer["WISPr-Bandwidth-Max-Up"], answer["WISPr-Bandwidth-Max-Down"]) == ("100000000", "500000000")


@pytest.mark.usefixtures("connected")
def test_with_subnets_of_ipv6_set_its_numbers_are_reserved_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISP_KEA__SUBNETS6", json.dumps({"2001:db8::/40": 6}))
    sign_on = open_sign_on(load_settings(), application="test")
    said = sign_on.admit(line(delegated="2001:db8:0:100::/56")).words
    assert "DHCPv6: S-001001 gets 2001:db8:0:100::/56 in subnet 6." in said
    assert [found.name for found in machine.sign_on(load_settings())] == ["Kea", "Kea (IPv6)", "FreeRADIUS"]
    monkeypatch.setenv("ISP_KEA__SUBNETS6", json.dumps({"10.77.0.0/24": 6}))
    with pytest.raises(SettingWrong):
        load_settings()


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(("unset", "kind"), [("KEA", Radius), ("RADIUS", Kea)])
def test_with_one_set_it_is_that_one(monkeypatch: pytest.MonkeyPatch, unset: str, kind: type[object]) -> None:
    monkeypatch.delenv(f"ISP_{unset}__DATABASE_URL")
    assert isinstance(open_sign_on(load_settings(), application="test"), kind)


@pytest.mark.usefixtures("connected")
def test_passwords_need_something_that_they_are_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ISP_RADIUS__LINE_SECRET")
    with pytest.raises(SettingMissing, match="passwords") as caught:
        open_sign_on(load_settings(), application="test")
    assert "ISP_RADIUS__LINE_SECRET" in caught.value.remedy


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("name", "value"),
    [("KEA__SUBNETS", '{"10.77.0.1/24": 1}'), ("KEA__SUBNETS", '{"10.77.0.0/24": 0}'), ("RADIUS__VENDORS", '["acme"]')],
)
def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ISP_{name}", value)
    with pytest.raises(SettingWrong, match=f"ISP_{name}"):
        load_settings()


@pytest.mark.usefixtures("connected")
def test_secrets_show_nowhere() -> None:
    settings = load_settings()
    assert "lines-test-only" not in f"{settings!r} {open_sign_on(settings, application='test')!r}"


@pytest.mark.usefixtures("connected")
def test_doctor_finds_both_well() -> None:
    findings = list(machine.sign_on(load_settings()))
    assert [(f.name, f.health) for f in findings] == [("Kea", Health.OK), ("FreeRADIUS", Health.OK)]
    assert findings[0].what.endswith("it holds 0 reservations.")


@pytest.mark.usefixtures("connected")
def test_doctor_says_which_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch, freeradius: FreeRadius, kea_engine: sa.Engine
) -> None:
    wrong = url(freeradius.engine, drivername="postgresql", password="wrong")
    monkeypatch.setenv("ISP_RADIUS__DATABASE_URL", wrong)
    monkeypatch.setenv("ISP_KEA__DATABASE_URL", url(kea_engine, drivername="postgresql", port=1))
    kea, radius = machine.sign_on(load_settings())
    assert (kea.health, radius.health) == (Health.FAILED, Health.FAILED)
    assert "does not answer" in kea.what
    assert "ISP_RADIUS__DATABASE_URL" in radius.remedy


def test_doctor_says_nothing_of_what_is_not_set() -> None:
    assert list(machine.sign_on(load_settings())) == []
