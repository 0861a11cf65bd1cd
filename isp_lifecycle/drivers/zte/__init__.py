"""ZTE ZXA10: C300 and C320 with the classic ZXAN command line, V2.1; C600, C650 and C620 with Titan's.

Two vendors to the registry, since nothing on the wire tells them apart before it is too late. What both say stands in
this folder; what Titan says otherwise is in ``titan``. Both have one lab family and one set of parsers.
"""

from __future__ import annotations

from isp_lifecycle.drivers.vendor import Vendor
from isp_lifecycle.drivers.zte.commands import ZteCommands
from isp_lifecycle.drivers.zte.dialect import DIALECT, TITAN_DIALECT
from isp_lifecycle.drivers.zte.reading import READING
from isp_lifecycle.drivers.zte.reads import ZteReads
from isp_lifecycle.drivers.zte.titan.commands import TitanCommands
from isp_lifecycle.drivers.zte.titan.reads import TitanReads

# "write" is known at the top only (C600: nowhere else), so it is asked for there.
_SAVE = ("end", "write", DIALECT.from_top)

ZTE = Vendor(name="zte", dialect=DIALECT, commands=ZteCommands(), reads=ZteReads, save=_SAVE, reading=READING)

ZTE_C600 = Vendor(
    name="zte-c600", dialect=TITAN_DIALECT, commands=TitanCommands(), reads=TitanReads, save=_SAVE, reading=READING
)
