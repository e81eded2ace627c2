"""OneDrive's documents: the contract, and what is OneDrive's alone."""

from __future__ import annotations

import contextlib
import io
import threading
import zipfile
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from connectors.errors import (
    BadAnswer,
    Conflict,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    Throttled,
    Unavailable,
)
from connectors.outlook import docx_parts, docx_read
from connectors.outlook.documents import OneDriveDocuments
from connectors.outlook.docx_write import write
from connectors.outlook.transport import Graph
from connectors.outlook.wire import Wire
from connectors.values import Access, PageDraft
from tests.connectors.word_file import changed
from tests.contract.documents_contract import AGENDA, LINES, MONDAY, TUESDAY, DocumentsContract
from tests.outlook_account import HASTE, signed_in

DANA = "dana@example.com"
TITLE = "1:1 Alex / Dana"
STEM = "1-1 Alex – Dana"
UPLOAD = "*:/content"
PROMPTS = {"Title", "Subtitle"}


class WordHand:
    """The user, who has the files open in Word or on the web, and tidies up in OneDrive."""

    def __init__(self, microsoft, alex):
        self.microsoft, self.alex = microsoft, alex

    def papers(self, notebook):
        folder = self.microsoft.folders()[notebook.id]
        return [p for p in self.microsoft.documents() if p.path.rpartition("/")[0] == folder]

    def paper(self, page):
        return self.microsoft.document(page.url)

    def names(self, notebook):
        """File names, the newest first."""
        return [paper.title for paper in reversed(self.papers(notebook))]

    def headings(self, notebook):
        return [name.removesuffix(f" – {STEM}.docx") for name in self.names(notebook)]

    def lines(self, _notebook, page):
        content = self.paper(page).content
        frame = sum(line.style in PROMPTS for line in self.paper(page).lines())
        return [line.text for line in docx_read.lines(content)[frame:] if line.text.strip()]

    def type_below(self, _notebook, page, line, text):
        def change(xml):
            end = xml.index("</w:p>", xml.index(line)) + len("</w:p>")
            start = xml.rindex("<w:p>", 0, end)
            style = xml[xml.index("<w:pPr>", start) : xml.index("</w:pPr>", start) + len("</w:pPr>")]
            return f"{xml[:end]}<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>{xml[end:]}"

        paper = self.paper(page)
        paper.write(changed(paper.content, "word/document.xml", change))

    def tick(self, _notebook, page, line):
        self.paper(page).tick(line)

    def trash(self, notebook):
        drive = self.microsoft._drive.drive
        drive.delete(drive.nodes[notebook.id])

    def rename(self, item_id, name):
        drive = self.microsoft._drive.drive
        drive.nodes[item_id].name = name

    def put(self, notebook, name, content):
        return self.microsoft.write_document(
            self.alex, f"{self.microsoft.folders()[notebook.id]}/{name}", content
        )

    def readers(self, notebook):
        roles = {"read": Access.COMMENT, "write": Access.EDIT}
        node = self.microsoft._drive.drive.nodes[notebook.id]
        given = [p for p in node.permissions.values() if "invitation" in p]
        return {p["invitation"]["email"]: roles[p["roles"][0]] for p in given}

    def mails(self):
        return len(self.microsoft.mailbox.sent_by_clients())


@pytest.fixture
def alex(microsoft):
    return microsoft.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")


@pytest.fixture
def connect(microsoft, tmp_path):
    """A way to Graph for somebody, each with connections of its own."""
    opened = []

    def open_graph(person, sharing=True):
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        graph = Graph(signed_in(microsoft, person, folder, sharing=sharing), HASTE)
        opened.append(graph)
        return graph

    yield open_graph
    for graph in opened:
        graph.close()


@pytest.fixture
def documents(connect, alex):
    return OneDriveDocuments(connect(alex))


@pytest.fixture
def hand(microsoft, alex):
    return WordHand(microsoft, alex)


@pytest.fixture
def notebook(documents):
    return documents.create_notebook(DANA, TITLE, "1:1s")


class TestContract(DocumentsContract):
    pass


def drafted(key, heading):
    return PageDraft(key, heading, AGENDA)


# --- notebooks and their folder -----------------------------------------------------------------------------


