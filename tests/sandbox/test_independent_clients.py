"""Clients that know nothing of the sandbox: gcsa, gcal_sync and gcalcli list, make, change, delete, sync."""

import asyncio
import datetime as dt
import ssl
import sys
from zoneinfo import ZoneInfo

import aiohttp
import gcalcli.cli
import gcalcli.gcal
import pytest
import truststore
from gcal_sync.api import CalendarListRequest, GoogleCalendarService, ListEventsRequest
from gcal_sync.auth import AbstractAuth
from gcal_sync.model import DateOrDatetime
from gcal_sync.model import Event as SyncedEvent
from gcal_sync.sync import CalendarEventSyncManager
from gcsa.attendee import Attendee
from gcsa.event import Event
from gcsa.google_calendar import GoogleCalendar, SendUpdatesMode
from gcsa.recurrence import WEEKLY, Recurrence
from google.oauth2.credentials import Credentials

truststore.extract_from_ssl()  # importing gcalcli has put another SSLContext into the whole process

LONDON = ZoneInfo("Europe/London")
MONDAY = dt.datetime(2026, 11, 2, 9, tzinfo=LONDON)


# --- gcsa -------------------------------------------------------------------------------------------------


@pytest.fixture
def gcsa(google, service, alex, monkeypatch):
    # it has no setting for the endpoint: its service object is replaced, and all else is its own
    monkeypatch.setattr("googleapiclient.discovery.build", lambda *_, **__: service(alex))
    return GoogleCalendar(credentials=Credentials(google.issue_token(alex)["access_token"]))


def test_gcsa_makes_reads_changes_and_deletes_an_event(gcsa, alex):
    event = gcsa.add_event(
        Event("Focus", start=MONDAY, end=MONDAY + dt.timedelta(minutes=30), timezone="Europe/London"),
        send_updates=SendUpdatesMode.NONE,
    )
    assert gcsa.get_event(event.event_id).summary == "Focus"
    event.summary, event.location = "Deep focus", "Library"
    gcsa.update_event(event, send_updates=SendUpdatesMode.NONE)
    assert (alex.event(event.event_id)["summary"], alex.event(event.event_id)["location"]) == (
        "Deep focus",
        "Library",
    )
    gcsa.delete_event(event, send_updates=SendUpdatesMode.NONE)
    assert list(gcsa.get_events(time_min=MONDAY - dt.timedelta(days=1), single_events=True)) == []


def test_gcsa_makes_a_series_and_lists_its_instances(gcsa):
    series = gcsa.add_event(
        Event(
            "Weekly", start=MONDAY, timezone="Europe/London", recurrence=Recurrence.rule(freq=WEEKLY, count=3)
        ),
        send_updates=SendUpdatesMode.NONE,
    )
    instances = list(gcsa.get_instances(series, time_min=MONDAY))
    assert [instance.start for instance in instances] == [
        MONDAY + dt.timedelta(weeks=week) for week in range(3)
    ]
    assert {instance.recurring_event_id for instance in instances} == {series.event_id}


def test_gcsa_invites_a_guest_who_then_has_the_event(google, gcsa, dana):
    guest = Attendee("dana@example.com", display_name="Dana")
    event = gcsa.add_event(Event("1:1", start=MONDAY, attendees=[guest]), send_updates=SendUpdatesMode.ALL)
    dana.respond(event.event_id, "tentative")
    assert gcsa.get_event(event.event_id).attendees[0].response_status == "tentative"
    assert [mail.kind for mail in google.mailbox.sent_by_clients()] == ["invite"]
    google.mailbox.clear()


def test_gcsa_moves_an_event_to_another_calendar(gcsa, alex):
    team = alex.add_calendar("Team")
    event = gcsa.add_event(Event("Plan", start=MONDAY), send_updates=SendUpdatesMode.NONE)
    gcsa.move_event(event, destination_calendar_id=team, send_updates=SendUpdatesMode.NONE)
    assert alex.event(event.event_id, calendar=team)["organizer"]["email"] == team
    assert alex.event(event.event_id)["status"] == "cancelled"


def test_gcsa_lists_calendars_and_settings(gcsa, alex):
    alex.add_calendar("Team")
    assert [entry.summary for entry in gcsa.get_calendar_list()] == [alex.email, "Team"]
    assert gcsa.get_settings().timezone == "Europe/London"


def test_gcsa_asks_for_busy_times(gcsa, alex):
    alex.schedule("Busy", MONDAY)
    busy = gcsa.get_free_busy(time_min=MONDAY.replace(hour=0), time_max=MONDAY.replace(hour=23))
    assert [(each.start, each.end) for each in busy] == [(MONDAY, MONDAY + dt.timedelta(minutes=30))]


