"""The Celery application: ``celery -A workers.app worker -Q network,office``; queues, limits, the schedule.

The database is the truth and the broker only wakes workers, so nothing here keeps results, and a message that is
lost or comes twice does no harm.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_process_init, worker_ready, worker_shutting_down

from isp_lifecycle.bootstrap import redis_url
from isp_lifecycle.events.subscriptions import Queue
from isp_lifecycle.foundation.logs import set_up
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.intake.clockwork import CHARGES_AT
from isp_lifecycle.intake.sources import LOOKS_EVERY_SECONDS
from workers import runtime


def _configuration() -> dict[str, Any]:
    """Read when the application is first used, so that importing it asks for nothing."""
    settings = load_settings()
    return {
        "broker_url": redis_url(settings),
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {"visibility_timeout": 3600, "socket_connect_timeout": 3},
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_publish_retry": False,
        "task_default_queue": str(Queue.OFFICE),
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "timezone": settings.company.zone,
        "include": ["workers.tasks"],
        "beat_schedule": _often(settings) | _by_night(settings),
    }


def _often(settings: Settings) -> dict[str, Any]:
    """What is looked for all day long."""
    return {
        "escalate overdue waits": {"task": "workers.tasks.escalate_overdue", "schedule": 30.0},
        "escalate late tickets": {"task": "workers.tasks.escalate_tickets", "schedule": 60.0},
        "look for ONTs registered ahead": {
            "task": "workers.tasks.look_for_prepared",
            "schedule": 60.0,
            "options": {"queue": str(Queue.OFFICE)},
        },
        "find owners": {"task": "workers.tasks.find_owners", "schedule": 30.0},
        "save changed OLTs": {
            "task": "workers.tasks.save_changed_olts",
            "schedule": settings.network.save_every_minutes * 60.0,
            "options": {"queue": str(Queue.OFFICE)},
        },
        "look again at who signed in": {
            "task": "workers.tasks.look_again",
            "schedule": LOOKS_EVERY_SECONDS,
            "options": {"expires": LOOKS_EVERY_SECONDS},
        },
        "seal the audit trail": {"task": "workers.tasks.seal_trail", "schedule": 15.0},
        "end address quarantine": {"task": "workers.tasks.end_quarantine", "schedule": 600.0},
        "begin plan changes": {"task": "workers.tasks.begin_plan_changes", "schedule": 60.0},
        "follow leads": {"task": "workers.tasks.follow_leads", "schedule": 60.0},
        "end holds": {"task": "workers.tasks.end_holds", "schedule": 60.0},
    }


def _by_night(settings: Settings) -> dict[str, Any]:
    """What is done once a day, when nobody waits for an OLT."""
    return {
        "check numbers": {
            "task": "workers.tasks.check_numbers",
            "schedule": crontab(hour=settings.network.reconcile_at_hour, minute=50),
        },
        "exchange with NetBox": {
            "task": "workers.tasks.exchange_with_netbox",
            "schedule": crontab(hour=settings.network.reconcile_at_hour, minute=5),
        },
        "charge months": {"task": "workers.tasks.charge_months", "schedule": crontab(hour=CHARGES_AT, minute=0)},
        "compare OLTs": {
            "task": "workers.tasks.compare_olts",
            "schedule": crontab(hour=settings.network.reconcile_at_hour, minute=20),
        },
        "read light": {
            "task": "workers.tasks.read_light",
            "schedule": crontab(hour=settings.network.reconcile_at_hour, minute=35),
        },
        "forget old evidence": {"task": "workers.tasks.forget_evidence", "schedule": crontab(hour=3, minute=40)},
        "place leads": {"task": "workers.tasks.place_leads", "schedule": crontab(hour=4, minute=10)},
        "weekly report": {"task": "workers.tasks.weekly_report", "schedule": crontab(hour=6, minute=0)},
    }


app = Celery("isp")
app.add_defaults(_configuration)


@setup_logging.connect
def _logs(**_signal: object) -> None:
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="worker")


@worker_ready.connect
def _alive(sender: Any, **_signal: object) -> None:
    runtime.live(name=str(sender.hostname), kind="worker")


@worker_shutting_down.connect
def _leaving(**_signal: object) -> None:
    runtime.stop()


@worker_process_init.connect
def _forked(**_signal: object) -> None:
    runtime.forget()
