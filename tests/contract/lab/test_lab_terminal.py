"""The command line as a terminal sees it: prompts, hints, pager, interruptions, errors, the end of sessions."""

import asyncio
import re

import asyncssh
import pytest

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from tests.contract.lab.terminals import OLT, LogIn, terminal

SERIAL = "48575443AB000001"
ERASE = "\x1b[37D" + " " * 37 + "\x1b[37D"


def test_login_ends_in_a_prompt_a_late_warning_and_a_second_prompt(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in(settled=False) as seat:
            first = await seat.until(r"OLT-NORTH>")
            assert first.startswith("\n  Huawei Integrated Access Software (MA5800).\n  Copyright(C) Huawei")
            assert "  User last login information:\n" in first
            assert "  Access Type : SSH\n  IP-Address  : 127.0.0.1\n" in first
            assert await seat.until(r"OLT-NORTH>") == (
                "\n  Warning: The user password is set by other administrator or NMS, it is\n"
                "recommended to change the password.\n\nOLT-NORTH>"
            )

    asyncio.run(scene())


def test_views_have_their_prompts(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            seen = [
                (await seat.do(line)).rsplit("\n", 1)[1]
                for line in (
                    "config", "interface gpon 0/1", "quit", "ont-lineprofile gpon profile-id 10", "return", "diagnose",
                )[:5]
            ]  # fmt: skip
            assert seen == [
                "OLT-NORTH(config)#",
                "OLT-NORTH(config-if-gpon-0/1)#",
                "OLT-NORTH(config)#",
                "OLT-NORTH(config-gpon-lineprofile-10)#",
                "OLT-NORTH#",
            ]
            assert (await seat.do("diagnose", r"%%$")).endswith("OLT-NORTH(diagnose)%%")

    asyncio.run(scene())


def test_an_empty_line_separates_prompts(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            assert await seat.do("config") == "config\n\nOLT-NORTH(config)#"

    asyncio.run(scene())


def test_hint_waits_for_enter_and_then_echoes_the_command(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("smart")
            assert await seat.do("display ont autofind all", r"\}:$") == "display ont autofind all\n{ <cr>||<K> }:"
            assert await seat.do("") == (
                "\n\n  Command:\n          display ont autofind all\n"
                "  Failure: The automatically found ONTs do not exist\n\nOLT-NORTH#"
            )

    asyncio.run(scene())


def test_driver_that_ignores_the_hint_loses_its_command(log_in: LogIn, lab: LabClient, free_address: str) -> None:
    """The trap: the next line is appended to the pending one, and neither is executed."""

    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            await seat.do("interface gpon 0/1")
            await seat.do("smart")
            add = f'ont add 0 sn-auth "{SERIAL}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "S-1"'
            assert (await seat.do(add, r"\}:$")).endswith("{ <cr>|ont-type<K> }:")
            answer = await seat.do("quit")
            assert f"  Command:\n          {add} quit\n" in answer
            assert "  % Parameter error, the error locates at '^'\n" in answer
            caret = next(line for line in answer.splitlines() if line.strip() == "^")
            assert caret.index("^") == 10 + len(add) + 1
            assert answer.endswith("OLT-NORTH(config-if-gpon-0/1)#")

    lab.plug(SERIAL, free_address)
    lab.wait_until(SERIAL, "autofind", seconds=10)  # its alarm would break into what the scene waits for
    asyncio.run(scene())
    assert lab.ont(SERIAL).ont_id is None


def test_hints_come_back_in_a_new_session(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            assert await seat.do("display board 0") != ""
        async with log_in(settled=False) as seat:
            await seat.until(r"OLT-NORTH>[\s\S]*OLT-NORTH>")
            assert (await seat.do("display version", r"\}:$")).endswith(
                "{ <cr>|backplane<K>|frameid/slotid<S><Length 1-15> }:"
            )

    asyncio.run(scene())


def test_pager_stops_continues_and_breaks(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            first = await seat.do("display service-port all", r"----$")
            assert first.endswith("---- More ( Press 'Q' to break ) ----")
            assert first.count("\n") == 1 + 23
            seat.type(" ")
            page = await seat.until(r"----$")
            assert page.startswith(ERASE)
            assert page.count("\n") == 23
            seat.type("\n")
            assert (await seat.until(r"----$")).count("\n") == 1
            seat.type("q")
            assert await seat.until("#$") == f"{ERASE}\nOLT-NORTH#"

    asyncio.run(scene())


@pytest.mark.parametrize("switch", ["scroll", "scroll 512", "| no-more"])
def test_pager_can_be_switched_off(log_in: LogIn, switch: str) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            line = "display service-port all"
            if switch.startswith("scroll"):
                await seat.do(switch)
            else:
                line = f"{line} {switch}"
            answer = await seat.do(line)
            assert "More" not in answer
            assert "   Total : 65 " in answer

    asyncio.run(scene())


def test_pipe_filters_lines(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            answer = await seat.do("display service-port all | include Total")
            assert re.fullmatch(r"display.*Total\n   Total : 65 .*\n\nOLT-NORTH#", answer)

    asyncio.run(scene())


def test_alarm_breaks_into_a_waiting_terminal_with_what_was_typed(log_in: LogIn, lab: LabClient) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            seat.type("disp")
            await seat.until("disp$")
            serial = lab.olt(OLT).onts[0].serial
            lab.power_off(serial)
            seen = await seat.until(r"--- END\r\n\r\nOLT-NORTH#disp$")
            assert re.search(r"\n  ! \d+ \[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00\]:\n  ALARM \d+ FAULT MINOR ", seen)
            labels = re.findall(r"^  ([A-Z ]+?) +: ", seen, re.M)
            assert labels == ["ALARM NAME", "PARAMETERS", "DESCRIPTION", "CAUSE", "ADVICE"]
            assert (await seat.do("lay board 0")).startswith("lay board 0\n  ----")

    asyncio.run(scene())


def test_alarm_breaks_into_an_answer(log_in: LogIn, lab: LabClient) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            first = await seat.do("display service-port all", r"----$")
            assert "ALARM" not in first
            lab.power_off(lab.olt(OLT).onts[0].serial)
            seat.type(" ")
            page = await seat.until(r"----$")
            assert re.search(r"(up|down)\n\n  ! \d+ \[.*\n.*\n  ALARM NAME[\s\S]*--- END\n +\d+ \d+ ", page)

    asyncio.run(scene())


@pytest.mark.parametrize("lines", [["infoswitch cli OFF"], ["config", "undo alarm output all", "return"]])
def test_alarms_can_be_switched_off(log_in: LogIn, lab: LabClient, lines: list[str]) -> None:
    async def scene() -> None:
        async with log_in() as seat, log_in() as other:
            for line in lines:
                await seat.do(line)
            lab.power_off(lab.olt(OLT).onts[0].serial)
            await other.until("--- END")
            assert await seat.do("display foo") == (
                "display foo\n                  ^\n  % Unknown command, the error locates at '^'\n\nOLT-NORTH#"
            )

    asyncio.run(scene())


def test_questions_default_to_no(log_in: LogIn, lab: LabClient) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            question = r"\(y/n\)\[n\]:$"
            asked = await seat.do("undo service-port port 0/1/0", question)
            assert asked.endswith("  Are you sure to release service virtual port(s)? (y/n)[n]:")
            assert await seat.do("") == "\n\nOLT-NORTH(config)#"
            await seat.do("interface gpon 0/1")
            await seat.do("ont reset 0 0", question)
            assert "Failure" not in await seat.do("y")

    asyncio.run(scene())
    olt = lab.olt(OLT)
    assert olt.service_ports == 65
    first = next(ont for ont in olt.onts if (ont.pon_port, ont.ont_id) == ("0/1/0", 0))
    assert first.last_down_cause == "ONT is reset by ONT command"


def test_save_makes_the_device_busy_and_reports_later(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            started = await seat.do("save")
            assert "  It will take several minutes to save configuration file, please wait...\n" in started
            busy = "  Failure: System is busy, please retry after a while\n"
            assert busy in await seat.do("vlan 400 smart")
            assert busy in await seat.do("save")
            assert "Total: 3" in await seat.do("display vlan all")
            await seat.until("is saved completely\r\n\r\nOLT-NORTH\\(config\\)#$")
            assert await seat.do("vlan 400 smart") == "vlan 400 smart\n\nOLT-NORTH(config)#"

    asyncio.run(scene())


def test_typed_ahead_lines_are_echoed_where_they_are_consumed(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            seat.type("config\ninterface gpon 0/1\nont delete 0 99\n")
            assert await seat.until(r"exist\r\n\r\n\S+#$") == (
                "config\n\nOLT-NORTH(config)#interface gpon 0/1\n\nOLT-NORTH(config-if-gpon-0/1)#ont delete 0 99\n"
                "  Failure: The ONT does not exist\n\nOLT-NORTH(config-if-gpon-0/1)#"
            )

    asyncio.run(scene())


def test_line_can_be_edited_and_asked_about(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            seat.type("configx\x7f")
            await seat.until("x\b \b$")
            seat.type("?")
            assert "OLT-NORTH#config" in await seat.until(r"OLT-NORTH#config$")
            assert (await seat.do("")).endswith("OLT-NORTH(config)#")
            helped = await seat.do("interface gpon ?\x15")
            assert "  frameid/slotid<S><Length 1-15>\n" in helped

    asyncio.run(scene())


def test_logout_asks_first(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            assert (await seat.do("quit", r"\[n\]:$")) == (
                "quit\n  Check whether system data has been changed. Please save data before logout.\n"
                "Are you sure to log out? (y/n)[n]:"
            )
            assert (await seat.do("n")).endswith("OLT-NORTH#")
            await seat.do("quit", r"\[n\]:$")
            seat.type("y\n")
            assert (await seat.closed()) == "y\n  Configuration console exit, please retry to log on\n"

    asyncio.run(scene())


def test_wrong_password_is_refused(lab_process: LabProcess, lab: LabClient) -> None:
    banners: list[str] = []

    class Listener(asyncssh.SSHClient):
        def auth_banner_received(self, msg: str, lang: str) -> None:
            banners.append(msg)

    async def scene() -> None:
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(
                "127.0.0.1",
                lab_process.ports[OLT],
                username="ispdriver",
                password="wrong",
                known_hosts=None,
                client_factory=Listener,
                config=None,
            )

    asyncio.run(scene())
    assert "".join(banners) == "User Authentication\r\n\r\n  Username or password invalid.\r\n"


def test_fifth_session_of_an_account_is_turned_away(log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in(), log_in(), log_in():
            async with log_in(settled=False) as fourth:
                await fourth.until("OLT-NORTH>")
                async with log_in(settled=False) as fifth:
                    assert await fifth.closed() == "\n  Reenter times have reached the upper limit.\n\n"
            async with log_in() as again:
                assert (await again.do("config")).endswith("OLT-NORTH(config)#")

    asyncio.run(scene())


def test_idle_session_is_ended(lab_process: LabProcess, tmp_path_factory: pytest.TempPathFactory) -> None:
    async def scene(port: int) -> None:
        async with terminal(port, settled=False) as seat:
            assert (await seat.closed()).endswith("\n  Configuration console time out, please retry to log on\n")

    with LabProcess.start(state=tmp_path_factory.mktemp("idle"), speed=0, idle_seconds=0.3) as running:
        asyncio.run(scene(running.ports[OLT]))
