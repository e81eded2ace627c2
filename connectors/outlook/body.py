"""The body of an event as text, and the block with prepd's link at its end.

Exchange cleans HTML on the way in: comments, ids and attributes that it does not know may be gone afterwards,
tags may be written anew. So nothing is known again by those. A body is compared by its words and links, and our block
is a short text that says whose it is, with a link behind it.
"""

from __future__ import annotations

import hashlib
import html
import re
from functools import lru_cache

from connectors.values import Link

LABEL = "Added by prepd:"
"""What our block begins with: for people to read, and for us to know it again."""

_LONGEST = 2_000_000
_SHORT = 10_000
_MOST_LINKS = 100

# No pattern here may look further than the next angle bracket: a megabyte of "<" must not take a minute.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)([^<>]*)>")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+")
_BODY_ENDS = re.compile("</body>", re.IGNORECASE | re.ASCII)
_HIDDEN = (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"), ("<head", "</head>"))
_HIDES = re.compile("<(?:!--|style|script|head)", re.IGNORECASE | re.ASCII)
# What makes a difference to the reader of a text, by the name that is kept for it.
_MEANT = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "s": "s", "strike": "s", "del": "s",
    "li": "li", "img": "img", "h1": "h", "h2": "h", "h3": "h", "h4": "h",
}  # fmt: skip
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]+")

# As long as the text itself, which str.lower() is not for some letters.
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

_OPENING, _TEXT, _CLOSING = "\x01", "\x02", "\x03"
_OUR_BLOCK = re.compile(
    re.escape("".join(LABEL.split()))
    + f"{_OPENING}[^{_OPENING}{_TEXT}]*{_TEXT}[^{_OPENING}{_CLOSING}]*{_CLOSING}"
)


def told(content: str, kind: str = "html") -> tuple[tuple[str, ...], str]:
    """The `links` and the `digest` of a body."""
    return _remembered(content, kind) if len(content) <= _SHORT else _looked_at(content, kind)


def _looked_at(content: str, kind: str) -> tuple[tuple[str, ...], str]:
    return links(content, kind), digest(content, kind)


_remembered = lru_cache(maxsize=256)(_looked_at)
"""All occurrences of a series have the same body, and many events have the same empty one."""


def digest(content: object, kind: object = "html") -> str:
    """Sixteen hex digits that change with the words, links and emphasis of a body, ours left out; '' for none."""
    if not isinstance(content, str):
        return ""
    rest = _OUR_BLOCK.sub("", flattened(content, kind))
    return hashlib.blake2b(rest.encode("utf-8"), digest_size=8).hexdigest() if rest else ""


def links(content: object, kind: object = "html") -> tuple[str, ...]:
    """The addresses that a body links to, in order, each once."""
    if not isinstance(content, str):
        return ()
    if kind == "text":
        found = _URL.findall(content[:_LONGEST])
    else:
        anchors = (m for m in _TAG.finditer(content[:_LONGEST]) if m[2].lower() == "a" and not m[1])
        found = [url for anchor in anchors if (url := _href(anchor[3]))]
    return tuple(dict.fromkeys(found))[:_MOST_LINKS]


def flattened(content: str, kind: object = "html") -> str:
    """A body without whitespace and without all tags that make no difference to its reader."""
    text = _UNWANTED.sub("", content[:_LONGEST])
    if kind == "text":
        return "".join(text.split())
    there = {found.lower() for found in _HIDES.findall(text)}
    for opening, closing in _HIDDEN:
        if opening in there:
            text = _cut(text, opening, closing)
    text = _TAG.sub(_shown, text)
    return "".join(html.unescape(text).split())


def as_html(text: str) -> str:
    """Plain text as HTML: lines stay lines, addresses become links."""
    return "<br>\r\n".join(_line(line) for line in text.splitlines())


def has_block(content: object, kind: object = "html") -> bool:
    """Whether our block is there, whatever Exchange made of the address in it."""
    if not isinstance(content, str):
        return False
    return LABEL in content if kind == "text" else bool(_OUR_BLOCK.search(flattened(content, kind)))


def with_block(content: str, kind: object, link: Link) -> str:
    """The body with our block at its end; everything else to the letter."""
    if kind == "text":
        return f"{content.rstrip()}\r\n\r\n{LABEL} {link.title} {link.url}\r\n".lstrip()
    href, title = html.escape(link.url), html.escape(link.title or link.url)
    block = f'<p>{LABEL} <a href="{href}">{title}</a></p>\r\n'
    # Not looked for in the lower-case text: some letters are longer there.
    ends = [found.start() for found in _BODY_ENDS.finditer(content)]
    return f"{content[: ends[-1]]}{block}{content[ends[-1] :]}" if ends else f"{content}{block}"


