"""A config is read strictly, and everything wrong with it is said at once."""

import os
import re
from datetime import time, timedelta

import pytest

from daemon.config import ConfigError, load
from daemon.config.kinds import Hours, Moment

ACCOUNT = '[[account]]\nname = "work"\nprovider = "google"\nclient_secrets = "client.json"\n'


@pytest.fixture
def config(tmp_path):
    def read(text, *, account=ACCOUNT):
        file = tmp_path / "config.toml"
        file.write_text(text + "\n" + account)
        return load(file)

    return read


@pytest.fixture
def problems(config):
    def read(text, *, account=ACCOUNT):
        with pytest.raises(ConfigError) as caught:
            config(text, account=account)
        return {problem.path: problem.message for problem in caught.value.errors}

    return read


@pytest.fixture
def system_zone(monkeypatch):
    """Sets the system's time zone, which the library remembers."""
    monkeypatch.setattr("tzlocal.unix._cache_tz", None)
    return lambda name: monkeypatch.setenv("TZ", name)


def test_an_account_is_all_that_is_needed(config, tmp_path):
    read = config("")
    assert read.account[0].calendars == ("primary",)
    assert read.account[0].client_secrets == tmp_path / "client.json"
    assert read.sync.every == timedelta(seconds=60)


def test_an_outlook_account_needs_its_client_id_alone(config):
    read = config("", account='[[account]]\nname = "client"\nprovider = "outlook"\nclient_id = "1-2"\n')
    assert (read.account[0].tenant, read.account[0].cloud) == ("organizations", "global")


def test_all_errors_are_told_at_once_with_their_paths(problems):
    assert set(
        problems(
            """
            timezone = "Europe/Lundon"
            [syncc]
            [sync]
            every = "1s"
            [[person]]
            email = "Dana"
            role = "manger"
            [report]
            red_flag = { within = 90 }
            """
        )
    ) == {"timezone", "syncc", "sync.every", "person[0].email", "person[0].role", "report.red_flag.within"}


