"""`prepd check`: each thing that can be wrong with the set-up is found, with its remedy and its exit code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest


def checked(prepd, code=0):
    """What is wrong, by account and name; the exit code is the given one."""
    found = prepd.ask("check", code=code)["checks"]
    assert all(entry.keys() == {"name", "account", "ok", "detail", "remedy"} for entry in found)
    return {(c["account"], c["name"]): c for c in found if not c["ok"]}


def all_checked(prepd):
    return {(c["account"], c["name"]) for c in prepd.ask("check")["checks"]}


def tidy(prepd):
    """As a downloaded file should be kept."""
    (prepd.folder / "client.json").chmod(0o600)


def test_a_set_up_that_is_right_passes_on_google(prepd):
    tidy(prepd)
    found = all_checked(prepd)
    for name in ("reachable", "clock", "sign-in", "calendar primary", "documents", "client secrets"):
        assert ("work", name) in found
    for name in ("config", "state", "disk", "time zone", "agenda template"):
        assert (None, name) in found


def test_a_set_up_that_is_right_passes_on_outlook(outlook):
    found = all_checked(outlook)
    for name in ("reachable", "clock", "sign-in", "calendar default", "documents"):
        assert ("client", name) in found


def test_it_reads_and_changes_nothing(at_rest):
    tidy(at_rest)
    before, log = at_rest.files(), len(at_rest.google.requests)
    at_rest.ask("check")
    assert at_rest.files() == before
    assert {line.split()[0] for line in at_rest.google.requests.lines()[log:]} == {"GET"}


def test_secrets_that_others_can_read_are_found(prepd):
    (prepd.folder / "client.json").chmod(0o644)
    (wrong,) = checked(prepd, code=1).values()
    assert wrong["name"] == "client secrets"
    assert wrong["remedy"].startswith("chmod 600 ")


def test_secrets_in_the_config_that_others_can_read_are_found(prepd):
    tidy(prepd)
    prepd.configure(more='[notify]\nurls = ["json://127.0.0.1:9/s3cret"]')
    prepd.config.chmod(0o644)
    wrong = checked(prepd, code=1)[None, "config"]
    assert "[notify]" in wrong["detail"]
    assert "s3cret" not in str(wrong)
    prepd.config.chmod(0o640)
    assert checked(prepd) == {}


def test_a_file_that_cannot_be_looked_at_ends_no_check(prepd, monkeypatch):
    """In a folder that is closed to the user."""
    tidy(prepd)
    real = Path.stat

    def closed(path, **more):
        if path.name == "client.json":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **more)

    monkeypatch.setattr(Path, "stat", closed)
    wrong = checked(prepd, code=1)
    assert "Permission denied" in wrong["work", "client secrets"]["detail"]
    assert (None, "unit") not in wrong


@pytest.mark.parametrize(
    ("system", "remedy"),
    [("America/New_York", "If you moved"), ("Europe/Belfast", None), ("UTC", "If you moved")],
)
def test_a_machine_in_another_time_zone_than_the_configs_is_told(prepd, monkeypatch, system, remedy):
    tidy(prepd)
    monkeypatch.setattr("daemon.checks.machine.system_zone", lambda: ZoneInfo(system))
    (zone,) = [c for c in prepd.ask("check")["checks"] if c["name"] == "time zone"]
    assert zone["ok"]
    assert (zone["remedy"] or "")[:12] == (remedy or "")
    assert (system in zone["detail"]) is (remedy is not None)


def test_a_damaged_state_is_told_with_what_to_do(prepd):
    tidy(prepd)
    for name in ("prepd.json", "prepd.json.bak"):
        (prepd.state / name).write_text("torn")
    (wrong,) = checked(prepd, code=1).values()
    assert (wrong["name"], "is damaged" in wrong["detail"]) == ("state", True)
    assert "Restore both from a copy" in wrong["remedy"]


def test_who_is_not_signed_in_is_told_how_to(signed_out):
    tidy(signed_out)
    (wrong,) = checked(signed_out, code=77).values()
    assert (wrong["name"], wrong["remedy"]) == ("sign-in", "Sign in with: prepd auth login work")


def test_a_clock_that_is_ahead_is_found(prepd):
    tidy(prepd)
    real = prepd.google.clock.now
    prepd.google._server._http.clock = lambda: real() - timedelta(hours=3)
    (wrong,) = checked(prepd, code=1).values()
    assert wrong["name"] == "clock"
    assert "180 minutes ahead of localhost's" in wrong["detail"]


def test_a_server_that_does_not_answer_is_75(prepd):
    tidy(prepd)
    prepd.accounts = prepd.accounts.replace(prepd.google.root, "https://localhost:1")
    prepd.configure()
    (wrong,) = checked(prepd, code=75).values()
    assert (wrong["name"], wrong["detail"]) == ("reachable", "localhost: connection refused")


def test_a_certificate_that_is_not_trusted_points_to_the_ca_bundle(prepd, tmp_path, monkeypatch):
    tidy(prepd)
    import ssl

    monkeypatch.setattr(ssl, "create_default_context", lambda cafile: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    wrong = checked(prepd, code=78)["work", "reachable"]
    assert "network.ca_bundle" in wrong["remedy"]


def test_a_calendar_that_is_not_there_is_named_with_those_there_are(prepd, sign_in):
    tidy(prepd)
    prepd.accounts = prepd.accounts.replace(
        'provider = "google"', 'provider = "google"\ncalendars = ["Nope"]'
    )
    prepd.configure()
    sign_in(prepd)
    wrong = checked(prepd, code=78)["work", "calendar Nope"]
    assert "Nope" in wrong["detail"]


def test_an_api_that_is_not_enabled_is_named_with_where_to_enable_it(prepd):
    tidy(prepd)
    prepd.google.faults.status(403, path="/drive/*", reason="accessNotConfigured", times=10)
    wrong = checked(prepd, code=78)["work", "documents"]
    assert "Google Drive API is not enabled" in wrong["detail"]
    assert "console.cloud.google.com" in wrong["remedy"]


def test_of_two_accounts_each_is_told(both):
    (both.folder / "client.json").chmod(0o600)
    accounts = {c["account"] for c in both.ask("check")["checks"]}
    assert accounts == {None, "work", "client"}


def test_a_wrong_config_is_one_check_and_78(prepd):
    prepd.config.write_text("[sync]\nevry = 3\n")
    (wrong,) = checked(prepd, code=78).values()
    assert "every" in wrong["detail"]


def test_people_see_a_line_for_each_and_what_helps(prepd):
    (prepd.folder / "client.json").chmod(0o644)
    said = prepd("check")
    assert said.code == 1
    lines = said.out.splitlines()
    assert "ok  config  " in said.out
    assert any(line.startswith("BAD work: client secrets") for line in lines)
    assert lines[-1] == f"1 of {len(prepd.ask('check', code=1)['checks'])} checks needs you."


def test_a_unit_that_is_installed_where_there_is_no_systemd_is_found(prepd, tmp_path, monkeypatch):
    tidy(prepd)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("PATH", "")
    assert (None, "unit") in all_checked(prepd)
    unit = tmp_path / "xdg" / "systemd" / "user" / "prepd.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\n")
    wrong = checked(prepd, code=1)[None, "unit"]
    assert "prepd.service is installed, but" in wrong["detail"]


def test_errors_in_the_config_are_a_line_each(prepd):
    prepd.configure(before="nonsense = 1\n[sync]\nevry = 1")
    said = prepd("check")
    assert said.code == 78
    lines = said.out.splitlines()
    assert lines[0].endswith(" has 2 errors:")
    assert [line[:7].isspace() for line in lines[1:3]] == [False, False]
    assert all(line.startswith("      ") for line in lines[1:4])
    assert "evry" in said.out


def test_where_one_thing_keeps_all_else_from_being_checked_that_is_said(prepd):
    prepd.config.unlink()
    assert prepd("check").out.splitlines()[-1] == "Nothing else can be checked before that."


def test_without_a_config_the_remedy_is_to_have_one_written(prepd):
    prepd.config.unlink()
    (wrong,) = checked(prepd, code=78).values()
    assert wrong["detail"] == f"There is no config at {prepd.config}."
    assert wrong["remedy"].startswith("`prepd init`")
