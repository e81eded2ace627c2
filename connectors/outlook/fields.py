"""Addresses in Graph's JSON, whatever stands in their place."""

from __future__ import annotations

from connectors.fields import identifier


def address_of(raw: object) -> str:
    """Lower-case; '' for what is none, an X.500 name of Exchange's for one (/o=ExchangeLabs/…)."""
    address = identifier(raw)
    if address is None or "@" not in address or address.startswith("/"):
        return ""
    return address.strip().lower()