# --- gcal_sync --------------------------------------------------------------------------------------------


class Auth(AbstractAuth):
    def __init__(self, session, host, token):
        super().__init__(session, host)
        self._token = token

    async def async_get_access_token(self):
        return self._token


@pytest.fixture
def synced(google, alex):
    """Runs a coroutine function with gcal_sync's service."""

    def run(steps):
        async def session():
            trust = ssl.create_default_context(cafile=google.ca_path)
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http:
                token = google.issue_token(alex)["access_token"]
                return await steps(GoogleCalendarService(Auth(http, f"{google.root}/calendar/v3", token)))

        return asyncio.run(session())

    return run


def test_gcal_sync_makes_lists_changes_and_deletes_an_event(synced, alex):
    async def steps(api):
        start, end = (DateOrDatetime(date_time=MONDAY + dt.timedelta(minutes=m)) for m in (0, 30))
        await api.async_create_event("primary", SyncedEvent(summary="Tea", start=start, end=end))
        (event,) = (
            await api.async_list_events(ListEventsRequest(calendar_id="primary", start_time=MONDAY))
        ).items
        await api.async_patch_event("primary", event.id, {"summary": "Coffee"})
        assert (await api.async_get_event("primary", event.id)).summary == "Coffee"
        await api.async_delete_event("primary", event.id)
        assert (await api.async_list_calendars(CalendarListRequest())).items[0].id == alex.email

    synced(steps)
    assert alex.events() == []


def test_gcal_sync_follows_by_sync_token_and_starts_over_after_410(google, synced, alex, dana):
    async def steps(api):
        sync = CalendarEventSyncManager(api, calendar_id=alex.email)

        async def titles():
            await sync.run()
            timeline = await sync.store_service.async_get_timeline(LONDON)
            end = MONDAY + dt.timedelta(days=14)
            return [(e.summary, e.start.value) for e in timeline.overlapping(MONDAY, end)]

        series = dana.schedule("1:1", MONDAY, guests=[alex], weekly=True)
        single = alex.schedule("Lunch", MONDAY + dt.timedelta(hours=3))
        week = dt.timedelta(days=7)
        assert await titles() == [
            ("1:1", MONDAY),
            ("Lunch", MONDAY + dt.timedelta(hours=3)),
            ("1:1", MONDAY + week),
        ]
        dana.move(f"{series}_20261109T090000Z", MONDAY + week + dt.timedelta(hours=1))
        alex.delete(single)
        assert await titles() == [("1:1", MONDAY), ("1:1", MONDAY + week + dt.timedelta(hours=1))]
        google.expire_sync_tokens()
        dana.cancel(f"{series}_20261109T090000Z")
        assert await titles() == [("1:1", MONDAY)]

    google.settings.page_size = 1
    synced(steps)
    assert 410 in [entry.status for entry in google.requests]


# --- gcalcli ----------------------------------------------------------------------------------------------


@pytest.fixture
def gcalcli_run(google, service, alex, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("GCALCLI_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    connected = service(alex)
    monkeypatch.setattr(gcalcli.gcal.GoogleCalendarInterface, "get_cal_service", lambda _: connected)

    def run(*arguments):
        monkeypatch.setattr(
            sys, "argv", ["gcalcli", "--nocolor", "--nocache", "--lineart", "ascii", *arguments]
        )
        gcalcli.cli.main()
        return capsys.readouterr().out

    return run


def test_gcalcli_adds_shows_and_deletes_an_event(google, gcalcli_run, alex):
    gcalcli_run(
        "--calendar", alex.email, "add", "--title", "Dentist", "--when", "2026-11-05 15:00",
        "--duration", "45", "--where", "Town", "--noprompt",
    )  # fmt: skip
    (event,) = alex.events()
    assert (event["summary"], event["location"]) == ("Dentist", "Town")
    assert "Dentist" in gcalcli_run("agenda", "2026-11-05", "2026-11-06", "--tsv")
    gcalcli_run("--calendar", alex.email, "delete", "--iamaexpert", "Dentist", "2026-11-01", "2026-11-30")
    assert alex.events() == []
    assert "Dentist" not in gcalcli_run("agenda", "2026-11-05", "2026-11-06", "--tsv")


def test_gcalcli_shows_what_others_scheduled(gcalcli_run, alex, dana):
    series = dana.schedule("1:1 Alex / Dana", MONDAY, guests=[alex], weekly=True)
    dana.cancel(f"{series}_20261109T090000Z")
    shown = gcalcli_run("agenda", "2026-11-01", "2026-11-20", "--tsv")
    assert [line.split("\t")[0] for line in shown.splitlines() if "1:1" in line] == [
        "2026-11-02",
        "2026-11-16",
    ]