@pytest.mark.parametrize(
    ("text", "path", "meant"),
    [
        ("[sync]\nevry = '60s'", "sync.evry", "every"),
        ("[reflexion]", "reflexion", "reflection"),
        ("[detect]\none_off = 'title'", "detect.one_off", "titled"),
        ("[[person]]\nemail = 'd@example.com'\nrole = 'manger'", "person[0].role", "manager"),
        ("timezone = 'europe/london'", "timezone", "Europe/London"),
        ("[report]\non = 'fridy 16:00'", "report.on", "friday"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(problems, text, path, meant):
    assert f'did you mean "{meant}"?' in problems(text)[path]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[sync]\nevery = '9s'", "sync.every"),
        ("[sync]\nevery = 60", "sync.every"),
        ("[sync]\nevery = '1.5h'", "sync.every"),
        ("[sync]\nevery = '٣٠s'", "sync.every"),
        ("[sync]\nwatch = '7d'", "sync.watch"),
        ("[ledger]\nretention = '90d'\n[report]\nred_flag = {within = '91d'}", "ledger.retention"),
        ("[sync]\nmax_changes = true", "sync.max_changes"),
        ("[sync]\nmax_changes = 0", "sync.max_changes"),
        ("[reflection]\nminutes = 121", "reflection.minutes"),
        ("[reflection]\nminutes = 0", "reflection.minutes"),
        ("[reflection]\nminutes = 2.5", "reflection.minutes"),
        ("[reflection]\nenabled = 'yes'", "reflection.enabled"),
        ("[reflection]\ntitle = ''", "reflection.title"),
        ("[reflection]\ntitle = 'with {who}'", "reflection.title"),
        ("[report]\non = 'friday'", "report.on"),
        ("[report]\non = 'friday 24:00'", "report.on"),
        ("[report]\nworking_hours = '17:30-09:00'", "report.working_hours"),
        ("[report]\nworking_hours = '9-17'", "report.working_hours"),
        ("[report]\ndeliver = 'file'", "report.deliver"),
        ("[report]\ndeliver = ['file', 'fax']", "report.deliver[1]"),
        ("[report]\nred_flag = 3", "report.red_flag"),
        ("[detect]\ntitles = ['ok', '(']", "detect.titles[1]"),
        ("[detect]\nme = ['*@example.com']", "detect.me[0]"),
        ("[detect]\nignore = ['example.com']", "detect.ignore[0]"),
        ("[notify]\nping = 'example.com'", "notify.ping"),
        ("[notify]\nurls = ['nonsense']", "notify.urls[0]"),
        ("[network]\ntimeout = '0s'", "network.timeout"),
        ("[network]\nca_bundle = ''", "network.ca_bundle"),
        ("[ledger]\nretention = '1d'", "ledger.retention"),
        ("timezone = '../../etc/passwd'", "timezone"),
        ("timezone = ''", "timezone"),
        ("timezone = 'Europe'", "timezone"),
        ("sync = 3", "sync"),
        ("[[sync]]", "sync"),
        ("[person]\nemail = 'd@example.com'", "person"),
        ("[[person]]\nname = 'Dana'", "person[0].email"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(problems, text, path):
    assert set(problems(text)) == {path}


@pytest.mark.parametrize(
    ("account", "paths"),
    [
        ("", {"account"}),
        ("account = []", {"account"}),
        ("account = 'work'", {"account"}),
        ("account = ['work']", {"account[0]"}),
        ("[[account]]", {"account[0].name", "account[0].provider", "account[0].client_secrets"}),
        (ACCOUNT + ACCOUNT.replace("work", "Work"), {"account[1].name"}),
        (ACCOUNT + "calendars = []", {"account[0].calendars"}),
        (ACCOUNT + "calendars = ['a', 'a']", {"account[0].calendars[1]"}),
        (ACCOUNT + "calendars = [' ']", {"account[0].calendars[0]"}),
        (ACCOUNT + "api_root = 'http://example.com'", {"account[0].api_root"}),
        (ACCOUNT + "api_root = 'https://'", {"account[0].api_root"}),
        (ACCOUNT + "api_root = 'https://a:b'", {"account[0].api_root"}),
        (ACCOUNT.replace("google", "outlook"), {"account[0].client_id", "account[0].client_secrets"}),
        (ACCOUNT.replace("google", "yahoo"), {"account[0].provider"}),
        (ACCOUNT.replace('"google"', "3"), {"account[0].provider"}),
        (ACCOUNT.replace("work", "../work"), {"account[0].name"}),
    ],
)
def test_a_wrong_account_is_named_by_its_path(problems, account, paths):
    assert set(problems("", account=account)) == paths


@pytest.mark.parametrize(
    "text",
    [
        "[notify]\nurls = ['tgram:/s3cret/chat']",
        "[notify]\nurls = ['tgram://s3cret/ chat']",
        "[notify]\nurls = 'tgram://s3cret/chat'",
        "[notify]\nurls = [['tgram://s3cret/chat']]",
        "[notify]\nurls = {a = 'tgram://s3cret/chat'}",
        "[notify]\nping = 'ftp://ping.example.com/s3cret'",
        "[notify]\nping = 's3cret'",
        "[notify]\nping = 'https://[s3cret'",
        "notify = 'tgram://s3cret/chat'",
        "[notify]\nurl = 'tgram://s3cret/chat'",
        "[notify]\nurls = ['tgram://s3cret/chat'",
        "[notify]\nurls = ['tgram://s3cret/chat]",
    ],
)
def test_no_message_holds_a_url_that_may_be_a_secret(config, text):
    with pytest.raises(ConfigError) as wrong:
        config(text)
    assert "s3cret" not in str(wrong.value)


def test_a_key_of_the_other_provider_says_where_it_belongs(problems):
    assert (
        "belongs to accounts of provider outlook"
        in problems("", account=ACCOUNT + "tenant = 'x'")["account[0].tenant"]
    )


def test_two_people_with_one_address_are_told_apart_or_refused(problems):
    text = """
        [detect]
        me = ["ME@example.com"]
        [[person]]
        email = "Dana@example.com"
        [[person]]
        email = "alex@example.com"
        aliases = ["dana@EXAMPLE.com", "alex@example.com", "me@example.com"]
    """
    assert set(problems(text)) == {f"person[1].aliases[{n}]" for n in range(3)}


def test_what_disagrees_is_told_together_with_what_is_wrong_by_itself(problems):
    text = (
        "[sync]\nevry = 1\n[[person]]\nemail = 'a@example.com'\n[[person]]\nemail = 'a@example.com'\nrol = 1"
    )
    assert set(problems(text)) == {"sync.evry", "person[1].email", "person[1].rol"}


def test_values_become_what_the_program_works_with(config, tmp_path):
    read = config(
        """
        timezone = "America/New_York"
        [detect]
        titles = ["^coffee"]
        me = ["Me@Example.com"]
        [[person]]
        email = "Dana@Example.com"
        aliases = ["DD@example.com"]
        role = "manager"
        [prep_doc]
        template = "agenda.md"
        [ledger]
        backfill = "12w"
        retention = "5y"
        [report]
        on = "Monday 08:30"
        working_hours = "08:00-16:00"
        """
    )
    assert read.timezone.key == "America/New_York"
    assert read.detect.titles[0].search("COFFEE with Dana")
    assert read.detect.me == ("me@example.com",)
    assert read.person_of("dd@EXAMPLE.com").email == "dana@example.com"
    assert read.person_of("nobody@example.com") is None
    assert read.account_named("work") is read.account[0]
    assert read.prep_doc.template == tmp_path / "agenda.md"
    assert (read.ledger.backfill, read.ledger.retention) == (timedelta(weeks=12), timedelta(days=1825))
    assert read.report.on == Moment(0, time(8, 30))
    assert read.report.working_hours == Hours(time(8), time(16))


def test_without_a_time_zone_the_systems_is_taken(config, system_zone):
    system_zone("Asia/Kathmandu")
    assert config("").timezone.key == "Asia/Kathmandu"


def test_a_broken_time_zone_of_the_system_is_no_crash(problems, system_zone):
    system_zone("Nowhere/Land")
    assert set(problems("")) == {"timezone"}


def test_a_syntax_error_is_told_with_its_line(problems):
    assert re.search(r"not TOML: .*line 2", problems("[sync]\nevery =", account="")[""])


def test_a_file_that_is_not_utf8_is_said_to_be_so(tmp_path):
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not in UTF-8"):
        load(tmp_path / "config.toml")


def test_a_missing_config_says_where_it_was_looked_for_and_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="prepd init") as caught:
        load(tmp_path / "none.toml")
    assert str(tmp_path / "none.toml") in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_config_is_said_to_be_so(tmp_path):
    (tmp_path / "config.toml").touch(0o000)
    with pytest.raises(ConfigError, match="can't be read: Permission denied"):
        load(tmp_path / "config.toml")


def test_a_folder_in_place_of_the_config_is_said_to_be_so(tmp_path):
    with pytest.raises(ConfigError, match="can't be read: Is a directory"):
        load(tmp_path)


def test_errors_read_as_a_list(config, tmp_path):
    with pytest.raises(ConfigError) as caught:
        config("[sync]\nevry = '1s'")
    assert str(caught.value) == (
        f'{tmp_path}/config.toml has one error:\n  sync.evry: there is no such option; did you mean "every"?'
    )
