"""`serial:/dev/ttyUSB0?baud=38400`: a receiver on a serial line."""

from __future__ import annotations

import os

import serial

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, Put
from anchorwatch.edges.feeds.descriptors import reading
from anchorwatch.edges.feeds.lines import Cutter
from anchorwatch.edges.feeds.reconnect import Lost, Reconnecting
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import Address

AIS_BAUD = 38400  # IEC 61162-2, as AIS receivers speak: 8 data bits, no parity, 1 stop bit
READ_BYTES = 65536


class SerialLine(Reconnecting):
    """Lines from a serial line; it is opened anew when the device was pulled out and put in again."""

    async def session(self, put: Put) -> str:
        """Open the device, and give lines until it is gone."""
        baud = int(self.address.options.get("baud", AIS_BAUD))
        try:
            port = serial.Serial(self.address.path, baud, timeout=0, exclusive=True)
        except ValueError as error:
            raise Lost(f"the device does not take these settings ({error})") from None
        with port:
            fd = port.fileno()
            self.connected()
            cutter = Cutter()
            with reading(fd, self.clock, lambda: _read(fd), cutter) as intake:
                return await self.give_all(put, intake, cutter)


def _read(fd: int) -> bytes:
    data = os.read(fd, READ_BYTES)
    if not data:
        raise EOFError("the device is gone")
    return data


def open_serial(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `serial:DEVICE`. Raises BadUse."""
    baud = address.options.get("baud", str(AIS_BAUD))
    if not (baud.isascii() and baud.isdigit() and 300 <= int(baud[:8]) <= 4_000_000):
        raise address.bad("baud needs a speed from 300 to 4000000", f"AIS receivers speak {AIS_BAUD}")
    return SerialLine(address, clock)
