"""What can be done to the user's calendars and documents, as plain values: `plan` gives them, `apply` carries them out.

Each names its 1:1, but for the delivery of a report, which is no 1:1's. `kind` is what `--json` calls it.
"""

from __future__ import annotations

from typing import ClassVar

from connectors.frozen import dataclass
from daemon.core.model import Times
from daemon.core.planning.place import Placement


@dataclass(frozen=True, slots=True)
class CreatePage:
    """Opens a page for a person's next 1:1, with the action items still open on the page before it."""

    kind: ClassVar[str] = "create_page"
    one_on_one: str
    person: str
    heading: str
    career_check: bool


@dataclass(frozen=True, slots=True)
class UpdatePage:
    """Makes the person's open page that of another 1:1, or lets its heading follow a move."""

    kind: ClassVar[str] = "update_page"
    one_on_one: str
    person: str
    heading: str


@dataclass(frozen=True, slots=True)
class AttachLink:
    """Puts the link to the person's open page on the invite."""

    kind: ClassVar[str] = "attach_link"
    one_on_one: str
    person: str


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """Takes the link `url`, spelled as the provider does, off the invite again."""

    kind: ClassVar[str] = "remove_link"
    one_on_one: str
    url: str


@dataclass(frozen=True, slots=True)
class CreateSlot:
    """`with_link`: the open page is this 1:1's, and its link goes into the text."""

    kind: ClassVar[str] = "create_slot"
    one_on_one: str
    placement: Placement
    generation: int
    with_link: bool


@dataclass(frozen=True, slots=True)
class MoveSlot:
    """`rewrite`: nobody edited the text, so it is written anew too."""

    kind: ClassVar[str] = "move_slot"
    one_on_one: str
    was: Times
    placement: Placement
    rewrite: bool
    with_link: bool


@dataclass(frozen=True, slots=True)
class UpdateSlot:
    """Writes title and text of a slot anew, where it is."""

    kind: ClassVar[str] = "update_slot"
    one_on_one: str
    with_link: bool


@dataclass(frozen=True, slots=True)
class DeleteSlot:
    """Takes a slot off the calendar, from where it `was`."""

    kind: ClassVar[str] = "delete_slot"
    one_on_one: str
    was: Times


@dataclass(frozen=True, slots=True)
class Deliver:
    """Delivers the report of an ISO week (2026-W47) `to` file, calendar or notify. It is no 1:1's."""

    kind: ClassVar[str] = "deliver"
    one_on_one: ClassVar[None] = None
    to: str
    week: str


Action = CreatePage | UpdatePage | AttachLink | RemoveLink | CreateSlot | MoveSlot | UpdateSlot | DeleteSlot
