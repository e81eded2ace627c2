"""A crash, a full disk or a torn write at any instruction leaves the old state or the new one."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.store import files
from daemon.store.files import StateError, write_durably, write_quickly
from daemon.store.store import Store
from tests.build import DANA, KIM
from tests.store.disk import Disk, Killed
from tests.store.states import change, state, token


def committed(folder, *tokens):
    """A store with these states committed, one after the other, each with an entry in the ledger."""
    store = Store(folder)
    for number, name in enumerate(tokens, 1):
        store.commit(state(name), [change(number)])
    return store


def found(folder):
    """What another process finds: which state, and how many entries."""
    store = Store(folder)
    return token(store.state()), len(store.changes())


def steps_of(monkeypatch, folder, before=("old",)):
    """How many operations on files one commit takes."""
    store = committed(folder, *before)
    with monkeypatch.context() as patch:
        disk = Disk(patch)
        store.commit(state("new"), [change(9)])
        return disk.done


@pytest.mark.parametrize("before", [(), ("old",), ("older", "old")])
def test_a_kill_at_any_operation_leaves_the_old_state_or_the_new_one_whole(tmp_path, monkeypatch, before):
    (tmp_path / "dry").mkdir()
    steps = steps_of(monkeypatch, tmp_path / "dry", before)
    assert len(steps) > 8
    seen = []
    for number in range(len(steps)):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = committed(folder, *before)

        def die():
            raise Killed

        with monkeypatch.context() as patch:
            Disk(patch, number, die)
            with pytest.raises(Killed):
                store.commit(state("new"), [change(9)])
        seen.append(found(folder))
        after = committed(folder, "next")
        assert token(after.state()) == "next", "what a crash left behind is in nobody's way"
    old, new = (before[-1] if before else None, len(before)), ("new", len(before) + 1)
    assert set(seen) == {old, new}
    assert seen == sorted(seen, key=lambda s: s == new), "old up to one operation, new from there on"


@pytest.mark.parametrize("number", [1, 3, 6, 8, 11])
def test_a_process_that_is_killed_for_good_leaves_one_or_the_other(tmp_path, number):
    committed(tmp_path, "old")
    script = """
import os, signal, sys
from pathlib import Path
import pytest
from daemon.store.store import Store
from tests.build import DANA, KIM
from tests.store.disk import Disk
from tests.store.states import change, state
store = Store(Path(sys.argv[1]))
store.state()
Disk(pytest.MonkeyPatch(), int(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL))
store.commit(state("new"), [change(9)])
"""
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(number)], capture_output=True, cwd=Path.cwd()
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert found(tmp_path) in {("old", 1), ("new", 2)}
    store = Store(tmp_path)
    store.commit(state("next"))
    assert found(tmp_path)[0] == "next"


def complaint(store):
    """What the store says when it can't commit; '' where it could."""
    try:
        store.commit(state("new"), [change(9)])
    except StateError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_write_that_fails_says_so_plainly_and_loses_nothing(tmp_path, monkeypatch, code):
    (tmp_path / "dry").mkdir()
    steps = steps_of(monkeypatch, tmp_path / "dry")
    for number, step in enumerate(steps):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = committed(folder, "old")

        def fail():
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            Disk(patch, number, fail)
            said = complaint(store)
        if said:
            assert os.strerror(code) in said
            assert "What was recorded is unharmed" in said
            assert step[0] == "unlink" or not (folder / "prepd.json.new").exists()
        assert found(folder) in {("old", 1), ("new", 2)}
        store.commit(state("next"))
        assert found(folder)[0] == "next"


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(StateError, match="No such file or directory"):
        Store(tmp_path / "gone").commit(state())


def test_a_folder_that_is_a_file_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="Not a directory"):
        Store(tmp_path / "file").state()


def test_the_new_file_is_on_the_disk_before_it_takes_the_place_of_the_old_one(tmp_path, monkeypatch):
    names = [step[0] for step in steps_of(monkeypatch, tmp_path)]
    renamed = len(names) - 1 - names[::-1].index("replace")
    assert names.index("write") < names.index("fsync") < names.index("replace")
    assert "fsync" in names[renamed:], "and then its folder"


