"""An emulated Microsoft: Outlook's and OneDrive's part of Graph, and sign-in. Start at `MicrosoftSandbox`."""

from sandbox.microsoft.account import Account
from sandbox.microsoft.emulator import MicrosoftSandbox
from sandbox.microsoft.paper import Paper
from sandbox.microsoft.settings import Settings
from sandbox.microsoft.word import Line

__all__ = ["Account", "Line", "MicrosoftSandbox", "Paper", "Settings"]
