"""What sets the two command lines of the family apart without being a command: spellings, and what is said to whom.

The classic texts are those of a C320 of V2.1. Of Titan's, seen on C600 or C620 are the codes for input that is not
understood, for nothing to show, for what stands already, and for a profile that does not stand; the other numbers are
the classic ones behind Titan's 22, and what is said of being busy or full is invented in both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """One command line of the family."""

    product: str
    pon_word: str
    onu_word: str
    remote_mode: str
    """In the prompt while somebody configures an ONT's inside."""
    configuring: str
    done: str
    unknown: str
    ambiguous: str
    incomplete: str
    no_such: str
    """To a name that nothing has."""
    no_profile: str
    nothing: str
    exists: str
    no_entry: str
    no_type: str
    record_exists: str
    service_exists: str
    busy: str
    full: str
    offline: str
    """To what would be told to an ONT that is off."""
    failure: str

    def pon(self, slot: int, port: int) -> str:
        """Return the interface of a PON port."""
        return f"{self.pon_word}1/{slot}/{port}"

    def onu(self, key: tuple[int, int, int]) -> str:
        """Return the interface of a registered ONT."""
        slot, port, number = key
        return f"{self.onu_word}1/{slot}/{port}:{number}"


_WHERE = "Invalid input detected at '^' marker."

CLASSIC = Syntax(
    product="C320",
    pon_word="gpon-olt_",
    onu_word="gpon-onu_",
    remote_mode="gpon-onu-mng 1/{slot}/{port}:{number}",
    configuring="%Info 20272: Enter configuration commands, one per line.  End with CTRL/Z.",
    done="[Successful]",
    unknown=f"%Error 20200: {_WHERE}",
    ambiguous=f"%Error 20200: {_WHERE}",
    incomplete="%Error 20203: Incomplete command",
    no_such=f"%Error 20202: {_WHERE} Invalid parameter",
    no_profile=f"%Error 20202: {_WHERE} Invalid parameter",
    nothing="%Code 62310-GPONSRV : No related information to show.",
    exists="%Code 62391-GPONSRV : The entry is existed. This is a re-create operation.",
    no_entry="%Code 62397-GPONSRV: The entry is not existed.",
    no_type="%Code 63904-GPONRM : Not support this ONU",
    record_exists="%Code 63869-GPONRM : Record already exists.",
    service_exists="%Code 66661: The service is already existed.",
    busy="%Error 20000: System is busy, please try again later.",
    full="%Error 20000: The number of ONUs on the port has reached the upper limit.",
    offline="%Code 63987-GPONRM : The onu is not online.",
    failure="%Code 69999-GPONRM : Internal failure (0x1c)",
)

TITAN = Syntax(
    product="C600",
    pon_word="gpon_olt-",
    onu_word="gpon_onu-",
    remote_mode="config-gpon-onu-mng",
    configuring="Enter configuration commands, one per line.  End with CTRL/Z.",
    done="",
    unknown=f"%Error 140303: {_WHERE}",
    ambiguous="%Error 140301: Ambiguous command.",
    incomplete="%Error 140305: Incomplete command.",
    no_such=f"%Error 140303: {_WHERE}",
    no_profile="%Error 223981: Profile does not exist.",
    nothing="%Error 230285: No related information to show.",
    exists="%Error 222391: The entry is existed. This is a re-create operation.",
    no_entry="%Error 222397: The entry is not existed.",
    no_type="%Error 223904: Not support this ONU.",
    record_exists="%Error 223869: Record already exists.",
    service_exists="%Error 226661: The service is already existed.",
    busy="%Error 140000: System is busy, please try again later.",
    full="%Error 140000: The number of ONUs on the port has reached the upper limit.",
    offline="%Error 223987: The onu is not online.",
    failure="%Error 229999: Internal failure (0x1c).",
)
