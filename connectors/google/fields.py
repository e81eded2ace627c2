"""Single fields of Google's JSON in its own ways, whatever stands in their place."""

from __future__ import annotations

from connectors.fields import identifier


def address_of(raw: object) -> str:
    """Lower-case; '' for what is none: Google passes on whatever an importing client called it."""
    address = identifier(raw)
    return address.strip().lower() if address is not None and "@" in address else ""


def true(raw: object) -> bool:
    """Old payloads hold "true" as a text."""
    return raw is True or raw == "true"
