"""How the command line behaves whatever the verb: options, exit codes, errors, logs, what is loaded."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from connectors import errors
from daemon import paths
from daemon.apply.template import TemplateError
from daemon.commands import main
from daemon.commands.failures import failure_of
from daemon.commands.logs import goes_to_journal, set_up
from daemon.commands.terminal import Column, Terminal
from daemon.config import ConfigError, Problem
from daemon.exits import Exit, Stopped, worst
from daemon.render.lines import Style, Styled, clean
from daemon.store.files import StateError
from daemon.store.lock import Locked
from daemon.store.state import State
from daemon.store.store import Store

ROOT = Path(__file__).parents[2]


def prepd(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "daemon.commands.main", *words],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


# --- what is loaded -------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["config", "schema"], ["--version"]], ids=" ".join)
def test_a_local_command_loads_no_provider_and_nothing_heavy(words):
    code = (
        "import sys; from daemon.commands.main import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ran.stderr.split())
    heavy = {"googleapiclient", "google.auth", "httplib2", "rich", "tinydb", "msgspec", "schedule", "tzlocal"}
    assert loaded & (heavy | {"connectors.google", "sandbox", "asyncio"}) == set()


HEAVY = {
    "asyncio", "googleapiclient", "google.auth", "httplib2", "requests", "rich", "sandbox", "schedule", "ssl", "tinydb",
    "tzlocal", "importlib.metadata", "importlib.resources", "email", "http", "tempfile", "shutil", "difflib",
    "connectors.google.transport", "connectors.google.auth",
}  # fmt: skip
BESIDE = {
    "agenda": {"json", "connectors.google", "connectors.values", "daemon.core.report", "daemon.core.ledger"},
    "status": {"connectors.values", "daemon.core.report", "daemon.core.ledger", "connectors.outlook"},
    "history": {"json", "connectors.google", "connectors.values", "daemon.core.report", "daemon.core.ledger"},
    "report": {"json", "connectors.google", "connectors.values", "daemon.core.detect", "daemon.core.ledger"},
}
"""What each of these could load for its work, and does without."""


@pytest.mark.parametrize("verb", BESIDE)
def test_what_only_looks_loads_what_it_shows_and_no_more(verb, tmp_path):
    (tmp_path / "config.toml").write_text(
        'timezone = "Europe/London"\n[[account]]\nname = "work"\nprovider = "google"\nclient_secrets = "c.json"\n'
    )
    (tmp_path / "state").mkdir()
    Store(tmp_path / "state").commit(State(), [])
    code = (
        "import sys; from daemon.commands.main import main\n"
        f"main([{verb!r}])\nprint(*sorted(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ
        | {"PREPD_CONFIG": str(tmp_path / "config.toml"), "PREPD_STATE_DIR": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ran.stderr.split())
    assert loaded & (HEAVY | BESIDE[verb]) == set()


def test_what_only_looks_never_stops_to_collect_garbage():
    """The years of a ledger are kept to the end: looking through them takes as long as showing them."""
    code = (
        "import gc, sys; from daemon.commands import main\n"
        "main.import_module('daemon.commands.history')._history = lambda _: print(gc.isenabled()) or 0\n"
        "main.import_module('daemon.commands.mark')._mark = lambda _: print(gc.isenabled()) or 0\n"
        "main.script()"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
        for words in (["history"], ["mark", "x", "held"])
    ]
    assert said == ["False", "True"]


@pytest.mark.parametrize("verb", main.VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_help(verb):
    ran = prepd(verb.name, "--help", COLUMNS="200")
    assert ran.returncode == 0
    assert ran.stdout.startswith(f"usage: prepd {verb.name} ")
    assert f"{verb.help}." in ran.stdout.replace("\n" + verb.help[0].upper(), "\n" + verb.help[0])


# --- options and usage ----------------------------------------------------------------------------------


def test_the_schema_is_printed_as_json():
    assert json.loads(prepd("config", "schema").stdout)["required"] == ["account"]


@pytest.mark.parametrize(
    "words",
    [
        ["--config", "FILE", "auth", "status"],
        ["auth", "--config", "FILE", "status"],
        ["auth", "status", "--config", "FILE"],
        ["--config", "other.toml", "auth", "status", "--config", "FILE"],
    ],
    ids=" ".join,
)
def test_global_options_stand_before_or_after_the_verb(words, tmp_path):
    file = tmp_path / "none.toml"
    ran = prepd(*(str(file) if word == "FILE" else word for word in words))
    assert ran.returncode == 78
    assert f"There is no config at {file}" in ran.stderr


@pytest.mark.parametrize(
    "words", [[], ["foo"], ["auth"], ["--nonsense"], ["auth", "status", "extra"]], ids=" ".join
)
def test_wrong_usage_exits_2_and_says_how(words):
    ran = prepd(*words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "usage: prepd" in ran.stderr


@pytest.mark.parametrize(("words", "offered"), [([], "agenda"), (["auth"], "login"), (["config"], "schema")])
def test_without_a_verb_the_help_is_shown(words, offered):
    ran = prepd(*words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert re.search(rf"^ +{offered}  ", ran.stderr, re.MULTILINE)


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("histroy", 'prepd: error: there is no verb "histroy"; did you mean "history"?\n'),
        ("xyzzy", 'prepd: error: there is no verb "xyzzy"; prepd --help lists them all\n'),
    ],
)
def test_a_verb_that_is_none_brings_the_one_that_was_meant(word, end):
    ran = prepd(word)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.endswith(end)


@pytest.mark.parametrize("days", ["0", "-1", "367", "x", "²"])
def test_a_number_of_days_that_is_none_is_wrong_usage(days):
    ran = prepd("agenda", f"--days={days}")
    assert ran.returncode == 2
    assert "not a number of days from 1 to 366" in ran.stderr


def test_version_is_told():
    assert re.match(r"prepd (\d+\.\d+|\(not)", prepd("--version").stdout)


# --- errors and exit codes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError(Path("c.toml"), [Problem("a", "b")]), 78),
        (errors.SignInNeeded("x"), 77),
        (errors.Unavailable("x"), 75),
        (errors.Throttled("x"), 75),
        (errors.Misconfigured("x"), 78),
        (errors.Refused("x"), 1),
        (errors.NotFound("x"), 1),
        (errors.Conflict("x"), 1),
        (errors.BadAnswer("x"), 1),
        (Stopped("x"), 1),
        (Stopped("x", Exit.LATER), 75),
        (Locked("x"), 75),
        (StateError("x"), 1),
        (TemplateError("x"), 78),
        (PermissionError(13, "Permission denied", "/some/file"), 1),
        (BrokenPipeError(32, "Broken pipe"), 141),
        (KeyboardInterrupt(), 130),
        (ValueError("somebody's title"), 1),
        (OSError(), 1),
    ],
    ids=repr,
)
def test_an_error_has_its_exit_code(error, code):
    assert failure_of(error).exit_code == code


def test_an_operating_systems_error_names_the_file():
    assert (
        failure_of(PermissionError(13, "Permission denied", "/some/file")).message
        == "/some/file: Permission denied."
    )


def test_a_bug_is_one_sentence_without_private_text():
    with pytest.raises(ValueError) as caught:
        int("1:1 Dana / Alex")
    failure = failure_of(caught.value)
    assert failure.unexpected
    assert "ValueError in test_frame.py" in failure.message
    assert "Dana" not in failure.message


def run_main(monkeypatch, capsys, error, *words):
    def run(_context):
        raise error

    def configure(parser, _verb, _common):
        parser.set_defaults(run=run)

    monkeypatch.setattr("daemon.commands.config.configure", configure)
    code = main.main(["config", *words])
    return code, capsys.readouterr()


def test_no_error_ends_in_a_traceback(monkeypatch, capsys):
    code, said = run_main(monkeypatch, capsys, ValueError("secret"))
    assert (code, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_verbose_shows_where_a_bug_happened_and_not_what_it_said(monkeypatch, capsys):
    _, said = run_main(monkeypatch, capsys, ValueError("secret"), "--verbose")
    assert "test_frame.py" in said.err
    assert "secret" not in said.err


def test_an_interrupt_is_quiet(monkeypatch, capsys):
    assert run_main(monkeypatch, capsys, KeyboardInterrupt()) == (130, ("", ""))


def test_a_reader_that_goes_away_is_no_error_to_talk_about():
    command = f"{sys.executable} -m daemon.commands.main config schema"
    ran = subprocess.run(
        ["bash", "-c", f"{command} | true; echo ${{PIPESTATUS[0]}}"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stderr == ""
    assert ran.stdout.strip() in {"0", "141"}


def test_output_that_cannot_be_written_is_an_error():
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "daemon.commands.main", "config", "schema"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ran.returncode == 1
    assert ran.stderr == "prepd: No space left on device.\n"


@pytest.mark.parametrize(
    ("call", "code"), [("config schema >&-", 0), ("status --config /nowhere/config.toml 2>&-", 78)]
)
def test_a_stream_that_is_closed_takes_what_is_said_with_it_and_nothing_else(call, code):
    command = f"{sys.executable} -m daemon.commands.main {call}"
    ran = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", "")


def test_of_several_accounts_signing_in_comes_first():
    assert worst([Exit.OK, Exit.LATER, Exit.SIGN_IN]) is Exit.SIGN_IN
    assert worst([Exit.ERROR, Exit.LATER]) is Exit.LATER
    assert worst([Exit.CONFIG, Exit.LATER]) is Exit.LATER
    assert worst([Exit.ERROR, Exit.CONFIG]) is Exit.CONFIG
    assert worst([]) is Exit.OK


# --- where things are -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        (None, {"HOME": "/h"}, "/h/.config/prepd/config.toml"),
        (None, {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/prepd/config.toml"),
        (None, {"HOME": "/h", "XDG_CONFIG_HOME": "relative"}, "/h/.config/prepd/config.toml"),
        (None, {"PREPD_CONFIG": "/p/c.toml", "XDG_CONFIG_HOME": "/x"}, "/p/c.toml"),
        (Path("/g.toml"), {"PREPD_CONFIG": "/p/c.toml"}, "/g.toml"),
    ],
)
def test_the_config_is_looked_for_in_order(given, environment, expected):
    assert str(paths.config_file(given, environment)) == expected


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        (None, {"HOME": "/h"}, "/h/.local/state/prepd"),
        (None, {"HOME": "/h", "XDG_STATE_HOME": "/x"}, "/x/prepd"),
        (None, {"STATE_DIRECTORY": "/s:/t", "XDG_STATE_HOME": "/x"}, "/s"),
        (None, {"PREPD_STATE_DIR": "/p", "STATE_DIRECTORY": "/s"}, "/p"),
        (Path("/g"), {"PREPD_STATE_DIR": "/p"}, "/g"),
    ],
)
def test_the_state_is_looked_for_in_order(given, environment, expected):
    assert str(paths.state_dir(given, environment)) == expected


def test_the_state_directory_is_made_for_its_owner_alone(tmp_path):
    assert paths.ready(tmp_path / "a" / "b").state.stat().st_mode & 0o777 == 0o700


def test_a_state_directory_that_others_may_read_is_closed_to_them(tmp_path):
    (tmp_path / "state").mkdir(mode=0o755)
    assert paths.ready(tmp_path / "state").state.stat().st_mode & 0o777 == 0o700


def test_a_state_directory_that_cannot_be_is_one_clear_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Stopped, match="can't be used: Not a directory"):
        paths.ready(tmp_path / "file" / "state")
    with pytest.raises(Stopped, match="can't be used: File exists"):
        paths.ready(tmp_path / "file")


# --- logs -----------------------------------------------------------------------------------------------


@pytest.fixture
def loggers():
    ours = [logging.getLogger(name) for name in ("", "connectors", "daemon", "sandbox")]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in ours]
    yield
    for logger, (handlers, propagate, level) in zip(ours, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.usefixtures("loggers")
def test_beside_a_result_only_warnings_are_logged_as_plain_lines(capsys):
    set_up({}, verbose=False)
    logging.getLogger("daemon.cycle").warning("the state file was damaged")
    logging.getLogger("daemon.cycle").info("read 3 events")
    assert capsys.readouterr().err == "the state file was damaged\n"


@pytest.mark.usefixtures("loggers")
def test_verbose_tells_our_details_and_nobody_elses(capsys):
    set_up({}, verbose=True)
    logging.getLogger("connectors.google").debug("in detail")
    logging.getLogger("googleapiclient.http").warning("https://example.com/dana@example.com")
    assert re.fullmatch(r"\d\d:\d\d:\d\d DEBUG   connectors.google: in detail\n", capsys.readouterr().err)


@pytest.mark.usefixtures("loggers")
def test_the_journal_gets_priorities(tmp_path, monkeypatch):
    with (tmp_path / "journal").open("w+") as journal:
        found = os.fstat(journal.fileno())
        monkeypatch.setattr(sys, "stderr", journal)
        environment = {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}
        assert goes_to_journal(environment)
        assert not goes_to_journal({"JOURNAL_STREAM": "1:2"})
        set_up(environment, verbose=False)
        logging.getLogger("daemon.cycle").warning("one\ntwo")
        journal.seek(0)
        assert journal.read() == "<4>one\n<4>two\n"


# --- the terminal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("1:1 Dana", "1:1 Dana"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1b]0;new title\x07after", "after"),
        ("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never closed", "0;never closed"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("a\x00\x07\x08\x7f\x85b", "a b"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066a\u2069\u200f\u061c", "a"),
        ("\N{FAMILY}\u200d\N{GIRL}", "\N{FAMILY}\u200d\N{GIRL}"),
        ("名前 — Ünï", "名前 — Ünï"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_foreign_text_is_cleaned_before_it_is_shown(foreign, shown):
    assert clean(foreign) == shown


def test_long_text_is_cut_with_an_ellipsis():
    assert clean("x" * 100_000, 10) == "x" * 9 + "…"


def piped(*rows):
    stream = io.StringIO()
    columns = (Column("when"), Column("with", flexible=True), Column("held", right=True))
    Terminal(stream).table(columns, rows)
    return stream.getvalue()


def test_a_piped_table_is_plain_aligned_columns():
    assert piped(
        ("Mon", Styled("Dana", Style.GOOD), "3"), ("Tue", "山田", None), ("Wed", "é\x1b[1m", "12")
    ) == ("when  with  held\nMon   Dana     3\nTue   山田     –\nWed   é       12\n")


def test_a_table_without_rows_is_nothing():
    assert piped() == ""


def test_a_line_keeps_its_spaces_and_loses_control_characters():
    stream = io.StringIO()
    Terminal(stream).line("  two: ", Styled("a\x1b[2Jb", Style.BAD))
    assert stream.getvalue() == "  two: ab\n"


class Tty(io.StringIO):
    def isatty(self):
        return True


def on_terminal(**environment):
    stream = Tty()
    terminal = Terminal(stream, {"TERM": "xterm-256color", "COLUMNS": "40"} | environment)
    terminal.line(Styled("[bold]good[/]", Style.GOOD))
    columns = (Column("when"), Column("title", flexible=True), Column("held", right=True))
    terminal.table(columns, [("Mon 23 Nov", "a very long title that can't fit into it", "3")])
    return stream.getvalue()


def test_a_terminal_gets_colour_and_a_table_that_fits_it():
    shown = on_terminal()
    assert "\x1b[32m[bold]good[/]" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert re.match(r"Mon 23 Nov  a very long .*…  +3", lines[2])


def test_what_stands_below_a_row_fits_the_terminal_too():
    stream = Tty()
    terminal = Terminal(stream, {"TERM": "xterm-256color", "COLUMNS": "20"})
    terminal.table((Column("when"),), [("Mon",), ("Tue",)], below=["it stood until it was over", "short"])
    lines = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).splitlines()
    assert lines == ["when", "Mon", "  it stood until it", "  was over", "Tue", "  short"]


def test_a_terminal_of_no_width_to_speak_of_is_no_bug():
    stream = Tty()
    terminal = Terminal(stream, {"TERM": "xterm-256color", "COLUMNS": "1"})
    terminal.table((Column("when"),), [("Mon",)], below=["it stood until it was over"])
    terminal.paragraph("it stood", rest="  ")
    assert "until" in stream.getvalue()


def test_prose_is_broken_between_words_and_addresses_stay_whole():
    stream, url = Tty(), "https://docs.example.com/document/d/1a2b3c4d5e6f"
    terminal = Terminal(stream, {"TERM": "xterm-256color", "COLUMNS": "30"})
    said = f"client could not be read since Tue: {url} tells"
    terminal.paragraph(Styled("Gap: ", Style.NOTICE), said, rest="  ")
    terminal.paragraph("    ", "chmod 600 /home/alex/.config/prepd/client.json", rest="    ")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).splitlines()
    assert lines[:4] == ["Gap: client could not be read", "  since Tue:", f"  {url}", "  tells"]
    assert lines[4:] == ["    chmod 600", "    /home/alex/.config/prepd/client.json"]
    piped = io.StringIO()
    Terminal(piped).paragraph("client could not be read since ", "Tuesday")
    assert piped.getvalue() == "client could not be read since Tuesday\n"


def test_no_color_is_honoured():
    assert "\x1b[32m" not in on_terminal(NO_COLOR="1")


def test_what_an_encoding_lacks_is_replaced_and_json_stays_json():
    said = prepd("agenda", "--config", "/nowhere/“dana”.toml", PYTHONIOENCODING="latin-1")
    assert (said.returncode, "?dana?.toml" in said.stderr) == (78, True)
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    Terminal(stream).json({"name": "Zoë 🙂 → “x”"})
    stream.seek(0)
    assert json.loads(stream.read()) == {"name": "Zoë 🙂 → “x”"}


def test_a_table_can_be_printed_where_the_encoding_has_no_arrows(tmp_path):
    said = prepd("config", "schema", PYTHONIOENCODING="ascii")
    assert json.loads(said.stdout) == json.loads(prepd("config", "schema").stdout)
    said = prepd("demo", "--keep", str(tmp_path / "kept"), PYTHONIOENCODING="ascii")
    assert (said.returncode, said.stderr) == (0, "")
