"""A list of Graph's, page by page to its end (https://learn.microsoft.com/graph/paging)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.errors import BadAnswer
from connectors.fields import Json
from connectors.outlook.transport import Graph

_MOST = 200


def rows(
    graph: Graph,
    target: str,
    what: str,
    query: Mapping[str, str | int] | None = None,
    prefer: Sequence[str] = (),
) -> Iterator[Json]:
    """The entries of a list, as the pages arrive; the arguments are those of `Graph.get`.

    :raises BadAnswer: it is no list of objects, or its pages never end. To take that for an empty one would lose
        a meeting. Else as `Graph.send` does.
    """
    where = f"Account {graph.settings.name}, {what}"
    answer = graph.get(target, what, query, prefer)
    for _ in range(_MOST):
        found = answer.get("value")
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise BadAnswer(f"{where}: Microsoft's list can't be read")
        yield from found
        link = answer.get("@odata.nextLink") or ""
        if not isinstance(link, str):
            raise BadAnswer(f"{where}: Microsoft's list can't be read")
        if not link:
            return
        answer = graph.get(link, what, prefer=prefer)
    raise BadAnswer(f"{where}: the pages of the list never end")
