"""Topics are due a day before a 1:1: its page is read then, and an untouched one is told of once."""

from __future__ import annotations

import pytest

from daemon.config import load
from daemon.delivery import topics
from tests.listening import Listening
from tests.world import Killed, at

TITLE = "Topics for your 1:1 with Dana are due"


@pytest.fixture
def service():
    with Listening() as listening:
        yield listening


def notify(service):
    return f'[notify]\nurls = ["{service.url()}"]\n'


def until(world, moment, **options):
    return world.wait(seconds=(moment - world.now).total_seconds(), **options)


def page(world):
    (found,) = world.state.artefacts.pages.values()
    return found


@pytest.fixture(params=["google", "outlook"])
def anywhere(request):
    """A world on either provider, with a weekly 1:1 from Thursday 5 November, 10:00, on."""
    world = request.getfixturevalue("world" if request.param == "google" else "outlook")
    world.series = world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex], weekly=True)
    return world


def paper(world):
    """The newest page's document or file."""
    return world.doc if hasattr(world, "google") else world.microsoft.documents()[-1]


# --- what is told ----------------------------------------------------------------------------------------


def test_an_untouched_page_is_told_of_once_when_its_topics_are_due(anywhere, service):
    anywhere.configure(notify(service))
    anywhere.cycle()
    assert page(anywhere).digest
    until(anywhere, at(4, 9, 59))
    assert (service.heard, page(anywhere).untouched) == ([], None)
    anywhere.wait(minutes=1)
    assert service.titles == [TITLE]
    assert (
        service.heard[0]["message"] == "It is on Thu 5 Nov 10:00, and its prep page is still as it was made."
    )
    assert page(anywhere).untouched is True
    for _ in range(3):
        anywhere.wait(minutes=1)
    until(anywhere, at(5, 9, 55))
    assert service.titles == [TITLE]


def test_a_page_with_something_on_it_is_not_told_of(anywhere, service):
    anywhere.configure(notify(service))
    anywhere.cycle()
    paper(anywhere).append("Ask for the budget", under="Action items")
    until(anywhere, at(4, 10))
    anywhere.wait(minutes=1)
    assert (service.heard, page(anywhere).untouched) == ([], False)


def test_a_page_whose_heading_followed_a_move_is_as_it_was_made(anywhere, service):
    anywhere.configure(notify(service))
    anywhere.cycle()
    first = anywhere.dana.instances(anywhere.series)[0]
    anywhere.dana.move(first, at(6, 15))
    anywhere.wait(minutes=1)
    until(anywhere, at(4, 10))
    assert service.heard == []
    until(anywhere, at(5, 15))
    assert service.titles == [TITLE]
    assert "Fri 6 Nov 15:00" in service.heard[0]["message"]


def test_a_one_on_one_that_moves_after_it_was_told_of_falls_due_anew(anywhere, service):
    anywhere.configure(notify(service))
    anywhere.cycle()
    until(anywhere, at(4, 10))
    first = anywhere.dana.instances(anywhere.series)[0]
    anywhere.dana.move(first, at(6, 15))
    anywhere.wait(minutes=1)
    assert len(service.heard) == 1
    until(anywhere, at(5, 15))
    assert len(service.heard) == 2


def test_the_next_page_is_told_of_in_its_own_turn(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex], weekly=True)
    world.cycle()
    until(world, at(4, 10))
    until(world, at(5, 11))
    assert page(world).untouched is None
    until(world, at(11, 10))
    assert service.titles == [TITLE, TITLE]


def test_a_page_that_was_opened_minutes_before_its_one_on_one_is_not_told_of(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(2, 8, 14), guests=[world.alex])
    world.cycle()
    world.wait(minutes=1)
    assert (service.asked, page(world).topics) == ([], "")


def test_a_one_on_one_found_when_its_topics_are_due_is_told_of(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(2, 12), guests=[world.alex])
    world.cycle()
    assert service.titles == [TITLE]
    world.wait(minutes=1)
    assert service.titles == [TITLE]


@pytest.mark.parametrize("fall_through", ["cancel", "decline"])
def test_a_one_on_one_that_fell_through_is_not_told_of(world, service, fall_through):
    world.configure(notify(service))
    meeting = world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    if fall_through == "cancel":
        world.dana.cancel(meeting)
    else:
        world.alex.respond(meeting, "declined")
    until(world, at(4, 10))
    assert service.asked == []


