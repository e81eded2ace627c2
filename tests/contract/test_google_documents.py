"""Google's documents: the contract, and what is Google's alone."""

from __future__ import annotations

import threading

import pytest

from connectors.errors import BadAnswer, Conflict, NotFound, Refused, Unavailable
from connectors.google.docs_model import parse
from connectors.google.docs_read import find_page, section
from connectors.google.documents import GoogleDocuments
from connectors.google.transport import Services
from connectors.values import Access, Block, BlockKind, PageDraft, Span
from tests.contract.documents_contract import LINES, MONDAY, TUESDAY, DocumentsContract
from tests.google_account import HASTE, signed_in

BATCH = "*:batchUpdate"


class BrowserHand:
    """The user at the web app: the same APIs, without guards, through a client of their own."""

    def __init__(self, google, services):
        self.google, self.services = google, services

    def answer(self, notebook):
        return self.run(self.services.docs.documents().get(documentId=notebook.id))

    def run(self, request):
        return self.services.execute(request, safe=True)

    def send(self, notebook, *requests):
        body = {"requests": list(requests)}
        self.run(self.services.docs.documents().batchUpdate(documentId=notebook.id, body=body))

    def headings(self, notebook):
        (tab,) = parse(self.answer(notebook)).tabs
        return [p.text for p in tab.paragraphs if p.level == 1]

    def text(self, notebook):
        (tab,) = parse(self.answer(notebook)).tabs
        return [p.text for p in tab.paragraphs]

    def paragraphs(self, notebook, page):
        found = find_page(parse(self.answer(notebook)), page.key, page.id)
        return [found.heading, *section(found)]

    def lines(self, notebook, page):
        return [p.text for p in self.paragraphs(notebook, page)[1:] if p.text]

    def line(self, notebook, page, text):
        return next(p for p in self.paragraphs(notebook, page) if p.text == text)

    def type_below(self, notebook, page, line, text):
        self.type_at(notebook, self.line(notebook, page, line).end - 1, f"\n{text}")

    def type_at(self, notebook, index, text):
        self.send(notebook, {"insertText": {"location": {"index": index}, "text": text}})

    def erase(self, notebook, start, end):
        self.send(notebook, {"deleteContentRange": {"range": {"startIndex": start, "endIndex": end}}})

    def tick(self, notebook, page, line):
        found = self.line(notebook, page, line)
        extent = {"startIndex": found.start, "endIndex": found.end - 1}
        style = {"range": extent, "textStyle": {"strikethrough": True}, "fields": "strikethrough"}
        self.send(notebook, {"updateTextStyle": style})

    def trash(self, notebook):
        self.update(notebook.id, trashed=True)

    def update(self, file_id, **fields):
        self.run(self.services.drive.files().update(fileId=file_id, body=fields))

    def file(self, file_id):
        fields = "id,name,parents,createdTime,appProperties,mimeType,trashed"
        return self.run(self.services.drive.files().get(fileId=file_id, fields=fields))

    def files(self, **query):
        return self.run(self.services.drive.files().list(fields="files(id,name,mimeType)", **query))["files"]

    def readers(self, notebook):
        fields = "permissions(role,emailAddress)"
        answer = self.run(self.services.drive.permissions().list(fileId=notebook.id, fields=fields))
        roles = {"commenter": Access.COMMENT, "writer": Access.EDIT}
        given = [p for p in answer["permissions"] if p["role"] != "owner"]
        return {p["emailAddress"]: roles[p["role"]] for p in given}

    def mails(self):
        return len(self.google.mailbox.sent_by_clients())


@pytest.fixture
def connect(google, tmp_path):
    """Services for somebody, each with a client of its own."""
    opened = []

    def open_services(account, retry=HASTE):
        folder = tmp_path / f"{account.email}-{len(opened)}"
        folder.mkdir()
        services = Services(signed_in(google, account, folder), retry)
        opened.append(services)
        return services

    yield open_services
    for services in opened:
        services.close()


@pytest.fixture
def alex(google):
    return google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")


@pytest.fixture
def services(connect, alex):
    return connect(alex)


@pytest.fixture
def documents(services):
    return GoogleDocuments(services)


@pytest.fixture
def hand(google, connect, alex):
    return BrowserHand(google, connect(alex))


@pytest.fixture
def notebook(documents):
    return documents.create_notebook("dana@example.com", "1:1 Alex / Dana", "1:1s")


class TestContract(DocumentsContract):
    pass


# --- notebooks and their folder ---------------------------------------------------------------------------


