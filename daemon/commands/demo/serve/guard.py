"""Which requests are let in: those that this machine's own browser sends from the demo's own pages.

A page elsewhere must neither read the demo by a name that it points at 127.0.0.1 (the Host tells) nor send forms to it
(the Origin tells). What only looks needs no Origin.
"""

from __future__ import annotations

from email.message import Message

LONGEST = 64 * 1024
"""The longest form, in bytes: an act is a line of text at most."""
METHODS = ("GET", "HEAD", "POST")

_FORM = "application/x-www-form-urlencoded"

Refusal = tuple[int, str]
"""A status, and a sentence that says why."""


def refusal(method: str, target: str, headers: Message, port: int) -> Refusal | None:
    """Why a request is not let in; None for one that is."""
    hosts = headers.get_all("Host") or []
    if len(hosts) != 1 or hosts[0].lower() not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        return 421, "These pages are only served under their own address on this machine."
    if not target.startswith("/"):
        return 400, "That is no address of a page here."
    return _refused_form(headers, hosts[0]) if method == "POST" else None


def _refused_form(headers: Message, host: str) -> Refusal | None:
    if headers.get_all("Origin") != [f"http://{host}"]:
        return 403, "Only the demo’s own pages can send forms here."
    if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return 403, "Only the demo’s own pages can send forms here."
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != _FORM:
        return 415, "Only forms can be sent here."
    length = headers.get("Content-Length", "")
    if "Transfer-Encoding" in headers or not (length.isascii() and length.isdigit()):
        return 411, "A form has to say how long it is."
    if len(length) > 9 or int(length) > LONGEST:
        return 413, "That is too long for a form here."
    return None
