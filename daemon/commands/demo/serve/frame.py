"""What every page has around its content: the way to the others, the time, and what has just happened."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.frozen import dataclass
from daemon.commands.demo.serve import dates, told
from daemon.commands.demo.serve.forms import button, form
from daemon.commands.demo.serve.told import Told
from daemon.commands.demo.stage import Stage
from daemon.commands.demo.world import ZONE
from daemon.render import words
from daemon.render.markup import Element, Node, element, written

_PLACES = (("/", "Calendar"), ("/docs", "Prep docs"), ("/ledger", "Ledger"), ("/report", "Report"))


@dataclass(frozen=True, slots=True)
class Page:
    """`place` is the address, among those of the navigation, that it belongs to."""

    title: str
    content: tuple[Node, ...]
    place: str = ""
    wide: bool = False


def page_of(title: str, *content: Node, place: str = "", wide: bool = False) -> Page:
    return Page(title, content, place, wide)


def framed(page: Page, stage: Stage, here: str, news: Told | None) -> str:
    """The whole document. `here` is the page's own address, which forms come back to."""
    happened = (told.shown(news, here),) if news else ()
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        element(
            "header",
            element("p", element("strong", "prepd"), " demo", class_="brand"),
            _navigation(page.place),
            _time(stage, here),
            class_="site",
        ),
        element("main", *happened, *page.content, id="content", tabindex="-1"),
        element("footer", *_closing(stage)),
        class_="wide" if page.wide else "",
    )
    document = element("html", _head(page.title), body, lang="en")
    return "<!doctype html>\n" + "".join(written((document,))) + "\n"


def bare(title: str, text: str) -> str:
    """A page that needs nothing of the story: for what was refused."""
    way_back = element("p", element("a", "To the calendar", href="/"))
    body = element("body", element("main", element("h1", title), element("p", text), way_back, id="content"))
    return "<!doctype html>\n" + "".join(written((element("html", _head(title), body, lang="en"),))) + "\n"


def _head(title: str) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · prepd demo"),
        element("link", rel="icon", href="/icon.svg", type="image/svg+xml"),
        element("link", rel="stylesheet", href="/style.css"),
    )


def _navigation(place: str) -> Element:
    links = (
        element("li", element("a", name, href=path, aria_current="page" if path == place else ""))
        for path, name in _PLACES
    )
    return element("nav", element("ul", *links), aria_label="Pages")


def _time(stage: Stage, here: str) -> Element:
    now = element("p", f"{dates.long_day(stage.now)}, ", element("strong", words.clock(stage.now, ZONE)))
    buttons = (
        button("Sync now", name="how", value="sync", class_="first"),
        button("+ 1 day", name="how", value="day", label="Let a day go by"),
        button("+ 1 week", name="how", value="week", label="Let a week go by"),
    )
    return element("section", now, form("time", {"back": here}, *buttons), class_="time", aria_label="Time")


def _closing(stage: Stage) -> Iterable[Element]:
    boxes = (stage.google.mailbox, stage.microsoft.mailbox)
    by_prepd = sum(len(box.sent_by_clients()) for box in boxes)
    by_people = sum(len(box) for box in boxes) - by_prepd
    mails = f"Mails that Google and Outlook would have sent: {by_people:,} for what people did, {by_prepd} for prepd."
    yield element("p", mails)
    yield element(
        "p",
        "Google, Microsoft, the people and the clock are emulated. prepd is not: each of its looks is a real cycle.",
    )