def test_notebooks_share_a_folder_that_is_known_by_its_mark(documents, hand, notebook):
    (folder,) = hand.file(notebook.id)["parents"]
    assert hand.file(folder)["name"] == "1:1s"
    hand.update(folder, name="My meetings")
    other = documents.create_notebook("sam@example.com", "1:1 Alex / Sam", "1:1s")
    assert hand.file(other.id)["parents"] == [folder]


def test_a_trashed_folder_is_made_anew(documents, hand, notebook):
    (folder,) = hand.file(notebook.id)["parents"]
    hand.update(folder, trashed=True)
    other = documents.create_notebook("sam@example.com", "1:1 Alex / Sam", "1:1s")
    assert hand.file(other.id)["parents"] != [folder]
    assert hand.file(other.id)["trashed"] is False


@pytest.mark.usefixtures("notebook")
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_to_a_creation_says_that_it_may_be_done(google, documents, hand, when):
    google.faults.drop(when, method="POST", path="*/files")
    with pytest.raises(Unavailable) as lost:
        documents.create_notebook("sam@example.com", "1:1 Alex / Sam", "1:1s")
    assert lost.value.maybe_done
    found = documents.find_notebook("sam@example.com")
    assert (found is not None) == (when == "after")
    assert len([f for f in hand.files() if f["name"] == "1:1 Alex / Sam"]) == (when == "after")


@pytest.mark.usefixtures("notebook")
def test_a_creation_whose_answer_is_garbage_may_be_done(google, documents):
    google.faults.garbage(method="POST", path="*/files")
    with pytest.raises(Unavailable) as lost:
        documents.create_notebook("sam@example.com", "1:1 Alex / Sam", "1:1s")
    assert lost.value.maybe_done
    assert documents.find_notebook("sam@example.com")


def test_of_two_notebooks_with_one_key_the_older_counts(google, documents, notebook):
    google.clock.advance(seconds=60)
    documents.create_notebook("dana@example.com", "1:1 Alex / Dana", "1:1s")
    assert documents.find_notebook("dana@example.com") == notebook


def test_a_notebook_that_somebody_else_made_with_prepd_and_shared_is_not_ours(google, connect, documents):
    dana = google.account("dana@example.com", name="Dana Reyes")
    theirs = GoogleDocuments(connect(dana)).create_notebook("sam@example.com", "1:1 Dana / Sam", "1:1s")
    google.document(theirs.id).share("alex@example.com", "writer")
    assert documents.find_notebook("sam@example.com") is None


def test_an_index_that_lags_shows_a_notebook_later(google, documents):
    documents.find_notebook("dana@example.com")
    google.settings.search_lag = 2
    made = documents.create_notebook("dana@example.com", "1:1 Alex / Dana", "1:1s")
    assert [documents.find_notebook("dana@example.com") for _ in range(3)] == [None, None, made]


