"""Answers that make no sense: what a broken server, a proxy or a captive portal makes of a right one.

`Mangling` is one way to spoil one answer, told by three values, so that a case can be repeated from its name. Some of
what it makes is another answer that makes sense: that an event has no attachment, or another title.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace

ELSEWHERE = "https://elsewhere.example/login"
PAGE = b"<!doctype html><html><title>Sign in</title><form action=/login>Welcome to the hotel</form></html>"
HTML = {"Content-Type": "text/html"}
SPREAD = 10_000
"""`where` is a place in the whole of an answer, in parts of this many."""


def deep(levels):
    return "[" * levels + "]" * levels


# What may stand in the place of a value.
OTHERS = (
    None, 7, -1, 10**400, 1.5e300, float("inf"), float("nan"), True, False, [], {}, [None], [[]], {"": None}, "",
    "\ud800", "\udfff\ud800 1:1", "\x00\x1b[31m", "\u202e\u2066 x", "nothing-of-the-kind", "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59", "2026-11-03T25:61:00", "naive", "a" * 70_000, json.loads(deep(90)), {"dateTime": 4},
)  # fmt: skip
STATUSES = (301, 302, 303, 307, 308, 304, 206, 299, 400, 403, 404, 405, 410, 412, 418, 451, 511)


def _whole(status=200, body=b"", **headers):
    """The answer is another one, whatever was asked."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, answer: replace(answer, status=status, body=body, headers=named)


def _as_json(text):
    return _whole(200, text.encode("utf-8", "surrogatepass"), Content_Type="application/json")


def _changed(**changes):
    return lambda request, answer: replace(
        answer, **{name: change(answer) for name, change in changes.items()}
    )


