"""`anchorwatch demo`: a known incident in the console, as an officer would have seen it. Nothing to configure."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import webbrowser
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anchorwatch.cli import demo_report, watch
from anchorwatch.cli.demo_report import TRIAL
from anchorwatch.errors import BadUse

if TYPE_CHECKING:
    from anchorwatch.console.serve import Serving
    from anchorwatch.trials.scenario import Scenario
    from anchorwatch.watch.house import Orders
    from anchorwatch.watch.room import Demo
    from anchorwatch.watch.steady_clock import SteadyClock

SPEED = 30.0
LEAD_S = 20.0  # from the first look at the page to the first alert: time to see a calm sea, none to get bored
PORTS_TRIED = 20
# The page shows it in a small card; at the terminal it is said at length.
BRIEF_WARNING = "A reconstruction from public facts; all other ships are invented. It accuses nobody."


@click.command()
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for what the demo makes. Default: a temporary one; with --report out/demo.",
)
@click.option(
    "--speed", default=SPEED, show_default=True, type=click.FloatRange(1, 3600), help="Data seconds a second."
)
@click.option("--listen", metavar="HOST:PORT", help="Where the console is served. Default: 127.0.0.1, a free port.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--report", is_flag=True, help="No console: scan it all at once, print a table, write a page.")
@click.option("--json", "as_json", is_flag=True, help="As --report, but print the alerts, one JSON object a line.")
@click.option("--quiet", is_flag=True, help="Print the address only; with --report the table only.")
def command(
    folder: Path | None, speed: float, listen: str | None, no_browser: bool, report: bool, as_json: bool, quiet: bool
) -> None:
    """See the watch replay a known incident: nothing to configure, no network.

    The tanker Eagle S in the Gulf of Finland on 25 December 2024, reconstructed from public facts, among invented
    ships. It is one of the trials of `anchorwatch trial list`. The console opens shortly before the first alert about
    her; Ctrl-C ends it.
    """
    if report or as_json:
        demo_report.run(folder or Path("out/demo"), as_json, quiet)
        return
    if listen == "none":
        raise BadUse("the demo is to be looked at", "--listen none", "Without a console: anchorwatch demo --report")
    with ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o077))
        data = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anchorwatch-demo-")))
        watch.make_folder(data, "--out")
        voice = Voice(quiet, data, browser=not no_browser)
        clock = watch.steady_clock()
        orders = _orders(speed, listen, data, clock, voice)
        watch.keep(orders, clock, voice)


def _orders(speed: float, listen: str | None, data: Path, clock: SteadyClock, voice: Voice) -> Orders:
    """Return the watch of the demo: `anchorwatch watch --replay trial:...`, fast up to shortly before the first alert.

    What has been read up to there waits until somebody looks.
    """
    from anchorwatch.trials import showing
    from anchorwatch.trials.scenario.read import load
    from anchorwatch.watch.house import REPLAY_HOLD_S

    made = load(TRIAL)
    voice.say(demo_report.opening(made))
    traffic = watch.made_trial(TRIAL, data, lambda text: voice.say(demo_report.stage(text))) / "traffic.parquet"
    words = ["--replay", f"trial:{TRIAL}", "--speed", str(speed), "--listen", listen or "127.0.0.1:0"]
    words += ["--reports", str(showing.reports())]
    orders = watch.orders_of(watch.command.make_context("watch", words).params, data, clock)
    voice.say("  watching the hours before the first alert (the first time it compiles itself: about a minute) ...")
    who = showing.ship(made)
    raised_us = showing.first_warning_us(orders.job, traffic, who.who.mmsi) or who.start_us
    shown_us = raised_us + round(REPLAY_HOLD_S * 1e6)
    voice.demo = _demo_of(made, shown_us, speed)
    assert orders.replay is not None
    assert orders.settings is not None
    orders.replay.from_us = shown_us - round(LEAD_S * speed * 1e6)
    orders.replay.go = voice.demo.opened.is_set
    settings = orders.settings if listen else replace(orders.settings, port=_free_port())
    return replace(orders, demo=voice.demo, settings=settings)


def _demo_of(made: Scenario, first_alert_us: int, speed: float) -> Demo:
    from anchorwatch.trials.showing import ship
    from anchorwatch.watch.room import Demo

    text, who = f"{made.summary.strip()}\n\n{BRIEF_WARNING}", ship(made).who
    return Demo(made.title, text, who.mmsi, who.name, first_alert_us, speed)


def _free_port() -> int:
    """Return the usual port or one of the next, whichever is free; 0 = the system shall choose."""
    from anchorwatch.console.settings import PORT

    for port in range(PORT, PORT + PORTS_TRIED):
        with closing(socket.socket()) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0


class Voice(watch.Voice):
    """What the demo says: what is to be seen and where; without a terminal one line."""

    def __init__(self, quiet: bool, data: Path, browser: bool) -> None:
        """Speak on stdout."""
        self.terminal = sys.stdout.isatty()
        super().__init__(quiet or not self.terminal, as_json=False)
        self.data, self.browser = data, browser
        self.begun = (data / "store.sqlite").exists()  # by an earlier demo; this one goes on
        self.demo: Demo | None = None

    def say(self, text: str) -> None:
        """Say something to a person at a terminal."""
        if not self.quiet:
            click.echo(text)

    def serving(self, web: Serving, warnings: list[str]) -> None:
        """Say where the console is; the key of this machine goes to a terminal only, never into a journal."""
        if not self.terminal:
            click.echo(f"Listening on {web.url}; the key is in {self.data / 'local_key'}. Ctrl-C ends the demo.")
            sys.stdout.flush()
            return
        opens = self.browser and _has_screen()
        self.say("")
        click.echo(f"{'Opening' if opens else 'Open'} {web.visit}")
        self.say(self._to_see())
        if opens:  # it may wait for the browser
            threading.Thread(target=webbrowser.open, args=(web.visit,), daemon=True).start()

    def _to_see(self) -> str:
        from anchorwatch.model import utc

        assert self.demo is not None
        if self.begun:
            return "  It goes on where it was. Ctrl-C ends the demo."
        at = utc(self.demo.first_alert_us)
        return (
            f"  It begins when you look, {self.demo.speed:g} times as fast as it was. After {LEAD_S:.0f} s, at "
            f"{at:%H:%M} UTC of the picture,\n  the watch warns of {self.demo.ship_name}. Ctrl-C ends the demo."
        )

    def told(self, alerts: list[Any], events: list[Any]) -> None:
        """Print what is about the ship of the demo."""
        assert self.demo is not None
        hers = [alert for alert in alerts if alert.vessel.mmsi == self.demo.ship_mmsi]
        super().told(hers, events)

    def over(self, house: Any) -> None:
        """Say that it is over."""
        self.say("The demo is over.")


def _has_screen() -> bool:
    """Tell whether a browser would have a window: one in the terminal would take it from us."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
