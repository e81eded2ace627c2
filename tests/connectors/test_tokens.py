"""The token file: private, whole, and one sentence when it is no good."""

from __future__ import annotations

import os
import stat

import pytest

from connectors import tokens
from connectors.errors import Misconfigured, SignInNeeded, Unavailable


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tokens" / "work.json"


def test_a_token_file_is_readable_by_its_owner_only(path):
    old = os.umask(0)
    try:
        tokens.write_object(path, {"refresh_token": "secret"})
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert tokens.read_object(path, "work") == {"refresh_token": "secret"}


def test_a_temporary_file_is_private_before_anything_is_written(path, monkeypatch):
    seen = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (seen.append(stat.S_IMODE(os.fstat(handle).st_mode)), real(handle))
    )
    tokens.write_object(path, {})
    assert seen == [0o600, 0o700]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(path, monkeypatch):
    tokens.write_object(path, {"a": 1})

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Misconfigured, match="No space left"):
        tokens.write_object(path, {"a": 2})
    assert tokens.read_object(path, "work") == {"a": 1}
    assert [p.name for p in path.parent.iterdir()] == ["work.json"]


def test_no_file_is_a_sign_in_to_do(path):
    with pytest.raises(SignInNeeded, match=r"not signed in\. Sign in with: prepd auth login work"):
        tokens.read_object(path, "work")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b"[" * 100_000, b"\0" * 10]
)
def test_a_damaged_file_is_a_sign_in_to_do(path, content):
    tokens.write_object(path, {})
    path.write_bytes(content)
    with pytest.raises(SignInNeeded, match="Sign in with: prepd auth login work"):
        tokens.read_object(path, "work")


def test_a_folder_in_its_place_is_said_to_be_unreadable(path):
    path.mkdir(parents=True)
    with pytest.raises(SignInNeeded, match="can't be read"):
        tokens.read_object(path, "work")


def test_removing_what_is_not_there_is_no_error(path):
    assert tokens.remove(path) is False
    tokens.write_object(path, {})
    assert tokens.remove(path) is True
    assert not path.exists()


def test_a_fingerprint_changes_with_every_write(path):
    assert tokens.fingerprint(path) is None
    tokens.write_object(path, {"a": 1})
    first = tokens.fingerprint(path)
    tokens.write_object(path, {"a": 1})
    assert tokens.fingerprint(path) != first


# --- the lock beside it ---------------------------------------------------------------------------------


def test_the_lock_is_its_owners_only_and_stays_when_it_is_let_go(path):
    old = os.umask(0)
    try:
        with tokens.locked(path, "work", 1):
            pass
    finally:
        os.umask(old)
    (lock,) = path.parent.iterdir()
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_link_in_the_place_of_the_lock_is_not_followed(path, tmp_path):
    path.parent.mkdir()
    (path.parent / ".work.json.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Misconfigured, match="can't be written"), tokens.locked(path, "work", 1):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_who_holds_the_lock_is_waited_for_no_longer_than_that(path):
    with (
        tokens.locked(path, "work", 1),
        pytest.raises(Unavailable, match="another process"),
        tokens.locked(path, "work", 0),
    ):
        pass