WHOLES = {
    "nothing": _whole(200),
    "no content": _whole(204),
    "a login page": _whole(200, PAGE, Content_Type="text/html"),
    "a login page as JSON": _whole(200, PAGE, Content_Type="application/json"),
    "a list": _as_json("[]"),
    "a list of lists": _as_json("[[], {}, null]"),
    "a text": _as_json('"items"'),
    "a number": _as_json("1" * 5_000),
    "null": _as_json("null"),
    "too deep": _as_json(deep(100_000)),
    "too deep within": _as_json('{"items": ' + deep(50_000) + ', "value": ' + deep(50_000) + "}"),
    "not a number": _as_json("NaN"),
    "half of it": _changed(body=lambda a: a.body[: len(a.body) // 2]),
    "cut off": _changed(
        body=lambda a: a.body[: len(a.body) // 2],
        headers=lambda a: a.headers | {"Content-Length": str(len(a.body) + 9)},
    ),
    "said to be gzip": _changed(headers=lambda a: a.headers | {"Content-Encoding": "gzip"}),
    "half of a gzip": _changed(
        body=lambda a: gzip.compress(a.body)[: len(a.body) // 3],
        headers=lambda a: a.headers | {"Content-Encoding": "gzip"},
    ),
    "another type": _changed(headers=lambda a: a.headers | HTML),
    "another charset": _changed(
        body=lambda a: a.body.decode("utf-8", "replace").encode("utf-16"),
        headers=lambda a: a.headers | {"Content-Type": "application/json; charset=utf-16"},
    ),
    "with something behind it": _changed(body=lambda a: a.body + b"\n{}"),
    "with a mark before it": _changed(body=lambda a: b"\xef\xbb\xbf" + a.body),
    "no text": _changed(body=lambda a: b"\xff\xfe" + a.body.replace(b'"', b"\xc3")),
    **{f"a page with {status}": _whole(status, PAGE, Location=ELSEWHERE, **HTML) for status in STATUSES},
    **{f"nothing with {status}": _whole(status, Location=ELSEWHERE) for status in STATUSES},
}

LISTS = {
    "a text as an entry": lambda entries, n: [*entries[:n], "nonsense", *entries[n:]],
    "null as an entry": lambda entries, n: [*entries[:n], None, *entries[n:]],
    "a list as an entry": lambda entries, n: [*entries[:n], [], *entries[n:]],
    "nothing as an entry": lambda entries, n: [*entries[:n], {}, *entries[n:]],
    "an entry twice": lambda entries, n: [*entries, *entries[n : n + 1]],
    "an object for a list": lambda entries, n: dict(enumerate(entries)),
}

FIELDS = {
    "gone": None,
    "in a list": lambda value, other: [value],
    "in an object": lambda value, other: {"value": value},
    "as text": lambda value, other: json.dumps(value),
    "something else": lambda value, other: other,
}

LINKS = (
    "https://elsewhere.example/v1.0/me/calendarView/delta?$skiptoken=1", "http://localhost/", "file:///etc/passwd",
    "//elsewhere.example/x", "javascript:alert(1)", "https://localhost:1/", "\ud800", "https://[", "", 7, None, [], {},
)  # fmt: skip
LOOSE = {"attendees", "organizer", "webViewLink"}
"""A guest who can't be read is somebody all the same, and without its address a Doc has the usual one."""

KINDS = (
    *[("whole", name) for name in WHOLES],
    *[("list", name) for name in LISTS] * 2,
    *[("field", name) for name in FIELDS] * 6,
    *[("link", name) for name in ("elsewhere", "again")] * 2,
)


@dataclass(frozen=True)
class Mangling:
    """`kind` says what is done, `where` the place in the answer (of SPREAD), `other` what is put there."""

    kind: tuple[str, str]
    where: int
    other: int

    def __call__(self, request, answer):
        """The answer, spoiled; as it is where there is nothing to spoil so."""
        sort, name = self.kind
        if sort == "whole":
            return WHOLES[name](request, answer)
        content = content_of(answer)
        if content is None:
            return replace(answer, body=self._bytes(answer.body))
        if sort == "link":
            spoiled = self._linked(content, request, name)
        else:
            spot = self.spot(content)
            spoiled = content if spot is None else self._put(content, spot)
        return replace(answer, body=json.dumps(spoiled).encode())

    def spot(self, content):
        """The place that it spoils; None where there is none."""
        spots = [path for path in places(content) if path]
        if self.kind[0] == "list":
            spots = [path for path in spots if isinstance(at(content, path), list)]
        return spots[self.where * len(spots) // SPREAD] if spots else None

    def tells(self, answer):
        """Whether what it makes of this answer still tells something, which then is recorded."""
        sort, name = self.kind
        content = content_of(answer)
        if sort in ("whole", "link"):
            return False
        if content is None:
            return True  # a file with other bytes in it
        spot = self.spot(content)
        if spot is None:
            return False
        if LOOSE & set(spot) or name in ("gone", "an entry twice", "nothing as an entry"):
            return True
        before, after = at(content, spot), OTHERS[self.other % len(OTHERS)]
        if name == "as text":
            return isinstance(before, str)
        return name == "something else" and (after is None or type(after) is type(before))

    def _put(self, content, spot):
        sort, name = self.kind
        if sort == "list":
            entries = at(content, spot)
            return changed(content, spot, LISTS[name](entries, self.other % (len(entries) + 1)))
        if name == "gone":
            return without(content, spot)
        other = OTHERS[self.other % len(OTHERS)]
        return changed(content, spot, FIELDS[name](at(content, spot), other))

    def _linked(self, content, request, name):
        if not isinstance(content, dict):
            return content
        link = LINKS[self.other % len(LINKS)]
        if name == "again":
            host = request.headers.get("host", "localhost")
            query = "&".join(f"{key}={value}" for key, values in request.query.items() for value in values)
            link = f"https://{host}{request.path}?{query}"
        names = ("@odata.nextLink", "nextPageToken")
        return content | {each: link for each in names if ("@odata" in each) == ("@odata.context" in content)}

    def _bytes(self, body):
        spot = self.where * len(body) // SPREAD
        match self.other % 3:
            case 0:
                return body[:spot]
            case 1:
                return body[:spot] + bytes([255 - b for b in body[spot : spot + 1]]) + body[spot + 1 :]
        return body[:spot] + body[spot + 40 :]


def content_of(answer):
    """The JSON of an answer; None where it is none."""
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def places(value, path=()):
    """Every place in an answer."""
    yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from places(child, (*path, key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from places(child, (*path, number))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(value, path, other):
    if not path:
        return other
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], other)
    return copy


def without(value, path):
    copy = value.copy()
    if len(path) > 1:
        copy[path[0]] = without(value[path[0]], path[1:])
    else:
        del copy[path[0]]
    return copy
