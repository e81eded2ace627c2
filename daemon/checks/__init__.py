"""What `prepd check` looks at, each with its remedy: the machine, the accounts, the unit."""

from daemon.checks.verdict import Check

__all__ = ["Check"]
