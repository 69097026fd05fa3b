"""Anchorwatch: the watch over what lies on the seabed."""

__version__ = "0.1.0"
