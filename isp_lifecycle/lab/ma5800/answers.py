"""The words with which an MA5800 refuses (device-facts 1.3); layouts and wraps as seen on devices."""

from isp_lifecycle.lab import terminal


class Rejected(terminal.Rejected):
    """A command was understood and refused; the argument is the text the device prints."""


BUSY = "  Failure: System is busy, please retry after a while"
SERIAL_EXISTS = "  Failure: SN already exists"
ONT_ID_EXISTS = "  Failure: The ONT ID has already existed"
NO_ONT = "  Failure: The ONT does not exist"
NO_SUCH_ONT = "  Failure: The required ONT does not exist"
NOTHING_FOUND = "  Failure: The automatically found ONTs do not exist"
NOT_ONLINE = "  Failure: The ONT is not online"
NO_LINE_PROFILE = "  Failure: The line profile does not exist"
NO_SERVICE_PROFILE = "  Failure: The service profile does not exist"
NO_GEM_PORT = "  Failure: The GEM port does not exist"
NO_VLAN = "  Failure: The VLAN does not exist"
VLAN_EXISTS = "  Failure: VLAN does already exist"
NO_TABLE = "  Failure: The traffic table does not exist"
TABLE_EXISTS = "  Failure: The traffic table exists already"
NO_FLOW = "  Failure: The service virtual port does not exist"
NO_FLOW_TO_OPERATE = "  Failure: No service virtual port can be operated"
ONT_HAS_FLOWS = "  Failure: This configured object has some service virtual\n  ports"
REPEATED = "  Failure: Make configuration repeatedly"
PORT_IN_VLAN = "  Failure: The port is already in the VLAN"
NO_BOARD_SUPPORT = "  Failure: Board does not support the operation"
NO_BOARD = "  Failure: The board does not exist"
NO_PORT = "  Failure: The port does not exist"  # the words are not established
WRONG_BOARD = "  Failure: Board type error"
NO_IP_INTERFACE = "  Failure: The IP interface does not exist"
NO_DBA = "  Failure: The DBA-profile does not exist"
DBA_EXISTS = "  Failure: The DBA-profile has already existed"
OMCI_TYPE4 = "  Failure: OMCI must not use type4 DBA-profile"
PORT_FULL = "  Failure: The number of ONTs on the port has reached the upper limit"
COMMIT_NEEDED = "  Info: Please use the commit command to make modifications take effect"


def flow_exists(index: int) -> str:
    """Return the refusal of a flow that is already there, with its index."""
    return f"  Failure: The service virtual port has existed already\n  Conflicted service virtual port index: {index}"
