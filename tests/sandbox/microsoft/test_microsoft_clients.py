"""A client that knows nothing of the sandbox: python-o365 lists, makes, changes, deletes and answers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

o365 = pytest.importorskip("O365")
tokens = pytest.importorskip("O365.utils.token")

LONDON = ZoneInfo("Europe/London")
MONDAY = dt.datetime(2026, 11, 2, 9, tzinfo=LONDON)


@pytest.fixture
def schedule(microsoft, alex):
    """Alex's calendars as O365 has them."""

    class Sandbox(o365.MSGraphProtocol):
        # it has no setting for the host, and takes the class's
        _protocol_url = f"{microsoft.root}/"

    account = o365.Account(
        (microsoft.client_id,),
        auth_flow_type="public",
        protocol=Sandbox(timezone="Europe/London"),
        token_backend=tokens.BaseTokenBackend(),
        verify_ssl=str(microsoft.ca_path),
    )
    # signing in is msal's business, and tested with it: the session starts with a token
    account.con.session = account.con.get_session(load_token=False)
    token = microsoft.issue_token(alex)["access_token"]
    account.con.session.headers["Authorization"] = f"Bearer {token}"
    return account.schedule()


def test_it_makes_lists_changes_and_deletes_an_event(schedule, alex):
    calendar = schedule.get_default_calendar()
    event = calendar.new_event("Focus")
    event.start, event.end = MONDAY, MONDAY + dt.timedelta(minutes=30)
    event.body, event.location, event.is_reminder_on = "<b>Read</b>", "Library", False
    assert event.save()
    found = calendar.get_events(
        include_recurring=True,
        start_recurring=MONDAY - dt.timedelta(days=1),
        end_recurring=MONDAY + dt.timedelta(days=1),
    )
    (found,) = list(found)
    assert (found.subject, found.start, found.location["displayName"]) == ("Focus", MONDAY, "Library")
    found.subject = "Deep focus"
    assert found.save()
    (mine,) = alex.events()
    assert (mine["subject"], mine["isReminderOn"]) == ("Deep focus", False)
    assert found.delete()
    assert alex.events() == []


def test_it_makes_a_series_and_lists_its_occurrences(schedule):
    calendar = schedule.get_default_calendar()
    event = calendar.new_event("Weekly")
    event.start, event.end = MONDAY, MONDAY + dt.timedelta(minutes=30)
    event.recurrence.set_weekly(
        1, days_of_week=["monday"], first_day_of_week="sunday", start=MONDAY.date(), end=dt.date(2026, 11, 20)
    )
    assert event.save()
    series = calendar.get_event(event.object_id)
    occurrences = series.get_occurrences(start=MONDAY, end=MONDAY + dt.timedelta(days=60))
    assert [each.start for each in occurrences] == [MONDAY + dt.timedelta(weeks=week) for week in range(3)]


def test_it_answers_an_invitation_without_telling(microsoft, schedule, alex, dana):
    event = dana.schedule("1:1", MONDAY, guests=[alex], accepted=False)
    (found,) = schedule.get_default_calendar().get_events(include_recurring=False)
    assert (found.organizer.address, found.subject) == (dana.email, "1:1")
    assert found.accept_event(send_response=False, tentatively=False)
    assert alex.event(event)["responseStatus"]["response"] == "accepted"
    assert microsoft.mailbox.to(dana.email) == []


def test_it_lists_calendars(schedule, alex):
    alex.add_calendar("Team")
    assert [each.name for each in schedule.list_calendars()] == ["Calendar", "Team"]
