"""JSON to and from values."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest

from daemon import codec
from daemon.codec import CodecError


class Role(StrEnum):
    MANAGER = "manager"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    role: Role
    notes: tuple[str, ...] = ()
    until: datetime | None = None


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_value_survives_the_way_there_and_back():
    entry = Entry(NOON, Role.PEER, ("a", "ü"))
    assert codec.decode(codec.encode(entry), Entry) == entry
    assert codec.convert(codec.plain(entry), Entry) == entry


def test_times_are_written_in_rfc_3339():
    assert codec.encode(Entry(NOON, Role.PEER)) == (
        b'{"at":"2026-11-23T12:00:00Z","role":"peer","notes":[],"until":null}'
    )
    assert codec.decode('"2026-11-23T13:00:00+01:00"', datetime) == NOON
    assert codec.encode(NOON.astimezone(timezone(timedelta(hours=1)))) == b'"2026-11-23T13:00:00+01:00"'


def test_unknown_fields_are_dropped_and_missing_ones_take_their_defaults():
    assert codec.decode('{"at": "2026-11-23T12:00:00Z", "role": "peer", "new": 1}', Entry) == Entry(
        NOON, Role.PEER
    )


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff",
        b"[" * 100_000,
        b'{"at": 1}',
        b'{"role": "peer"}',
        b"null",
        b'{"a":1}x',
    ],
    ids=lambda document: repr(document[:10]),
)
def test_what_is_no_such_value_is_a_codec_error(document):
    with pytest.raises(CodecError):
        codec.decode(document, Entry)


def test_an_error_names_the_place_and_not_what_stood_there():
    with pytest.raises(CodecError) as caught:
        codec.decode('{"at": "2026-11-23T12:00:00Z", "role": "1:1 Dana"}', Entry)
    assert str(caught.value) == "Invalid enum value - at `$.role`"


def test_what_json_cannot_say_is_a_codec_error():
    with pytest.raises(CodecError):
        codec.encode(object())


def test_documents_that_are_encoded_already_are_put_together_as_they_are():
    parts = [codec.raw({"a": 1}), b'{"b": 2}']
    assert codec.join(parts) == b'[{"a":1},{"b": 2}]'
    assert codec.encode({"list": codec.raw([1, 2])}) == b'{"list":[1,2]}'
    assert bytes(codec.decode(b'{"x": {"y": 1}}', dict[str, codec.Raw])["x"]) == b'{"y": 1}'


def test_json_for_people_is_indented():
    assert codec.indented({"a": [1]}) == '{\n  "a": [\n    1\n  ]\n}'


def test_a_type_has_its_json_schema():
    assert "Entry" in codec.json_schema(Entry)["$defs"]
