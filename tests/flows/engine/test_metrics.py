"""What monitoring reads: measures that agree with what happened, and health that says what is wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.sections import Metrics
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.views.window import Window
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import Did, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import database, outside, workflow
from tests.flows.engine.test_hands import NETWORK, door, fails
from tests.flows.engine.test_lines import on_olt
from tests.flows.engine.test_seen import window
from workers import metrics
from workers.measured import SETTLED

type Serve = Callable[..., httpx.Client]


@pytest.fixture
def serve(bench: Bench, redis_url: str) -> Iterator[Serve]:
    """Start the server on the bench; each answer is asked for anew."""
    with ExitStack() as stack:

        def start(*, broker: str = redis_url, on: Window | None = None) -> httpx.Client:
            settings = bench.parts.settings.model_copy(
                update={"redis_url": SecretStr(broker), "metrics": Metrics(keep_seconds=0)}
            )
            doors = Doors(door(bench), on or window(bench), settings)
            return stack.enter_context(_serving(doors))

        yield start


@contextmanager
def _serving(doors: Doors) -> Iterator[httpx.Client]:
    port = free_port()
    with metrics.server(doors, host="127.0.0.1", port=port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
        server.shutdown()
        thread.join()


def scraped(client: httpx.Client) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of the labels' names."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *(v for _, v in sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def test_measures_agree_with_what_stands_where(bench: Bench, serve: Serve) -> None:
    client = serve()
    fails(bench)
    bench.request()
    bench.clock.push(timedelta(seconds=30))
    intake.pause(door(bench), NETWORK, what="crm", reason="It moves")
    seen = []

    def while_held(case: Case, site: Site) -> Did[Case]:
        assert bench.run(on_olt(), bench.request()) is Ended.BLOCKED
        seen.append(scraped(client))
        return Did(case, "")

    bench.run(on_olt(while_held), bench.request())
    (found,) = seen
    states = ("ready", "in_line", "running", "again", "scheduled", "waiting", "failed")
    assert [found["isp_deliveries", "network", state] for state in states] == [1, 1, 1, 0, 0, 0, 1]
    assert found["isp_oldest_ready_seconds", "network"] == 30
    assert found["isp_in_line", "olt"] == found["isp_turns_held", "olt"] == 1
    assert [found["isp_holds", kind] for kind in ("engine", "subscriber", "olt")] == [0, 1, 0]
    assert found["isp_deliveries_unowned",] == 1
    assert (found["isp_relay_lag_seconds",], found["isp_database_up",]) == (0, 1)


def test_counters_count_each_attempt_once_since_the_process_began(bench: Bench, serve: Serve) -> None:
    bench.run(workflow(outside("b")), bench.request())
    bench.clock.push(timedelta(minutes=1))
    client = serve()

    def slow(case: Case, site: Site) -> Did[Case]:
        bench.clock.push(timedelta(seconds=2))
        return Did(case, "")

    def away(case: Case, site: Site) -> Did[Case]:
        raise Unreachable("It does not answer.")

    assert scraped(client)["isp_lease_takeovers_total",] == 0
    bench.clock.push(timedelta(seconds=1))
    again = bench.request()
    assert bench.run(workflow(outside("b", do=away)), again) is Ended.PUT_OFF
    bench.clock.push(timedelta(seconds=10))
    bench.sweep()
    assert bench.run(workflow(outside("b", do=slow)), again) is Ended.DONE
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET takeovers = 3 WHERE id = :id"), {"id": again})
    at_once = scraped(client)
    assert at_once.get(("isp_step_duration_seconds_count", "b", "activation"), 0) < 2, "the last step has not settled"
    bench.clock.push(SETTLED)
    for _ in range(2):
        found = scraped(client)
        assert found["isp_step_duration_seconds_count", "b", "activation"] == 2
        assert found["isp_step_duration_seconds_sum", "b", "activation"] == 2
        buckets = [found["isp_step_duration_seconds_bucket", le, "b", "activation"] for le in ("1.0", "2.5", "+Inf")]
        assert buckets == [1, 2, 2]
        assert found["isp_step_retries_total", "b", "activation"] == 1
        assert found["isp_step_failures_total", "unreachable", "activation"] == 1
        assert found["isp_lease_takeovers_total",] == 3


def beat(bench: Bench, kind: str) -> None:
    with write(bench.engine) as tx:
        relay.beat(tx=tx, name=f"{kind}@here", kind=kind, now=bench.clock.now())


def test_health_says_what_is_wrong_until_it_is_mended(bench: Bench, serve: Serve) -> None:
    def unwell(client: httpx.Client, page: str) -> dict[str, str]:
        answer = client.get(page)
        told = answer.json()
        assert (answer.status_code, told["ok"]) in ((200, True), (503, False))
        return {check["name"]: check["what"] for check in told["checks"] if not check["ok"]}

    client = serve()
    assert unwell(client, "/healthz") == {}
    assert unwell(client, "/readyz") == {
        "relay": "No relay lives; one was never seen.",
        "worker": "No worker lives; one was never seen.",
    }
    beat(bench, "relay")
    beat(bench, "worker")
    assert unwell(client, "/readyz") == {}
    bench.clock.push(timedelta(seconds=40))
    beat(bench, "worker")
    assert unwell(client, "/readyz") == {"relay": "No relay lives; one was last seen 40 s ago."}
    without_broker = serve(broker=f"redis://127.0.0.1:{free_port()}/0")
    assert unwell(without_broker, "/healthz")["broker"].startswith("Redis does not answer")
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    assert unwell(client, "/healthz")["migrations"].startswith("The database is at 0000, this version needs")
    assert client.get("/elsewhere").status_code == 404


def test_without_a_database_monitoring_still_answers_and_says_so(bench: Bench, serve: Serve) -> None:
    gone = open_engine(f"postgresql://isp@127.0.0.1:{free_port()}/isp")
    look = window(bench)
    client = serve(on=Window(engine=gone, clock=look.clock, settings=look.settings, olts=look.olts))
    assert scraped(client) == {("isp_database_up",): 0}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert {c["name"] for c in answer.json()["checks"] if not c["ok"]} == {"database", "engine"}


def test_scrapes_within_a_moment_share_one_answer(bench: Bench, redis_url: str) -> None:
    settings = bench.parts.settings.model_copy(update={"metrics": Metrics(keep_seconds=60)})
    with _serving(Doors(door(bench), window(bench), settings)) as client:
        before = scraped(client)
        bench.run(workflow(database("a")), bench.request())
        bench.request()
        assert scraped(client) == before
