"""The demo's pages over plain HTTP: what they show, and what comes of playing a part."""

from __future__ import annotations

import re
from html import unescape

from daemon.store.lock import Locked


def words(page):
    """What a reader sees, blanks put together."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def fields_of(page, act, number=0):
    """The hidden fields of a form for an act."""
    form = re.findall(rf'<form [^>]*action="/act/{act}".*?</form>', page, re.DOTALL)[number]
    return {n: unescape(v) for n, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}


def test_a_week_shows_both_calendars_with_slots_and_prep_docs(visitor):
    page = visitor.get("/?week=2026-W43")
    assert "19 to 25 October 2026" in page
    shown = re.findall(
        r'class="entry (\w+) (\w+)[^"]*"><a [^>]*><span class="clock">([^<]*)</span> <strong>([^<]*)', page
    )
    assert ("work", "one", "11:00–11:30", "1:1 Alex / Dana") in shown
    assert ("work", "slot", "10:50–11:00", "Reflect: 1:1 with Dana") in shown
    assert ("work", "one", "15:00–15:30", "Catching up") in shown
    assert ("work", "other", "09:30–09:45", "Stand-up") in shown
    assert [(time, title) for account, _, time, title in shown if account == "client"] == [
        ("11:00–11:30", "Canceled: 1:1 Noor / Alex")  # as Outlook leaves it there
    ]
    assert "1:1 Noor / Alex" in visitor.get("/?week=2026-W42")
    assert "1:1 Noor / Alex" not in visitor.get("/?week=2026-W42&calendar=work")


def test_an_outlook_invite_shows_its_body_with_the_link_to_the_word_file(visitor):
    page = visitor.get(visitor.invite("1:1 Noor / Alex"))
    assert "Microsoft Teams meeting" in page
    assert 'class="outside" title="https://teams.microsoft.com/' in page
    (doc,) = re.findall(r'Added by prepd: <a href="(/doc/client/[^"]+)">1:1 Alex / Noor</a>', page)
    shown = visitor.get(doc)
    assert "Word file" in shown
    assert "<h3>Action items</h3>" in shown


def test_an_invite_shows_the_beginning_of_its_doc_beside_it(visitor):
    page = visitor.get(visitor.invite("Sam &lt;&gt; Alex", "2026-W45"))
    (attached,) = re.findall(r'<ul class="attached">.*?href="([^"]+)">1:1 Alex / Sam</a>', page)
    (beginning,) = re.findall(r'<section class="previewed">.*?</p></section>', page)
    assert "Goals" in beginning
    assert f'href="{attached}"' in beginning
    assert "<form" not in beginning


def test_what_is_typed_and_ticked_in_a_word_file_stands_in_the_file(visitor):
    invite = visitor.get(visitor.invite("1:1 Noor / Alex"))
    (doc,) = set(re.findall(r'href="(/doc/client/[^"]+)"', invite))
    about = fields_of(visitor.get(doc), "type") | {"heading": "Action items"}
    for item in ("Ask Noor about <budgets> & co", "Book the room"):
        page = visitor.act("type", **about, text=item)
    assert "Ask Noor about &lt;budgets&gt; &amp; co" in page
    page = visitor.act("tick", **{k: v for k, v in about.items() if k != "heading"}, item="Book the room")
    assert "<s>Book the room</s>" in page
    (paper,) = visitor.stage.microsoft.documents("Fri 6 Nov")
    items = paper.section("Action items")
    assert [re.sub("[☐☒] ?", "", item) for item in items] == [
        "Ask Noor about <budgets> & co",
        "Book the room",
    ]


def test_a_slot_shows_its_text_and_leads_to_the_page(visitor):
    page = visitor.get(visitor.invite("Reflect: 1:1 with Priya"))
    assert "A few quiet minutes before your 1:1 with Priya." in page
    assert re.search(r'Prep page: <a href="/doc/work/', page)
    assert "Reflection slot" in page


def test_a_slot_that_alex_wrote_into_and_dragged_keeps_both(visitor):
    path = visitor.invite("Reflect: 1:1 with Sam")
    about = fields_of(visitor.get(path), "write")
    visitor.act("write", **about, text="Say thanks\nfor the review")
    visitor.act("move", **about, day="2026-11-05", time="13:30")
    visitor.act("time", how="sync", back="/")
    page = visitor.get(path)
    assert "Say thanks" in page
    assert "13:30–13:40" in page


def test_moving_and_declining_are_noticed_and_explained(visitor):
    path = visitor.invite("Priya / Alex")
    page = visitor.get(path)
    told = words(visitor.act("move", **fields_of(page, "move"), day="2026-11-04", time="16:00"))
    assert "Priya moved “Priya / Alex” of Wed 4 Nov 15:00 to Wed 4 Nov 16:00" in told
    assert "prepd has not looked at the calendars since" in told
    told = words(visitor.act("time", how="sync", back="/"))
    assert "moved by them: Priya, Wed 4 Nov 15:00 → Wed 4 Nov 16:00" in told
    visitor.act("answer", **fields_of(visitor.get(path), "answer"), answer="declined")
    assert "declined by you: Priya" in words(visitor.act("time", how="sync", back="/"))
    assert "Declined" in words(visitor.get(path))


def test_a_rebooked_one_on_one_is_no_cancellation(visitor):
    path = visitor.invite("Sam &lt;&gt; Alex", "2026-W46")
    about = fields_of(visitor.get(path), "rebook")
    visitor.act("rebook", **about, day="2026-11-13", time="09:00")
    assert "rebooked by you: Sam, Thu 12 Nov 14:00 → Fri 13 Nov 09:00" in words(
        visitor.act("time", how="sync", back="/")
    )


def test_an_invitation_with_a_hostile_title_is_text_everywhere(visitor):
    hostile = '1:1 "><script>alert(1)</script>'
    visitor.act("book", who="work lee@example.com", title=hostile, day="2026-11-06", time="16:00", back="/")
    visitor.act("time", how="sync", back="/")
    assert "lee@example.com" in visitor.get("/ledger?all=1")
    week = visitor.get("/")
    path = visitor.invite("script")
    for page in (
        week,
        visitor.get(path),
        visitor.get("/ledger?all=1"),
        visitor.get("/report"),
        visitor.get("/docs"),
    ):
        assert "<script" not in page
    assert "&lt;script&gt;" in week


def test_hostile_html_in_a_body_loses_all_but_its_words(visitor):
    world = visitor.stage.world
    body = (
        '<p onclick="x()">Hello <b>you</b><img src="https://evil.example/x.png"><script>alert(2)</script>'
        '<a href="javascript:alert(3)">click</a><style>p{}</style><form action="https://evil.example"><iframe src=x>'
        "<p>after" + "<div>" * 500 + "deep"
    )
    event = world.pat.schedule(
        "Body", visitor.stage.now, guests=[world.client_alex], body={"contentType": "html", "content": body}
    )
    assert event
    page = visitor.get(visitor.invite("Body"))
    assert "Hello <b>you</b>" in page
    assert 'title="javascript:alert(3)">click</span>' in page
    for gone in ("onclick", "<img", "<script", "<iframe", "alert(2)", 'href="javascript', "p{}"):
        assert gone not in page


def test_a_link_that_alex_took_off_stays_off(visitor):
    path = visitor.invite("1:1 Noor / Alex")
    visitor.act("unlink", **fields_of(visitor.get(path), "unlink"))
    visitor.act("time", how="sync", back="/")
    page = visitor.get(path)
    assert "Added by prepd" not in page
    assert "Microsoft Teams meeting" in page


def test_the_report_is_the_real_one_and_leads_to_the_pages_here(visitor):
    page = visitor.get("/report?week=2026-W44")
    assert "Red flag: Dana" in page
    assert "Your 1:1s in week 44" in page
    assert 'href="https://' not in page
    file = visitor.get("/report.html?week=2026-W44")
    assert "Red flag: Dana" in file
    assert "<style>" in file


def test_the_ledger_tells_the_latest_first(visitor):
    page = words(visitor.get("/ledger"))
    assert page.index("Noor Fri 30 Oct 11:00") < page.index("Priya Wed 28 Oct 14:00 → Wed 28 Oct 15:00")
    assert "corrects: cancelled by them" in page


def test_nothing_new_is_said_to_be_nothing(visitor):
    visitor.act("time", how="sync", back="/")
    told = words(visitor.act("time", how="sync", back="/ledger"))
    assert "Nothing had changed: 2 requests in all, and nothing was written." in told
    assert "Ledger The latest first" in told


def test_every_page_has_one_heading_of_the_first_rank_and_nothing_from_elsewhere(visitor):
    doc = re.findall(r'href="(/doc/[^"]+)"', visitor.get("/docs"))
    for path in ("/", "/docs", "/ledger", "/report", doc[0], doc[-1], visitor.invite("Stand-up")):
        page = visitor.get(path)
        assert page.count("<h1") == 1, path
        assert '<html lang="en">' in page
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path
        for name in re.findall(r'<input (?![^>]*type="hidden")[^>]*>', page):
            assert (
                "aria-label" in name
                or 'name="day"' in name
                or 'name="time"' in name
                or 'name="title"' in name
            )


def test_to_look_changes_nothing(visitor):
    ledger = visitor.stage.folder / "state" / "prepd.json"
    kept = ledger.read_bytes()
    mails = [len(box) for box in (visitor.stage.google.mailbox, visitor.stage.microsoft.mailbox)]
    for path in (
        "/",
        "/?week=2026-W01",
        "/docs",
        "/ledger?all=1",
        "/report",
        visitor.invite("1:1 Noor / Alex"),
    ):
        visitor.get(path)
    assert ledger.read_bytes() == kept
    assert [len(box) for box in (visitor.stage.google.mailbox, visitor.stage.microsoft.mailbox)] == mails


def test_a_state_that_another_process_works_on_is_waited_for_in_words(visitor, monkeypatch):
    def locked():
        raise Locked("prepd sync (process 4711) is at work")

    monkeypatch.setattr(visitor.stage, "cycle", locked)
    status, _, text = visitor.post("/act/time", {"how": "sync"})
    assert status == 503
    assert "prepd sync (process 4711) is at work" in text
