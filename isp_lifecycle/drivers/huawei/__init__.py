"""Huawei SmartAX: MA5600T, MA5608T, MA5680T, MA5683T, MA5800, EA5800."""

from __future__ import annotations

from isp_lifecycle.drivers.huawei.commands import HuaweiCommands
from isp_lifecycle.drivers.huawei.dialect import DIALECT
from isp_lifecycle.drivers.huawei.reading import READING
from isp_lifecycle.drivers.huawei.reads import HuaweiReads
from isp_lifecycle.drivers.vendor import Vendor

HUAWEI = Vendor(
    name="huawei", dialect=DIALECT, commands=HuaweiCommands(), reads=HuaweiReads, save=("save",), reading=READING
)
