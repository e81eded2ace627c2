"""What a request may hold: types, properties and enumerations of Graph v1.0, as far as calendars and files need them.

Facts taken from the published metadata, `schemas/v1.0-Prod.csdl` of microsoftgraph/msgraph-metadata (August 2026),
in a notation of our own: `name:type`, `[type]` for a collection, `type!` for what can't be null. The metadata calls
`event` an open type, but Outlook refuses names that it doesn't know, and so does this.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sandbox.microsoft.errors import bad_body

ENUMS: dict[str, tuple[str, ...]] = {
    "attendeeType": ("required", "optional", "resource"),
    "bodyType": ("text", "html"),
    "dayOfWeek": ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    "eventType": ("singleInstance", "occurrence", "exception", "seriesMaster"),
    "freeBusyStatus": ("unknown", "free", "tentative", "busy", "oof", "workingElsewhere"),
    "importance": ("low", "normal", "high"),
    "locationType": (
        "default", "conferenceRoom", "homeAddress", "businessAddress", "geoCoordinates", "streetAddress", "hotel",
        "restaurant", "localBusiness", "postalAddress",
    ),
    "locationUniqueIdType": ("unknown", "locationStore", "directory", "private", "bing"),
    "onlineMeetingProviderType": ("unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"),
    "recurrencePatternType": (
        "daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly",
    ),
    "recurrenceRangeType": ("endDate", "noEnd", "numbered"),
    "responseType": ("none", "organizer", "tentativelyAccepted", "accepted", "declined", "notResponded"),
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "weekIndex": ("first", "second", "third", "fourth", "last"),
}  # fmt: skip

_TYPES = {
    "event": """
        id:String categories:[String] changeKey:String createdDateTime:DateTimeOffset
        lastModifiedDateTime:DateTimeOffset allowNewTimeProposals:Boolean attendees:[attendee] body:itemBody
        bodyPreview:String cancelledOccurrences:[String] end:dateTimeTimeZone hasAttachments:Boolean
        hideAttendees:Boolean iCalUId:String importance:importance isAllDay:Boolean isCancelled:Boolean
        isDraft:Boolean isOnlineMeeting:Boolean isOrganizer:Boolean isReminderOn:Boolean location:location
        locations:[location] onlineMeeting:onlineMeetingInfo onlineMeetingProvider:onlineMeetingProviderType
        onlineMeetingUrl:String organizer:recipient originalEndTimeZone:String originalStart:DateTimeOffset
        originalStartTimeZone:String recurrence:patternedRecurrence reminderMinutesBeforeStart:Int32
        responseRequested:Boolean responseStatus:responseStatus sensitivity:sensitivity seriesMasterId:String
        showAs:freeBusyStatus start:dateTimeTimeZone subject:String transactionId:String type:eventType
        webLink:String attachments:[attachment] extensions:[openTypeExtension]
        singleValueExtendedProperties:[singleValueLegacyExtendedProperty]
        multiValueExtendedProperties:[multiValueLegacyExtendedProperty]""",
    "calendar": """
        id:String name:String color:String hexColor:String isDefaultCalendar:Boolean changeKey:String canShare:Boolean
        canViewPrivateItems:Boolean canEdit:Boolean isTallyingResponses:Boolean isRemovable:Boolean
        owner:emailAddress allowedOnlineMeetingProviders:[onlineMeetingProviderType]
        defaultOnlineMeetingProvider:onlineMeetingProviderType""",
    "attendee": "emailAddress:emailAddress type:attendeeType status:responseStatus proposedNewTime:timeSlot",
    "recipient": "emailAddress:emailAddress",
    "emailAddress": "address:String name:String",
    "responseStatus": "response:responseType time:DateTimeOffset",
    "timeSlot": "start:dateTimeTimeZone! end:dateTimeTimeZone!",
    "dateTimeTimeZone": "dateTime:String! timeZone:String",
    "itemBody": "content:String contentType:bodyType",
    "location": """
        address:physicalAddress coordinates:outlookGeoCoordinates displayName:String locationEmailAddress:String
        locationType:locationType locationUri:String uniqueId:String uniqueIdType:locationUniqueIdType""",
    "physicalAddress": "city:String countryOrRegion:String postalCode:String state:String street:String",
    "outlookGeoCoordinates": "accuracy:Double altitude:Double altitudeAccuracy:Double latitude:Double longitude:Double",
    "patternedRecurrence": "pattern:recurrencePattern range:recurrenceRange",
    "recurrencePattern": """
        dayOfMonth:Int32! daysOfWeek:[dayOfWeek] firstDayOfWeek:dayOfWeek index:weekIndex interval:Int32! month:Int32!
        type:recurrencePatternType""",
    "recurrenceRange": """
        endDate:Date numberOfOccurrences:Int32! recurrenceTimeZone:String startDate:Date type:recurrenceRangeType""",
    "onlineMeetingInfo": """
        conferenceId:String joinUrl:String phones:[phone] quickDial:String tollFreeNumbers:[String]
        tollNumber:String""",
    "phone": "language:String number:String region:String type:String",
    "attachment": "*",
    "openTypeExtension": "* extensionName:String!",
    "singleValueLegacyExtendedProperty": "id:String value:String",
    "multiValueLegacyExtendedProperty": "id:String value:[String]",
    "responseAction": "comment:String sendResponse:Boolean proposedNewTime:timeSlot",
    "cancelAction": "comment:String",
    "driveItem": """
        * id:String name:String description:String folder:folder file:Any fileSystemInfo:Any
        parentReference:itemReference eTag:String cTag:String size:Int64 webUrl:String""",
    "folder": "childCount:Int32 view:Any",
    "itemReference": "driveId:String driveType:String id:String name:String path:String siteId:String shareId:String",
    "inviteAction": """
        recipients:[driveRecipient] roles:[String] requireSignIn:Boolean sendInvitation:Boolean message:String
        retainInheritedPermissions:Boolean expirationDateTime:String password:String""",
    "driveRecipient": "alias:String email:String objectId:String",
    "createLinkAction": """
        type:String scope:String expirationDateTime:DateTimeOffset password:String message:String
        recipients:[driveRecipient] retainInheritedPermissions:Boolean sendNotification:Boolean""",
    "permission": "id:String roles:[String] expirationDateTime:DateTimeOffset",
}


def _table(text: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in text.split() if ":" in part)


TYPES = {name: _table(text) for name, text in _TYPES.items()}
_OPEN = {name for name, text in _TYPES.items() if text.split()[0] == "*"}

EVENT_COMPUTED = frozenset([
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "cancelledOccurrences",
    "hasAttachments", "iCalUId", "isCancelled", "isDraft", "isOrganizer", "onlineMeeting",
    "onlineMeetingUrl", "organizer", "originalEndTimeZone", "originalStart", "originalStartTimeZone",
    "responseStatus", "seriesMasterId", "type", "webLink", "attachments",
])  # fmt: skip
"""What a client may send of an event without effect: it is the server's to say."""


