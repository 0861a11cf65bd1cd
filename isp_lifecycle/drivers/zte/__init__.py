"""ZTE ZXA10 C300 and C320 with the classic ZXAN command line, V2.1.

The C600 family (Titan) names its interfaces and places its service ports otherwise: this driver does not speak to it.
"""

from __future__ import annotations

from isp_lifecycle.drivers.vendor import Vendor
from isp_lifecycle.drivers.zte.commands import ZteCommands
from isp_lifecycle.drivers.zte.dialect import DIALECT
from isp_lifecycle.drivers.zte.reads import ZteReads

# "write" is known at the top only (C600: nowhere else), so it is asked for there.
ZTE = Vendor(
    name="zte", dialect=DIALECT, commands=ZteCommands(), reads=ZteReads, save=("end", "write", DIALECT.from_top)
)