def test_a_deleted_notebook_is_not_found(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.run(hand.services.drive.files().delete(fileId=notebook.id))
    with pytest.raises(NotFound):
        documents.read_page(notebook, page)
    with pytest.raises(NotFound):
        documents.share(notebook, "dana@example.com", Access.EDIT)


# --- pages ----------------------------------------------------------------------------------------------


def test_a_page_links_to_its_heading_behind_the_documents_query(documents, notebook):
    page = documents.add_page(notebook, MONDAY)
    assert page.id
    assert page.url == f"{notebook.url}#heading={page.id}"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_page_is_made_once_though_the_answer_was_lost(google, documents, hand, notebook, when):
    google.faults.drop(when, method="POST", path=BATCH)
    page = documents.add_page(notebook, MONDAY)
    assert hand.headings(notebook) == [MONDAY.heading]
    assert hand.lines(notebook, page) == LINES


def test_a_page_is_made_once_though_the_answer_was_garbage(google, documents, hand, notebook):
    google.faults.garbage(method="POST", path=BATCH)
    documents.add_page(notebook, MONDAY)
    assert hand.headings(notebook) == [MONDAY.heading]


def test_answers_lost_again_and_again_are_unavailable_and_the_page_is_there_once(
    google, documents, hand, notebook
):
    google.faults.drop("before", method="POST", path=BATCH, times=9)
    with pytest.raises(Unavailable):
        documents.add_page(notebook, MONDAY)
    google.faults.clear()
    assert documents.add_page(notebook, MONDAY).key == MONDAY.key
    assert hand.headings(notebook) == [MONDAY.heading]


def test_a_lost_page_is_found_when_prepd_asks_again_after_a_crash(google, documents, hand, notebook):
    google.faults.drop("after", method="POST", path=BATCH)
    google.faults.status(500, method="GET", path="*/documents/*", nth=2, times=9)
    with pytest.raises(Unavailable):
        documents.add_page(notebook, MONDAY)
    google.faults.clear()
    documents.add_page(notebook, MONDAY)
    assert hand.headings(notebook) == [MONDAY.heading]


def test_a_request_that_makes_no_sense_is_no_stale_revision(google, documents, notebook):
    google.faults.status(400, reason="badRequest", method="POST", path=BATCH, times=2)
    with pytest.raises(BadAnswer):
        documents.add_page(notebook, MONDAY)
    assert google.faults.pending == 1


class Typist:
    """Types right after each documents.get, so that the revision that was read is stale at once."""

    def __init__(self, services, hand, notebook, times):
        self.services, self.hand, self.notebook, self.left = services, hand, notebook, times

    def __getattr__(self, name):
        return getattr(self.services, name)

    def execute(self, request, *, safe):
        answer = self.services.execute(request, safe=safe)
        if request.methodId == "docs.documents.get" and self.left:
            self.left -= 1
            self.hand.type_at(self.notebook, 1, "x")
        return answer


def test_a_page_is_made_while_the_user_types(services, hand, notebook):
    page = GoogleDocuments(Typist(services, hand, notebook, 3)).add_page(notebook, MONDAY)
    assert hand.text(notebook) == [MONDAY.heading, *LINES, "", "xxx"]
    assert hand.lines(notebook, page) == [*LINES, "xxx"]


def test_a_user_who_types_without_end_is_a_conflict(services, hand, notebook):
    with pytest.raises(Conflict):
        GoogleDocuments(Typist(services, hand, notebook, 99)).add_page(notebook, MONDAY)
    assert set("".join(hand.text(notebook))) == {"x"}


def test_two_processes_that_make_the_same_page_make_one(connect, alex, hand, notebook):
    both = [GoogleDocuments(connect(alex)) for _ in range(2)]
    made = []
    threads = [threading.Thread(target=lambda d=d: made.append(d.add_page(notebook, MONDAY))) for d in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hand.headings(notebook) == [MONDAY.heading]
    assert made[0] == made[1]


def test_what_the_user_wrote_keeps_text_style_and_bullets_below_a_new_page(documents, hand, notebook):
    hand.type_at(notebook, 1, "Mine\nOne\n\tTwo\nEnd")
    everything = {"startIndex": 1, "endIndex": 13}
    hand.send(
        notebook,
        {"createParagraphBullets": {"range": everything, "bulletPreset": "BULLET_CHECKBOX"}},
        {"updateTextStyle": {"range": everything, "textStyle": {"bold": True}, "fields": "bold"}},
    )
    before = [e["paragraph"] for e in hand.answer(notebook)["body"]["content"][1:]]
    documents.add_page(notebook, MONDAY)
    after = [e["paragraph"] for e in hand.answer(notebook)["body"]["content"][1:]]
    kept, made = after[-len(before) :], after[: -len(before)]
    for paragraph in (*before, *kept):
        for part in paragraph["elements"]:
            del part["startIndex"], part["endIndex"]
    assert kept == before
    assert [bool(p.get("bullet")) for p in made] == [False, False, False, True, False, True, True, False]
    assert not [part for p in (made[0], made[-1]) for part in p["elements"] if part["textRun"]["textStyle"]]


def test_blocks_become_headings_lists_and_links(documents, hand, notebook):
    link = Block(BlockKind.PARAGRAPH, (Span("see "), Span("here", url="https://example.com/?a=b")))
    draft = PageDraft("k", "Page", (Block(BlockKind.HEADING, (Span("Sub"),), 3), link))
    documents.add_page(notebook, draft)
    page, sub, text, _ = [e["paragraph"] for e in hand.answer(notebook)["body"]["content"][1:]]
    assert page["paragraphStyle"]["namedStyleType"] == "HEADING_1"
    assert sub["paragraphStyle"]["namedStyleType"] == "HEADING_3"
    runs = [(r["textRun"]["content"].strip(), "link" in r["textRun"]["textStyle"]) for r in text["elements"]]
    assert runs[:2] == [("see", False), ("here", True)]


# --- headings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_heading_is_changed_once_though_the_answer_was_lost(google, documents, hand, notebook, when):
    page = documents.add_page(notebook, MONDAY)
    google.faults.drop(when, method="POST", path=BATCH)
    assert documents.retitle_page(notebook, page, "2026-11-03 Tuesday") == page
    assert hand.headings(notebook) == ["2026-11-03 Tuesday"]


def test_a_heading_is_changed_while_the_user_types(services, documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    GoogleDocuments(Typist(services, hand, notebook, 2)).retitle_page(notebook, page, "Tuesday")
    assert hand.headings(notebook) == ["xxTuesday"]


def test_words_that_the_user_added_to_a_heading_stay(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.type_at(notebook, 1 + len(MONDAY.heading), " – moved from Sunday")
    hand.type_at(notebook, 1, "⭐ ")
    for heading in ("2026-11-03 Tuesday", "2026-11-04 Wednesday"):
        assert documents.retitle_page(notebook, page, heading) == page
        assert hand.headings(notebook) == [f"⭐ {heading} – moved from Sunday"]


def test_a_heading_that_the_user_rewrote_or_removed_stays_that_way(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.erase(notebook, 1, 5)
    assert documents.retitle_page(notebook, page, "Tuesday") == page
    assert hand.headings(notebook) == [MONDAY.heading[4:]]
    hand.erase(notebook, 1, 1 + len(MONDAY.heading) - 4)
    assert documents.retitle_page(notebook, page, "Tuesday") == page
    assert hand.headings(notebook) == [""]


def test_a_page_whose_heading_was_removed_with_its_line_is_not_found(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.erase(notebook, 1, 2 + len(MONDAY.heading))
    with pytest.raises(NotFound):
        documents.read_page(notebook, page)


def test_a_page_whose_heading_was_typed_anew_is_still_read(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.erase(notebook, 1, 1 + len(MONDAY.heading))
    hand.type_at(notebook, 1, "Our talk")
    assert documents.read_page(notebook, page).open_items == ("Send the plan", "Book a room")


def test_a_page_ends_where_the_next_begins(documents, hand, notebook):
    first = documents.add_page(notebook, MONDAY)
    second = documents.add_page(notebook, TUESDAY)
    hand.type_below(notebook, second, "Book a room", "Third")
    assert documents.read_page(notebook, first).open_items == ("Send the plan", "Book a room")
    assert documents.read_page(notebook, second).open_items == ("Send the plan", "Book a room", "Third")


# --- sharing --------------------------------------------------------------------------------------------


def test_access_is_raised_and_never_lowered(google, documents, hand, notebook):
    google.account("dana@example.com")
    for access, now in [
        (Access.COMMENT, Access.COMMENT),
        (Access.EDIT, Access.EDIT),
        (Access.COMMENT, Access.EDIT),
    ]:
        documents.share(notebook, "Dana@Example.com", access)
        assert hand.readers(notebook) == {"dana@example.com": now}
    assert hand.mails() == 0


def test_somebody_who_may_read_may_comment_then(google, documents, hand, notebook):
    google.document(notebook.id).share("dana@example.com", "reader")
    documents.share(notebook, "dana@example.com", Access.COMMENT)
    assert hand.readers(notebook) == {"dana@example.com": Access.COMMENT}
    assert hand.mails() == 0


def test_a_mailing_list_that_may_write_is_not_the_person(google, documents, hand, notebook):
    group = {"type": "group", "role": "writer", "emailAddress": "dana@example.com"}
    hand.run(
        hand.services.drive.permissions().create(fileId=notebook.id, body=group, sendNotificationEmail=False)
    )
    google.requests.clear()
    documents.share(notebook, "dana@example.com", Access.COMMENT)
    assert "drive.permissions.create" in google.requests.operations()


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "cannotShareTeamDriveFile"), (400, "invalidSharingRequest")]
)
def test_a_refused_share_says_why_without_the_address(google, documents, notebook, status, reason):
    google.faults.status(status, reason=reason, method="POST", path="*/permissions")
    with pytest.raises(Refused) as refused:
        documents.share(notebook, "dana@example.com", Access.COMMENT)
    assert "sharing" in str(refused.value)
    assert "dana" not in str(refused.value)


# --- privacy --------------------------------------------------------------------------------------------


def test_logs_and_errors_hold_no_titles_bodies_or_addresses(documents, notebook, hand, caplog):
    caplog.set_level("DEBUG")
    page = documents.add_page(notebook, MONDAY)
    documents.share(notebook, "dana@example.com", Access.COMMENT)
    hand.trash(notebook)
    with pytest.raises(NotFound) as gone:
        documents.retitle_page(notebook, page, "Tuesday")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("connectors")]
    said = "\n".join([*ours, str(gone.value)])
    for secret in ("Dana", "dana@", MONDAY.heading, "Send the plan", "Alex"):
        assert secret not in said
