"""V-SOL V1600G (GPON) OLTs: one unit of 2 to 16 PON ports without boards, also sold under other names.

Chosen among the low-cost brands because more of it is established than of C-Data's or BDCOM's: real outputs of nearly
every read, and full provisioning from the running configurations of real units. The facts were seen on
V1600G0-B V1.4.8R (reads, the configuration of ONTs, the session), V1600G1 V2.3.1R (the whole configuration, registering
and removing by hand, unasked messages), V2.1.6R (profiles, rates, switching ONTs off and on) and V1600GT V1.0.1R
(commit). Where these differ the driver speaks V1.4.8R and reads the others as well. It has not met a real OLT yet.

Assumed, for want of any source: what it says about what stands already or is missing where no text is cited, that
``exit`` from configuration mode leads to where ``write`` is known, that T-CONT and GEM port may be given again as they
stand, that PON ports carry every VLAN by themselves, and that a line may end in LF (on SSH it may; on Telnet a V2.3.1R
takes CR LF for two).
"""

from __future__ import annotations

from isp_lifecycle.drivers.vendor import Vendor
from isp_lifecycle.drivers.vsol.commands import VsolCommands
from isp_lifecycle.drivers.vsol.dialect import DIALECT
from isp_lifecycle.drivers.vsol.reading import READING
from isp_lifecycle.drivers.vsol.reads import VsolReads

# After "end" a V1600G1 V2.3.1R does not take "configure terminal" again, so the way up is "exit".
VSOL = Vendor(
    name="vsol",
    dialect=DIALECT,
    commands=VsolCommands(),
    reads=VsolReads,
    save=("exit", "write", DIALECT.from_top),
    reading=READING,
)