# --- damage ------------------------------------------------------------------------------------------------------


def test_a_file_torn_at_any_length_is_made_good_by_its_backup(tmp_path):
    committed(tmp_path, "old", "new")
    path = tmp_path / "prepd.json"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert token(Store(tmp_path).state()) == "old", length
    path.write_bytes(whole)
    assert token(Store(tmp_path).state()) == "new"


def test_a_byte_changed_anywhere_is_noticed(tmp_path):
    committed(tmp_path, "old", "new")
    path = tmp_path / "prepd.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert token(Store(tmp_path).state()) == "old", place


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"null", b"[]", b"\x00" * 4096, b'{"meta":{"1":{"version":1}}}']
)
def test_what_is_no_state_file_is_made_good_by_the_backup(tmp_path, content):
    committed(tmp_path, "old", "new")
    (tmp_path / "prepd.json").write_bytes(content)
    assert token(Store(tmp_path).state()) == "old"


def test_a_missing_file_is_made_good_by_the_backup(tmp_path):
    committed(tmp_path, "old", "new")
    (tmp_path / "prepd.json").unlink()
    assert found(tmp_path) == ("old", 1)


def test_reading_a_damaged_file_moves_and_writes_nothing(tmp_path):
    committed(tmp_path, "old", "new")
    (tmp_path / "prepd.json").write_bytes(b"torn")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    found(tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_damaged_file_never_becomes_the_backup_and_is_kept_for_a_look(tmp_path):
    committed(tmp_path, "old", "new")
    (tmp_path / "prepd.json").write_bytes(b"torn")
    store = Store(tmp_path)
    store.commit(state("third"))
    assert (tmp_path / "prepd.json.damaged").read_bytes() == b"torn"
    assert found(tmp_path) == ("third", 1)
    (tmp_path / "prepd.json").write_bytes(b"torn again")
    assert token(Store(tmp_path).state()) == "old"


def test_a_store_notices_damage_that_came_after_it_read(tmp_path):
    store = committed(tmp_path, "old", "new")
    (tmp_path / "prepd.json").write_bytes(b"torn")
    store.commit(state("third"), [change(3)])
    assert found(tmp_path) == ("third", 2)
    (tmp_path / "prepd.json").write_bytes(b"torn")
    assert found(tmp_path) == ("old", 1)


def test_file_and_backup_both_damaged_is_said_plainly_and_nothing_is_touched(tmp_path):
    committed(tmp_path, "old", "new")
    for path in tmp_path.iterdir():
        path.write_bytes(b"torn")
    with pytest.raises(StateError, match="is damaged, and so is its backup"):
        Store(tmp_path).state()
    with pytest.raises(StateError):
        Store(tmp_path).commit(state("new"))
    assert {p.read_bytes() for p in tmp_path.iterdir()} == {b"torn"}


def test_a_first_file_that_is_damaged_has_no_backup_to_fall_back_on(tmp_path):
    committed(tmp_path, "old")
    (tmp_path / "prepd.json").write_bytes(b"torn")
    with pytest.raises(StateError, match="damaged"):
        Store(tmp_path).state()


# --- nobody else's to read ------------------------------------------------------------------------------------------


def modes(folder):
    return {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()}


@pytest.fixture
def _open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_open_umask")
def test_files_are_the_users_alone_from_the_first_byte(tmp_path, monkeypatch):
    seen = []
    with monkeypatch.context() as patch:
        disk = Disk(patch)
        write = disk._step
        disk._step = lambda name, args: (seen.append(modes(tmp_path)), write(name, args))
        committed(tmp_path, "old", "new")
    assert set().union(*(s.values() for s in seen)) == {0o600}
    assert modes(tmp_path) == {"prepd.json": 0o600, "prepd.json.bak": 0o600}


@pytest.mark.usefixtures("_open_umask")
def test_where_there_are_no_hard_links_the_backup_is_a_copy_of_the_same_mode(tmp_path, monkeypatch):
    committed(tmp_path, "old")

    def refuse(*paths, **more):
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    seen = []
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda *paths: (seen.append(modes(tmp_path)), real(*paths)))
    Store(tmp_path).commit(state("new"))
    assert set().union(*(s.values() for s in seen)) == {0o600}
    (tmp_path / "prepd.json").write_bytes(b"torn")
    assert token(Store(tmp_path).state()) == "old"


