"""People and calendars as Graph shows them. The order and presence of properties follow real payloads."""

from __future__ import annotations

from typing import Any

from sandbox.microsoft.items import CalendarBook
from sandbox.microsoft.world import World


def context(world: World, what: str) -> str:
    """The `@odata.context` of an answer."""
    return f"{world.root}/v1.0/$metadata#{what}"


def person(world: World, email: str) -> dict[str, Any]:
    """A user."""
    who = world.people[email]
    given, _, family = who.name.partition(" ")
    return {
        "@odata.context": context(world, "users/$entity"),
        "businessPhones": [],
        "displayName": who.name,
        "givenName": given,
        "jobTitle": None,
        "mail": None if who.personal else email,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": family,
        "userPrincipalName": email,
        "id": who.oid,
    }


def calendar(world: World, book: CalendarBook) -> dict[str, Any]:
    """A calendar."""
    return {
        "id": book.id,
        "name": book.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": book.default,
        "changeKey": "3qJ8Rk5mQUe1PsyBAAACNg==",
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": book.default,
        "isRemovable": not book.default,
        "owner": {"name": world.people[book.owner].name, "address": book.owner},
    }
