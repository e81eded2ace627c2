"""`prepd auth`, as a process of its own, against the emulated Google."""

import json
import os
import re
import select
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = {
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/calendar.events.owned",
    "https://www.googleapis.com/auth/drive.file",
}


class Home:
    """A user's config and state, and the command run on them."""

    def __init__(self, folder, google):
        self.folder = folder
        self.config = folder / "config.toml"
        self.token = folder / "state" / "tokens" / "work.json"
        self.secrets = google.write_client_secrets(folder / "client.json")
        self.write(
            f'[[account]]\nname = "work"\nprovider = "google"\nclient_secrets = "client.json"\n'
            f'api_root = "{google.root}"\n[network]\nca_bundle = "{google.ca_path}"\n'
        )

    def write(self, text):
        self.config.write_text(text)

    def command(self, *words):
        return [
            sys.executable,
            "-m",
            "daemon.commands.main",
            *("--config", str(self.config), "--state-dir", str(self.folder / "state")),
            *words,
        ]

    def start(self, *words, **variables):
        environment = {
            k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
        }
        return subprocess.Popen(
            self.command(*words),
            cwd=ROOT,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words):
        return subprocess.run(self.command(*words), cwd=ROOT, capture_output=True, text=True, timeout=60)

    def status(self):
        ran = self.run("auth", "status", "--json")
        document = json.loads(ran.stdout)
        assert document["version"] == 1
        return ran.returncode, document["accounts"]


@pytest.fixture
def home(google, tmp_path):
    google.approve(as_=google.account("alex@example.com", name="Alex Kim"))
    return Home(tmp_path, google)


def line_of(process):
    """The next line, which must have been flushed. Read by the byte, so that no buffer here keeps more."""
    line = b""
    while not line.endswith(b"\n"):
        assert select.select([process.stdout], [], [], 30)[0], "nothing was said"
        line += os.read(process.stdout.fileno(), 1)
    return line.decode().rstrip("\n")


def sign_in(home, google, *words):
    process = home.start("auth", "login", "work", "--no-browser", *words)
    google.browse(line_of(process))
    said, logged = process.communicate(timeout=30)
    return process.returncode, said, logged


def test_a_sign_in_without_a_browser_prints_the_url_and_the_way_through_ssh(home, google):
    process = home.start("auth", "login", "work", "--no-browser")
    url = line_of(process)
    assert url.startswith(google.root)
    line_of(process)
    port = re.fullmatch(r"ssh -L (\d+):127\.0\.0\.1:\1 \S+@\S+", line_of(process))[1]
    assert f"127.0.0.1%3A{port}" in url
    google.browse(url)
    assert process.communicate(timeout=30) == ("Signed in to work as alex@example.com.\n", "")
    assert process.returncode == 0


def test_a_browser_is_opened_where_there_is_one_and_the_url_is_told_all_the_same(home, google):
    browser = home.folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {home.folder}/opened\n')
    browser.chmod(0o755)
    process = home.start("auth", "login", "work", BROWSER=str(browser))
    assert line_of(process) == "Sign in with the browser that opens. If none does, go to:"
    url = line_of(process)
    google.browse(url)
    assert process.communicate(timeout=30) == ("Signed in to work as alex@example.com.\n", "")
    assert (home.folder / "opened").read_text() == f"{url}\n"


def test_without_a_display_the_url_is_told_as_without_a_browser(home, google):
    process = home.start("auth", "login", "work")
    google.browse(line_of(process))
    assert "ssh -L" in process.communicate(timeout=30)[0]


def test_the_port_can_be_chosen(home, google):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, said, _ = sign_in(home, google, "--port", str(port))
    assert code == 0
    assert f"ssh -L {port}:127.0.0.1:{port}" in said


def test_tokens_are_for_their_owner_alone(home, google):
    sign_in(home, google)
    assert stat.S_IMODE(home.token.stat().st_mode) == 0o600
    assert stat.S_IMODE((home.folder / "state").stat().st_mode) == 0o700


def test_status_before_and_after(home, google):
    code, accounts = home.status()
    assert (code, accounts[0]["signed_in"], accounts[0]["address"]) == (77, False, None)
    assert "prepd auth login work" in accounts[0]["error"]
    sign_in(home, google)
    code, accounts = home.status()
    assert code == 0
    assert set(accounts[0].pop("scopes")) == NEEDED
    assert accounts == [
        {
            "name": "work",
            "provider": "google",
            "signed_in": True,
            "address": "alex@example.com",
            "missing_scopes": [],
            "error": None,
        }
    ]


