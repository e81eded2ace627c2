"""A list of Google's, page by page to its end (https://developers.google.com/workspace/calendar/api/guides/pagination)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from connectors.errors import BadAnswer
from connectors.google.transport import Services

_MOST = 1_000


def pages(services: Services, listing: Callable[..., Any], **asked: Any) -> Iterator[dict[str, Any]]:
    """The answers to `listing`, as they arrive. `asked` are its parameters, the same for each page.

    :raises BadAnswer: the pages never end. Else as `Services.execute` does.
    """
    seen: set[str] = set()
    while True:
        request = listing(**asked)
        answer = services.execute(request, safe=True)
        yield answer
        following = answer.get("nextPageToken")
        if not following:
            return
        # A page may well be empty and still have a next one; the same one twice would never end.
        # Half a surrogate pair can't even be sent.
        if not _can_be_sent(following) or following in seen or len(seen) >= _MOST:
            where = f"Account {services.settings.name}, {request.methodId}"
            raise BadAnswer(f"{where}: the pages of the list never end")
        seen.add(following)
        asked["pageToken"] = following


def _can_be_sent(token: object) -> TypeGuard[str]:
    return isinstance(token, str) and token.isprintable()


def rows(
    services: Services, listing: Callable[..., Any], name: str, **asked: Any
) -> Iterator[dict[str, Any]]:
    """The entries of the list of that name, over all pages. :raises BadAnswer: it is no list of objects."""
    for answer in pages(services, listing, **asked):
        found = answer.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise BadAnswer(f"Account {services.settings.name}: Google's list of {name} can't be read")
        yield from found
