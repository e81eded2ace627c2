"""What a report is made of, as far as the accounts tell; and the JSON of a report."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.kept import Busy
from daemon.config.read import parse
from daemon.configured import changes_under_one_address
from daemon.core.detect import Acquaintance
from daemon.core.model import By, Role
from daemon.core.weeks import week_named
from daemon.facts import facts
from daemon.render import documents
from daemon.store.heartbeat import AccountPulse, Heartbeat
from daemon.store.state import BUSY_MARGIN, CalendarState, Delivery, State, calendar_key
from tests.build import DANA, DAY, HOUR, MINUTE, NOW
from tests.core.entries import LONDON, RULES, WEEK, Told

CONFIG = parse(
    {
        "account": [
            {
                "name": "work",
                "provider": "google",
                "client_secrets": "x.json",
                "calendars": ["primary", "team"],
            },
        ],
        "person": [{"email": DANA, "name": "Dana", "role": "manager"}],
    },
    Path("config.toml"),
)


def calendar(name="primary", read=NOW - MINUTE, full=NOW - HOUR, account="work", **more):
    return CalendarState(account, name, "t", read, full, **more)


def known(*calendars, beat=None, week="2026-W48", **more):
    state = State(calendars={calendar_key(c.account, c.calendar): c for c in calendars}, **more)
    return facts(state, (), beat or Heartbeat(), CONFIG, NOW, week_named(week, LONDON))


def test_a_gap_that_lasts_is_told_only_of_accounts_of_the_config():
    pulse = AccountPulse(NOW - DAY, "It failed.", None, NOW - DAY)
    found = known(calendar(), beat=Heartbeat(accounts={"work": pulse, "gone": pulse}))
    assert [gap.account for gap in found.gaps] == ["work"]


def test_taken_times_are_known_as_far_as_the_last_full_read_saw():
    found = known(calendar(), calendar("team", full=NOW - 3 * HOUR))
    assert found.busy_until == NOW - 3 * HOUR + CONFIG.sync.horizon + BUSY_MARGIN


@pytest.mark.parametrize(
    "calendars",
    [
        (),
        (calendar(),),
        (calendar(), calendar("team", read=NOW - DAY)),
        (calendar(), calendar("team", full=None, read=None)),
    ],
    ids=["nothing read", "one never read", "one a day ago", "one without a read"],
)
def test_they_are_not_known_where_a_calendar_was_not_read_for_a_day(calendars):
    assert known(*calendars).busy_until is None


def test_a_read_that_brought_nothing_new_is_a_read():
    old = NOW - DAY - HOUR
    beat = Heartbeat(NOW, {"work": AccountPulse(last_success=NOW - MINUTE)})
    calendars = (calendar(read=old, full=old), calendar("team", read=old, full=old))
    assert known(*calendars).busy_until is None
    assert known(*calendars, beat=beat).busy_until == old + CONFIG.sync.horizon + BUSY_MARGIN


def test_an_account_was_read_when_all_its_calendars_were_or_when_the_heartbeat_says_so():
    old = NOW - 9 * DAY
    assert known(calendar(), calendar("team", read=old)).reads == {"work": old}
    assert known(calendar()).reads == {}
    beat = Heartbeat(NOW, {"work": AccountPulse(last_success=NOW - MINUTE), "gone": AccountPulse(old)})
    assert known(calendar(), calendar("team", read=old), beat=beat).reads == {"work": NOW - MINUTE}


def test_a_trouble_names_its_account_once():
    beat = Heartbeat(NOW, {"work": AccountPulse(NOW, "Account work, reading the calendar: not reached.")})
    assert known(beat=beat).troubles == ("Account work, reading the calendar: not reached.",)
    beat = Heartbeat(NOW, {"work": AccountPulse(NOW, "It failed.")})
    assert known(beat=beat).troubles == ("work: It failed.",)


def test_a_calendar_that_the_config_no_longer_names_is_left_out():
    gone = calendar("old", read=NOW - 9 * DAY, busy=(Busy(NOW, NOW + HOUR, "e"),))
    found = known(calendar(), calendar("team"), gone)
    assert (found.busy, found.busy_until is not None) == ((), True)


def test_the_last_delivery_is_that_of_an_earlier_week_to_the_place_that_had_it_first():
    deliveries = (
        Delivery("file", "2026-W40", NOW - 7 * DAY),
        Delivery("file", "2026-W46", NOW - 9 * DAY),
        Delivery("notify", "2026-W46", NOW - 8 * DAY),
        Delivery("file", "2026-W47", NOW - 2 * DAY),
    )
    found = known(deliveries=deliveries, week="2026-W47")
    assert (found.delivered_week, found.delivered_at) == ("2026-W46", NOW - 9 * DAY)
    assert known(deliveries=deliveries).delivered_week == "2026-W47"
    assert known(deliveries=deliveries, week="2026-W40").delivered_at is None


def test_the_json_of_a_report_tells_everything_with_plain_names():
    told = Told()
    for start in ("10-06 10:00", "10-20 10:00", "11-17 10:00"):
        told.cancelled(start)
        told.cancelled(start, by=By.UNKNOWN, person="dana@b.example", name="Dana")
    told.declined("11-18 10:00", by=By.ME)
    people = {a: Acquaintance(a, "Dana", Role.MANAGER, None) for a in (DANA, "dana@b.example")}
    made = told.report(rules=replace(RULES, people=people), busy_until=NOW + 9 * DAY)
    found = documents.report(made, State(), CONFIG)
    assert [p["person"]["name"] for p in found["people"]] == ["Dana", "Dana"]
    assert {p.person.name for p in made.people} == {f"Dana ({a})" for a in people}
    (flag,) = found["red_flags"]
    assert (flag["person"]["email"], flag["acts"], len(flag["cancellations"])) == (DANA, 3, 3)
    assert len(flag["free_times"]) == 3
    (near,) = found["almost"]
    assert near["mark"] == [f"prepd mark {c['one_on_one']} cancelled --by them" for c in near["unknown"]]
    assert [t["week"] for t in found["trend"]][-1] == WEEK.name
    assert found["trend"][-1]["expected"] == 3
    mine = next(p for p in found["people"] if p["person"]["email"] == DANA)
    assert [c["kind"] for c in mine["own"]] == ["declined"]
    assert (mine["notice_minutes"], mine["advice"], mine["days_since"]) == (600, None, None)


def test_somebody_who_changed_address_is_one_person():
    config = replace(CONFIG, person=(replace(CONFIG.person[0], aliases=("dana@old.example",)),))
    told = Told()
    told.held("11-10 10:00", person="dana@old.example")
    told.held("11-17 10:00")
    told.changes = changes_under_one_address(told.changes, config)
    (dana,) = told.report().people
    assert (dana.person.email, dana.person.name, dana.window.held, dana.streak) == (DANA, "Dana", 2, 2)
