"""What the commands of `anchorwatch alerts` share: the watch, who asks, and alerts named by the beginning of an id."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from anchorwatch.cli import alert_words as words
from anchorwatch.cli.seen import Seen
from anchorwatch.cli.times import time_us as time_of
from anchorwatch.cli.watch_client import Answered, Credential, WatchClient, checked_url, credential
from anchorwatch.edges.records import plain, time_us
from anchorwatch.errors import AnchorwatchError, BadUse
from anchorwatch.judgement.work import Conflict
from anchorwatch.model import rfc3339

URL = "http://127.0.0.1:8741"
PAGE = 1000  # alerts of one answer
LEAST_PREFIX = 4  # characters; fewer name too many alerts
_ID = re.compile(rf"a1-[0-9a-z-]{{{LEAST_PREFIX},97}}")
CHANGED = Conflict([]).what.partition(" (")[0]
WRITTEN = {"note": "noted", "radio": "in radio log"}  # what changes no state
_UNITS_S = {"m": 60, "h": 3600, "d": 86_400}


def with_watch(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which watch and who asks."""
    for option in reversed((
        click.option("--url", default=URL, show_default=True, envvar="ANCHORWATCH_URL", help="Address of the watch."),
        click.option(
            "--token-file", type=click.Path(path_type=Path), metavar="FILE",
            help="File with a token. Else ANCHORWATCH_TOKEN; else the local key in --data.",
        ),
        click.option(
            "--data", type=click.Path(path_type=Path), metavar="DIR", help="As given to `anchorwatch watch`."
        ),
        click.option("--ca", type=click.Path(path_type=Path), metavar="FILE", help="Certificates to trust, PEM."),
    )):  # fmt: skip
        command = option(command)
    return command


