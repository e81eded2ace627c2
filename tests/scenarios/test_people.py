"""People as calendars have them: hostile names, the same name twice, another address, a thousand of them."""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.values import Attendee, Event, Organizer
from daemon.config import load
from daemon.configured import changes_under_one_address, under_one_address
from daemon.core.artefacts import Artefacts
from daemon.core.ledger.classify import classify
from daemon.core.ledger.same import fold_copies
from daemon.core.planning.plan import plan
from daemon.core.planning.wishes import Wishes
from daemon.core.report.making import make_report
from daemon.core.weeks import week_of
from daemon.facts import facts, report_rules
from daemon.removal.forgetting import known_people, matching
from daemon.render.documents import agenda_entry
from daemon.store.heartbeat import Heartbeat, read_heartbeat
from daemon.store.state import State
from tests.build import ME, NOW, cancelled, guest, look
from tests.world import LONDON, at, in_config

HOSTILE = {
    "HTML": "<script>alert(1)</script> & <b>Ann</b>",
    "Markdown": "**Ann** [x](javascript:alert) # `Ann` | ~~Ann~~",
    "escapes": "Ann \x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b5m",
    "another direction": "Ann \u202egnp.exe\u202c \u2066x\u2069 \u200fAnn",
    "lines": "Ann\r\nBEGIN:VEVENT\n\u2028Ann\u2029\x85\x0b\x00Ann",
    "a path": '../../Ann\\C:/x?*|<>"#%.docx',
    "variables": "Ann {person} {date} ${HOME} %s {0}",
    "a tag like ours": "Ann (abcdef)",
    "10 kB": "Ann " + "x" * 10_000,
    "nothing that can be seen": "\u200b\u202e\u2060",
    "no characters of ours": "安\u200d娜 अन्\u200dना",
}
OURS = {"Cc", "Cs", "Co", "Zl", "Zp"}
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(params=["google", "outlook"])
def anyone(request):
    """The world on either provider."""
    return request.getfixturevalue({"google": "world", "outlook": "outlook"}[request.param])


def provider(world):
    return world.microsoft if hasattr(world, "microsoft") else world.google


def invited_by(world, address, name, title, when, **more):
    """Somebody invites Alex, under this name."""
    who = provider(world).account(address, name=name)
    if hasattr(world, "google"):
        guests = [
            {"email": address, "displayName": name, "responseStatus": "accepted"},
            {"email": "alex@example.com", "responseStatus": "accepted"},
        ]
        # As from a client that puts names on the list of guests.
        return who, who.schedule(title, when, **more | {"attendees": guests})
    return who, who.schedule(title, when, guests=[world.alex], **more)


def named(world):
    """Every name that stands where prepd writes: titles of slots and documents, names of files and folders."""
    slots = [world.alex.event(s["id"]) for s in world.slots()]
    titles = [s.get("summary") or s.get("subject") for s in slots]
    return titles + [getattr(doc, "path", doc.title) for doc in provider(world).documents()]


def texts(world):
    slots = [world.alex.event(s["id"]) for s in world.slots()]
    return [s.get("description") or s["body"]["content"] for s in slots]


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_somebody_is_called_and_calls_a_meeting_all_is_prepared_and_safe(anyone, name):
    invited_by(anyone, "ann@example.com", name, f"1:1 {name}", at(3))
    result = anyone.cycle()
    assert [a.error for a in result.accounts] == [None]
    assert {a.result.value for a in result.actions} == {"done"}
    for text in named(anyone):
        assert not TURNING.search(text)
        assert not [c for c in text if unicodedata.category(c) in OURS]
        assert len(text) < 500
    for text in texts(anyone):
        assert "<script>" not in text
        assert "<b>" not in text
        assert not TURNING.search(text)
    anyone.wait(minutes=1)
    assert anyone.wait(minutes=1).actions == (), "and it comes to rest"
    assert anyone.slot_times() == ["03.11. 09:50-10:00"]


def test_a_name_is_literal_wherever_it_can_be(anyone):
    name = "**Ann** <O'Neil> & {person}"
    anyone.configure(f'[[person]]\nemail = "ann@example.com"\nname = "{name}"\n')
    invited_by(anyone, "ann@example.com", "Ann", "1:1", at(3))
    anyone.cycle()
    title, _ = named(anyone)
    assert title == f"Reflect: 1:1 with {name}"
    assert "**Ann** &lt;O'Neil&gt; &amp; {person}" in texts(anyone)[0]


