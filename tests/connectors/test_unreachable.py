"""What keeps an answer from coming is said in words, however deep a library hides it."""

from __future__ import annotations

import socket

import pytest
import requests
import urllib3

from connectors.unreachable import why_no_answer


def wrapped(inner):
    try:
        try:
            raise inner
        except OSError as error:
            raise RuntimeError("outer") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "connection refused"),
        (socket.gaierror(-2, "Name or service not known"), "its name is not known to the network"),
        (TimeoutError("timed out"), "no answer in time"),
        (ConnectionResetError(104, "Connection reset by peer"), "the connection broke"),
        (OSError(101, "Network is unreachable"), "network is unreachable"),
        (wrapped(ConnectionRefusedError(111, "Connection refused")), "connection refused"),
        (
            requests.ConnectionError(urllib3.exceptions.ProtocolError("x", TimeoutError())),
            "no answer in time",
        ),
        (RuntimeError("secret text of a server"), "the connection broke (RuntimeError)"),
    ],
)
def test_the_reason_is_said_in_words(error, said):
    assert why_no_answer(error) == said
