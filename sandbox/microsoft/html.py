"""What Exchange does to a body on the way in, and how its plain text reads.

That it cleans is certain, what exactly it takes out is not: see `Settings.html`.
"""

from __future__ import annotations

import functools
import html
import re
from html.parser import HTMLParser
from typing import Literal

_KEPT = frozenset([
    "href", "src", "alt", "title", "style", "class", "align", "valign", "width", "height", "border",
    "cellpadding", "cellspacing", "bgcolor", "color", "face", "size", "dir", "lang", "colspan", "rowspan",
    "target", "rel", "start", "type", "name",
])  # fmt: skip
_DROPPED = frozenset(["script", "iframe", "object", "embed", "form", "input", "button", "link", "base"])
_VOID = frozenset(["br", "hr", "img", "meta", "col", "area", "wbr"])
_WRAPPED = frozenset(["html", "head", "body", "meta", "title"])
_BREAKS = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "hr", "ul", "ol", "table"])

Policy = Literal["stripped", "renamed", "kept"]


class _Cleaner(HTMLParser):
    def __init__(self, policy: Policy) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._policy = policy
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._skipping += tag not in _VOID and tag not in ("input", "link", "base", "embed")
        elif not self._skipping and tag not in _WRAPPED:
            self.out.append(f"<{tag}{''.join(self._attribute(name, value) for name, value in attrs)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._skipping = max(self._skipping - 1, 0)
        elif not self._skipping and tag not in _WRAPPED and tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _attribute(self, name: str, value: str | None) -> str:
        if name == "id" and self._policy == "renamed":
            return f' id="x_{html.escape((value or "").removeprefix("x_"))}"'
        if name not in _KEPT or name.startswith("on"):
            return ""
        return f' {name}="{html.escape(value or "")}"'


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  html.parser's
        self._skipping += tag in ("style", "script", "head")
        if tag in _BREAKS:
            self.out.append("\r\n")

    def handle_endtag(self, tag: str) -> None:
        self._skipping = max(self._skipping - (tag in ("style", "script", "head")), 0)

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.out.append(data)


def accepted(content: str, kind: str, policy: Policy) -> str:
    """A body as Exchange keeps it: one HTML page."""
    if kind == "text":
        inner = html.escape(content, quote=False).replace("\r\n", "\n").replace("\n", "<br>\r\n")
        return _page(f'<div class="PlainText">{inner}</div>' if content else "")
    if policy == "kept":
        return content if re.search(r"<html", content, re.IGNORECASE) else _page(content)
    cleaner = _Cleaner(policy)
    cleaner.feed(content)
    cleaner.close()
    return _page("".join(cleaner.out).strip())


@functools.lru_cache(maxsize=64)
def text(content: str) -> str:
    """The words of a body."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return re.sub(r"(\s*\r\n\s*)+", "\r\n", "".join(reader.out)).strip()


def appended(content: str, block: str) -> str:
    """A page with something added at its end."""
    head, found, tail = content.rpartition("</body>")
    return f"{head}{block}\r\n{found}{tail}" if found else content + block


def _page(inner: str) -> str:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    return f"<html>\r\n<head>\r\n{head}\r\n</head>\r\n<body>\r\n{inner}\r\n</body>\r\n</html>\r\n"