def test_a_notebook_is_a_folder_with_a_good_name_in_the_apps_own(microsoft, notebook):
    path = microsoft.folders()[notebook.id]
    assert path.startswith("/Apps/prepd sandbox/1-1s/1-1 Alex – Dana (")
    assert "example" not in path


def test_two_people_of_one_name_have_two_folders(documents, notebook):
    other = documents.create_notebook("dana@elsewhere.example", TITLE, "1:1s")
    assert other.id != notebook.id
    assert documents.find_notebook("dana@elsewhere.example") == other
    assert documents.find_notebook(DANA) == notebook


def test_a_folder_that_the_user_renamed_is_found_by_its_brackets(microsoft, documents, hand, notebook):
    brackets = microsoft.folders()[notebook.id][-8:]
    hand.rename(notebook.id, f"Dana, my boss {brackets} old")
    assert documents.find_notebook(DANA).id == notebook.id
    page = documents.add_page(notebook, MONDAY)
    assert "Dana, my boss old" in hand.paper(page).text


def test_the_folder_of_folders_may_be_renamed(microsoft, documents, hand, notebook):
    parent = microsoft._drive.drive.nodes[notebook.id].parent
    hand.rename(parent, "My meetings")
    assert documents.find_notebook(DANA).id == notebook.id
    other = documents.create_notebook("sam@example.com", "1:1 Alex / Sam", "1:1s")
    assert microsoft._drive.drive.nodes[other.id].parent == parent
    assert len(microsoft.folders()) == 5


def test_a_notebook_moved_to_the_top_is_found(microsoft, documents, notebook):
    drive = microsoft._drive.drive
    drive.nodes[notebook.id].parent = drive.app_folder("alex@example.com").id
    assert documents.find_notebook(DANA).id == notebook.id


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_folder_is_made_once_though_the_answer_was_lost(microsoft, documents, when):
    microsoft.faults.drop(when, method="POST", path="*/children", nth=2)
    made = documents.create_notebook(DANA, TITLE, "1:1s")
    assert documents.find_notebook(DANA) == made
    assert documents.create_notebook(DANA, TITLE, "1:1s") == made
    asked = [entry.body for entry in microsoft.requests if entry.operation == "driveItem.createFolder"]
    assert {body["@microsoft.graph.conflictBehavior"] for body in asked} == {"fail"}
    assert len([path for path in microsoft.folders().values() if "Dana" in path]) == 1


def test_a_creation_whose_answer_is_garbage_may_be_done(microsoft, documents):
    microsoft.faults.garbage(method="POST", path="*/children", nth=2)
    with pytest.raises(Unavailable) as lost:
        documents.create_notebook(DANA, TITLE, "1:1s")
    assert lost.value.maybe_done
    assert documents.find_notebook(DANA)


def test_a_file_in_the_way_of_a_folder_is_refused_with_a_remedy(microsoft, documents, alex):
    documents.find_notebook(DANA)
    microsoft.write_document(alex, "/Apps/prepd sandbox/1-1s", b"mine")
    with pytest.raises(Refused, match="rename it"):
        documents.create_notebook(DANA, TITLE, "1:1s")


def test_an_account_without_onedrive_is_told_what_to_do(microsoft, documents):
    microsoft.faults.status(404, reason="itemNotFound", path="*/special/approot*")
    with pytest.raises(Misconfigured, match="OneDrive"):
        documents.find_notebook(DANA)


def test_a_hundred_people_are_listed_over_several_pages(documents, hand, notebook, microsoft):
    for number in range(220):
        drive = microsoft._drive.drive
        parent = drive.nodes[drive.nodes[notebook.id].parent]
        drive.add("alex@example.com", parent, f"Somebody {number:03} (aaaaaa)", None)
    assert documents.find_notebook(DANA) == notebook


# --- pages --------------------------------------------------------------------------------------------------


def test_a_files_name_has_date_and_people_and_nothing_that_onedrive_forbids(documents, hand, notebook):
    documents.add_page(notebook, drafted("k", 'Tue 24 Nov 2026, 10:00 "?*<>|#%\\/ \x00~'))
    assert hand.names(notebook) == [f"Tue 24 Nov 2026, 10.00 --- – {STEM}.docx"]