class Desk:
    """One person at one watch."""

    def __init__(self, *, url: str, token_file: Path | None, data: Path | None, ca: Path | None) -> None:
        """Look up the watch, and ask how it is and who we are."""
        url = checked_url(url)
        try:
            shown = credential(url, token_file, data)
        except BadUse:
            WatchClient(url, Credential("", ""), ca).must_run()  # the first thing that a newcomer must know
            raise
        self.watch = WatchClient(url, shown, ca)
        try:
            self.status = self.watch.get("status")
            self.me = str(self.status["me"]["name"])
            self.now_us = time_us(self.status["time"])  # of the data: in a replay not that of the wall
        except (KeyError, TypeError, ValueError):
            self.watch.__exit__()
            raise Answered(
                200, "something else than a watch answers here", url, "Give its address with --url"
            ) from None
        except BaseException:
            self.watch.__exit__()
            raise
        self.seen = Seen(f"{url} {self.me}")

    def __enter__(self) -> Desk:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Remember what was shown."""
        self.seen.keep()
        self.watch.__exit__()

    def items(self, most: int, **asked: Any) -> Iterator[dict[str, Any]]:
        """Yield alerts as the API lists them, page after page."""
        after = None
        while most > 0:
            answer = self.watch.get("alerts", limit=min(most, PAGE), after=after, **asked)
            yield from answer["alerts"]
            most, after = most - len(answer["alerts"]), answer["next"]
            if after is None:
                return

    def item(self, begins: str) -> dict[str, Any]:
        """Return the alert whose id begins so; BadUse where none does, or several do."""
        wanted = begins.strip().lower()
        wanted = wanted if wanted.startswith("a1-") else f"a1-{wanted}"
        if not _ID.fullmatch(wanted):
            raise BadUse(
                "this names no alert", plain(begins)[:40], f"Give an id, or {LEAST_PREFIX} letters of it behind a1-"
            )
        found = [i for i in self.items(PAGE, q=wanted) if i["alert"]["id"].startswith(wanted)]
        same = [i for i in found if i["alert"]["id"] == wanted]
        if len(same or found) == 1:
            return (same or found)[0]
        if not found:
            raise BadUse("there is no such alert", plain(wanted), "See `anchorwatch alerts --state all`")
        several = ", ".join(plain(i["alert"]["id"]) for i in found[:4])
        raise BadUse(f"{len(found)} alerts begin so", plain(wanted), f"Give more of it: {several}")

    def asset(self, said: str | None) -> str | None:
        """Return the id of an asset that is named by its id or its name; BadUse where none or several fit."""
        if said is None:
            return None
        found = self.watch.get("search", q=said[:100], limit=100)["assets"]
        same = [a for a in found if said.casefold() in (a["id"].casefold(), a["name"].casefold())] or found
        if len(same) == 1:
            return str(same[0]["id"])
        several = ", ".join(plain(f"{a['id']} ({a['name']})") for a in same[:5])
        what = f"{len(same)} assets fit" if same else "no asset is called so"
        raise BadUse(
            what, f"--asset {plain(said)[:60]}", f"Give one of: {several}" if same else "See its id on the map"
        )

    def when(self, said: str | None, option: str, now_us: int) -> str | None:
        """Return a time as the API takes it: ISO 8601, or so long ago (90m, 8h, 2d)."""
        if said is None:
            return None
        number, unit = said[:-1], said[-1:]
        if unit in _UNITS_S and number.isdecimal() and number.isascii() and len(number) < 6:
            return rfc3339(now_us - int(number) * _UNITS_S[unit] * 1_000_000)
        moment = time_of(said, option)
        assert moment is not None
        return rfc3339(moment)

    def act(self, ids: Sequence[str], verb: str, said: Mapping[str, str | None]) -> bool:
        """Do something about each alert and say what became of it; return whether all was done."""
        action = {"verb": verb} | {name: text for name, text in said.items() if text is not None}
        done = 0
        for begins in dict.fromkeys(ids):
            try:
                self._act_on(self.item(begins), action)
                done += 1
            except AnchorwatchError as error:
                if isinstance(error, Answered) and error.status not in (400, 404, 409, 422):
                    raise  # it will be no other for the next
                words.say(f"anchorwatch: {error}", err=True)
        return done == len(dict.fromkeys(ids))

    def _act_on(self, item: Mapping[str, Any], action: Mapping[str, str]) -> None:
        alert_id = item["alert"]["id"]
        seen = self.seen.of(alert_id)
        seen = item["seq"] if seen is None else min(seen, item["seq"])
        said = {**action, "seen": seen, "key": uuid.uuid4().hex}
        try:
            answer = self.watch.post("alerts", alert_id, "actions", said=said)
        except Answered as refused:
            if refused.status == 409 and refused.what.startswith(CHANGED):
                raise self._overtaken(item, seen, refused) from None
            raise
        self.seen.upto(alert_id, answer["item"]["seq"])
        done = WRITTEN.get(action["verb"]) or words.state(answer["item"]["work"])
        words.say(f"{done:<13}  {words.one_line(answer['item'])}")

    def _overtaken(self, item: Mapping[str, Any], seen: int, refused: Answered) -> Answered:
        """Return the error that says who did what since this person looked; now they have heard it."""
        alert_id = item["alert"]["id"]
        events = self.watch.get("alerts", alert_id, "history")["events"]
        since = [e for e in events if e["seq"] > seen and e["actor"] != self.me]
        if not since:
            return refused
        self.seen.upto(alert_id, max(e["seq"] for e in events))
        did = "; ".join(f"{words.moment(e['at'])[11:16]} {words.event_line(e)}" for e in since[-3:])
        return Answered(
            409, f"nothing was done: since you looked, {did}", plain(alert_id), "If it still holds, say it again"
        )

    def health(self) -> Iterator[str]:
        """Yield lines on how the watch is, so that a calm list is not mistaken for a watch that hears nothing."""
        status = self.status
        feeds, bad = status["feeds"], [f for f in status["feeds"] if not f["healthy"]]
        behind = "" if status["caught_up"] else "; it is still reading its log after a start"
        heard = f"{len(feeds) - len(bad)} of {len(feeds)} feeds healthy" if feeds else "no feed"
        heard = f"a replay of {plain(status['replay_of'])}" if status["replay_of"] else heard
        yield f"Watch at {words.moment(status['time'])}: {heard}{behind}."
        if not status["replay_of"]:
            yield from (f"Not healthy: {plain(f['name'])}: {plain(f['why'])}." for f in bad)
        if status["trouble"]:
            yield f"TROUBLE: {plain(status['trouble'])}."
