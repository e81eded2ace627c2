"""Lists of Google's: read to their end, and no further."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import BadAnswer
from connectors.google.account import GoogleAccount
from connectors.google.documents import GoogleDocuments
from connectors.google.files import FOLDER, Files
from connectors.google.grant import Grant, write_grant
from connectors.google.pages import pages
from connectors.google.settings import GoogleSettings
from connectors.google.sharing import share
from connectors.google.transport import Services
from connectors.values import Access
from tests.connectors.scripted import serving
from tests.google_account import HASTE

LATER = datetime.now(UTC) + timedelta(days=1)
SCOPES = (
    "https://www.googleapis.com/auth/calendar",
    "https://www.googleapis.com/auth/drive.file",
)


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def settings(server, tmp_path):
    settings = GoogleSettings(
        "work", tmp_path / "none.json", tmp_path / "work.json", tmp_path / "cache", server.root, timeout=2
    )
    write_grant(settings, Grant("refresh", "https://x", "client", SCOPES, None, "token", LATER))
    return settings


@pytest.fixture
def services(settings):
    services = Services(settings, HASTE)
    yield services
    services.close()


def answers(*contents):
    return [(200, json.dumps(content).encode(), {}) for content in contents]


def everything(services):
    return list(pages(services, services.calendar.events().list, calendarId="primary", maxResults=5))


def test_every_page_is_asked_for_with_the_same_parameters_and_the_token_of_the_last(server, services):
    server.script = answers({"items": [1], "nextPageToken": "b"}, {"nextPageToken": "c"}, {"items": [2]})
    assert [answer.get("items") for answer in everything(services)] == [[1], None, [2]]
    asked = [path.partition("?")[2] for _, path, _, _ in server.seen]
    assert asked == [f"maxResults=5{token}&alt=json" for token in ("", "&pageToken=b", "&pageToken=c")]


@pytest.mark.parametrize("token", ["a", 7, ["a"]])
def test_a_list_that_begins_again_never_ends_and_is_a_bad_answer(server, services, token):
    server.script = answers(*[{"nextPageToken": token}] * 9)
    with pytest.raises(BadAnswer, match=r"calendar\.events\.list: the pages of the list never end"):
        everything(services)
    assert len(server.seen) <= 2


def test_a_calendar_is_looked_for_on_every_page_of_the_list(server, settings):
    server.script = answers(
        {"items": [{"id": "a@x", "summary": "Mine"}], "nextPageToken": "b"},
        {"items": [{"id": "b@x", "summary": "Team"}, {"summary": "without an id"}]},
    )
    account = GoogleAccount(settings, HASTE)
    assert account.calendar("team").id == "team"
    assert [path.partition("?")[0] for _, path, _, _ in server.seen] == [
        "/calendar/v3/users/me/calendarList"
    ] * 2


def test_a_file_is_looked_for_on_every_page_of_the_list(server, services):
    file = {"id": "f", "webViewLink": "https://x/f"}
    server.script = answers({"files": [], "nextPageToken": "b"}, {"files": [{"id": "f"}]}, file)
    assert Files(services).find("key", FOLDER).id == "f"


def test_a_permission_is_looked_for_on_every_page_of_the_list(server, services):
    dana = {"id": "1", "type": "user", "role": "writer", "emailAddress": "dana@example.com"}
    server.script = answers({"permissions": [], "nextPageToken": "b"}, {"permissions": [dana]})
    share(services, "f", "dana@example.com", Access.EDIT)
    assert [method for method, _, _, _ in server.seen] == ["GET", "GET"]


@pytest.mark.parametrize("files", [7, "x", {"id": "f"}, [None], ["x"]])
def test_a_list_of_files_that_is_none_is_a_bad_answer(server, services, files):
    server.script = answers({"files": files})
    with pytest.raises(BadAnswer, match="list of files can't be read"):
        GoogleDocuments(services).find_notebook("dana@example.com")


@pytest.mark.parametrize("token", ["\ud800", "a\nb", 7, ["x"]])
def test_a_list_that_goes_on_with_what_cannot_be_sent_is_a_bad_answer(server, services, token):
    server.script = answers({"items": [], "nextPageToken": token})
    with pytest.raises(BadAnswer, match="never end"):
        everything(services)
    assert len(server.seen) == 1


def test_a_list_of_files_that_is_null_is_no_empty_one(server, services):
    server.script = answers({"files": None})
    with pytest.raises(BadAnswer, match="can't be read"):
        Files(services).find("key", FOLDER)
