"""Which permissions an account needs, which of them a sign-in has, and what each is called in words.

The least that does (https://learn.microsoft.com/graph/permissions-reference). msal adds openid, profile and
offline_access by itself, and refuses to be given them.
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.errors import enumerated
from connectors.outlook.settings import OutlookSettings

CALENDARS = "Calendars.ReadWrite"
SHARED_CALENDARS = "Calendars.ReadWrite.Shared"
APP_FOLDER = "Files.ReadWrite.AppFolder"
FILES = "Files.ReadWrite"

# A permission is also had through a wider one, e.g. with a client that was signed in for more.
_WIDER = {
    CALENDARS: (SHARED_CALENDARS,),
    APP_FOLDER: (FILES, "Files.ReadWrite.All"),
    FILES: ("Files.ReadWrite.All",),
}

_WORDS = {
    CALENDARS: "to read and write your calendars",
    APP_FOLDER: "to keep files in a OneDrive folder of its own",
    FILES: "to read and write your OneDrive files (for sharing)",
}


def needed(settings: OutlookSettings) -> tuple[str, ...]:
    """All permissions to ask for, in a steady order, in their short spelling."""
    scopes = [CALENDARS]
    if settings.documents:
        scopes.append(APP_FOLDER)
        # https://learn.microsoft.com/graph/api/driveitem-invite: nothing less lets others in.
        if settings.sharing:
            scopes.append(FILES)
    return tuple(scopes)


def asked_for(settings: OutlookSettings) -> list[str]:
    """The same as the sign-in server takes them."""
    return [settings.resource + scope for scope in needed(settings)]


def split(granted: object) -> tuple[str, ...]:
    """A token answer's `scope` (a string, or a list), in short spelling."""
    if isinstance(granted, str):
        granted = granted.split()
    if not isinstance(granted, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(scope.rpartition("/")[2] for scope in granted if isinstance(scope, str)))


def covered(scope: str, granted: Iterable[str]) -> bool:
    """Whether `granted` holds this permission or a wider one. Microsoft is not strict about letter case."""
    held = {each.casefold() for each in granted}
    return any(each.casefold() in held for each in (scope, *_WIDER.get(scope, ())))


def missing(settings: OutlookSettings, granted: Iterable[str]) -> tuple[str, ...]:
    """Which permissions have to be asked for (again)."""
    held = tuple(granted)
    return tuple(scope for scope in needed(settings) if not covered(scope, held))


def in_words(scopes: Iterable[str]) -> str:
    """'to read and write your calendars and to …', for a sentence."""
    return enumerated([_WORDS.get(scope, scope) for scope in scopes])
