"""What is committed is what is read again, by whichever process."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from daemon import codec
from daemon.store import migrations, storage
from daemon.store.files import StateError
from daemon.store.lock import Locked, locked
from daemon.store.state import State
from daemon.store.storage import EMPTY, DurableStorage, append_rows
from daemon.store.store import Store
from tests.build import DANA, KIM, NOW
from tests.store.states import ONE, change, full_state, state, token


def test_a_new_folder_holds_an_empty_state_and_no_file(tmp_path):
    store = Store(tmp_path)
    assert (store.state(), store.changes()) == (State(), [])
    assert list(tmp_path.iterdir()) == []


def test_what_is_committed_is_read_again(tmp_path):
    written = Store(tmp_path).commit(full_state(), [change(1), change(2)])
    store = Store(tmp_path)
    assert store.state() == written
    assert replace(written, meta=State().meta) == replace(full_state(), meta=State().meta)
    assert store.changes() == [change(1), change(2)]


def test_each_commit_counts_and_adds_to_the_ledger(tmp_path):
    store = Store(tmp_path)
    for number in range(1, 13):
        store.commit(replace(state(), meta=store.state().meta), [change(number)])
    assert (store.state().meta.generation, store.state().meta.entries) == (12, 12)
    assert [c.id for c in store.changes()] == [f"{ONE.id}.{n}" for n in range(1, 13)]


def test_a_commit_without_changes_leaves_the_ledger_as_it_is(tmp_path):
    store = Store(tmp_path)
    store.commit(state("a"), [change(1)])
    store.commit(state("b"))
    assert Store(tmp_path).changes() == [change(1)]


def test_the_ledger_is_asked_by_person_or_by_one_on_one(tmp_path):
    store = Store(tmp_path)
    other = change(1, KIM, id="other.1", one_on_one="other")
    store.commit(state(), [change(1), other])
    assert store.changes(person=KIM) == [other]
    assert store.changes(one_on_one=ONE.id) == [change(1)]
    assert store.changes(person="nobody@example.com") == []


def test_the_ledger_is_told_in_the_order_in_which_it_was_noticed(tmp_path):
    store = Store(tmp_path)
    late, early = change(1), change(2, noticed_at=NOW.replace(year=2025))
    store.commit(state(), [late, early])
    assert store.changes() == [early, late]


def test_state_and_ledger_of_one_commit_are_read_at_once(tmp_path, monkeypatch):
    store = Store(tmp_path)
    assert store.all() == (State(), [])
    state = store.commit(State(), [change(1)])
    reads = []
    real = storage.read_bytes
    monkeypatch.setattr(storage, "read_bytes", lambda path: reads.append(path) or real(path))
    assert Store(tmp_path).all() == (state, [change(1)])
    assert len(reads) == 1


def test_another_process_sees_a_commit_at_once(tmp_path):
    one, other = Store(tmp_path), Store(tmp_path)
    one.commit(state("a"))
    assert token(other.state()) == "a"
    other.commit(state("b"))
    assert token(one.state()) == "b"


def test_a_commit_while_another_process_reads_is_not_missed(tmp_path, monkeypatch):
    Store(tmp_path).commit(state("a"))
    read = DurableStorage.tables

    def read_slowly(storage):
        found = read(storage)
        monkeypatch.undo()
        Store(tmp_path).commit(state("b"))
        return found

    monkeypatch.setattr(DurableStorage, "tables", read_slowly)
    reader = Store(tmp_path)
    assert token(reader.state()) == "a"
    assert token(reader.state()) == "b"


def test_an_unchanged_file_is_not_read_again(tmp_path):
    store = Store(tmp_path)
    store.commit(state())
    assert store.state() is store.state()


def test_what_is_only_kept_leaves_the_file_byte_for_byte(tmp_path):
    store = Store(tmp_path)
    store.commit(state("a"))
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.iterdir()}
    store.keep(state("b"))
    assert token(store.state()) == "b"
    assert token(Store(tmp_path).state()) == "a"
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.iterdir()} == before


def test_what_is_only_kept_is_dropped_when_somebody_else_committed(tmp_path):
    store, other = Store(tmp_path), Store(tmp_path)
    store.commit(state("a"))
    store.keep(state("kept"))
    other.commit(state("b"))
    assert token(store.state()) == "b"
    store.state()
    other.commit(state("c"))
    store.keep(state("too late"))
    assert token(store.state()) == "c"


def test_a_rewritten_ledger_leaves_nothing_of_the_old_one_in_any_file(tmp_path):
    store = Store(tmp_path)
    store.commit(state("a"), [change(1, KIM)])
    store.commit(state("b"), [change(2)])
    (tmp_path / "prepd.json").write_bytes(b"torn: " + KIM.encode())
    store.commit(state("c"), [change(3)])
    store.rewrite(state("d"), [change(2)])
    assert all(KIM.encode() not in p.read_bytes() for p in tmp_path.iterdir())
    assert Store(tmp_path).changes() == [change(2)]
    store.commit(state("e"), [change(4)])
    assert [c.id for c in store.changes()] == [change(2).id, change(4).id]


# --- the document ---------------------------------------------------------------------------------------------


def test_tinydb_opens_the_document_and_asks_it(tmp_path):
    Store(tmp_path).commit(full_state(), [change(1), change(2, KIM)])
    with TinyDB(storage=DurableStorage, path=tmp_path / "prepd.json") as database:
        assert {
            "meta",
            "calendars",
            "one_on_ones",
            "slots",
            "links",
            "docs",
            "pages",
            "changes",
        } <= database.tables()
        assert [row["id"] for row in database.table("changes").search(where("person") == KIM)] == [
            change(2).id
        ]
        assert database.table("one_on_ones").get(where("id") == ONE.id)["start"] == "2026-11-24T10:00:00Z"


def test_what_tinydb_writes_is_read_again_and_added_to(tmp_path):
    store = Store(tmp_path)
    store.commit(state())
    with TinyDB(storage=DurableStorage, path=tmp_path / "prepd.json") as database:
        database.table("changes").insert(codec.plain(change(1)))
    assert store.changes() == [change(1)]
    store.commit(state(), [change(2)])
    assert store.changes() == [change(1), change(2)]


def test_the_document_is_plain_json(tmp_path):
    Store(tmp_path).commit(full_state(), [change(1)])
    document = codec.decode((tmp_path / "prepd.json").read_bytes())
    assert list(document["changes"]) == ["1"]
    assert document["meta"]["1"]["version"] == 1


@given(
    st.lists(
        st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2), max_size=4),
        max_size=5,
    )
)
@settings(max_examples=100, deadline=None)
def test_rows_that_are_added_are_numbered_on_in_whatever_portions_they_come(portions):
    table, count = EMPTY, 0
    for rows in portions:
        table = append_rows(table, count, [codec.encode(r) for r in rows])
        count += len(rows)
    everything = [row for rows in portions for row in rows]
    assert codec.decode(table) == {str(n): row for n, row in enumerate(everything, 1)}


def test_the_ledger_stands_last_whoever_writes_and_no_text_looks_like_its_beginning(tmp_path):
    storage = DurableStorage(tmp_path / "prepd.json")
    tables = {
        "changes": {"1": {"name": 'x","changes":{"1":{}}'}},
        "notes": {"1": {"changes": '},"changes":{', "text": ',"changes":{'}},
    }
    storage.write(tables)
    assert storage.read() == tables
    assert storage.tables()["changes"] == codec.encode(tables["changes"])


@given(
    st.dictionaries(
        st.text(max_size=5).filter(lambda t: t != "integrity"), st.dictionaries(st.text(), st.text())
    )
)
@settings(max_examples=50, deadline=None)
def test_any_tables_come_back_as_they_were(tmp_path_factory, tables):
    storage = DurableStorage(tmp_path_factory.mktemp("any") / "any.json")
    storage.write(tables)
    assert storage.read() == tables


# --- versions ---------------------------------------------------------------------------------------------------


def of_version(folder, version):
    store = Store(folder)
    written = store.commit(state(), [change(1)])
    store.commit(replace(written, meta=replace(written.meta, version=version)))
    return Store(folder)


def test_a_newer_version_is_not_touched_and_says_what_to_do(tmp_path):
    store = of_version(tmp_path, 99)
    before = (tmp_path / "prepd.json").read_bytes()
    for ask in (store.state, store.changes, lambda: store.commit(state())):
        with pytest.raises(StateError, match=r"newer prepd \(format 99; this one knows 1\). Upgrade prepd"):
            ask()
    assert (tmp_path / "prepd.json").read_bytes() == before


def test_an_older_version_is_brought_up_to_date_step_by_step(tmp_path, monkeypatch):
    of_version(tmp_path, 1)

    def renamed(old, new, version):
        def step(tables):
            text = codec.decode(tables["calendars"])
            text["1"][new] = text["1"].pop(old)
            meta = {"1": codec.decode(tables["meta"])["1"] | {"version": version}}
            return tables | {"calendars": codec.encode(text), "meta": codec.encode(meta)}

        return step

    monkeypatch.setattr(migrations, "VERSION", 3)
    steps = {1: renamed("token", "cursor", 2), 2: renamed("cursor", "token", 3)}
    monkeypatch.setattr(migrations, "STEPS", steps)
    store = Store(tmp_path)
    assert (store.state().meta.version, token(store.state())) == (3, "t1")
    assert store.changes() == [change(1)]
    store.commit(store.state(), [change(2)])
    assert codec.decode((tmp_path / "prepd.json").read_bytes())["meta"]["1"]["version"] == 3
    assert Store(tmp_path).changes() == [change(1), change(2)]


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_that_never_was_is_refused(tmp_path, version):
    with pytest.raises(StateError, match="does not say which version"):
        of_version(tmp_path, version).state()


@pytest.mark.parametrize("meta", [None, {}, {"1": {}}, {"1": {"version": "one"}}, {"2": {"version": 1}}])
def test_a_document_that_does_not_say_its_version_is_refused(tmp_path, meta):
    Store(tmp_path).commit(state())
    storage = DurableStorage(tmp_path / "prepd.json")
    tables = {k: v for k, v in storage.read().items() if k != "meta"}
    storage.write(tables if meta is None else tables | {"meta": meta})
    with pytest.raises(StateError, match="does not say which version"):
        Store(tmp_path).state()


@pytest.mark.parametrize("row", [{}, {"id": 7}, {"id": "x", "state": "<script>"}])
def test_a_document_with_something_else_in_it_is_refused_without_quoting_it(tmp_path, row):
    Store(tmp_path).commit(full_state())
    storage = DurableStorage(tmp_path / "prepd.json")
    storage.write(storage.read() | {"one_on_ones": {"1": row}})
    with pytest.raises(StateError, match="holds something that this version can't read") as error:
        Store(tmp_path).state()
    assert "script" not in str(error.value)


def test_fields_of_a_later_version_of_the_same_format_are_passed_over(tmp_path):
    Store(tmp_path).commit(state())
    storage = DurableStorage(tmp_path / "prepd.json")
    tables = storage.read()
    tables["calendars"]["1"]["colour"] = "blue"
    storage.write(tables | {"moods": {"1": {"good": True}}})
    assert token(Store(tmp_path).state()) == "t1"


# --- the lock -----------------------------------------------------------------------------------------------------

HOLDER = """
import sys, time
from pathlib import Path
from daemon.store.lock import locked
with locked(Path(sys.argv[1]), "prepd run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    pipe = subprocess.PIPE
    argv = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, cwd=Path.cwd()) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_the_first_is(tmp_path, holder):
    with pytest.raises(Locked) as said, locked(tmp_path / "lock", "prepd sync", patience=0.2):
        pass
    assert str(said.value) == f"prepd run (process {holder.pid}) is at work on the same state ({tmp_path})"


