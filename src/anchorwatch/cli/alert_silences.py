"""Silences from the terminal: what need not be notified for a while. Alerts stay in the list all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from anchorwatch.cli import alert_words as words
from anchorwatch.cli.alert_desk import Desk, with_watch
from anchorwatch.console.routes.ask import box as box_of
from anchorwatch.edges.records import plain
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.model import LEVELS, rfc3339


@click.command()
@click.option("--mmsi", type=click.IntRange(1, 999_999_999), help="A vessel.")
@click.option("--asset", metavar="NAME", help="Name or id of an asset.")
@click.option("--box", metavar="W,S,E,N", help="An area, in degrees.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only alerts of this kind; several may be given.")
@click.option("--level", type=click.Choice(LEVELS), default="warning", show_default=True, help="Up to this level.")
@click.option("--hours", required=True, type=click.FloatRange(0.01, 24), help="At most 24.")
@click.option("--reason", required=True, help="Why.")
@with_watch
def silence(
    mmsi: int | None, asset: str | None, box: str | None, kinds: tuple[str, ...], level: str, hours: float,
    reason: str, **watch: Any,
) -> None:  # fmt: skip
    """Keep a vessel, an asset or an area from being notified for a while. Its alerts are still raised and shown."""
    if mmsi is None and asset is None and box is None:
        raise BadUse("silence for what", "alerts silence", "Give --mmsi, --asset or --box")
    with Desk(**watch) as desk:
        wish = {
            "until": rfc3339(desk.watch.told_us + round(hours * 3.6e9)),
            "reason": reason, "mmsi": mmsi, "asset": desk.asset(asset), "area": _corners(box), "kinds": list(kinds),
            "level": level,
        }  # fmt: skip
        words.say(f"Silenced. {line(desk.watch.post('silences', said=wish))}")


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@with_watch
def unsilence(ids: tuple[str, ...], **watch: Any) -> None:
    """End silences before their time, by the ids that `silences` shows."""
    bad = 0
    with Desk(**watch) as desk:
        running = desk.watch.get("silences")["silences"]
        for begins in dict.fromkeys(ids):
            try:
                ended = desk.watch.delete("silences", _one(running, begins))
                words.say(f"Ended. {line(ended)}")
            except AnchorwatchError as error:
                words.say(f"anchorwatch: {error}", err=True)
                bad += 1
    if bad:
        raise click.exceptions.Exit(2)


@click.command()
@click.option("--ended", is_flag=True, help="Also those that are over.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@with_watch
def silences(ended: bool, as_json: bool, **watch: Any) -> None:
    """List the silences in force."""
    with Desk(**watch) as desk:
        found = desk.watch.get("silences", ended="true" if ended else None)["silences"]
    for its in found:
        words.say_json(its) if as_json else words.say(line(its))
    if not found and not as_json:
        words.say("Nothing is silenced.")


def line(its: Mapping[str, Any]) -> str:
    """Return a silence in one line."""
    what = [f"MMSI {its['mmsi']}"] if its["mmsi"] is not None else []
    what += [str(its["asset"])] if its["asset"] is not None else []
    what += ["area " + " ".join(f"{lon:g},{lat:g}" for lon, lat in its["area"])] if its["area"] else []
    what += [k.replace("_", " ") for k in its["kinds"]]
    over = f", ended by {its['ended_by']}" if its["ended"] else ""
    said = f"{its['id']}  {', '.join(what)}, up to {its['level']}, until {words.moment(its['until'])}{over}"
    return plain(f"{said}; {its['by']}: {its['reason']}")


def _corners(text: str | None) -> list[tuple[float, float]]:
    box = box_of(text)
    if box is None:
        return []
    if box.west >= box.east or box.south >= box.north:
        raise BadUse("this box holds nothing, or goes over the date line", "--box", "Give W,S,E,N with W less than E")
    return [(box.west, box.south), (box.east, box.south), (box.east, box.north), (box.west, box.north)]


def _one(running: list[dict[str, Any]], begins: str) -> str:
    wanted = begins if begins.startswith("s1-") else f"s1-{begins}"
    found = [str(s["id"]) for s in running if str(s["id"]).startswith(wanted)]
    if len(found) != 1:
        what = f"{len(found)} silences begin so" if found else "no such silence is in force"
        raise BadUse(what, plain(begins)[:40], "See `anchorwatch alerts silences`")
    return found[0]