@pytest.mark.parametrize("heading", ["", "...", "CON", "~$x", "é" * 500, "🧭" * 200, "a_vti_b", "../../x"])
def test_any_heading_makes_a_name(documents, notebook, heading):
    page = documents.add_page(notebook, drafted("k", heading))
    assert documents.add_page(notebook, drafted("k", heading)) == page
    assert documents.read_page(notebook, page).open_items


def test_a_page_links_to_the_one_before(documents, hand, notebook):
    first = documents.add_page(notebook, MONDAY)
    second = documents.add_page(notebook, TUESDAY)
    assert "Last time" not in hand.paper(first).text
    assert f"Last time: {MONDAY.heading}" in hand.paper(second).text
    assert first.url.encode() in part(hand.paper(second).content, "word/_rels/document.xml.rels")


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_page_is_made_once_though_the_answer_was_lost(microsoft, documents, hand, notebook, when):
    microsoft.faults.drop(when, method="PUT", path=UPLOAD)
    page = documents.add_page(notebook, MONDAY)
    assert hand.headings(notebook) == [MONDAY.heading]
    assert hand.lines(notebook, page) == LINES


def test_a_page_is_made_once_though_the_answer_was_garbage(microsoft, documents, hand, notebook):
    microsoft.faults.garbage(method="PUT", path=UPLOAD)
    documents.add_page(notebook, MONDAY)
    assert hand.headings(notebook) == [MONDAY.heading]


@pytest.mark.parametrize("path", ["*/content", "*/download/*"])
def test_a_file_that_could_not_be_read_is_not_taken_for_another_one(
    microsoft, documents, hand, notebook, path
):
    """Otherwise the page would be made twice, where the user gave it another name."""
    first = documents.add_page(notebook, MONDAY)
    hand.rename(first.id.split()[0], "mine.docx")
    microsoft.faults.garbage(method="GET", path=path)
    with contextlib.suppress(Unavailable):
        documents.add_page(notebook, MONDAY)
    microsoft.faults.clear()
    assert documents.add_page(notebook, MONDAY).id.split()[0] == first.id.split()[0]
    assert hand.names(notebook) == ["mine.docx"]


