"""`anchorwatch alerts`: the alerts of a running watch, listed and worked from a terminal."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import Any

import click

from anchorwatch.cli import alert_show
from anchorwatch.cli import alert_words as words
from anchorwatch.cli.alert_desk import Desk, with_watch
from anchorwatch.cli.alert_silences import silence, silences, unsilence
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse
from anchorwatch.judgement.work import DISPOSITIONS, STATES
from anchorwatch.model import LEVELS

ids = click.argument("ids", nargs=-1, required=True, metavar="ID...")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
text_option = click.option("--text", help="What to write into the history.")
since_option = click.option("--since", metavar="TIME", help="From this time on; or so long ago: 90m, 8h, 2d.")


class Commands(click.Group):
    """A group that lists where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `list` before options that stand alone."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an answer of another shape than ours is said, and no traceback."""
        try:
            return super().invoke(ctx)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            what = f"the answer of the watch is not understood ({type(error).__name__})"
            next_step = "See whether both are of the same version: anchorwatch --version"
            raise BadUse(what, "alerts", next_step) from error


@click.group("alerts", cls=Commands)
def command() -> None:
    """List and work the alerts of a running watch. Without a command: list what is open.

    An alert is named by its id or the beginning of it. The token is never given on the command line: --token-file,
    or ANCHORWATCH_TOKEN; else the local key of this machine.
    """


@command.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(("open", "all", *STATES)), help="Default: open.")
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS))
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="anchor_drag, ais_gap, ...")
@click.option("--mmsi", type=click.IntRange(1, 999_999_999))
@click.option("--asset", metavar="NAME", help="Name or id of an asset.")
@since_option
@click.option("--search", metavar="TEXT", help="In name, number, call sign, kind, asset or explanation.")
@click.option("--order", type=click.Choice(("level", "raised", "changed")), default="level", show_default=True)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many.")
@json_option
@with_watch
def listed(as_json: bool, limit: int, since: str | None, asset: str | None, **said: Any) -> None:
    """List alerts, the worst first."""
    filters = {name: said.pop(name) for name in ("states", "levels", "kinds", "mmsi", "search", "order")}
    states = filters["states"] or ("open",)
    with Desk(**said) as desk:
        found = desk.items(
            limit + 1, state=() if "all" in states else states, level=filters["levels"], kind=filters["kinds"],
            mmsi=filters["mmsi"], asset=desk.asset(asset), since=desk.when(since, "--since", desk.now_us),
            q=filters["search"], order=filters["order"],
        )  # fmt: skip
        items = list(islice(found, limit))
        more = next(found, None) is not None
        desk.seen.shown(items)
        if as_json:
            for item in items:
                words.say_json(item)
            return
        _table(desk, items, more)


def _table(desk: Desk, items: list[dict[str, Any]], more: bool) -> None:
    if items:
        for line, level in alert_show.table(items, desk.now_us, words.width()):
            words.say(line, level)
    else:
        words.say("No such alerts.")
    if more:
        words.say(f"The first {len(items)} only: give --limit for more.")
    for line in desk.health():
        words.say(line)


@command.command()
@ids
@click.option("--drafts", is_flag=True, help="Also drafts of a VHF call and of a navigational warning.")
@json_option
@with_watch
def show(ids: tuple[str, ...], drafts: bool, as_json: bool, **said: Any) -> None:
    """Show all about an alert: why, what else it may be, what is next, what was done."""
    with Desk(**said) as desk:
        for number, begins in enumerate(ids):
            item = desk.item(begins)
            alert_id = item["alert"]["id"]
            events = desk.watch.get("alerts", alert_id, "history")["events"]
            texts = desk.watch.get("alerts", alert_id, "drafts") if drafts else {}
            desk.seen.shown([item])
            if as_json:
                words.say_json({**item, "history": events, **({"drafts": texts} if drafts else {})})
                continue
            if number:
                words.say("\n" + "=" * words.width() + "\n")
            for line in alert_show.page(item, events, desk.now_us, words.width()):
                words.say(line)
            for name, text in texts.items():
                if text:
                    words.say(f"\nDRAFT: {name.replace('_', ' ')}\n")
                    _lines(text)


def _lines(text: str) -> None:
    """Print a text of the watch, line by line and each without its power."""
    for line in text.splitlines():
        words.say(plain(line))


def _act(ids: tuple[str, ...], verb: str, watch: dict[str, Any], **said: str | None) -> None:
    with Desk(**watch) as desk:
        good = desk.act(ids, verb, said)
    if not good:
        raise click.exceptions.Exit(2)