@pytest.mark.usefixtures("_open_umask")
def test_a_file_left_behind_does_not_lend_its_mode(tmp_path):
    left = tmp_path / "prepd.json.new"
    left.write_text("left")
    left.chmod(0o666)
    write_durably(tmp_path / "prepd.json", b"x")
    assert modes(tmp_path) == {"prepd.json": 0o600}


def test_a_link_planted_in_its_place_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "prepd.json.new").symlink_to(victim)
    write_durably(tmp_path / "prepd.json", b"x")
    assert victim.read_text() == "mine"
    assert not (tmp_path / "prepd.json").is_symlink()


def test_the_small_file_beside_it_fails_without_a_word(tmp_path, monkeypatch):
    write_quickly(tmp_path / "gone" / "heartbeat.json", b"x")
    write_quickly(tmp_path / "heartbeat.json", b"old")

    def fail():
        raise OSError(errno.ENOSPC, "full")

    Disk(monkeypatch, 1, fail)
    write_quickly(tmp_path / "heartbeat.json", b"new")
    assert (tmp_path / "heartbeat.json").read_bytes() == b"old"
    assert files.read_bytes(tmp_path / "none") is None


# --- what is forgotten ----------------------------------------------------------------------------------------------


def known_of(folder):
    """Which of the two people any file still tells of."""
    content = b"".join(p.read_bytes() for p in folder.iterdir())
    return {who for who in (KIM, DANA) if who.encode() in content}


def with_two_people(folder):
    """Entries of both in the state file and its backup, and Kim's in what a crash left behind too."""
    store = Store(folder)
    store.commit(state("old"), [change(1, KIM), change(2)])
    store.commit(state("newer"), [change(3)])
    (folder / "prepd.json.bak.new").write_bytes(KIM.encode())
    (folder / "prepd.json.damaged").write_bytes(KIM.encode())
    return store


def test_a_kill_at_any_operation_of_forgetting_leaves_all_or_nothing_and_loses_no_entry_of_others(
    tmp_path, monkeypatch
):
    (tmp_path / "dry").mkdir()
    store = with_two_people(tmp_path / "dry")
    with monkeypatch.context() as patch:
        disk = Disk(patch)
        store.rewrite(state("new"), [change(2), change(3)])
    assert known_of(tmp_path / "dry") == {DANA}
    seen = []
    for number in range(len(disk.done)):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = with_two_people(folder)

        def die():
            raise Killed

        with monkeypatch.context() as patch:
            Disk(patch, number, die)
            with pytest.raises(Killed):
                store.rewrite(state("new"), [change(2), change(3)])
        entries = {c.id for c in Store(folder).changes()}
        assert {change(2).id, change(3).id} <= entries
        seen.append(token(Store(folder).state()))
        if seen[-1] == "new":
            assert known_of(folder) == {DANA}, "the new state is in place when nothing of the old one is left"
        else:
            Store(folder).rewrite(state("new"), [change(2), change(3)])
            assert known_of(folder) == {DANA}, "and again, after a crash"
    assert set(seen) == {"newer", "new"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_forgetting_that_fails_says_so_and_loses_nothing(tmp_path, monkeypatch, code):
    store = with_two_people(tmp_path)

    def fail():
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        Disk(patch, 2, fail)
        with pytest.raises(StateError, match="What was recorded is unharmed"):
            store.rewrite(state("new"), [change(2)])
    assert found(tmp_path) == ("newer", 3)


def test_forgetting_while_only_the_backup_is_whole_keeps_what_it_holds_until_there_is_another(
    tmp_path, monkeypatch
):
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        with_two_people(folder)
        (folder / "prepd.json").write_bytes(b"torn")
        store = Store(folder)

        def die():
            raise Killed

        with monkeypatch.context() as patch:
            Disk(patch, number, die)
            try:
                store.rewrite(state("new"), [change(2)])
            except Killed:
                assert change(2) in Store(folder).changes()
            else:
                assert known_of(folder) == {DANA}
                return
    raise AssertionError("it never comes to an end")
