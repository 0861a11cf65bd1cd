"""What the activations report says: its sentences, the bars of its charts, its tables; from frames, without a database.

The notebook arranges them. Everything has an answer for a period in which nothing happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from isp_lifecycle.views.charts import Bar, classes

#: The person's part of an activation; how long it takes says nothing of the system.
WAITED_FOR = "Wait for the installer"
#: Longer than so many times the median is told apart, so that the classes stay readable.
FAR = 4.0
#: Below this, times are told in seconds.
SHORT_MINUTES = 2.0


@dataclass(frozen=True)
class ActivationFigures:
    """The figures of a period. Minutes are from Activate pressed to service active; None where there was nothing."""

    activations: int
    first_time: int
    failures: int
    mended_alone: int
    median_minutes: float | None
    slow_minutes: float | None
    median_days: float | None

    @property
    def first_time_share(self) -> float | None:
        """The share that succeeded the first time, 0 to 1."""
        return self.first_time / self.activations if self.activations else None


def figures_of(activations: pd.DataFrame, failures: pd.DataFrame) -> ActivationFigures:
    """The figures of these activations and of the failures of activations."""
    some = len(activations) > 0
    minutes, days = activations["connect_minutes"], activations["order_days"]
    return ActivationFigures(
        activations=len(activations),
        first_time=int(activations["first_time"].sum()),
        failures=len(failures),
        mended_alone=int((failures["kind"] == "unreachable").sum()),
        median_minutes=float(minutes.median()) if some else None,
        slow_minutes=float(minutes.quantile(0.9)) if some else None,
        median_days=float(days.median()) if some else None,
    )


def of_activations(frame: pd.DataFrame) -> pd.DataFrame:
    """Only the rows that are about activations."""
    return frame[frame["workflow"] == "activation"]


def heading(first: date, last: date, area: str) -> str:
    """What the report is about, as Markdown."""
    return f"# Activations, {_day(first)} to {_day(last)}\n\n{f'Area: {area}' if area else 'All areas'}"


def sentences(figures: ActivationFigures) -> str:
    """The outcome in plain sentences, as Markdown."""
    share = figures.first_time_share
    if share is None:
        return f"No activation was finished in this period.{_stuck(figures)}"
    told = [
        f"**{_many(figures.activations, 'line was', 'lines were')} activated.** "
        f"{figures.first_time} of them ({share:.0%}) succeeded the first time.",
        f"From Activate pressed to service active it took {_minutes(figures.median_minutes)} in the middle case; "
        f"nine in ten were done within {_minutes(figures.slow_minutes)}.",
        f"From order to service it took {_days(figures.median_days)} in the middle case.",
        _failures(figures),
    ]
    return "\n\n".join(told)


def _failures(figures: ActivationFigures) -> str:
    if not figures.failures:
        return "No step failed."
    alone = f", {_many(figures.mended_alone, 'was', 'were')} repeated without a person" if figures.mended_alone else ""
    return f"{_many(figures.failures, 'attempt', 'attempts')} at a step failed{alone}."


def _stuck(figures: ActivationFigures) -> str:
    return f" {_failures(figures)}" if figures.failures else ""


def weeks(activations: pd.DataFrame, *, first: date, last: date, zone: str) -> tuple[Bar, ...]:
    """Activations a week (by its Monday), those without and with a failed step; weeks without any are there, too."""
    days = activations["active_at"].dt.tz_convert(zone).dt.date
    mondays = days.map(_monday) if len(days) else days
    counts = activations.groupby([mondays, activations["first_time"]]).size().to_dict()
    start = _monday(first)
    every = [start + timedelta(weeks=n) for n in range((_monday(last) - start).days // 7 + 1)]
    return tuple(Bar(f"{m:%d %b}", (float(counts.get((m, True), 0)), float(counts.get((m, False), 0)))) for m in every)


@dataclass(frozen=True)
class ConnectTimes:
    """How many activations took how long, in classes of this unit, and how many took too long to be drawn."""

    unit: str
    bars: tuple[Bar, ...]
    left_out: int

    @property
    def words(self) -> str:
        """What the drawing leaves out."""
        if not self.left_out:
            return ""
        not_drawn = "is not drawn" if self.left_out == 1 else "are not drawn"
        return f"{self.left_out} took more than {FAR:.0f} times as long as the middle case and {not_drawn}."


def connect_times(activations: pd.DataFrame) -> ConnectTimes:
    """The time to connect, in seconds where that is short and in minutes where it is long."""
    minutes = activations["connect_minutes"].dropna()
    if not len(minutes):
        return ConnectTimes("seconds", (), 0)
    near = minutes[minutes <= FAR * minutes.median()]
    unit, factor = ("seconds", 60.0) if minutes.median() < SHORT_MINUTES else ("minutes", 1.0)
    return ConnectTimes(unit, classes([float(m) * factor for m in near]), len(minutes) - len(near))


def step_bars(step_times: pd.DataFrame) -> tuple[Bar, ...]:
    """The median seconds of each step that was done: the device's share, and our own."""
    done = step_times[(step_times["state"] == "done") & (step_times["step"] != WAITED_FOR)]
    if not len(done):
        return ()
    medians = done.groupby(["position", "step"])[["seconds", "device_seconds"]].median().sort_index().reset_index()
    return tuple(
        Bar(str(row["step"]), (float(row["device_seconds"]), max(float(row["seconds"] - row["device_seconds"]), 0.0)))
        for row in medians.to_dict("records")
    )


def failure_bars(failures: pd.DataFrame) -> tuple[Bar, ...]:
    """Failed attempts by step: those that a person was asked about, and those that were repeated by themselves."""
    alone = failures["kind"] == "unreachable"
    counts = failures.assign(alone=alone).groupby(["step", "alone"]).size().to_dict()
    steps = failures["step"].value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    return tuple(
        Bar(str(step), (float(counts.get((step, False), 0)), float(counts.get((step, True), 0)))) for step in steps
    )


def causes(failures: pd.DataFrame) -> pd.DataFrame:
    """Failures by step and kind: how many, how long it took until the step was done, the latest in its own words."""
    grouped = failures.sort_values("at").groupby(["step", "kind"], as_index=False)
    table = grouped.agg(
        attempts=("what", "size"), median_minutes_until_done=("mended_minutes", "median"), latest=("what", "last")
    )
    table = table.sort_values(["attempts", "step"], ascending=[False, True], ignore_index=True)
    table["median_minutes_until_done"] = table["median_minutes_until_done"].astype("float64").round(1)
    return table.rename(columns=lambda name: str(name).replace("_", " "))


def areas(activations: pd.DataFrame) -> pd.DataFrame:
    """Activations by area: how many, the share that succeeded the first time, the median minutes and days."""
    grouped = activations.groupby("area", as_index=False)
    table = grouped.agg(
        activations=("order_code", "size"),
        first_time=("first_time", "mean"),
        median_minutes=("connect_minutes", "median"),
        median_days=("order_days", "median"),
    )
    table["first_time"] = [f"{share:.0%}" for share in table["first_time"].astype("float64")]
    table[["median_minutes", "median_days"]] = table[["median_minutes", "median_days"]].astype("float64").round(1)
    return table.rename(columns=lambda name: str(name).replace("_", " "))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _minutes(minutes: float | None) -> str:
    if minutes is None:
        return "no time"
    return f"{minutes * 60:.0f} seconds" if minutes < SHORT_MINUTES else f"{minutes:.0f} minutes"


def _days(days: float | None) -> str:
    if days is None:
        return "no time"
    return f"{days * 24:.0f} hours" if days < 2 else f"{days:.1f} days"
