"""`anchorwatch watch`: live feeds, or an archive as if live: alerts raised, kept, worked and sent."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anchorwatch.cli import data_folder
from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.console.serve import Serving
    from anchorwatch.console.settings import Settings
    from anchorwatch.engine.job import Job
    from anchorwatch.judgement.work import Event
    from anchorwatch.model import Alert
    from anchorwatch.watch.house import Orders
    from anchorwatch.watch.steady_clock import SteadyClock

TRIAL = "trial:"
FIRST_STEP = (
    "Give --feed digitraffic: (Finland's open feed), --feed tcp://HOST:PORT (a receiver), or --replay FILE; "
    "docs/feeds.md lists all"
)


@click.command()
@click.option(
    "--feed", "feeds", multiple=True, metavar="URL", help="tcp:// udp:// serial: file: stdin: digitraffic: ..."
)
@click.option("--replay", "replays", multiple=True, metavar="FILE", help="Play an archive, or trial:NAME, as if live.")
@click.option(
    "--speed", default=1.0, show_default=True, type=click.FloatRange(0, 1e6),
    help="Of the replay: data seconds a second; 0 = as fast as it goes.",
)  # fmt: skip
@click.option(
    "--from", "from_time", metavar="TIME", help="Of a replay: as fast as it goes up to here, then at --speed."
)
@click.option("--assets", multiple=True, metavar="FILE", help="What to protect. Default: the built-in catalogue.")
@click.option("--zones", multiple=True, metavar="FILE", help="Ports, anchorages, lanes, ...")
@click.option("--watch-list", "watch_lists", multiple=True, metavar="FILE", help="CSV of listed vessels.")
@click.option("--faults", metavar="FILE", help="Outage notices, JSON or CSV.")
@click.option("--depth", metavar="FILE", help="Grid of water depths.")
@click.option("--tiles", multiple=True, metavar="FILE.pmtiles", help="A chart of yours, shown in the console.")
@click.option("--date", metavar="TIME", help="Of a replay: when lines without a time were received.")
@click.option(
    "--data", metavar="DIR", help="Where the watch keeps everything. Default: in your home; for a replay none."
)
@click.option(
    "--listen", metavar="HOST:PORT",
    help="Where the API is served. Default: 127.0.0.1:8741; none = nowhere. With it, a replay stays open at its end.",
)  # fmt: skip
@click.option("--allow-host", "allow_hosts", multiple=True, metavar="NAME", help="A further name of this machine.")
@click.option("--public-url", default="", metavar="URL", help="https address of a proxy in front.")
@click.option("--tls-cert", metavar="FILE", help="Certificate, PEM.")
@click.option("--tls-key", metavar="FILE", help="Its key, PEM.")
@click.option("--notify", metavar="FILE.toml", help="Whom to tell of alerts, and how.")
@click.option(
    "--reports", multiple=True, metavar="URL_OR_FILE",
    help="Reports to be read: RSS, Atom, GDELT, notices, text; polled. NAME=URL names the medium.",
)  # fmt: skip
@click.option("--hold", type=click.FloatRange(0, 86400), metavar="S", help="How late rows may come, for all feeds.")
@click.option("--keep-days", type=float, metavar="DAYS", help="Age at which the raw log and tracks are removed.")
@click.option("--keep-gb", type=float, metavar="GB", help="Size at which the oldest of the raw log is removed.")
@click.option(
    "--checkpoint-s", type=click.FloatRange(0.1, 86400), default=60.0, show_default=True, metavar="S",
    help="Seconds between checkpoints: a restart reads again what came since.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print every new or changed alert as a line of JSON.")
def command(**said: Any) -> None:
    """Keep watch, live or over a replay. Ctrl-C ends it; the next start goes on where it was.

    Alerts are printed as they come, kept in --data, and worked with `anchorwatch alerts` or over the API.
    """
    if said["feeds"] and said["replays"]:
        raise BadUse("feeds and a replay cannot be watched together", "watch", FIRST_STEP)
    with ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o077))  # raw log, places, checkpoints: for nobody else, as the store
        data = Path(said["data"]) if said["data"] else _default_data(bool(said["replays"]), stack)
        make_folder(data)
        _needs_something(said, data)
        clock = steady_clock()
        keep(orders_of(said, data, clock), clock, Voice(said["quiet"], said["as_json"]))


def _needs_something(said: dict[str, Any], data: Path) -> None:
    """Refuse a watch that hears nothing and that nobody could tell what to hear: there is no console."""
    from anchorwatch.edges.feeds import offers

    if said["listen"] == "none" and not (said["feeds"] or said["replays"] or said["reports"] or offers.chosen(data)):
        raise BadUse("there is nothing to watch", "watch", FIRST_STEP)


def _with_trials(said: dict[str, Any], data: Path) -> dict[str, Any]:
    """Make the traffic of trials that are to be replayed; their charts and notices stand in where none is given."""
    replays = []
    for replay in said["replays"]:
        if not replay.startswith(TRIAL):
            replays.append(replay)
            continue
        folder = made_trial(replay.removeprefix(TRIAL), data)
        replays.append(str(folder / "traffic.parquet"))
        for option, name in (("assets", "assets.geojson"), ("zones", "zones.geojson")):
            said = said | {option: said[option] or (str(folder / name),)}
        said = said | {"faults": said["faults"] or str(folder / "faults.json")}
    return said | {"replays": tuple(replays)}


def made_trial(name: str, data: Path, tell: Callable[[str], None] = lambda _text: None) -> Path:
    """Make the traffic of a trial below the folder of a watch, where it is not yet; return its folder."""
    from anchorwatch.trials import run
    from anchorwatch.trials.scenario.read import load

    made = load(name)
    place = data / "trials" / made.name
    if not (place / "truth.json").exists():  # written last; a replay that goes on must find the same traffic
        run.run(made, place, formats=("parquet",), watch=False, tell=tell)
    return place


def _default_data(replay: bool, stack: ExitStack) -> Path:
    if replay:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anchorwatch-")))
    return data_folder.usual()


def steady_clock() -> SteadyClock:
    """Return the clock of a watch."""
    from anchorwatch.edges.clock import SystemClock
    from anchorwatch.watch.steady_clock import SteadyClock

    return SteadyClock(SystemClock())


def keep(orders: Orders, clock: SteadyClock, voice: Voice) -> None:
    """Keep watch until it is over."""
    import asyncio

    from anchorwatch.watch.house import House

    house = House(orders, clock, voice.told, voice.serving)
    house.warn = voice.warn
    asyncio.run(house.run())
    voice.over(house)


def orders_of(said: dict[str, Any], data: Path, clock: SteadyClock) -> Orders:
    """Return what the options ask of a watch."""
    from anchorwatch.cli.times import time_us
    from anchorwatch.decode import Options
    from anchorwatch.edges import tile_files
    from anchorwatch.edges.feeds.secrets import Secrets
    from anchorwatch.edges.feeds.urls import open_feeds
    from anchorwatch.watch.house import Orders
    from anchorwatch.watch.replay import Replay

    names = [Path(name).name for name in said["replays"]]
    said = _with_trials(said, data)
    secrets = Secrets(os.environ, data / "secrets")
    job = _job(said)
    feeds = open_feeds(said["feeds"], clock, secrets)
    replay = None
    if said["replays"]:
        options = Options(date_us=time_us(said["date"], "--date"))
        from_us = time_us(said["from_time"], "--from") or 0
        replay = Replay(said["replays"], job, said["speed"], clock, options, from_us)
        replay.names = names
    return Orders(
        job, data, feeds, replay, said["hold"], _settings(said, data), _stays(said), _policy(said),
        said["keep_days"], _notifier(said, secrets), said["checkpoint_s"], secrets,
        tiles=tile_files.load(said.get("tiles") or ()), reports=said.get("reports") or (),
    )  # fmt: skip


def _job(said: dict[str, Any]) -> Job:
    from anchorwatch.detectors import discover
    from anchorwatch.edges import chart_files
    from anchorwatch.edges import faults as notices
    from anchorwatch.edges import watch_lists as listed
    from anchorwatch.engine.job import Job

    chart = chart_files.load(list(said["assets"]) or None, list(said["zones"]) or None, said["depth"])
    faults = notices.read(said["faults"], chart) if said["faults"] else ()
    return Job(chart, discover(), watch_lists=listed.load(list(said["watch_lists"])), faults=faults)


def _stays(said: dict[str, Any]) -> bool:
    """A replay ends with its file, unless somebody was told where to look at it; standard input ends, too."""
    return bool(said["listen"]) and said["listen"] != "none"


def _settings(said: dict[str, Any], data: Path) -> Settings | None:
    from anchorwatch.console.settings import PORT, Settings

    listen = said["listen"] or f"127.0.0.1:{PORT}"
    if listen == "none":
        return None
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise BadUse("the address needs a host and a port", f"--listen {listen}", "As in 127.0.0.1:8741, or none")
    cert, key = (Path(said[name]) if said[name] else None for name in ("tls_cert", "tls_key"))
    return Settings(host.strip("[]"), int(port), data, tuple(said["allow_hosts"]), said["public_url"], cert, key)


def _policy(said: dict[str, Any]) -> Any:
    from anchorwatch.edges.raw_log import Policy

    asked = {"keep_days": said["keep_days"], "keep_bytes": said["keep_gb"] and round(said["keep_gb"] * 1e9)}
    return Policy(**{name: value for name, value in asked.items() if value})


def _notifier(said: dict[str, Any], secrets: Any) -> Callable[..., Any] | None:
    if not said["notify"]:
        return None
    from anchorwatch.edges.notify import Notifier, read

    rules = read(said["notify"], secrets)

    def opened(store: Any, clock: Any) -> Notifier:
        notifier = Notifier(rules.channels, store, clock, link=rules.link)
        store.rules = notifier.rules
        return notifier

    return opened


def make_folder(data: Path, option: str = "--data") -> None:
    """Make the folder of a watch; raises BadUse."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadUse(
            f"the folder cannot be made ({error.strerror})", str(data), f"Name another with {option}"
        ) from None


