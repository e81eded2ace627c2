"""Lists of Graph's: read to their end, and no further; one that can't be read is not taken for an empty one."""

from __future__ import annotations

import json
import time

import pytest

from connectors.errors import BadAnswer, Refused
from connectors.outlook import scopes
from connectors.outlook.account import OutlookAccount
from connectors.outlook.grant import Grant, write_grant
from connectors.outlook.mailbox import Mailbox
from connectors.outlook.pages import rows
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.transport import Graph
from connectors.values import Window
from tests.connectors.scripted import serving
from tests.contract.calendar_contract import PREP, WINDOW
from tests.outlook_account import HASTE


@pytest.fixture
def server():
    with serving() as server:
        server.root += "/v1.0"
        yield server


@pytest.fixture
def settings(server, tmp_path):
    settings = OutlookSettings(
        "client", "app", tmp_path / "t.json", tmp_path / "cache", graph_root=server.root, timeout=2
    )
    token = {"secret": "token", "expires_on": str(int(time.time()) + 3600), "client_id": "app"}
    cache = json.dumps({"AccessToken": {"a": token}})
    write_grant(
        settings, Grant("app", settings.sign_in_at, (scopes.CALENDARS,), None, frozenset({"a@x"}), cache)
    )
    return settings


@pytest.fixture
def graph(settings):
    graph = Graph(settings, HASTE)
    yield graph
    graph.close()


def answers(*contents):
    return [(200, json.dumps(content).encode(), {}) for content in contents]


def test_every_page_is_asked_for_with_the_same_preferences(server, graph):
    more = f"{server.root}/me/x?$skip=1"
    server.script = answers({"value": [{"id": 1}, {}], "@odata.nextLink": more}, {"value": [{"id": 2}]})
    found = [*rows(graph, "/me/x", "looking", {"$top": 1}, ("a", "b"))]
    assert found == [{"id": 1}, {}, {"id": 2}]
    asked = [(path, headers["Prefer"]) for _, path, headers, _ in server.seen]
    assert asked == [("/v1.0/me/x?$top=1", "a, b"), ("/v1.0/me/x?$skip=1", "a, b")]


@pytest.mark.parametrize(
    "answer",
    [{}, {"value": None}, {"value": {}}, {"value": [{}, None]}, {"value": [], "@odata.nextLink": 7}],
)
def test_a_list_that_is_none_is_a_bad_answer(server, graph, answer):
    server.script = answers(answer)
    with pytest.raises(BadAnswer, match="Account client, looking: Microsoft's list can't be read"):
        [*rows(graph, "/me/x", "looking")]


def test_a_list_that_leads_to_another_server_is_not_followed(server, graph):
    server.script = answers({"value": [], "@odata.nextLink": "https://evil.example/v1.0/x"})
    with pytest.raises(BadAnswer, match="another server"):
        [*rows(graph, "/me/x", "looking")]
    assert len(server.seen) == 1


def test_a_view_that_cannot_be_read_does_not_say_that_an_event_is_gone(server, graph):
    mailbox = Mailbox(graph, "default", None)
    server.script = answers({"value": None})
    with pytest.raises(BadAnswer):
        mailbox.in_view(Window(WINDOW.start, WINDOW.end))


def test_a_calendar_is_looked_for_on_every_page_of_the_list(server, settings):
    server.script = answers(
        {"value": [{"id": "1", "name": "Mine"}], "@odata.nextLink": f"{server.root}/me/calendars?$skip=1"},
        {"value": [{"id": "2", "name": "Team"}, {"name": "without an id"}]},
    )
    assert OutlookAccount(settings, HASTE).calendar("team").id == "team"
    assert len(server.seen) == 2


def test_on_a_calendar_of_somebody_elses_no_invitation_is_changed(server, settings):
    owner = {"address": "Dana@Example.com"}
    server.script = answers({"value": [{"id": "1", "name": "Dana's", "owner": owner}]})
    calendar = OutlookAccount(settings, HASTE).calendar("Dana's")
    for change in (lambda: calendar.attach("e", PREP), lambda: calendar.detach("e", PREP.url)):
        with pytest.raises(Refused, match="somebody else's"):
            change()
    assert len(server.seen) == 1
