"""Which permissions an account needs, which of them a sign-in has, and what each is called in words.

The least that does (https://developers.google.com/workspace/calendar/api/auth,
https://developers.google.com/workspace/drive/api/guides/api-specific-auth).
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.errors import enumerated
from connectors.google.settings import GoogleSettings

_ROOT = "https://www.googleapis.com/auth/"

OPENID = "openid"
EMAIL = _ROOT + "userinfo.email"
EVENTS_OWNED = _ROOT + "calendar.events.owned"
EVENTS = _ROOT + "calendar.events"
CALENDAR_LIST = _ROOT + "calendar.calendarlist.readonly"
DRIVE_FILE = _ROOT + "drive.file"

# Google writes `email` and `profile` out in full in its answers; other servers leave them short.
_FULL_SPELLING = {"email": EMAIL, "profile": _ROOT + "userinfo.profile"}

# A permission is also had through a wider one, e.g. with a client that was signed in for more.
_WIDER = {
    EVENTS_OWNED: (EVENTS, _ROOT + "calendar"),
    EVENTS: (_ROOT + "calendar",),
    CALENDAR_LIST: (_ROOT + "calendar.calendarlist", _ROOT + "calendar.readonly", _ROOT + "calendar"),
    DRIVE_FILE: (_ROOT + "drive",),
}

_WORDS = {
    OPENID: "to know who you are",
    EMAIL: "to see your e-mail address",
    EVENTS_OWNED: "to see and edit events on calendars that you own",
    EVENTS: "to see and edit events on your calendars",
    CALENDAR_LIST: "to see the list of your calendars",
    DRIVE_FILE: "to see and edit the Drive files made with prepd",
}

# Without these two everything works: only the user's own address is not known.
_CONVENIENT = (OPENID, EMAIL)


def is_name(calendar: str) -> bool:
    """Whether a configured calendar is a name to be looked up: no id is without an @, 'primary' aside."""
    return calendar != "primary" and "@" not in calendar


def events_scope(settings: GoogleSettings) -> str:
    """The primary calendar is the user's own; another may be somebody else's."""
    return EVENTS_OWNED if set(settings.calendars) <= {"primary"} else EVENTS


def needed(settings: GoogleSettings) -> tuple[str, ...]:
    """All permissions to ask for, in a steady order."""
    scopes = [OPENID, EMAIL, events_scope(settings)]
    if any(map(is_name, settings.calendars)):
        scopes.append(CALENDAR_LIST)
    if settings.documents:
        scopes.append(DRIVE_FILE)
    return tuple(scopes)


def split(granted: object) -> tuple[str, ...]:
    """A token answer's `scope` (a string, or a list as some libraries make of it), in full spelling."""
    if isinstance(granted, str):
        granted = granted.split()
    if not isinstance(granted, (list, tuple)):
        return ()
    return tuple(
        dict.fromkeys(_FULL_SPELLING.get(scope, scope) for scope in granted if isinstance(scope, str))
    )


def covered(scope: str, granted: Iterable[str]) -> bool:
    """Whether `granted` holds this permission or a wider one."""
    held = set(granted)
    return scope in held or any(wider in held for wider in _WIDER.get(scope, ()))


def missing(settings: GoogleSettings, granted: Iterable[str]) -> tuple[str, ...]:
    """Which permissions have to be asked for (again). One's own address can be done without."""
    held = set(granted)
    return tuple(s for s in needed(settings) if s not in _CONVENIENT and not covered(s, held))


def in_words(scopes: Iterable[str]) -> str:
    """'to see the list of your calendars and to …', for a sentence."""
    return enumerated([_WORDS.get(scope, scope) for scope in scopes])
