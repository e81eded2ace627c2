"""Trouble that lasts is told: once when it begins and once when it is over, whichever process looks."""

from __future__ import annotations

import re
import shutil
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from daemon.delivery import topics
from daemon.health import alerts
from daemon.store.files import StateError
from daemon.store.heartbeat import read_heartbeat
from daemon.store.store import Store
from tests.google_account import signed_in
from tests.scenarios.services import IN_CONFIG, URL, Services
from tests.world import at


@pytest.fixture
def services(monkeypatch) -> Services:
    listening = Services()
    monkeypatch.setattr(alerts, "send", listening.send)
    monkeypatch.setattr(topics, "send", lambda *_: None)
    return listening


@pytest.fixture
def at_work(world, services):
    """Alex has a weekly 1:1 with Dana, read and prepared, and wants to be told."""
    world.configure(IN_CONFIG)
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    world.wait(minutes=1)
    return world


def revoke(world):
    world.google.revoke(world.alex)
    world.google.expire_access_tokens()


def sign_in(world):
    world.settings = signed_in(world.google, world.alex, world.folder)


def down(world, status=503, **more):
    world.google.faults.status(status, path="*/events", times=10_000, **more)


def minutes(world, count, *, every=15):
    for _ in range(count // every):
        world.wait(minutes=every)


def test_a_sign_in_that_was_revoked_is_told_once_and_so_is_the_next_one(at_work, services):
    revoke(at_work)
    minutes(at_work, 180)
    assert services.titles == ["account work needs you to sign in"]
    sign_in(at_work)
    minutes(at_work, 180)
    assert services.titles == ["account work needs you to sign in", "account work is well again"]


def test_an_alert_says_what_is_wrong_since_when_and_what_to_do(at_work, services):
    revoke(at_work)
    at_work.wait(minutes=5)
    text = services.messages[0].text
    assert "Since Mon 2 Nov 08:06" in text
    assert "`prepd auth login work`" in text


def test_an_account_that_cannot_be_reached_is_told_after_an_hour(at_work, services):
    down(at_work)
    minutes(at_work, 60)
    assert services.titles == []
    minutes(at_work, 120)
    assert services.titles == ["account work can't be reached"]
    at_work.google.faults.clear()
    minutes(at_work, 30)
    assert services.titles == ["account work can't be reached", "account work is well again"]


def test_an_account_that_is_throttled_for_three_hours_is_told(at_work, services):
    down(at_work, 429, retry_after=3600)
    minutes(at_work, 180, every=30)
    at_work.google.faults.clear()
    at_work.wait(minutes=30)
    assert services.titles == ["account work can't be reached", "account work is well again"]


def test_what_heals_within_the_hour_is_not_told(at_work, services):
    for _ in range(4):
        down(at_work)
        minutes(at_work, 45)
        at_work.google.faults.clear()
        minutes(at_work, 15)
    assert services.titles == []


def test_a_night_asleep_between_two_failures_is_no_hour_of_trouble(at_work, services):
    down(at_work)
    at_work.wait(minutes=5)
    at_work.wait(hours=10)
    assert services.titles == []


def test_an_outlook_account_is_told_of_alike(outlook, services):
    outlook.configure(IN_CONFIG)
    outlook.cycle()
    outlook.microsoft.revoke(outlook.alex)
    minutes(outlook, 60)
    assert services.titles == ["account client needs you to sign in"]
    assert "`prepd auth login client`" in services.messages[0].text


def test_of_two_accounts_the_one_that_fails_is_told_and_the_other_goes_on(both, services):
    both.configure(IN_CONFIG)
    both.everywhere("1:1 Alex / Dana", at(3), weekly=True)
    both.cycle()
    both.microsoft.revoke(both.outlook_alex)
    both.dana.schedule("1:1 Alex / Dana, extra", at(5), guests=[both.alex])
    minutes(both, 60)
    assert services.titles == ["account client needs you to sign in"]
    assert "05.11. 09:50-10:00 work" in both.slot_times()


def test_a_calendar_that_was_deleted_is_told_at_once(at_work, services):
    book = at_work.google._world.calendars.pop(at_work.alex.email)
    minutes(at_work, 30)
    assert services.titles == ["account work needs its set-up mended"]
    assert "no such calendar" in services.messages[0].text
    at_work.google._world.calendars[at_work.alex.email] = book
    minutes(at_work, 30)
    assert services.titles[1:] == ["account work is well again"]


@pytest.fixture
def braked(at_work):
    """Dana cancels more 1:1s at once than prepd believes."""
    at_work.configure(f"{IN_CONFIG}[sync]\nmax_changes = 2\n")
    extra = [at_work.dana.schedule("1:1 Alex / Dana", at(4 + n), guests=[at_work.alex]) for n in range(3)]
    at_work.wait(minutes=5)
    for each in extra:
        at_work.dana.cancel(each)
    return at_work


def test_a_brake_is_told_once_and_holds_until_the_user_has_looked(braked, services):
    minutes(braked, 60)
    assert services.titles == ["account work has stopped to ask"]
    assert "`prepd sync --accept`" in services.messages[0].text
    assert braked.told("cancelled") == []
    braked.clock.advance(minutes=5)
    braked.cycle(accept=True)
    assert services.titles[1:] == ["account work is well again"]
    assert len(braked.told("cancelled")) == 3


def test_a_brake_that_holds_for_hours_is_one_gap_that_ends_when_the_user_has_looked(braked):
    minutes(braked, 180)
    assert braked.state.gaps == ()
    braked.clock.advance(minutes=5)
    braked.cycle(accept=True)
    (gap,) = braked.state.gaps
    assert gap.end == braked.now
    assert gap.end - gap.start >= timedelta(minutes=185)
    assert "sync.max_changes" in gap.reason


def test_an_alert_leaves_the_state_as_it_is_byte_for_byte(at_work, services):
    at_work.wait(minutes=5)
    before = at_work.state_folder.joinpath("prepd.json").read_bytes()
    revoke(at_work)
    minutes(at_work, 60)
    assert len(services.messages) == 1
    assert at_work.state_folder.joinpath("prepd.json").read_bytes() == before


def test_a_service_that_is_down_is_tried_again_ever_more_seldom(at_work, services):
    services.down.add(URL)
    revoke(at_work)
    minutes(at_work, 300)
    assert 6 <= services.tries <= 12
    alert = read_heartbeat(at_work.state_folder).alerts["account work"]
    assert alert.told_at is None
    assert "did not answer" in alert.error
    services.down.clear()
    minutes(at_work, 60)
    assert services.titles == ["account work needs you to sign in"]


def test_trouble_that_nobody_could_be_told_of_has_no_end_to_tell(at_work, services):
    services.down.add(URL)
    revoke(at_work)
    at_work.wait(minutes=5)
    sign_in(at_work)
    services.down.clear()
    minutes(at_work, 120)
    assert services.titles == []


def test_who_took_an_alert_does_not_get_it_again_because_another_was_down(at_work, services):
    other = "json://elsewhere.example.com"
    at_work.configure(f'[notify]\nurls = ["{URL}", "{other}"]\n')
    services.down.add(other)
    revoke(at_work)
    minutes(at_work, 60)
    assert len(services.messages) == 1
    services.down = {URL}
    minutes(at_work, 60)
    assert len(services.messages) == 2
    services.down.clear()
    minutes(at_work, 120)
    assert len(services.messages) == 2


def test_a_process_killed_while_it_sends_tries_again(at_work, services, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    revoke(at_work)
    with monkeypatch.context() as patch:
        patch.setattr(alerts, "send", die)
        with pytest.raises(Killed):
            at_work.wait(minutes=5)
    minutes(at_work, 60)
    assert services.titles == ["account work needs you to sign in"]


def test_an_alert_that_cannot_be_written_down_is_not_sent(at_work, services, monkeypatch):
    revoke(at_work)
    with monkeypatch.context() as patch:
        patch.setattr(alerts, "write_heartbeat", lambda *_: False)
        minutes(at_work, 30)
    assert services.titles == []
    at_work.wait(minutes=5)
    assert services.titles == ["account work needs you to sign in"]


def test_a_sign_in_that_ends_while_the_account_is_told_to_be_out_of_reach_is_told_too(at_work, services):
    down(at_work)
    minutes(at_work, 120)
    at_work.google.faults.clear()
    revoke(at_work)
    minutes(at_work, 30)
    down(at_work)
    minutes(at_work, 30)
    at_work.google.faults.clear()
    minutes(at_work, 30)
    sign_in(at_work)
    at_work.wait(minutes=5)
    assert services.titles == [
        "account work can't be reached",
        "account work needs you to sign in",
        "account work is well again",
    ]


def test_who_signed_in_and_can_still_not_be_served_is_told_why(at_work, services):
    revoke(at_work)
    minutes(at_work, 30)
    sign_in(at_work)
    down(at_work)
    minutes(at_work, 240)
    assert services.titles == ["account work needs you to sign in", "account work can't be reached"]


def test_trouble_that_comes_and_goes_tells_of_itself_at_most_once_an_hour(at_work, services):
    book = at_work.google._world.calendars[at_work.alex.email]
    for _ in range(12):
        at_work.google._world.calendars.pop(at_work.alex.email, None)
        at_work.wait(minutes=5)
        at_work.google._world.calendars[at_work.alex.email] = book
        at_work.wait(minutes=5)
    assert len(services.titles) <= 6


SECRET = "the title of somebody's meeting"


@pytest.mark.parametrize("part", ["daemon.cycle.classify", "daemon.round.keep_house"])
def test_a_bug_that_ends_each_cycle_is_told_after_an_hour_and_when_it_is_over(
    at_work, services, monkeypatch, part
):
    def bug(*_args, **_more):
        raise ValueError(SECRET)

    with monkeypatch.context() as broken:
        broken.setattr(part, bug)
        for quarter in range(6):
            with pytest.raises(ValueError, match=SECRET):
                at_work.wait(minutes=15)
            assert services.titles == (["account work fails"] if quarter >= 4 else [])
    assert "please report it" in services.messages[0].text
    assert SECRET not in services.messages[0].text
    at_work.wait(minutes=15)
    assert services.titles == ["account work fails", "account work is well again"]


def test_a_state_that_is_damaged_is_told_though_nothing_can_be_read(at_work, services):
    for name in ("prepd.json", "prepd.json.bak"):
        (at_work.state_folder / name).write_text("torn")
    for _ in range(5):
        with pytest.raises(StateError):
            at_work.wait(minutes=15)
    assert services.titles == ["account work fails"]
    assert "damaged" in services.messages[0].text


def test_a_dry_run_tells_nobody(at_work, services):
    revoke(at_work)
    at_work.clock.advance(minutes=5)
    at_work.cycle(dry_run=True)
    assert services.tries == 0


def test_an_alert_holds_no_titles_and_nobodys_address(at_work, services):
    at_work.configure(f"{IN_CONFIG}")
    revoke(at_work)
    at_work.wait(minutes=5)
    for private in ("Dana", "1:1", "@"):
        assert private not in services.messages[0].title + services.messages[0].text


def test_without_services_trouble_makes_no_sound_and_no_error(at_work, services):
    at_work.configure("")
    revoke(at_work)
    minutes(at_work, 30)
    assert services.tries == 0


# --- the dead man's switch ------------------------------------------------------------------------------


class Switch(HTTPServer):
    """Counts the calls of its URL, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.calls: list[str] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret"


class _Answers(BaseHTTPRequestHandler):
    server: Switch

    def do_GET(self):  # as http.server calls it
        self.server.calls.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def switch():
    with Switch() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def pinging(world, switch):
    world.configure(f'[notify]\nping = "{switch.url}"\n')
    world.cycle()
    return world


def test_each_good_cycle_calls_the_dead_mans_switch_once(pinging, switch):
    assert switch.calls == ["/secret"]
    pinging.wait(minutes=1)
    assert len(switch.calls) == 2


def test_a_cycle_that_is_not_good_does_not_call_it(pinging, switch):
    revoke(pinging)
    pinging.wait(minutes=1)
    pinging.cycle(dry_run=True)
    assert len(switch.calls) == 1


def test_a_good_cycle_of_one_account_is_none_while_another_is_in_trouble(both, switch):
    both.configure(f'[notify]\nping = "{switch.url}"\n')
    both.microsoft.revoke(both.outlook_alex)
    both.cycle()
    both.cycle(only=["work"])
    assert switch.calls == []


def test_a_paused_prepd_is_well(pinging, switch):
    from dataclasses import replace

    store = Store(pinging.state_folder)
    store.commit(replace(store.state(), meta=replace(store.state().meta, paused=True)))
    pinging.wait(minutes=1)
    assert len(switch.calls) == 2


@pytest.mark.parametrize(("status", "says"), [(404, "answered 404"), (302, "redirected"), (500, "500")])
def test_a_switch_that_fails_fails_no_cycle_and_is_logged_once(pinging, switch, caplog, status, says):
    switch.status = status
    for _ in range(3):
        assert pinging.wait(minutes=1).accounts[0].ok
    failing = read_heartbeat(pinging.state_folder).ping.failing
    assert says in failing.error
    warned = [r for r in caplog.records if r.levelname == "WARNING"]
    assert len(warned) == 1
    assert "secret" not in caplog.text
    switch.status = 200
    pinging.wait(minutes=1)
    assert read_heartbeat(pinging.state_folder).ping.failing is None


# --- metrics --------------------------------------------------------------------------------------------


@pytest.fixture
def measured(at_work):
    at_work.file = at_work.folder / "prepd.prom"
    at_work.configure(f'[metrics]\ntextfile = "{at_work.file}"\n')
    at_work.wait(minutes=1)
    return at_work


def metric(world, name) -> float:
    lines = dict(line.rsplit(" ", 1) for line in world.file.read_text().splitlines() if line[0] != "#")
    return float(lines[name])


def test_metrics_tell_how_each_account_is(measured):
    assert metric(measured, 'prepd_account_trouble{account="work",trouble="sign_in"}') == 0
    last = metric(measured, 'prepd_account_last_success_timestamp_seconds{account="work"}')
    assert last == measured.now.timestamp()
    revoke(measured)
    measured.wait(minutes=1)
    assert metric(measured, 'prepd_account_trouble{account="work",trouble="sign_in"}') == 1
    assert metric(measured, 'prepd_account_last_success_timestamp_seconds{account="work"}') == last


def test_metrics_count_what_was_done_over_all_processes(measured):
    before = metric(measured, "prepd_cycles_total")
    measured.wait(minutes=1)
    assert metric(measured, "prepd_cycles_total") == before + 1
    assert metric(measured, 'prepd_changes_total{kind="scheduled"}') == 9
    assert metric(measured, 'prepd_requests_total{account="work"}') > 9
    assert metric(measured, "prepd_upcoming_one_on_ones") == 9


def test_metrics_are_for_another_user_to_read_and_hold_nothing_private(measured):
    assert measured.file.stat().st_mode & 0o777 == 0o644
    for private in ("Dana", "dana", "@", "1:1 Alex"):
        assert private not in measured.file.read_text()


def test_metrics_that_cannot_be_written_fail_no_cycle_and_are_logged_once(at_work, caplog):
    folder = at_work.folder / "nowhere"
    at_work.configure(f'[metrics]\ntextfile = "{folder}/prepd.prom"\n')
    for _ in range(3):
        assert at_work.wait(minutes=1).accounts[0].ok
    assert caplog.text.count("metrics.textfile") == 1
    folder.mkdir()
    at_work.wait(minutes=1)
    shutil.rmtree(folder)
    at_work.wait(minutes=1)
    assert caplog.text.count("metrics.textfile") == 2


def test_the_page_on_metrics_tells_each_of_them_and_no_others(measured):
    written = {re.split("[{ ]", line)[0] for line in measured.file.read_text().splitlines() if line[0] != "#"}
    page = Path(__file__).parents[2].joinpath("docs", "alerts.md").read_text("utf-8")
    told = set(re.findall(r"`(prepd_\w+)", page))
    assert {name for name in written if not name.endswith("_created")} == told
