"""Which addresses the report may link: pages over HTTPS, and nothing that a reader of it could mistake."""

from __future__ import annotations

_KEPT = "%/:?#[]@!$&'()*+,;=-._~"


def safe_link(url: str | None) -> str | None:
    """The address with every odd character percent-encoded; None where it is none, or not one over HTTPS."""
    from urllib.parse import quote, urlsplit

    if not url or not url.isprintable() or url != url.strip():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme != "https" or not host or parts.username is not None:
        return None
    return quote(url, safe=_KEPT)
