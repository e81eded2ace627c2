"""An emulated Google: Calendar, Drive, Docs and sign-in. Start at `GoogleSandbox`."""

from sandbox.google.account import Account
from sandbox.google.emulator import GoogleSandbox
from sandbox.google.paper import Line, Paper
from sandbox.google.settings import Settings

__all__ = ["Account", "GoogleSandbox", "Line", "Paper", "Settings"]
