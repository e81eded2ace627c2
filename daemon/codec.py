"""JSON to and from values: the one door to msgspec.

Frozen dataclasses, enums, aware datetimes (RFC 3339) and tuples go both ways; unknown fields of a document
are dropped, missing ones take their defaults. Everything that was wrong comes out as CodecError.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar, overload

import msgspec
from msgspec import Raw

__all__ = [
    "CodecError",
    "Raw",
    "convert",
    "decode",
    "encode",
    "indented",
    "join",
    "json_schema",
    "plain",
    "raw",
]

T = TypeVar("T")


class CodecError(ValueError):
    """Not JSON, or not of the type asked for; says where (``$.changes[3].kind``), never what stood there."""


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8; fields in the order of their class.

    :raises CodecError: holds something that JSON cannot say.
    """
    try:
        return _encoder().encode(value)
    except (TypeError, ValueError, msgspec.MsgspecError) as wrong:
        raise CodecError(str(wrong)) from wrong


def indented(value: object) -> str:
    """JSON for people: two spaces, without a newline at the end."""
    return msgspec.json.format(encode(value), indent=2).decode()


@overload
def decode(document: bytes | str | Raw) -> Any: ...
@overload
def decode(document: bytes | str | Raw, type_: type[T]) -> T: ...
def decode(document: bytes | str | Raw, type_: Any = Any) -> Any:
    """Reads JSON as a value of `type_`; as dicts, lists and scalars where none is given.

    :raises CodecError: not JSON, or not such a value.
    """
    try:
        return _decoder(type_).decode(document)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        raise CodecError(_without_values(wrong)) from wrong


def convert(plain_value: object, type_: type[T]) -> T:
    """What `decode` does, from dicts, lists and scalars that are parsed already.

    :raises CodecError: not such a value.
    """
    try:
        return msgspec.convert(plain_value, type_)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        raise CodecError(_without_values(wrong)) from wrong


def plain(value: object) -> Any:
    """A value as the dicts, lists and scalars that JSON would hold."""
    return msgspec.to_builtins(value)


def raw(value: object) -> Raw:
    """Encoded once, and kept so: `encode` puts its bytes into a larger document as they are."""
    return Raw(encode(value))


def join(parts: Iterable[bytes | Raw]) -> bytes:
    """A JSON array of documents that are encoded already."""
    return b"[" + b",".join(bytes(part) for part in parts) + b"]"


def json_schema(type_: Any) -> dict[str, Any]:
    """JSON Schema (2020-12) of a type's documents."""
    return msgspec.json.schema(type_)


def _without_values(wrong: Exception) -> str:
    """msgspec quotes an invalid enum value, which can be anybody's text: cut it out."""
    message = str(wrong)
    if message.startswith("Invalid enum value"):
        _, _, place = message.rpartition(" - at ")
        return f"Invalid enum value - at {place}"
    return message


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder()


@cache
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_)
