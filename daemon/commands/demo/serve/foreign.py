"""The text of an invite as elements of our own: what others wrote, with links that lead to prep docs and nowhere else.

Of HTML, only words and the plainest structure are kept. An address outside the demo is shown, and leads nowhere: in
the emulated world there is nothing there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from daemon.render.lines import harmless
from daemon.render.markup import Element, Node, element

Follow = Callable[[str], str | None]
"""The page of the demo that an address of the emulated world leads to, if any."""

_BLOCKS = {"p", "div", "ul", "ol", "li", "blockquote"}
_WORDS = {"b", "strong", "i", "em", "u", "s"}
_AS_PARAGRAPHS = {"h1", "h2", "h3", "h4", "h5", "h6", "tr", "pre"}
_UNSEEN = {"script", "style", "head", "title", "template", "iframe", "object", "svg", "math"}
_DEEPEST = 40
_LONGEST = 20_000
_WIDEST = 60
"""Characters of an address that are shown."""
_RULE = re.compile(r"[_=\-]{20,}")
_URL = re.compile(r"https?://[^\s<>\"]+")


def plain(text: str, follow: Follow) -> Element:
    """Lines stay lines, addresses become links."""
    shown = [harmless(line) for line in text[:_LONGEST].splitlines()]
    lines = (element("p", *_linked(line, follow), class_="" if line else "blank") for line in shown)
    return element("div", *lines, class_="text")


def rich(html: str, follow: Follow) -> Element:
    """What is written in a body, whatever is in there besides."""
    reader = _Reader(follow)
    reader.feed(html[:_LONGEST])
    reader.close()
    return element("div", *reader.nodes(), class_="text")


def link(url: str, text: str, follow: Follow) -> Element:
    """To a prep doc; or what looks like a link, and says where it would lead."""
    page = follow(url)
    if page is not None:
        return element("a", text, href=page)
    return element("span", text, class_="outside", title=harmless(url)[:300])


def _linked(line: str, follow: Follow) -> Iterator[Node]:
    end = 0
    for found in _URL.finditer(line):
        yield line[end : found.start()]
        yield link(found[0], _short(found[0]), follow)
        end = found.end()
    yield line[end:]


def _short(url: str) -> str:
    return url if len(url) <= _WIDEST else f"{url[: _WIDEST - 1]}…"


class _Reader(HTMLParser):
    """Builds elements as it goes; ends that have no beginning, and beginnings without an end, don't matter."""

    def __init__(self, follow: Follow) -> None:
        super().__init__()
        self._follow = follow
        self._open: list[tuple[str, str, list[Node]]] = [("", "", [])]
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping += tag in _UNSEEN
        if self._skipping:
            return
        if tag in ("br", "hr"):
            self._open[-1][2].append(element("br"))
        elif len(self._open) < _DEEPEST and tag in _BLOCKS | _WORDS | _AS_PARAGRAPHS | {"a"}:
            self._open.append((tag, dict(attrs).get("href") or "", []))

    def handle_endtag(self, tag: str) -> None:
        self._skipping = max(self._skipping - (tag in _UNSEEN), 0)
        if any(name == tag for name, _, _ in self._open[1:]):
            while self._open[-1][0] != tag:
                self._end()
            self._end()

    def handle_data(self, data: str) -> None:
        text = _RULE.sub("", harmless(data))
        if not self._skipping and text:
            self._open[-1][2].append(text)

    def nodes(self) -> list[Node]:
        while len(self._open) > 1:
            self._end()
        return self._open[0][2]

    def _end(self) -> None:
        tag, href, inside = self._open.pop()
        into = self._open[-1][2]
        if tag == "a":
            into.append(link(href, "".join(_words(inside)) or href, self._follow))
        elif any(not isinstance(node, str) or node.strip() for node in inside):
            into.append(element("div" if tag in _AS_PARAGRAPHS | {"p"} else tag, *inside))


def _words(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Element):
            yield from _words(list(node.children))
