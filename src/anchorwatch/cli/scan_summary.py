"""What a scan says on stderr when it is done."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click

from anchorwatch.model import LEVELS, rfc3339

if TYPE_CHECKING:
    from anchorwatch.edges.rejects import Rejects
    from anchorwatch.engine import batch


def tell(
    result: batch.Result, rejects: Rejects, seconds: float, out: str | None, report: str | None, as_json: bool,
    job: batch.Job,
) -> None:  # fmt: skip
    """Print what was seen and found."""
    levels = Counter(a.level for a in result.alerts if a.status != "withdrawn")
    if as_json:
        click.echo(json.dumps(_record(result, rejects, seconds, levels) | _listed(job)), err=True)
        return
    click.echo(
        f"{result.positions:,} positions of {result.vessels:,} vessels, {result.vessel_hours:,.0f} vessel-hours"
        + (f", {rfc3339(result.first_us)} to {rfc3339(result.last_us)}" if result.last_us else "")
        + f", in {seconds:.1f} s.",
        err=True,
    )
    found = ", ".join(f"{levels[level]} {level}" for level in reversed(LEVELS) if levels[level]) or "no alerts"
    withdrawn = sum(a.status == "withdrawn" for a in result.alerts)
    click.echo(f"Alerts: {found}{f', {withdrawn} withdrawn' if withdrawn else ''}.", err=True)
    if result.counts:
        aside = ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in sorted(result.counts.items()))
        click.echo(f"Set aside: {aside}.", err=True)
    if job.watch_lists.lists:
        from anchorwatch.edges import watch_lists

        for line in watch_lists.summary(job.watch_lists):
            click.echo(f"Watch list {line}", err=True)
    for line in rejects.summary():
        click.echo(line, err=True)
    if report:
        click.echo(f"Open {report} in a browser.", err=True)
    elif out is None and result.alerts:
        click.echo("Add --report page.html to see the alerts on a map.", err=True)


def _record(result: batch.Result, rejects: Rejects, seconds: float, levels: Counter[str]) -> dict[str, object]:
    return {
        "positions": result.positions,
        "vessels": result.vessels,
        "vessel_hours": round(result.vessel_hours, 3),
        "since": rfc3339(result.first_us) if result.last_us else None,
        "until": rfc3339(result.last_us) if result.last_us else None,
        "seconds": round(seconds, 3),
        "alerts": {level: levels[level] for level in LEVELS},
        "withdrawn": sum(a.status == "withdrawn" for a in result.alerts),
        "set_aside": result.counts,
        "rejects": rejects.counts,
    }


def _listed(job: batch.Job) -> dict[str, object]:
    """Return what was read of each watch list."""
    said = [{"file": w.path, "layout": w.layout, "vessels": len(w.entries), "not_used": w.counts,
             "dated": rfc3339(w.dated_us)} for w in job.watch_lists.lists]  # fmt: skip
    return {"watch_lists": said} if said else {}
