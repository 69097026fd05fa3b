"""What can go wrong, as seen by a user: what, where, and what to do next.

AnchorwatchError
+-- BadInput        a file or feed that cannot be read
+-- BadUse          options that do not fit together
+-- BadChart        assets, zones or depth that cannot be used
+-- BadMemory       a memory folder that cannot be continued
+-- BadStore        a raw log or database that cannot be written or read: disk full, damage, in use
"""

from __future__ import annotations


class AnchorwatchError(Exception):
    """One clear line for stderr; the command ends with exit code 2."""

    def __init__(self, what: str, where: str = "", next_step: str = "") -> None:
        """Take what is wrong, where, and what to do next."""
        self.what, self.where, self.next_step = what, where, next_step
        super().__init__(what)

    def __str__(self) -> str:
        """Return `where: what. next step`."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.next_step}" if self.next_step else head


class BadInput(AnchorwatchError):
    """A file or feed that cannot be read."""


class BadUse(AnchorwatchError):
    """Options that do not fit together."""


class BadChart(AnchorwatchError):
    """Assets, zones or depth that cannot be used."""


class BadMemory(AnchorwatchError):
    """A memory folder that cannot be continued."""


class BadStore(AnchorwatchError):
    """A raw log or database that cannot be written or read."""
