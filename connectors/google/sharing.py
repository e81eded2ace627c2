"""Lets one other person into a file on Drive, without a mail; never takes anything away from anybody.

https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from connectors.errors import Refused
from connectors.google.failures import BadRequest
from connectors.google.pages import rows
from connectors.google.transport import Services
from connectors.values import Access

log = logging.getLogger(__name__)

_ROLES = {Access.COMMENT: "commenter", Access.EDIT: "writer"}
_RANKS = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")

# https://developers.google.com/workspace/drive/api/guides/handle-errors, beside those that begin with cannotShare
_NOT_ALLOWED = {"invalidSharingRequest", "shareOutNotPermitted", "shareInNotPermitted", "domainPolicy"}


def share(services: Services, file_id: str, address: str, access: Access) -> None:
    """Gives the person at `address` at least this access; more that they have already stays.

    Asked twice it does no harm: Drive keeps one permission for each person and file.

    :raises Refused: sharing is limited by the organization, or the address has no Google account (Drive would
        have to mail it).
    """
    role = _ROLES[access]
    found = next((p for p in _permissions(services, file_id) if _is_of(p, address)), None)
    if found is not None and _rank(found.get("role")) >= _rank(role):
        return
    try:
        if found is None:
            _create(services, file_id, address, role)
        else:
            _raise_role(services, file_id, str(found.get("id", "")), role)
    except Refused as error:
        raise Refused(_refusal()) from error
    except BadRequest as error:
        if any(reason in _NOT_ALLOWED or reason.startswith("cannotShare") for reason in error.reasons):
            raise Refused(_refusal()) from error
        raise
    log.info("shared a prep doc")


def _permissions(services: Services, file_id: str) -> Iterator[dict[str, Any]]:
    return rows(
        services,
        services.drive.permissions().list,
        "permissions",
        fileId=file_id,
        fields="nextPageToken,permissions(id,type,role,emailAddress)",
        pageSize=100,
        supportsAllDrives=True,
    )


def _create(services: Services, file_id: str, address: str, role: str) -> None:
    request = services.drive.permissions().create(
        fileId=file_id,
        body={"type": "user", "role": role, "emailAddress": address},
        sendNotificationEmail=False,  # the default mails them
        supportsAllDrives=True,
        fields="id",
    )
    services.execute(request, safe=False)


def _raise_role(services: Services, file_id: str, permission_id: str, role: str) -> None:
    request = services.drive.permissions().update(
        fileId=file_id,
        permissionId=permission_id,
        body={"role": role},
        supportsAllDrives=True,
        fields="id",
    )
    services.execute(request, safe=True)


def _is_of(permission: dict[str, Any], address: str) -> bool:
    theirs = permission.get("emailAddress")
    one_person = permission.get("type") == "user" and isinstance(theirs, str)
    return one_person and str(theirs).casefold() == address.strip().casefold()


def _rank(role: object) -> int:
    return _RANKS.index(role) if role in _RANKS else -1


def _refusal() -> str:
    return (
        "Google does not let this doc be shared with the other person without a mail: "
        "your organization limits sharing, or their address has no Google account."
    )
