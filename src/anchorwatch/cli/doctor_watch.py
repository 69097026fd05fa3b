"""What the live watch needs of this machine: its parts, its port, its folder and the clock."""

from __future__ import annotations

import ctypes
import errno
import http.client
import json
import os
import shutil
import socket
import stat
import sys
import tempfile
import time
import warnings
from importlib import import_module
from pathlib import Path

from anchorwatch.cli.doctor import Check
from anchorwatch.console.settings import PORT
from anchorwatch.edges.records import plain
from anchorwatch.model import rfc3339

# What only the live watch imports; a library may be installed and yet not load.
PARTS = (
    "aiomqtt", "apprise", "argon2", "fastapi", "httpx", "prometheus_client", "pytak", "serial", "sqlalchemy",
    "uvicorn", "websockets",
)  # fmt: skip
HOST = "127.0.0.1"
WAIT_S = 3.0
LEAST_FREE_BYTES = 1 << 30  # some days of a busy sea in the raw log, and the store's journal
RELEASED_US = 1_767_225_600_000_000  # 2026-01-01: no clock is right that says an earlier time than this code has
LATEST_US = 4_102_444_800_000_000  # 2100
AHEAD_S = 120.0  # files later than this from now: the clock has gone back
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def parts() -> Check:
    """Import what the live watch imports."""
    failed = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in PARTS:
            try:
                import_module(name)
            except Exception as error:  # whatever a broken installation raises
                failed.append(f"{name} ({type(error).__name__})")
    said = f"{', '.join(failed)} cannot be loaded" if failed else "all that the live watch needs can be loaded"
    return Check("live parts", not failed, said, "Install anchorwatch again")


def port(number: int = PORT) -> Check:
    """See whether the port of the API is free, or a watch has it."""
    where = f"{HOST}:{number}"
    try:
        with socket.create_connection((HOST, number), WAIT_S):
            pass
    except OSError:
        return _bound(number, where)
    connection = http.client.HTTPConnection(HOST, number, timeout=WAIT_S)
    try:
        connection.request("GET", "/healthz")
        alive = json.loads(connection.getresponse().read(1000)) == {"alive": True}
    except (OSError, http.client.HTTPException, ValueError):
        alive = False
    finally:
        connection.close()
    if alive:
        return Check("port", True, f"a watch is running at {where}")
    return Check("port", False, f"something else listens at {where}", f"Use another: --listen {HOST}:{number + 1}")


def _bound(number: int, where: str) -> Check:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, number))
    except OSError as error:
        said = f"{where} cannot be listened at ({error.strerror})"
        return Check("port", False, said, f"Use another: --listen {HOST}:{number + 1}")
    return Check("port", True, f"{where} is free")


def folder(data: Path) -> Check:
    """See whether the watch can write its folder, and nobody else read it."""
    where = plain(str(data))
    if not data.exists():
        parent = next(p for p in data.absolute().parents if p.exists())
        right = parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)
        said = f"{where} will be made" if right else f"{where} cannot be made"
        return Check("data folder", right, said, "Name another with --data")
    if not data.is_dir():
        return Check("data folder", False, f"{where} is no folder", "Name another with --data")
    about = data.stat()
    if stat.S_IMODE(about.st_mode) & 0o077:
        return Check("data folder", False, f"others may look into {where}", f"chmod 700 {where}")
    if about.st_uid != os.geteuid():
        return Check("data folder", False, f"{where} belongs to another account", "Run as that, or name another --data")
    return _room(data, where)


def _room(data: Path, where: str) -> Check:
    try:
        with tempfile.TemporaryFile(dir=data) as probe:
            probe.write(bytes(4096))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        next_step = "Make room" if full else "Name another with --data"
        return Check("data folder", False, f"{where} cannot be written ({error.strerror})", next_step)
    free = shutil.disk_usage(data).free
    said = f"{where}, {free / 1e9:.1f} GB free"
    return Check("data folder", free >= LEAST_FREE_BYTES, said, "Make room, or keep less: watch --keep-gb, --keep-days")


def clock(data: Path, now_us: int | None = None) -> Check:
    """See whether the clock can be right: after this code was made, and after what the watch has written."""
    now_us = time.time_ns() // 1000 if now_us is None else now_us
    now = rfc3339(now_us)[:19] + "Z"
    if not RELEASED_US <= now_us < LATEST_US:
        return Check("clock", False, f"{now} cannot be", "Set the clock; let a time service (NTP) keep it")
    ahead_s = _newest_us(data) / 1e6 - now_us / 1e6
    if ahead_s > AHEAD_S:
        said = f"{now}, but the watch has written something {ahead_s:.0f} s later"
        return Check("clock", False, said, "Set the clock; let a time service (NTP) keep it")
    return Check("clock", True, f"{now}{_kept()}")


def _newest_us(data: Path) -> int:
    try:
        files = [*data.glob("store.sqlite*"), *data.glob("checkpoints/*"), *data.glob("raw/*")]
        return max((f.stat().st_mtime_ns // 1000 for f in files), default=0)
    except OSError:
        return 0


def _kept() -> str:
    """Return whether the system says that a time service keeps its clock; "" where it says nothing."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # modes = 0: only asks
    except (OSError, AttributeError):
        return ""
    if state < 0:
        return ""
    return ", kept by no time service (NTP)" if state == _UNSYNCHRONISED else ", kept by a time service"
