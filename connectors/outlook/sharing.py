"""Lets one other person into a folder on OneDrive, without a mail; never takes anything away from anybody.

https://learn.microsoft.com/graph/api/driveitem-invite
"""

from __future__ import annotations

import logging
from typing import Any

from connectors.errors import Refused
from connectors.outlook import scopes
from connectors.outlook.failures import BadRequest
from connectors.outlook.pages import rows
from connectors.outlook.transport import Call, Graph, segment
from connectors.values import Access

log = logging.getLogger(__name__)

# OneDrive has no role that may comment and not write.
_ROLES = {Access.COMMENT: "read", Access.EDIT: "write"}
_RANKS = ("read", "write", "owner")

# Codes of a 400 that are about who may be let in, not about the request.
# secureSharingInvalidRequest: https://github.com/OneDrive/onedrive-api-docs/issues/1700
_NOT_ALLOWED = ("sharing", "invit", "recipient", "resolveduser")


def share(graph: Graph, folder_id: str, address: str, access: Access) -> None:
    """Gives the person at `address` at least this access; more that they have already stays.

    Asked twice it does no harm: OneDrive keeps one permission for each person and item.

    :raises Refused: sharing is limited by the organization, or the address is one that can't sign in.
    :raises SignInNeeded: the sign-in is without the permission that sharing takes.
    """
    graph.require(scopes.FILES)
    role = _ROLES[access]
    target = f"/me/drive/items/{segment(folder_id)}"
    there = rows(graph, f"{target}/permissions", "seeing who may open a prep doc")
    if any(_is_of(p, address) and _rank(p) >= _RANKS.index(role) for p in there):
        return
    body = {
        "recipients": [{"email": address}],
        "roles": [role],
        "requireSignIn": True,
        "sendInvitation": False,  # otherwise they are mailed
    }
    try:
        said = graph.send(Call("POST", f"{target}/invite", "sharing a prep doc", body=body, safe=True))
    except Refused as error:
        raise Refused(_refusal()) from error
    except BadRequest as error:
        if any(word in code for word in _NOT_ALLOWED for code in error.codes):
            raise Refused(_refusal()) from error
        raise
    # some of the recipients may be refused in an answer that is a success (207, and 200 with an error within)
    granted = said.get("value")
    if any(isinstance(p, dict) and p.get("error") for p in (granted if isinstance(granted, list) else ())):
        raise Refused(_refusal())
    log.info("shared a prep doc")


def _is_of(permission: dict[str, Any], address: str) -> bool:
    """Whether a permission names this person, in any of the places where OneDrive may say so."""
    grants = [permission.get("grantedToV2"), permission.get("grantedTo")]
    for several in ("grantedToIdentitiesV2", "grantedToIdentities"):
        found = permission.get(several)
        grants += found if isinstance(found, list) else []
    people = [grant.get(kind) for grant in grants if isinstance(grant, dict) for kind in ("user", "siteUser")]
    told = [p.get("email") for p in (*people, permission.get("invitation")) if isinstance(p, dict)]
    return address.strip().casefold() in (text.casefold() for text in told if isinstance(text, str))


def _rank(permission: dict[str, Any]) -> int:
    roles = permission.get("roles")
    return max(
        (_RANKS.index(r) for r in (roles if isinstance(roles, list) else ()) if r in _RANKS), default=-1
    )


def _refusal() -> str:
    return (
        "OneDrive does not let this folder be shared with the other person without a mail: "
        "your organization limits sharing, or their address has no Microsoft account."
    )