def test_two_people_with_the_same_name_have_a_doc_and_a_slot_each_and_are_told_apart(anyone):
    invited_by(anyone, "ann@example.com", "Ann Lee", "1:1", at(3))
    invited_by(anyone, "ann@other.example", "Ann Lee", "1:1", at(3, 11))
    anyone.cycle()
    anyone.wait(minutes=1)
    assert anyone.slot_times() == ["03.11. 09:50-10:00", "03.11. 10:50-11:00"]
    assert len(anyone.state.artefacts.docs) == 2
    assert len({d.notebook.id for d in anyone.state.artefacts.docs.values()}) == 2
    if hasattr(anyone, "microsoft"):
        paths = [doc.path for doc in provider(anyone).documents()]
        assert len({path.rpartition("/")[0] for path in paths}) == 2
    else:
        titles = {doc.title for doc in provider(anyone).documents()}
        assert titles == {"1:1 Alex / Ann Lee (ann@example.com)", "1:1 Alex / Ann Lee (ann@other.example)"}
    slots = sorted(name for name in named(anyone) if name.startswith("Reflect"))
    assert slots == [
        "Reflect: 1:1 with Ann Lee (ann@example.com)",
        "Reflect: 1:1 with Ann Lee (ann@other.example)",
    ]
    assert anyone.wait(minutes=1).actions == ()
    assert {c.person for c in anyone.ledger} == {"ann@example.com", "ann@other.example"}


def test_a_slot_gets_the_address_when_somebody_of_the_same_name_turns_up(anyone):
    invited_by(anyone, "ann@example.com", "Ann Lee", "1:1", at(3))
    anyone.cycle()
    anyone.wait(minutes=1)
    assert "Reflect: 1:1 with Ann Lee" in named(anyone)
    invited_by(anyone, "ann@other.example", "Ann Lee", "1:1", at(3, 11))
    anyone.wait(minutes=1)
    assert "Reflect: 1:1 with Ann Lee (ann@example.com)" in named(anyone)
    anyone.wait(minutes=1)
    assert anyone.wait(minutes=1).actions == ()


def test_a_namesake_on_an_account_that_the_config_no_longer_has_tells_nobody_apart(both):
    ann = both.google.account("ann@example.com", name="Ann Lee")
    ann.schedule("1:1 Alex / Ann", at(3), guests=[both.alex])
    other = both.microsoft.account("ann@other.example", name="Ann Lee")
    other.schedule("1:1 Alex / Ann", at(3, 11), guests=[both.outlook_alex])
    people = "".join(
        f'[[person]]\nemail = "{address}"\nname = "Ann Lee"\n'
        for address in ("ann@example.com", "ann@other.example")
    )
    both.configure(people)
    both.cycle()
    both.wait(minutes=1)
    title = "Reflect: 1:1 with Ann Lee"
    assert [both.alex.event(s["id"])["summary"] for s in both.work.slots()] == [f"{title} (ann@example.com)"]
    both.accounts_in_config = in_config(both.google)
    both.configure(people)
    both.wait(minutes=1)
    assert [both.alex.event(s["id"])["summary"] for s in both.work.slots()] == [title]
    both.wait(minutes=1)
    assert both.wait(minutes=1).actions == ()


def test_somebody_with_another_address_is_somebody_else_until_the_config_says_that_they_are_one(anyone):
    invited_by(anyone, "ann@example.com", "Ann", "1:1", at(3))
    anyone.cycle()
    anyone.wait(days=2)
    invited_by(anyone, "ann@married.example", "Ann", "1:1", at(6))
    anyone.cycle()
    assert {c.person for c in anyone.ledger} == {"ann@example.com", "ann@married.example"}
    slots, docs = anyone.slot_times(), len(provider(anyone).documents())
    anyone.configure(
        '[[person]]\nemail = "ann@married.example"\naliases = ["ann@example.com"]\nname = "Ann"\n'
    )
    anyone.wait(minutes=1)
    anyone.wait(days=1)
    (person,) = made_report(anyone).people
    assert (person.person.email, person.window.held) == ("ann@married.example", 1)
    assert anyone.told("cancelled") == anyone.told("no_longer") == []
    assert (anyone.slot_times(), len(provider(anyone).documents())) == (slots, docs)
    assert set(anyone.state.artefacts.docs) == {"ann@married.example"}


