"""Whoever follows every delta has, to the last field, what a full read gives: random weeks of three people."""

import random
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.google.errors import ApiError

LONDON = ZoneInfo("Europe/London")
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")


def sometime(chance):
    return datetime(2026, 11, chance.randint(1, 28), chance.randint(0, 23), 30, tzinfo=LONDON)


def make(chance, person, others):
    guests = chance.sample(others, chance.randint(0, 2))
    match chance.randrange(3):
        case 0:
            person.schedule("single", sometime(chance), guests=guests)
        case 1:
            person.schedule("series", sometime(chance), guests=guests, rule="FREQ=WEEKLY;COUNT=6")
        case 2:
            person.schedule("days", date(2026, 11, chance.randint(1, 28)), rule="FREQ=DAILY;COUNT=3")


def change(chance, person, other, event):
    series = event.get("recurringEventId")
    acts = [
        lambda: person.move(event["id"], sometime(chance)),
        lambda: person.cancel(event["id"]),
        lambda: person.respond(event["id"], chance.choice(["accepted", "declined", "tentative"])),
        lambda: person.rename(event["id"], f"renamed {chance.random()}"),
        lambda: person.invite(event["id"], other),
        lambda: person.uninvite(event["id"], other),
    ]
    if series:
        acts += [
            lambda: person.rename(series, f"renamed {chance.random()}"),
            lambda: person.move_following(event["id"]),
            lambda: person.move_series(series, sometime(chance)),
            lambda: person.end_series(event["id"]),
            lambda: person.cancel_series(event["id"]),
        ]
    try:
        chance.choice(acts)()
    except ApiError as refused:
        assert refused.status in (400, 403, 404, 409, 410)  # noqa: PT017 - some acts are not for guests


@pytest.mark.parametrize("seed", range(3))
def test_deltas_add_up_to_a_full_read(google, service, seed):
    chance = random.Random(seed)
    people = [google.account(f"p{n}@example.com", time_zone=zone) for n, zone in enumerate(ZONES)]
    events = {person: service(person).events() for person in people}
    mirrors, tokens = {person: {} for person in people}, {}
    for _ in range(40):
        google.clock.advance(minutes=7)
        person, other = chance.sample(people, 2)
        standing = person.events()
        if standing and chance.random() < 0.7:
            change(chance, person, other, chance.choice(standing))
        else:
            make(chance, person, [each for each in people if each is not person])
        person = chance.choice(people)
        known = {"syncToken": tokens[person]} if person in tokens else {}
        answer = (
            events[person].list(calendarId="primary", singleEvents=True, maxResults=2500, **known).execute()
        )
        tokens[person] = answer["nextSyncToken"]
        for event in answer["items"]:
            mirrors[person].pop(event["id"], None)
            if event["status"] != "cancelled":
                mirrors[person][event["id"]] = event
        assert mirrors[person] == {event["id"]: event for event in person.events()}
