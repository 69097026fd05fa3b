"""The command line. Commands load when they are called, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from anchorwatch import __version__
from anchorwatch.edges import compile_cache
from anchorwatch.errors import AnchorwatchError

# name -> (module of the command object `command`, short help)
COMMANDS = {
    "scan": ("anchorwatch.cli.scan", "Watch over an archive: traffic in, alerts out."),
    "watch": ("anchorwatch.cli.watch", "Keep watch over live feeds, or replay an archive as if live."),
    "alerts": ("anchorwatch.cli.alerts", "List and work the alerts of a running watch."),
    "brief": ("anchorwatch.cli.brief", "Tell the morning on one page, each sentence with its source."),
    "convert": ("anchorwatch.cli.convert", "Decode any AIS file to tidy Parquet, CSV or GeoParquet."),
    "chart": ("anchorwatch.cli.chart", "Import, list and show the assets to protect."),
    "reports": ("anchorwatch.cli.reports", "Read news, notices and warnings: what they say, tied to assets."),
    "trial": ("anchorwatch.cli.trial", "Run scenarios with known truth, and score the watch on them."),
    "users": ("anchorwatch.cli.users", "Say who may come in: users, roles, tokens."),
    "demo": ("anchorwatch.cli.demo", "See the watch replay a known incident, with no network."),
    "doctor": ("anchorwatch.cli.doctor", "Check that this machine has what the watch needs."),
}


class Commands(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that has enough (`| head`) ends it well, and click would make that a 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())  # what is still in its buffer must go somewhere at the end
            os.close(nowhere)
            raise click.exceptions.Exit(0) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="anchorwatch")
def root() -> None:
    """Anchorwatch keeps watch over undersea cables and pipelines.

    Try `anchorwatch demo`, then `anchorwatch scan YOUR-AIS-FILE --report page.html`.
    """


def main() -> None:
    """Run the command line; bad use and bad input end with one clear line and exit code 2."""
    try:
        compile_cache.ensure_writable()
        status = root(standalone_mode=False)  # click hands back the code of an Exit raised inside a command
    except AnchorwatchError as error:
        click.echo(f"anchorwatch: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("anchorwatch: stopped by the user.", err=True)
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
