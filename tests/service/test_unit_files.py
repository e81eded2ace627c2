"""The unit files, and what `prepd service install` makes of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from daemon.commands.main import main
from daemon.config import load
from daemon.exits import Stopped
from daemon.systemd.installation import installation
from daemon.systemd.unit_files import Flavour, command_line, filled, is_ours, marked, template

UNITS = ["prepd.service", "prepd-system.service", "prepd-sync.service", "prepd-sync.timer"]
ANALYZE = shutil.which("systemd-analyze")
CONFIG = 'timezone = "UTC"\n[[account]]\nname = "work"\nprovider = "outlook"\nclient_id = "abc"\n'
GOOGLE = CONFIG + '[[account]]\nname = "g"\nprovider = "google"\nclient_secrets = "my client.json"\n'

analyzed = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze on this machine")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "PREPD_CONFIG", "PREPD_STATE_DIR", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config/prepd").mkdir(parents=True)
    (tmp_path / ".config/prepd/config.toml").write_text(CONFIG)
    return tmp_path


def made(flavour, home, given=(None, None)):
    return installation(flavour, given, {"HOME": str(home)}, "/nowhere/prepd")


def exec_line(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("ExecStart="))


@analyzed
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(name, tmp_path):
    # The service is there beside its timer, with a command that this machine has.
    for other in UNITS:
        (tmp_path / other).write_text(filled(template(other), ["/bin/true"]))
    said = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True
    )
    # Known from systemd 254 on, and ignored before.
    newer = ("RestartSteps", "RestartMaxDelaySec")
    lines = [s for s in said.stderr.splitlines() if name in s and not any(n in s for n in newer)]
    assert lines == []
    assert said.returncode == 0


@analyzed
def test_the_system_unit_is_exposed_less_than_two(tmp_path):
    unit = tmp_path / "prepd.service"
    unit.write_text(filled(template("prepd-system.service"), ["/bin/true"]))
    words = [ANALYZE, "security", "--offline=true", "--threshold=19", str(unit)]
    said = subprocess.run(words, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ["prepd.service", "prepd-system.service"])
def test_what_a_restart_does_not_help_is_not_restarted(name):
    assert "RestartPreventExitStatus=77 78\n" in template(name)


def test_each_hardening_line_says_when_to_relax_it():
    hardening = template("prepd-system.service").partition("# --- hardening")[2].splitlines()[2:]
    about = ""
    for line in hardening[: hardening.index("[Install]")]:
        about = line if line.startswith("#") else about
        if line and not line.startswith("#"):
            assert about, line
    assert sum("Relax" in line for line in hardening) >= 10


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["/usr/bin/prepd", "run"], "/usr/bin/prepd run"),
        (["/opt/my apps/prepd", "run"], '"/opt/my apps/prepd" run'),
        (["/p", "--config", "/50%/$HOME/c"], "/p --config /50%%/$$HOME/c"),
        (["/p", 'a"b\\c'], r'/p "a\"b\\c"'),
    ],
)
def test_a_command_is_written_as_systemd_reads_it(words, line):
    assert command_line(words) == line


def test_a_file_that_somebody_changed_is_told_apart():
    text = marked("[Service]\nExecStart=/bin/true\n", "systemctl edit x")
    assert is_ours(text)
    assert not is_ours(text.replace("true", "false"))
    assert not is_ours("[Service]\n")


def test_the_units_of_a_home_go_by_its_usual_places(home):
    ((file, text),) = made(Flavour.USER, home).files
    assert file == home / ".config/systemd/user/prepd.service"
    assert exec_line(text).endswith("-m daemon.commands.main run")
    assert is_ours(text)


def test_a_config_or_state_elsewhere_is_named_in_the_unit(home):
    other = home / "other.toml"
    other.write_text(CONFIG)
    ((_, text),) = made(Flavour.USER, home, (other, home / "elsewhere")).files
    assert exec_line(text).endswith(f"main --config {other} --state-dir {home / 'elsewhere'} run")


def test_the_timer_comes_with_the_service_that_it_starts(home):
    (_, service), (_, timer) = made(Flavour.TIMER, home).files
    assert exec_line(service).endswith("main sync")
    assert "Persistent=true" in timer


def test_without_a_config_that_could_be_run_nothing_is_installed(home, capsys):
    (home / ".config/prepd/config.toml").write_text("wrong = 1")
    assert main(["service", "install", "--dry-run"]) == 78
    assert capsys.readouterr().out == ""


def test_the_system_unit_is_given_the_client_secrets_of_the_config(home, monkeypatch):
    monkeypatch.setattr("daemon.systemd.installation._HIDDEN", ())
    config = home / ".config/prepd/config.toml"
    config.write_text(GOOGLE)
    with pytest.raises(Stopped, match=r"There is no .*my client.json"):
        made(Flavour.SYSTEM, home, (config, None))
    (config.parent / "my client.json").write_text("{}")
    done = made(Flavour.SYSTEM, home, (config, None))
    text = done.files[-1][1]
    assert f"LoadCredential=my client.json:{config.parent}/my client.json\n" in text
    assert done.as_its_user.startswith(
        "sudo -u prepd env CREDENTIALS_DIRECTORY=/run/credentials/prepd.service "
    )
    assert done.as_its_user.endswith(f"--config {config} --state-dir /var/lib/prepd")
    config.write_text(CONFIG)
    assert "\nLoadCredential=" not in made(Flavour.SYSTEM, home, (config, None)).files[-1][1]


def test_a_system_unit_cannot_run_what_is_in_somebodys_home(home, capsys):
    config = Path("/home/alex/config.toml")
    assert main(["service", "install", "--system", "--dry-run", "--config", str(config)]) == 1
    assert "Install prepd for the whole machine" in capsys.readouterr().err


def test_a_credential_comes_before_a_file_beside_the_config(home, monkeypatch):
    config = home / ".config/prepd/config.toml"
    config.write_text(GOOGLE)
    handed = home / "credentials"
    handed.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    assert load(config).account[1].client_secrets == config.parent / "my client.json"
    (handed / "my client.json").write_text("{}")
    assert load(config).account[1].client_secrets == handed / "my client.json"
    config.write_text(GOOGLE.replace("my client.json", "./my client.json"))
    assert load(config).account[1].client_secrets == config.parent / "my client.json"
    config.write_text(GOOGLE.replace("my client.json", str(home / "my client.json")))
    assert load(config).account[1].client_secrets == home / "my client.json"