class Voice:
    """What the watch says on the terminal."""

    def __init__(self, quiet: bool, as_json: bool) -> None:
        """Speak on stdout, and of itself on stderr."""
        self.quiet, self.as_json = quiet, as_json

    def serving(self, web: Serving, warnings: list[str]) -> None:
        """Say where the API is; the key of this machine goes to a terminal only, never into a journal."""
        if self.quiet:
            return
        if sys.stderr.isatty() or web.visit == web.url:
            click.echo(f"Listening. Open {web.visit}", err=True)
        else:
            click.echo(f"Listening on {web.url}; the key is in local_key of the data folder", err=True)
        for warning in warnings:
            click.echo(f"Note: {warning}", err=True)

    def warn(self, line: str) -> None:
        """Say what is wrong with the watch itself; also where it is to be quiet."""
        from anchorwatch.edges.records import plain

        click.echo(f"anchorwatch: {plain(line)}", err=True)

    def told(self, alerts: list[Alert], events: list[Event]) -> None:
        """Print alerts as they come."""
        from anchorwatch.edges.alerts import to_json
        from anchorwatch.edges.records import json_line, plain
        from anchorwatch.model import LEVELS

        if self.as_json:
            for alert in alerts:
                click.echo(json_line(to_json(alert)))
        elif not self.quiet:
            by_id = {alert.id: alert for alert in alerts}
            for event in events:
                told = by_id.get(event.alert_id)
                if told is not None and (event.verb != "ended" or told.level != LEVELS[0]):
                    click.echo(plain(_line(event, told)))
        sys.stdout.flush()

    def over(self, house: Any) -> None:
        """Say what was seen, at the end."""
        if self.quiet:
            return
        progress = house.room.progress
        click.echo(f"The watch is over: {progress.positions:,} positions.", err=True)
        if progress.trouble:
            click.echo(f"Trouble: {progress.trouble}", err=True)


def _line(event: Event, alert: Alert) -> str:
    from anchorwatch.model import utc

    level = str(event.data.get("level") or alert.level)  # the alert may have gone on since
    who = f"{alert.vessel.name or 'unnamed'} ({alert.vessel.mmsi})" if alert.vessel.mmsi else "no vessel"
    where = alert.assets[0].name if alert.assets else "no asset"
    what = f"{utc(event.at_us):%Y-%m-%dT%H:%M:%SZ}  {event.verb:<10} {level.upper():<8} {alert.kind:<18}"
    return f"{what} {who}, {where}  {alert.id}"