def test_an_address_that_is_known_as_an_alias_is_the_same_person_from_the_start(anyone):
    anyone.configure(
        '[[person]]\nemail = "ann@example.com"\naliases = ["ann@married.example"]\nname = "Ann"\n'
    )
    invited_by(anyone, "ann@example.com", "Ann", "1:1", at(3))
    invited_by(anyone, "ann@married.example", "Ann Married", "1:1", at(6))
    anyone.cycle()
    assert {c.person for c in anyone.ledger} == {"ann@example.com"}
    assert list(anyone.state.artefacts.docs) == ["ann@example.com"]
    assert anyone.slot_times() == ["03.11. 09:50-10:00", "06.11. 09:50-10:00"]


def made_report(world):
    state = under_one_address(world.state, world.config)
    ledger = changes_under_one_address(world.ledger, world.config)
    week = week_of(world.now.astimezone(LONDON).date(), LONDON)
    known = facts(state, ledger, read_heartbeat(world.state_folder), world.config, world.now, week)
    return make_report(known, report_rules(world.config), week, world.now)


# --- a thousand people ----------------------------------------------------------------------------------------------


def crowd(count):
    """1:1s with that many people, ten on each day: nobody has more, so that what is placed in a day is bounded."""
    first = at(24, 8)
    starts = [first + timedelta(days=number // 10, minutes=45 * (number % 10)) for number in range(count)]
    return [
        Event(
            f"e{number}",
            f"1:1 {number}",
            start.astimezone(UTC),
            start.astimezone(UTC) + timedelta(minutes=30),
            series_id=f"s{number}" if number % 3 else None,
            ical_uid=f"u{number}",
            organizer=Organizer(f"p{number}@example.com", f"Person {number % 700}"),
            attendees=(guest(ME), Attendee(f"p{number}@example.com", f"Person {number % 700}")),
        )
        for number, start in enumerate(starts)
    ]


def steps(act):
    """How many lines of prepd's own are gone through: a measure of work that no machine's speed has a part in."""
    counted = [0]

    def trace(frame, what, _):
        if "/daemon/" not in frame.f_code.co_filename:
            return None
        counted[0] += what == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return counted[0]


def work(count, folder):
    """What a cycle of pure work, the plan and a report take with that many people."""
    seen = crowd(count)
    zone, config = ZoneInfo("Europe/London"), load_config(folder)
    made = {}

    def cycle():
        first = look(*seen, since=None)
        folded = fold_copies([first], {}, (), ["work"])
        made["outcome"] = classify({}, folded.looks, (), NOW, timedelta(days=7))
        made["records"] = {r.id: r for r in made["outcome"].records}
        made["plan"] = plan(made["records"], Artefacts(), (), Wishes(zone, timedelta(days=14)), NOW)

    def again():
        """The next cycle, with all of it on record."""
        fold_copies([look(*seen)], made["records"], (), ["work"])
        classify(made["records"], [look(*seen)], (), NOW, timedelta(days=7))
        people = known_people(State(records=made["records"]), made["outcome"].changes, lambda a: a)
        matching("p7@example.com", people, {})

    def gone():
        """And one in which everybody cancels everything."""
        made["cancelled"] = classify(
            made["records"], [look(*map(cancelled, seen))], (), NOW, timedelta(days=7)
        )

    def report():
        state = State(records=made["records"])
        week = week_of(NOW.date(), zone)
        known = facts(state, made["outcome"].changes, Heartbeat(), config, NOW, week)
        made["report"] = make_report(known, report_rules(config), week, NOW)
        [agenda_entry(record, state, config) for record in made["records"].values()]

    return {step.__name__: steps(step) for step in (cycle, again, gone, report)}, made


def load_config(folder):
    file = folder / "config.toml"
    file.write_text(
        '[[account]]\nname = "work"\nprovider = "google"\nclient_secrets = "client.json"\n[[person]]\n'
        'email = "p1@example.com"\nname = "One"\nrole = "manager"\n'
    )
    return load(file)


def test_ten_times_the_people_are_some_ten_times_the_work(tmp_path):
    few, _ = work(100, tmp_path)
    many, made = work(1000, tmp_path)
    assert len({r.person for r in made["records"].values()}) == 1000
    assert len(made["report"].people) == 1000
    assert len(made["cancelled"].changes) == 1000
    assert len([a for a in made["plan"].actions if a.kind == "create_page"]) == 131
    for step in few:
        assert many[step] < 15 * few[step], step
