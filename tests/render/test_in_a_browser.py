"""The report's page as a browser lays it out, where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from daemon.render import html
from tests.render import reports

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

LONG = "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww 漢字漢字漢字漢字漢字漢字漢字漢字漢字"


def browse(folder, *options):
    fixed = ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}")
    done = subprocess.run(
        [CHROMIUM, *fixed, *options], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_an_ordinary_week_prints_on_one_page(tmp_path, paper):
    made = reports.ordinary(almost=(), since_last=(), troubles=())
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(html.render(made).replace("@page {", f"@page {{ size: {paper};"), "utf-8")
    browse(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri())
    assert re.findall(rb"/Count (\d+)", printed.read_bytes()) == [b"1"]


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_scrolls_down_only(tmp_path, width):
    for name, made in (("ordinary", reports.ordinary()), ("hostile", reports.hostile(LONG))):
        (tmp_path / f"{name}.html").write_text(html.render(made), "utf-8")
        (tmp_path / "frame.html").write_text(
            f'<iframe id="it" src="{name}.html" width="{width}" height="9000" style="border:0"></iframe><p id="told">'
            "<script>it.onload = () => { told.textContent = it.contentDocument.documentElement.scrollWidth }</script>",
            "utf-8",
        )
        shown = browse(
            tmp_path,
            "--allow-file-access-from-files",
            "--virtual-time-budget=5000",
            "--dump-dom",
            (tmp_path / "frame.html").as_uri(),
        )
        (found,) = re.findall(r'<p id="told">(\d+)', shown)
        assert int(found) <= width
