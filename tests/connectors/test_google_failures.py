"""Google's failures, by who must act."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import (
    BadAnswer,
    Conflict,
    ConnectorError,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    Throttled,
    TokenExpired,
    Unavailable,
)
from connectors.google.failures import BadRequest, Failure


def body(reason="", message="Somebody's secret@example.com", **more):
    errors = [{"domain": "global", "reason": reason, "message": message}] if reason else []
    return json.dumps({"error": {"code": 400, "message": message, "errors": errors, **more}}).encode()


def failed(status, content=b"", method="GET", retry_after=None, missing="", method_id="calendar.events.list"):
    return Failure("work", method_id, method, status, retry_after, content).error(missing)


DETAILS = {"details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]}
SCOPES = {"details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}], "status": "PERMISSION_DENIED"}


@pytest.mark.parametrize(
    ("status", "content", "method", "kind"),
    [
        (400, body("invalid"), "GET", BadRequest),
        (401, body("authError"), "GET", SignInNeeded),
        (401, b"", "GET", SignInNeeded),
        (403, body("rateLimitExceeded"), "GET", Throttled),
        (403, body("userRateLimitExceeded"), "PATCH", Throttled),
        (403, body("quotaExceeded"), "GET", Throttled),
        (429, body("rateLimitExceeded"), "GET", Throttled),
        (429, b"<html>", "GET", Throttled),
        (403, body("accessNotConfigured"), "GET", Misconfigured),
        (403, body(**DETAILS), "GET", Misconfigured),
        (403, body("insufficientPermissions"), "GET", SignInNeeded),
        (403, body(**SCOPES), "GET", SignInNeeded),
        (403, body("forbiddenForNonOrganizer"), "PATCH", Refused),
        (403, body("requiredAccessLevel"), "POST", Refused),
        (403, body(), "PATCH", Refused),
        (403, b"<html>Blocked by policy</html>", "PATCH", Unavailable),
        (404, body("notFound"), "GET", NotFound),
        (404, b"<html>Not here</html>", "GET", BadAnswer),
        (404, b"", "DELETE", BadAnswer),
        (407, b"", "GET", Misconfigured),
        (408, b"", "GET", Unavailable),
        (409, body("duplicate"), "POST", Conflict),
        (412, body("conditionNotMet"), "PATCH", Conflict),
        (413, body(), "POST", BadRequest),
        (500, body("backendError"), "GET", Unavailable),
        (502, b"<html>Bad Gateway</html>", "GET", Unavailable),
        (503, b"", "POST", Unavailable),
        (302, b"", "GET", BadAnswer),
        (403, b'{"error": "quotaExceeded"}', "GET", Throttled),
        (403, b'{"error": 7}', "GET", Unavailable),
    ],
)
def test_a_failure_says_who_must_act(status, content, method, kind):
    assert type(failed(status, content, method)) is kind


@pytest.mark.parametrize(
    "content", [body("fullSyncRequired"), body("updatedMinTooLongAgo"), body("gone"), b"Gone"]
)
def test_a_list_that_is_gone_has_to_be_read_in_full_whatever_the_reason(content):
    assert type(failed(410, content, "GET", method_id="calendar.events.list")) is TokenExpired


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
@pytest.mark.parametrize("reason", ["deleted", "gone", "fullSyncRequired"])
def test_an_event_that_is_gone_is_not_there(method, reason):
    assert type(failed(410, body(reason), method_id=f"calendar.events.{method}")) is NotFound


def test_an_api_that_is_off_is_named():
    error = failed(403, body("accessNotConfigured"), method_id="docs.documents.get")
    assert "Google Docs API is not enabled" in str(error)
    assert "console.cloud.google.com" in str(error)


def test_a_permission_that_is_missing_is_named():
    error = failed(403, body("insufficientPermissions"), missing="to see your calendars")
    assert "lacks the permission to see your calendars" in str(error)
    assert "prepd auth login work" in str(error)


def test_a_write_that_met_a_server_error_may_have_been_carried_out():
    assert failed(503, method="POST").maybe_done
    assert not failed(503, method="GET").maybe_done
    assert not failed(429, method="POST").maybe_done


def test_how_long_to_wait_is_passed_on():
    assert failed(429, retry_after="17").retry_after == 17.0
    error = failed(503, method="POST", retry_after="3")
    assert (error.retry_after, error.maybe_done) == (3.0, True)


def test_googles_own_words_stay_out_of_messages():
    for status in (400, 401, 403, 404, 409, 410, 412, 429, 500):
        error = failed(status, body("backendError"))
        assert "secret@example.com" not in str(error)
    assert failed(400, body("invalid")).said == "Somebody's secret@example.com"


def test_a_reason_that_is_no_code_stays_out_of_messages():
    assert "bob@example.com" not in str(failed(403, body("bob@example.com is not allowed")))


@given(st.integers(300, 599), st.binary(max_size=200), st.sampled_from(["GET", "POST", "PATCH", "DELETE"]))
def test_every_answer_is_a_connector_error(status, content, method):
    assert isinstance(failed(status, content, method), ConnectorError)


shapes = st.recursive(
    st.none() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "errors", "details", "reason", "status", "message"]), inner
        )
    ),
    max_leaves=10,
)


@given(st.integers(300, 599), shapes)
def test_every_shape_of_an_error_is_a_connector_error(status, shape):
    assert isinstance(failed(status, json.dumps(shape).encode()), ConnectorError)