def test_status_for_people_is_a_table_and_what_to_do(home):
    ran = home.run("auth", "status")
    assert ran.returncode == 77
    lines = ran.stdout.splitlines()
    assert lines[:2] == ["account  provider  state           address", "work     google    sign-in needed  –"]
    assert "prepd auth login work" in lines[-1]


def test_a_box_left_unticked_is_named_and_needs_another_sign_in(home, google):
    alex = google.account("alex@example.com")
    google.approve(as_=alex, scopes=NEEDED - {"https://www.googleapis.com/auth/drive.file"})
    code, said, logged = sign_in(home, google)
    assert (code, "Signed in" in said) == (77, False)
    assert "Drive" in logged
    code, accounts = home.status()
    assert (code, accounts[0]["missing_scopes"]) == (77, ["https://www.googleapis.com/auth/drive.file"])


def test_a_refusal_is_77_and_one_sentence(home, google):
    google.deny()
    code, _, logged = sign_in(home, google)
    assert (code, logged.count("\n")) == (77, 1)
    assert home.status()[0] == 77


def test_ctrl_c_ends_a_waiting_sign_in_cleanly(home):
    process = home.start("auth", "login", "work", "--no-browser")
    for _ in range(3):  # the address, and what to do with it: from then on it waits
        line_of(process)
    process.send_signal(signal.SIGINT)
    _, logged = process.communicate(timeout=10)
    assert (process.returncode, logged) == (130, "")
    assert not home.token.exists()


def test_logout_deletes_the_sign_in_and_revokes_it(home, google):
    sign_in(home, google)
    ran = home.run("auth", "logout", "work")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Google has withdrawn it too" in ran.stdout
    assert not home.token.exists()
    assert home.status()[0] == 77


def test_logout_without_a_sign_in_is_fine(home):
    ran = home.run("auth", "logout", "work")
    assert (ran.returncode, ran.stdout) == (
        0,
        "You were not signed in to work: there is nothing to delete.\n",
    )


@pytest.mark.parametrize("act", ["login", "logout"])
def test_an_account_that_is_not_in_the_config_is_wrong_usage(home, act):
    ran = home.run("auth", act, "wrok")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert 'no account "wrok"' in ran.stderr
    assert "work" in ran.stderr


@pytest.mark.parametrize(
    "words", [("login",), ("login", "work", "--port", "x"), ("login", "work", "--port", "70000")]
)
def test_wrong_arguments_exit_2(home, words):
    assert home.run("auth", *words).returncode == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda home, _google: home.secrets.unlink(),
        lambda home, _google: home.secrets.write_text("not json"),
        lambda home, google: google.write_client_secrets(home.secrets, kind="web"),
    ],
    ids=["missing", "no JSON", "of a web client"],
)
def test_client_secrets_that_are_no_good_are_78_and_one_sentence_with_the_remedy(home, google, spoil):
    spoil(home, google)
    ran = home.run("auth", "login", "work", "--no-browser")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (78, "", 1)
    assert "Desktop app" in ran.stderr
    assert home.status()[0] == 78


def test_a_corrupt_token_file_needs_a_sign_in(home, google):
    sign_in(home, google)
    home.token.write_text('{"refresh_token": ')
    code, accounts = home.status()
    assert (code, accounts[0]["signed_in"]) == (77, False)
    assert "damaged" in accounts[0]["error"]


def test_an_outlook_account_that_is_not_signed_in_is_shown_beside_the_others(home, google):
    sign_in(home, google)
    home.write(
        home.config.read_text() + '[[account]]\nname = "client"\nprovider = "outlook"\nclient_id = "1"\n'
    )
    code, accounts = home.status()
    assert code == 77
    assert [account["signed_in"] for account in accounts] == [True, False]
    assert accounts[1]["missing_scopes"] == ["Calendars.ReadWrite", "Files.ReadWrite.AppFolder"]
    assert "prepd auth login client" in accounts[1]["error"]


def test_a_state_directory_that_cannot_be_written_is_one_sentence(home):
    (home.folder / "state").write_text("a file")
    ran = home.run("auth", "status")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "--state-dir" in ran.stderr
