"""Emulated calendar providers on loopback, for the demo and the tests. Nothing here imports the rest of prepd.

They keep state and rules rather than canned answers, hold every request against the provider's published schema, and
collect in a mailbox what the real provider would have mailed. See `sandbox.google.GoogleSandbox` (whose name stands
here too) and `sandbox.microsoft.MicrosoftSandbox`.
"""

from sandbox.clock import Clock
from sandbox.google import GoogleSandbox

__all__ = ["Clock", "GoogleSandbox"]