def check(kind: str, value: Any) -> dict[str, Any]:
    """The object of a body, without its annotations. Raises GraphError (400, RequestBodyRead)."""
    if not isinstance(value, dict):
        raise bad_body(f"A '{kind}' must be a JSON object.")
    table = TYPES[kind]
    checked: dict[str, Any] = {}
    for name, given in value.items():
        if "@" in name:
            checked |= {name: given} if kind in _OPEN else {}
        elif name in table:
            checked[name] = _value(table[name], given, name)
        elif kind in _OPEN:
            checked[name] = given
        else:
            raise bad_body(
                f"The property '{name}' does not exist on type 'microsoft.graph.{kind}'. Make sure to only use property"
                " names that are defined by the type or mark the type as open type."
            )
    return checked


def _value(kind: str, value: Any, name: str) -> Any:
    if value is None:
        if kind.endswith("!"):
            raise bad_body(f"The property '{name}' can't be null.")
        return None
    kind = kind.removesuffix("!")
    if kind.startswith("["):
        if not isinstance(value, list):
            raise bad_body(f"The property '{name}' must be a collection.")
        return [_value(kind[1:-1], each, name) for each in value]
    if kind in TYPES:
        return check(kind, value)
    if kind in ENUMS:
        # Graph reads enumerations without regard to case.
        found = next(
            (each for each in ENUMS[kind] if isinstance(value, str) and each.lower() == value.lower()), None
        )
        if found is None:
            raise bad_body(f"Requested value '{value}' was not found in 'microsoft.graph.{kind}'.")
        return found
    if kind == "Boolean" and value in ("true", "false"):
        # python-o365 sends them so, and Outlook takes them.
        return value == "true"
    if not _fits(kind, value):
        raise bad_body(f"Cannot convert the value of '{name}' to the expected type 'Edm.{kind}'.")
    return value


def _fits(kind: str, value: Any) -> bool:
    match kind:
        case "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case "Int32" | "Int64":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "DateTimeOffset":
            return isinstance(value, str) and bool(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value))
        case "Date":
            try:
                return isinstance(value, str) and bool(date.fromisoformat(value))
            except ValueError:
                return False
    return True
