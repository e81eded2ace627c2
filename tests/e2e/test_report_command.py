"""`prepd report`, as people call it."""

from __future__ import annotations

import io
import json
import stat

import pytest

from daemon.commands.main import main


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("report.txt", "Your 1:1s in week 45"),
        ("report.md", "# Your 1:1s in week 45"),
        ("report.HTML", "<!doctype html>"),
        ("report.json", "{"),
    ],
)
def test_a_file_has_the_format_that_its_name_says_and_is_nobody_elses_to_read(
    at_rest, tmp_path, name, begins
):
    file = tmp_path / name
    said = at_rest("report", "--output", str(file))
    assert (said.code, said.out) == (0, "")
    assert file.read_text("utf-8").startswith(begins)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_name_that_says_no_format_is_refused_unless_one_is_named(at_rest, tmp_path):
    file = tmp_path / "report.pdf"
    said = at_rest("report", "--output", str(file))
    assert said.code == 2
    assert "no format for .pdf. Name FILE .txt, .md, .html or .json, or add --format." in said.err
    assert not file.exists()
    said = at_rest("report", "--format", "text", "--output", str(file))
    assert (said.code, said.out, said.err) == (0, "", f"The report is in {file}.\n")
    assert at_rest("report", "--json", "--output", str(file)).err == ""


def test_a_format_that_is_named_counts_more_than_the_files_name(at_rest, tmp_path):
    file = tmp_path / "report.html"
    assert at_rest("report", "--json", "--output", str(file)).code == 0
    assert json.loads(file.read_text("utf-8")) == at_rest("report", "--format", "json").json


def test_what_is_printed_is_what_a_file_gets(at_rest, tmp_path):
    for kind in ("text", "markdown", "html"):
        file = tmp_path / kind
        assert at_rest("report", "--format", kind, "--output", str(file)).code == 0
        assert at_rest("report", "--format", kind).out == file.read_text("utf-8")


def test_html_and_markdown_are_utf_8_whatever_the_terminal_speaks(at_rest, monkeypatch):
    for kind in ("html", "markdown"):
        whole = at_rest("report", "--format", kind).out
        written = io.BytesIO()
        narrow = io.TextIOWrapper(written, encoding="latin-1")
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", narrow)
            assert main(["report", "--format", kind, *at_rest.where]) == 0
        narrow.flush()
        assert written.getvalue().decode("utf-8") == whole
        assert not whole.isascii()


def test_a_file_that_cant_be_written_is_said_and_costs_nothing(at_rest, tmp_path):
    said = at_rest("report", "--output", str(tmp_path / "missing" / "report.html"))
    assert said.code == 1
    assert "can't be written (No such file or directory)" in said.err
    said = at_rest("report", "--output", str(tmp_path))
    assert said.code == 2
    assert "is a folder" in said.err
    assert list(tmp_path.glob("report*")) == []


def test_a_report_to_a_device_replaces_no_device(at_rest):
    assert at_rest("report", "--output", "/dev/null").code == 0


@pytest.mark.parametrize(
    "week", ["2026-W54", "2026-W00", "0001-W01", "9999-W52", "2026-W 7", "2026-W4_7", "٢٠٢٦-W47", "47", ""]
)
def test_a_week_that_is_none_is_said(at_rest, week):
    said = at_rest("report", "--week", week)
    assert said.code == 2
    assert "is not an ISO week like 2026-W47" in said.err
