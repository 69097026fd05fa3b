"""`serial:` against a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import tty
from pathlib import Path

from anchorwatch.edges.feeds import CONNECTED, WAITING
from feed_peers import LINE, OTHER, opened, run, running, until


def terminal(link: Path) -> int:
    """A pseudo-terminal with its far end at `link`; return the near end."""
    near, far = pty.openpty()
    tty.setraw(far)
    link.unlink(missing_ok=True)
    link.symlink_to(os.ttyname(far))
    os.close(far)
    return near


def test_a_receiver_on_a_serial_line_pulled_out_and_put_in_again(tmp_path: Path) -> None:
    device = tmp_path / "ttyRX"

    async def main() -> None:
        feed = opened(f"serial:{device}?baud=38400")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == WAITING)
            assert "ttyRX" in feed.health.trouble and feed.health.connects == 0
            near = terminal(device)
            await until(lambda: feed.health.state == CONNECTED)
            os.write(near, LINE[:30])
            os.write(near, LINE[30:] + b"\r\n\xff\0noise\n" + OTHER[:12])
            await kept.bytes(LINE + b"\r\n\xff\0noise\n")
            os.close(near)
            await kept.bytes(LINE + b"\r\n\xff\0noise\n" + OTHER[:12] + b"\n")
            await until(lambda: feed.health.state == WAITING)
            near = terminal(device)
            await until(lambda: feed.health.connects == 2)
            os.write(near, OTHER + b"\n")
            await until(lambda: kept.data.endswith(OTHER + b"\n"))
            os.close(near)

    run(main())


def test_a_silent_line_is_opened_anew(tmp_path: Path) -> None:
    device = tmp_path / "ttyRX"

    async def main() -> None:
        near = terminal(device)
        feed = opened(f"serial:{device}?silent=0.05")
        async with running(feed):
            await until(lambda: feed.health.connects >= 3)
        os.close(near)

    run(main())


def test_what_is_no_serial_line_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("x")

    async def main(path: Path) -> None:
        feed = opened(f"serial:{path}")
        async with running(feed):
            await until(lambda: feed.health.state == WAITING)
            assert feed.health.trouble and feed.health.connects == 0

    for path in (tmp_path / "text", tmp_path, Path("/dev/null"), Path("loop:")):
        run(main(path))


def test_the_wrong_speed_is_guessed_at(tmp_path: Path) -> None:
    device = tmp_path / "ttyRX"

    async def main() -> None:
        near = terminal(device)
        feed = opened(f"serial:{device}?silent=0.05")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == CONNECTED)
            os.write(near, b"\xf8\x00\x80")
            await until(lambda: "right port and speed" in feed.health.trouble)
            assert kept.data == b"\xf8\x00\x80\n"
        os.close(near)

    run(main())