def without_link(content: str, kind: object, url: str) -> str:
    """The body without this link: our block if it is ours, else the link alone; everything else to the letter."""
    if kind == "text":
        block = _line_with(content, url)
        if block is None:
            return content.replace(url, "")
        return content[: block[0]].rstrip("\r\n") + content[block[1] :]
    for _ in range(_MOST_LINKS):
        spot = _anchor(content, url)
        if spot is None:
            return content
        start, end = _block_around(content, *spot)
        content = content[:start] + content[end:]
    return content


def _line_with(content: str, url: str) -> tuple[int, int] | None:
    """Where our label before this link begins in a plain text, and where its line ends."""
    at = -1
    for _ in range(_MOST_LINKS):
        at = content.find(url, at + 1)
        if at < 0:
            return None
        behind = at + len(url)
        if content[behind : behind + 1].strip():
            continue  # a longer address
        begins = max(content.rfind("\n", 0, at), content.rfind("\r", 0, at)) + 1
        label = content.find(LABEL, begins, at)
        if label >= 0:
            ends = [end for end in (content.find("\n", behind), content.find("\r", behind)) if end >= 0]
            return label, min(ends, default=len(content))
    return None


# --- the block in the HTML ------------------------------------------------------------------------------

_SPACE = r"(?:\s|&nbsp;|&#160;|\xa0)*"
_INLINE = rf"(?:{_SPACE}</?(?:span|font|b|i|u|strong|em|o:p)\b[^<>]*>)*{_SPACE}"
_WORDS = _SPACE.join(map(re.escape, LABEL.split()))
_BEFORE = re.compile(rf"<(p|div)\b[^<>]*>{_INLINE}{_WORDS}{_INLINE}\Z", re.IGNORECASE)
_LABEL_ONLY = re.compile(rf"{_WORDS}{_INLINE}\Z", re.IGNORECASE)
_NEAR = 2_000


def _anchor(content: str, url: str) -> tuple[int, int] | None:
    """Where the link begins and ends."""
    for tag in _TAG.finditer(content):
        if tag[2].lower() == "a" and not tag[1] and _href(tag[3]) == url:
            end = re.compile("</a>", re.IGNORECASE).search(content, tag.end())
            return tag.start(), end.end() if end else tag.end()
    return None


def _block_around(content: str, start: int, end: int) -> tuple[int, int]:
    """Our block around a link, as far as it is still whole."""
    near = max(0, start - _NEAR)
    before = _BEFORE.search(content[near:start])
    if before:
        after = re.compile(rf"{_INLINE}</{before[1]}>\r?\n?", re.IGNORECASE).match(content, end)
        if after:
            return near + before.start(), after.end()
    label = _LABEL_ONLY.search(content[near:start])
    return (near + label.start() if label else start), end


def _href(attributes: str) -> str:
    found = _HREF.search(attributes)
    return html.unescape(found[1] or found[2] or found[3] or "").strip() if found else ""


def _shown(tag: re.Match[str]) -> str:
    name = tag[2].lower()
    if name == "a":
        if tag[1]:
            return _CLOSING
        url = _href(tag[3])
        return f"{_OPENING}{url}{_TEXT}" if url else ""
    return f"\x04{tag[1]}{_MEANT[name]}\x05" if name in _MEANT else ""


def _cut(text: str, opening: str, closing: str) -> str:
    """Without what stands between; to the end where nothing closes it."""
    kept: list[str] = []
    folded = text.lower() if text.isascii() else text.translate(_LOWER)
    at = 0
    scanned = 0
    while (start := folded.find(opening, scanned)) >= 0:
        scanned = start + len(opening)
        if folded[scanned : scanned + 1].isalpha():
            continue  # <header> is no <head>
        end = folded.find(closing, scanned)
        if end < 0:
            break
        kept.append(text[at:start])
        at = scanned = end + len(closing)
    return "".join(kept) + text[at:]


def _line(line: str) -> str:
    parts: list[str] = []
    at = 0
    for found in _URL.finditer(line):
        url = html.escape(found[0])
        parts += [html.escape(line[at : found.start()], quote=False), f'<a href="{url}">{url}</a>']
        at = found.end()
    return "".join([*parts, html.escape(line[at:], quote=False)])