@pytest.mark.parametrize("half", [1, 2, 3])
def test_half_of_a_page_is_not_taken_for_a_file_of_somebody_else(microsoft, documents, hand, notebook, half):
    first = documents.add_page(notebook, MONDAY)
    hand.rename(first.id.split()[0], "mine.docx")
    microsoft.faults.mangle(
        lambda request, answer: replace(answer, body=answer.body[: len(answer.body) * half // 4]),
        path="*/download/*",
    )
    with pytest.raises(Unavailable):
        documents.add_page(notebook, MONDAY)
    assert documents.add_page(notebook, MONDAY).id.split()[0] == first.id.split()[0]


def test_a_proxy_s_page_is_not_taken_for_a_file_of_somebody_else(microsoft, documents, hand, notebook):
    first = documents.add_page(notebook, MONDAY)
    hand.rename(first.id.split()[0], "mine.docx")
    page = {"status": 410, "body": b"<html>", "headers": {"Content-Type": "text/html"}}
    microsoft.faults.mangle(lambda request, answer: replace(answer, **page), path="*/content")
    with pytest.raises(Unavailable):
        documents.add_page(notebook, MONDAY)
    assert documents.add_page(notebook, MONDAY).id.split()[0] == first.id.split()[0]


def test_answers_lost_again_and_again_are_unavailable_and_the_page_is_there_once(
    microsoft, documents, hand, notebook
):
    microsoft.faults.drop("before", method="PUT", path=UPLOAD, times=9)
    with pytest.raises(Unavailable):
        documents.add_page(notebook, MONDAY)
    microsoft.faults.clear()
    documents.add_page(notebook, MONDAY)
    assert hand.headings(notebook) == [MONDAY.heading]


def test_a_lost_page_is_found_after_a_crash_though_the_user_typed_and_renamed(
    microsoft, documents, hand, notebook
):
    microsoft.faults.drop("after", method="PUT", path=UPLOAD)
    microsoft.faults.status(503, method="GET", path="*/children", nth=2, times=9)
    with pytest.raises(Unavailable):
        documents.add_page(notebook, MONDAY)
    microsoft.faults.clear()
    (paper,) = hand.papers(notebook)
    paper.rename("Talk.docx")
    paper.append("Ask Sam", under="Action items")
    page = documents.add_page(notebook, MONDAY)
    assert hand.names(notebook) == ["Talk.docx"]
    assert "Ask Sam" in documents.read_page(notebook, page).open_items


def test_a_throttled_upload_is_left_to_the_caller(microsoft, documents, hand, notebook):
    microsoft.faults.status(429, retry_after=3600, method="PUT", path=UPLOAD)
    with pytest.raises(Throttled):
        documents.add_page(notebook, MONDAY)
    assert hand.names(notebook) == []


def test_two_processes_that_make_the_same_page_make_one(connect, alex, hand, notebook):
    both = [OneDriveDocuments(connect(alex)) for _ in range(2)]
    made = []
    threads = [threading.Thread(target=lambda d=d: made.append(d.add_page(notebook, MONDAY))) for d in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hand.headings(notebook) == [MONDAY.heading]
    assert made[0] == made[1]


def test_a_file_of_the_users_own_is_never_overwritten(documents, hand, notebook):
    name = f"{MONDAY.heading} – {STEM}.docx"
    mine = hand.put(notebook, name, b"my notes, not even a Word file")
    other = hand.put(notebook, f"{MONDAY.heading} – {STEM} (2).docx", write(TUESDAY, "Other", None))
    before = other.content
    page = documents.add_page(notebook, MONDAY)
    assert mine.content == b"my notes, not even a Word file"
    assert other.content == before
    assert hand.paper(page).title == f"{MONDAY.heading} – {STEM} (3).docx"
    assert documents.add_page(notebook, MONDAY) == page


def test_a_page_is_never_written_twice(microsoft, documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    before = hand.paper(page).revision
    documents.add_page(notebook, MONDAY)
    documents.retitle_page(notebook, page, "2026-11-03 Tuesday")
    documents.add_page(notebook, TUESDAY)
    assert hand.paper(page).revision == before
    assert sum(line.startswith("PUT ") for line in microsoft.requests.lines()) == 2


def test_a_page_that_the_user_deleted_is_not_found(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.paper(page).delete()
    with pytest.raises(NotFound):
        documents.read_page(notebook, page)
    with pytest.raises(NotFound):
        documents.retitle_page(notebook, page, "Tuesday")


# --- names that follow --------------------------------------------------------------------------------------


def test_a_name_that_the_user_gave_stays(documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.paper(page).rename("Salary talk.docx")
    assert documents.retitle_page(notebook, page, "2026-11-03 Tuesday") == page
    assert hand.names(notebook) == ["Salary talk.docx"]
    assert documents.read_page(notebook, page).open_items == ("Send the plan", "Book a room")


@pytest.mark.parametrize("code", ["resourceLocked", "notAllowed"])
def test_a_file_open_in_word_is_renamed_later(microsoft, documents, hand, notebook, code):
    microsoft.settings.locked_error = code
    page = documents.add_page(notebook, MONDAY)
    with hand.paper(page).opened_in_word():
        with pytest.raises(Conflict, match="open in an editor"):
            documents.retitle_page(notebook, page, "2026-11-03 Tuesday")
        assert documents.read_page(notebook, page).open_items
        assert documents.add_page(notebook, MONDAY) == page
    documents.retitle_page(notebook, page, "2026-11-03 Tuesday")
    assert hand.headings(notebook) == ["2026-11-03 Tuesday"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_is_renamed_though_the_answer_was_lost(microsoft, documents, hand, notebook, when):
    page = documents.add_page(notebook, MONDAY)
    microsoft.faults.drop(when, method="PATCH")
    ref = documents.retitle_page(notebook, page, "2026-11-03 Tuesday")
    assert hand.headings(notebook) == ["2026-11-03 Tuesday"]
    assert documents.retitle_page(notebook, ref, "2026-11-04 Wednesday").key == page.key
    assert hand.headings(notebook) == ["2026-11-04 Wednesday"]


def test_a_name_that_is_taken_gets_a_number_and_keeps_it(microsoft, documents, hand, notebook):
    first, second = documents.add_page(notebook, MONDAY), documents.add_page(notebook, TUESDAY)
    ref = documents.retitle_page(notebook, second, MONDAY.heading)
    assert hand.names(notebook)[0] == f"{MONDAY.heading} – {STEM} (2).docx"
    assert documents.retitle_page(notebook, ref, MONDAY.heading) == ref
    assert hand.paper(first).title == f"{MONDAY.heading} – {STEM}.docx"


# --- reading ------------------------------------------------------------------------------------------------


def test_a_page_is_read_without_showing_the_token_to_another_host(documents, notebook, monkeypatch):
    page = documents.add_page(notebook, MONDAY)
    asked, send = [], Wire.send
    monkeypatch.setattr(Wire, "send", lambda wire, question: asked.append(question) or send(wire, question))
    documents.read_page(notebook, page)
    shown = {urlsplit(question.url).path[:9]: "Authorization" in question.headers for question in asked}
    assert shown == {"/v1.0/me/": True, "/download": False}


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_page_replaced_by_something_else_is_a_bad_answer(documents, hand, notebook, content):
    page = documents.add_page(notebook, MONDAY)
    hand.paper(page).write(content)
    with pytest.raises(BadAnswer):
        documents.read_page(notebook, page)


def test_a_huge_file_is_not_even_fetched(microsoft, documents, hand, notebook):
    page = documents.add_page(notebook, MONDAY)
    hand.paper(page).write(b"\0" * (docx_parts.MOST_BYTES + 1))
    before = len(microsoft.requests.lines())
    with pytest.raises(BadAnswer, match="too large"):
        documents.read_page(notebook, page)
    assert not [
        line for line in microsoft.requests.lines()[before:] if "content" in line or "download" in line
    ]


@pytest.mark.parametrize("how", ["box", "strikethrough", "x", "check"])
def test_items_are_done_in_every_way(documents, hand, notebook, how):
    page = documents.add_page(notebook, MONDAY)
    hand.paper(page).tick("Send the plan", how)
    assert documents.read_page(notebook, page).open_items == ("Book a room",)


# --- sharing ------------------------------------------------------------------------------------------------


def test_access_is_raised_and_never_lowered(documents, hand, notebook):
    for access, now in [
        (Access.COMMENT, Access.COMMENT),
        (Access.EDIT, Access.EDIT),
        (Access.COMMENT, Access.EDIT),
    ]:
        documents.share(notebook, "Dana@Example.com", access)
        assert hand.readers(notebook) == {DANA: now}
    assert hand.mails() == 0


def test_sharing_again_asks_and_changes_nothing(microsoft, documents, notebook):
    documents.share(notebook, DANA, Access.EDIT)
    documents.share(notebook, DANA, Access.EDIT)
    assert sum("invite" in line for line in microsoft.requests.lines()) == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "accessDenied"), (400, "sharingDisabled"), (400, "secureSharingInvalidRequest")],
)
def test_a_refused_share_says_why_without_the_address(microsoft, documents, notebook, status, reason):
    microsoft.faults.status(status, reason=reason, method="POST", path="*/invite")
    with pytest.raises(Refused) as refused:
        documents.share(notebook, DANA, Access.COMMENT)
    assert "sharing" in str(refused.value)
    assert "dana" not in str(refused.value)


def test_sharing_without_its_permission_asks_for_a_sign_in(connect, alex):
    narrow = OneDriveDocuments(connect(alex, sharing=False))
    notebook = narrow.create_notebook(DANA, TITLE, "1:1s")
    narrow.add_page(notebook, MONDAY)
    with pytest.raises(SignInNeeded):
        narrow.share(notebook, DANA, Access.COMMENT)


# --- privacy ------------------------------------------------------------------------------------------------


def test_logs_and_errors_hold_no_titles_bodies_or_addresses(documents, notebook, hand, caplog):
    caplog.set_level("DEBUG")
    page = documents.add_page(notebook, MONDAY)
    documents.share(notebook, DANA, Access.COMMENT)
    hand.trash(notebook)
    with pytest.raises(NotFound) as gone:
        documents.retitle_page(notebook, page, "Tuesday")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("connectors")]
    said = "\n".join([*ours, str(gone.value)])
    for secret in ("Dana", "dana@", MONDAY.heading, "Send the plan", "Alex"):
        assert secret not in said
