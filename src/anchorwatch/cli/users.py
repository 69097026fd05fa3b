"""`anchorwatch users`: who may come in. Works beside a running watch; what it changes holds at once."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anchorwatch.cli import data_folder
from anchorwatch.edges.records import json_line, plain
from anchorwatch.errors import BadUse
from anchorwatch.model import rfc3339

if TYPE_CHECKING:
    from anchorwatch.edges.store.people import People

ROLES = ("viewer", "officer", "supervisor", "admin")
SCOPES = ("read", "work", "metrics", "admin")
LONGEST_LINE = 4096  # of standard input, for a password

data_option = click.option(
    "--data", type=click.Path(path_type=Path), default=data_folder.usual, metavar="DIR",
    help="As given to `anchorwatch watch`. Default: in your home.",
)  # fmt: skip


@click.group("users")
def command() -> None:
    """Say who may come in: users, their roles, and tokens for programs.

    Roles: a viewer reads; an officer also works alerts; a supervisor also decides over others' work; an admin all.
    """


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@data_option
def add(name: str, role: str, data: Path) -> None:
    """Add a user. The password is asked for twice, or is the first line of standard input."""
    from anchorwatch.edges.store import names

    with opened(data, make=True) as people:
        name = names.checked(name)
        people.add(name, role, asked(), by())
    click.echo(f"{name} may come in as {role}.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@data_option
def listed(as_json: bool, data: Path) -> None:
    """List users and tokens."""
    with opened(data) as people:
        users, tokens = people.users(), people.tokens()
    for user in users:
        its = [
            {"id": t.id, "scopes": list(t.scopes), "until": rfc3339(t.until_us)} for t in tokens if t.user == user.name
        ]
        if as_json:
            record = {"name": user.name, "role": user.role, "since": rfc3339(user.made_us), "tokens": its}
            click.echo(json_line(record))
            continue
        click.echo(f"{plain(user.name):<24} {user.role:<10} since {rfc3339(user.made_us)[:10]}")
        for token in its:
            click.echo(f"    token {token['id']}  {' '.join(token['scopes'])}  until {str(token['until'])[:10]}")
    if not users and not as_json:
        click.echo(
            "No users: only the person at this machine can come in. Add one: anchorwatch users add NAME --role R"
        )


@command.command()
@click.argument("name")
@data_option
def remove(name: str, data: Path) -> None:
    """Remove a user with all sessions and tokens. What they did stays in the history."""
    with opened(data) as people:
        people.remove(name, by())
    click.echo(f"{plain(name)} is removed.")


@command.command()
@click.argument("name")
@data_option
def password(name: str, data: Path) -> None:
    """Change a password. All sessions of the user end."""
    with opened(data) as people:
        people.set_password(name, asked(), by())
    click.echo(f"The password of {plain(name)} is changed; all their sessions are ended.")


@command.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@data_option
def role(name: str, role: str, data: Path) -> None:
    """Change a role. It holds at once."""
    with opened(data) as people:
        people.set_role(name, role, by())
    click.echo(f"{plain(name)} is {role} now.")


@command.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="Several may be given."
)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it is good for.")
@data_option
def token(name: str, scopes: tuple[str, ...], days: int, data: Path) -> None:
    """Make a token for a program. It is shown once; it can never do more than its user."""
    with opened(data) as people:
        made, text = people.make_token(name, scopes, days, by())
    click.echo(text)
    click.echo(f"Keep it: it is not shown again. Good until {rfc3339(made.until_us)[:10]}.", err=True)


@command.command()
@click.argument("token_id")
@data_option
def revoke(token_id: str, data: Path) -> None:
    """End a token, by the id that `list` shows."""
    with opened(data) as people:
        people.remove_token(token_id, by())
    click.echo(f"Token {plain(token_id)} is ended.")


@command.command()
@click.option("--last", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many lines.")
@data_option
def audit(last: int, data: Path) -> None:
    """Show who did what: logins, readings of restricted assets, changes of users; one JSON object a line."""
    with opened(data) as people:
        for entry in people.last_entries(last):
            record = {**entry._asdict(), "at": rfc3339(entry.at_us)}
            del record["at_us"]
            click.echo(json_line(record))


@contextmanager
def opened(data: Path, *, make: bool = False) -> Iterator[People]:
    """Open the people of a watch's data, beside a watch that may be running."""
    from anchorwatch.edges.clock import SystemClock
    from anchorwatch.edges.store.base import Base
    from anchorwatch.edges.store.people import People

    if make and not data.exists():
        try:
            data.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise BadUse(f"cannot make the folder ({error.strerror})", str(data), "Give another --data.") from error
    if not data.is_dir():
        raise BadUse("there is no such folder", str(data), "Give --data DIR, as for `anchorwatch watch`.")
    clock = SystemClock()
    base = Base.open(data, clock, alone=False)
    try:
        yield People(base, clock)
    finally:
        base.close()


def asked() -> str:
    """Return a new password: typed twice, or the first line of standard input; never from the command line."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
        if not line:
            raise BadUse(
                "no password on standard input", next_step="Give it as the first line, or run it in a terminal."
            )
        return line
    try:
        first, second = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError:
        raise BadUse("no password was given", next_step="Try again.") from None
    if first != second:
        raise BadUse("the two are not the same", next_step="Try again.")
    return first


def by() -> str:
    """Return who changes something here: the account on this machine."""
    try:
        return f"command line, {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"
