"""`kystverket:`: the open stream of the Norwegian Coastal Administration, NMEA with tag blocks over TCP."""

from __future__ import annotations

from dataclasses import replace

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.tcp import Client
from anchorwatch.edges.feeds.urls import Address
from anchorwatch.picture import policy

HOST, PORT = "153.44.253.27", 5631  # kystverket.no, "Access to AIS data"; licence NLOD, no registration


def open_kystverket(address: Address, clock: Clock, _secrets: Secrets, host: str = HOST, port: int = PORT) -> Feed:
    """Return the feed of `kystverket:`."""
    feed = Client(replace(address, host=host, port=port), clock)
    feed.policy = policy.of("kystverket").text
    return feed
