"""OneDrive: names that it takes, and answers that it may give."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import BadAnswer, NotFound, Refused
from connectors.outlook import drive_names
from connectors.outlook.drive import Drive
from connectors.outlook.failures import BadRequest
from connectors.outlook.sharing import share
from connectors.values import Access

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


# --- names --------------------------------------------------------------------------------------------------


@given(texts)
def test_any_text_makes_a_name_that_onedrive_takes(text):
    name = drive_names.allowed(text)
    assert 0 < len(name) <= 91
    assert not re.search(r'[\x00-\x1f"*:<>?/\\|#%]', name)
    assert name == name.strip(" .~")
    assert drive_names.allowed(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1:1 Alex / Dana", "1-1 Alex – Dana"),
        ("1:1s", "1-1s"),
        ("Tue 24 Nov 2026, 10:00", "Tue 24 Nov 2026, 10.00"),
        ("11:10", "11.10"),
        ("a/b: c", "a-b- c"),
        ("CON", "CON_"),
        ("com1.txt", "com1.txt_"),
        ("../..", "-"),
        ("\x00", "Untitled"),
        ("~$lock", "$lock"),
        ("a\u2028b\tc", "a b c"),
    ],
)
def test_names_read_like_the_text_they_come_from(text, name):
    assert drive_names.allowed(text) == name


@given(texts, texts, texts)
def test_a_folder_is_known_by_its_key_alone(title, key, other):
    name = drive_names.notebook_name(title, key)
    assert drive_names.is_notebook(name)
    assert drive_names.is_of(name, key)
    assert drive_names.is_of(name, other) == (drive_names.tag(other) == drive_names.tag(key)) or "(" in title


@pytest.mark.parametrize("title", ["1:1 Alex – Dana", "Weekly with Sam"])
def test_a_title_is_told_by_the_folders_name(title):
    assert drive_names.title_in(drive_names.notebook_name(title, "k")) == title


def test_a_heading_is_told_by_the_files_name():
    best, second, *_ = drive_names.page_names("Mon 2 Nov", "1:1 Alex – Dana")
    assert best == "Mon 2 Nov – 1-1 Alex – Dana.docx"
    assert second == "Mon 2 Nov – 1-1 Alex – Dana (2).docx"
    assert drive_names.heading_in(best, "1:1 Alex – Dana") == "Mon 2 Nov"
    assert drive_names.heading_in("Mine.docx", "1:1 Alex – Dana") == "Mine"


# --- answers ------------------------------------------------------------------------------------------------


class FakeGraph:
    """Answers from a list, and keeps what was sent."""

    settings = SimpleNamespace(name="client")

    def __init__(self, *answers):
        self.answers, self.sent = list(answers), []

    def get(self, *_, **__):
        return self._next()

    def send(self, call):
        self.sent.append(call)
        return self._next()

    def require(self, scope):
        pass

    def _next(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize("answer", [{}, {"id": 3}, {"id": ""}, {"id": None, "name": "x"}])
def test_an_item_without_an_id_is_a_bad_answer(answer):
    with pytest.raises(BadAnswer):
        Drive(FakeGraph(answer)).get("x")


def test_an_item_in_the_recycle_bin_is_not_there():
    with pytest.raises(NotFound):
        Drive(FakeGraph({"id": "x", "deleted": {"state": "softdeleted"}})).get("x")


@pytest.mark.parametrize("answer", [{}, {"value": None}, {"value": [], "@odata.nextLink": 3}])
def test_a_list_that_is_none_is_a_bad_answer(answer):
    drive = Drive(FakeGraph({"id": "x"}, answer))
    with pytest.raises(BadAnswer):
        drive.children(drive.get("x"))


def test_a_list_without_end_ends():
    page = {"value": [{"id": "a"}], "@odata.nextLink": "https://localhost/more"}
    drive = Drive(FakeGraph({"id": "x"}, *[page] * 300))
    with pytest.raises(BadAnswer, match="never end"):
        drive.children(drive.get("x"))


DANA = {"user": {"email": "Dana@Example.com"}}


@pytest.mark.parametrize(
    "permission",
    [
        {"roles": ["write"], "grantedToV2": DANA},
        {"roles": ["owner"], "grantedTo": DANA},
        {"roles": ["write"], "grantedToV2": {"siteUser": DANA["user"]}},
        {"roles": ["read", "write"], "link": {}, "grantedToIdentitiesV2": [{"user": None}, DANA]},
        {"roles": ["write"], "invitation": {"email": "dana@example.com"}},
    ],
)
def test_access_that_somebody_has_already_is_seen_wherever_it_stands(permission):
    graph = FakeGraph({"value": [{"roles": None}, {}, {"grantedToV2": 3}, permission]})
    share(graph, "x", "dana@example.com", Access.EDIT)
    assert graph.sent == []


@pytest.mark.parametrize(
    "permission",
    [
        {"roles": ["read"], "grantedToV2": DANA},
        {"roles": ["write"], "grantedToV2": {"user": {"email": "sam@example.com"}}},
        {"roles": ["write"], "grantedToV2": {"user": {"displayName": "dana@example.com"}}},
    ],
)
def test_access_that_is_less_or_somebody_elses_is_not_enough(permission):
    graph = FakeGraph({"value": [permission]}, {"value": [{"id": "1"}]})
    share(graph, "x", "dana@example.com", Access.EDIT)
    (call,) = graph.sent
    assert call.target == "/me/drive/items/x/invite"
    assert call.body["sendInvitation"] is False
    assert call.body["requireSignIn"] is True
    assert call.body["roles"] == ["write"]


def test_a_recipient_refused_within_a_success_is_refused():
    graph = FakeGraph({"value": []}, {"value": [{"error": {"code": "sharingFailed"}}]})
    with pytest.raises(Refused):
        share(graph, "x", "dana@example.com", Access.EDIT)


def test_a_request_that_makes_no_sense_stays_a_bug():
    bad = BadRequest("no", status=400, codes=frozenset({"invalidrequest"}))
    with pytest.raises(BadRequest):
        share(FakeGraph({"value": []}, bad), "x", "dana@example.com", Access.EDIT)


@pytest.mark.parametrize("field", [{"name": ["x"]}, {"webUrl": {}}, {"createdDateTime": 7}], ids=str)
def test_a_file_whose_name_or_address_is_none_is_not_read_as_one_without(field):
    with pytest.raises(BadAnswer, match="can't be read"):
        Drive(FakeGraph({"id": "x", "name": "Dana", "webUrl": "https://x"} | field)).get("x")