def test_a_second_writer_waits_for_the_first(tmp_path, holder):
    started = time.monotonic()
    subprocess.Popen(["sh", "-c", f"sleep 0.3; kill {holder.pid}"])
    with locked(tmp_path / "lock", "prepd sync", patience=5):
        assert 0.2 < time.monotonic() - started < 4
        assert (tmp_path / "lock").read_text().startswith("prepd sync (process ")


def test_a_lock_ends_with_its_process_however_it_ends(tmp_path, holder):
    holder.kill()
    holder.wait()
    with locked(tmp_path / "lock", "prepd sync", patience=0):
        pass


def test_a_lock_ends_when_its_block_does_also_by_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", "one"):
        raise ZeroDivisionError
    with locked(tmp_path / "lock", "two", patience=0):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_reading_takes_no_lock(tmp_path, holder):
    Store(tmp_path).commit(state())
    assert token(Store(tmp_path).state()) == "t1"


def test_a_lock_that_cannot_be_opened_is_said_plainly(tmp_path):
    with pytest.raises(StateError, match="can't be opened"), locked(tmp_path / "gone" / "lock", "prepd sync"):
        pass


def test_a_full_disk_does_not_keep_a_writer_from_the_lock(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)
    with locked(tmp_path / "lock", "prepd sync"):
        pass


def test_the_ledger_holds_what_was_said_of_a_person(tmp_path):
    Store(tmp_path).commit(state(), [change(1)])
    assert {c.person for c in Store(tmp_path).changes()} == {DANA}