@command.command()
@ids
@text_option
@with_watch
def ack(ids: tuple[str, ...], text: str | None, **watch: Any) -> None:
    """Acknowledge: somebody has seen it."""
    _act(ids, "acknowledge", watch, text=text)


@command.command()
@ids
@text_option
@with_watch
def take(ids: tuple[str, ...], text: str | None, **watch: Any) -> None:
    """Take in hand yourself."""
    _act(ids, "take", watch, text=text)


@command.command()
@ids
@click.option("--to", required=True, metavar="NAME", help="Who works on it now.")
@text_option
@with_watch
def assign(ids: tuple[str, ...], to: str, text: str | None, **watch: Any) -> None:
    """Give to somebody else."""
    _act(ids, "assign", watch, to=to, text=text)


@command.command()
@ids
@click.option("--text", required=True, help="What to write into the history.")
@with_watch
def note(ids: tuple[str, ...], text: str, **watch: Any) -> None:
    """Write a line into the history. Changes no state."""
    _act(ids, "note", watch, text=text)


@command.command()
@ids
@click.option("--text", required=True, help="What was said.")
@click.option("--channel", metavar="NAME", help='Such as "VHF 16".')
@click.option("--with", "with_", metavar="WHO", help="Who was spoken with.")
@with_watch
def radio(ids: tuple[str, ...], text: str, channel: str | None, with_: str | None, **watch: Any) -> None:
    """Write down what was said by radio. Never closes an alert."""
    _act(ids, "radio", watch, text=text, channel=channel, **{"with": with_})


@command.command()
@ids
@click.option("--to", required=True, metavar="WHO", help="Who is called for help.")
@click.option("--reason", required=True, help="Why.")
@with_watch
def escalate(ids: tuple[str, ...], to: str, reason: str, **watch: Any) -> None:
    """Call for more help. Anybody on watch may, whoever has it in hand."""
    _act(ids, "escalate", watch, to=to, reason=reason)


@command.command()
@ids
@click.option("--as", "disposition", required=True, type=click.Choice(DISPOSITIONS), help="What it was.")
@click.option("--cause", help='Of an innocent alert: by name, as "engine trouble".')
@click.option("--to", metavar="WHO", help="Whom it was handed over to.")
@text_option
@with_watch
def close(ids: tuple[str, ...], disposition: str, cause: str | None, to: str | None, text: str | None,
          **watch: Any) -> None:  # fmt: skip
    """Close: say what it was."""
    _act(ids, "close", watch, disposition=disposition, cause=cause, to=to, text=text)


@command.command()
@ids
@click.option("--reason", required=True, help="Why.")
@with_watch
def reopen(ids: tuple[str, ...], reason: str, **watch: Any) -> None:
    """Open a closed alert again."""
    _act(ids, "reopen", watch, reason=reason)


@command.command()
@since_option
@click.option("--until", metavar="TIME", help="Up to this time. Default: now.")
@json_option
@with_watch
def handover(since: str | None, until: str | None, as_json: bool, **watch: Any) -> None:
    """Print the shift handover. Default: the last 12 hours."""
    with Desk(**watch) as desk:
        now_us = desk.watch.told_us  # a shift is of the people's time, also beside a replay
        asked = {
            "since": desk.when(since, "--since", now_us),
            "until": desk.when(until, "--until", now_us),
        }
        if as_json:
            words.say_json(desk.watch.get("handover", **asked))
        else:
            _lines(desk.watch.text("handover", **asked))


@command.command()
@click.option("--after", type=click.IntRange(0, (1 << 62) - 1), metavar="SEQ", help="Begin behind this event.")
@json_option
@with_watch
def watch(after: int | None, as_json: bool, **watch: Any) -> None:
    """Follow what is raised and done, as it comes. Goes on after a drop; Ctrl-C ends it."""
    from anchorwatch.cli.alert_stream import Teller, follow

    with Desk(**watch) as desk, suppress(KeyboardInterrupt):
        teller = Teller()
        for message in follow(desk.watch, after):
            if as_json:
                words.say_json(message)
                continue
            for line, level in teller.lines(message):
                words.say(line, level)
            if message.get("alert"):
                desk.seen.upto(message["alert"]["id"], message["seq"])


@command.command()
@json_option
@with_watch
def feeds(as_json: bool, **watch: Any) -> None:
    """Show how each feed is. A calm list of alerts means something only while they are well."""
    with Desk(**watch) as desk:
        found = desk.watch.get("feeds")["feeds"]
        if as_json:
            for feed in found:
                words.say_json(feed)
            return
        if found:
            for line in alert_show.feeds(found, desk.watch.told_us, words.width()):
                words.say(line)
        for line in desk.health():
            words.say(line)


command.add_command(silence)
command.add_command(unsilence)
command.add_command(silences)