def test_nothing_is_told_of_a_one_on_one_that_has_begun(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    until(world, at(5, 10))
    assert service.asked == []


def test_without_services_the_page_is_read_all_the_same(world):
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    until(world, at(4, 10))
    assert page(world).untouched is True


def test_a_name_that_is_hostile_stays_in_its_line(world, service):
    name = "Dana\\n\\u202eYou won\\u001b[2J"
    world.configure(notify(service))
    text = (world.folder / "config.toml").read_text().replace('name = "Dana"', f'name = "{name}"')
    (world.folder / "config.toml").write_text(text)
    world.config = load(world.folder / "config.toml")
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    until(world, at(4, 10))
    (title,) = service.titles
    assert title.isprintable()


# --- when something fails --------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["google", "outlook"])
def test_a_page_that_cannot_be_read_is_read_later(where, request, service):
    world = request.getfixturevalue("world" if where == "google" else "outlook")
    sandbox = getattr(world, where if where == "google" else "microsoft")
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    path = "*/documents/*" if where == "google" else "*/content*"
    until(world, at(4, 10), cycle=False)
    sandbox.faults.status(503, path=path, times=10_000)
    assert [a.error for a in world.cycle().accounts] == [None]
    assert (page(world).topics, service.asked) == ("", [])
    sandbox.faults.clear()
    world.wait(minutes=1)
    assert page(world).topics == ""
    world.wait(minutes=4)
    assert (page(world).untouched, service.titles) == (True, [TITLE])
    assert world.state.attempts == {}


def test_a_page_whose_first_look_failed_is_not_known_and_not_told_of(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    reads = world.google.faults
    world.dana.schedule("1:1 Alex / Dana", at(12), guests=[world.alex])
    reads.status(503, path="*/documents/*", method="GET", nth=3, times=9)
    world.cycle()
    reads.clear()
    assert page(world).digest == ""
    assert len(world.headings()) == 1
    until(world, at(4, 10))
    assert (page(world).untouched, service.asked) == (None, [])


def test_a_service_that_is_down_is_told_later_and_not_after_the_one_on_one(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    service.answers["/"] = 503
    until(world, at(4, 10))
    world.wait(minutes=1)
    assert len(service.asked) == 1
    world.wait(minutes=4)
    assert len(service.asked) == 2
    service.answers.clear()
    until(world, at(5, 9))
    assert service.titles == [TITLE]
    assert world.state.attempts == {}


def test_a_kill_after_the_notice_went_out_repeats_it_once(world, service, monkeypatch):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    real = topics.send

    def deadly(*args):
        real(*args)
        raise Killed

    monkeypatch.setattr(topics, "send", deadly)
    until(world, at(4, 10), cycle=False)
    with pytest.raises(Killed):
        world.cycle()
    monkeypatch.undo()
    world.wait(minutes=1)
    assert service.titles == [TITLE]
    for _ in range(10):
        world.wait(minutes=1)
    assert service.titles == [TITLE, TITLE]


def test_a_doc_that_was_thrown_away_is_not_told_of(world, service):
    world.configure(notify(service))
    world.dana.schedule("1:1 Alex / Dana", at(5), guests=[world.alex])
    world.cycle()
    world.doc.trash()
    until(world, at(4, 10))
    assert service.asked == []


# --- what it costs ---------------------------------------------------------------------------------------


def test_idle_cycles_ask_once_and_write_nothing_before_and_after_topics_fell_due(anywhere, service):
    anywhere.configure(notify(service))
    anywhere.cycle()
    anywhere.wait(minutes=1)
    for moment in (at(4, 9), at(4, 10)):
        until(anywhere, moment)
        anywhere.wait(minutes=1)
        before = (anywhere.state_folder / "prepd.json").read_bytes()
        assert [a.requests for a in anywhere.wait(minutes=1).accounts] == [1]
        assert (anywhere.state_folder / "prepd.json").read_bytes() == before


def test_items_still_open_are_known_when_the_report_is_made(anywhere, service):
    anywhere.configure('[report]\ndeliver = ["file"]\n[prep_doc]\ntopics_due = "1h"\n')
    anywhere.cycle()
    until(anywhere, at(5, 12))
    paper(anywhere).append("Send the plan to Kim", under="Action items")
    until(anywhere, at(6, 16))
    assert page(anywhere).open_items == ("Send the plan to Kim",)
    assert "Send the plan to Kim" in (anywhere.state_folder / "reports" / "2026-W45.md").read_text()
