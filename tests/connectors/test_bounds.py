"""An answer that never ends is given up: by its time, or by its length. No test waits; a clock is told."""

from __future__ import annotations

import gzip
import io
import itertools
import socket
import threading
from contextlib import contextmanager

import pytest

from connectors import bounds
from connectors.bounds import Bounded, TooLong, TooSlow
from connectors.errors import BadAnswer, ConnectorError, Unavailable
from connectors.google.wire import HttpOnce
from connectors.outlook.wire import Question, Wire
from connectors.tls import trusted_authorities
from tests.connectors.test_google_transport import run, server, services, settings  # noqa: F401  # fixtures

TIMEOUT = 30
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Endless:
    """Answers every request with `beginning`, and then with `more`, for ever."""

    def __init__(self, beginning, more):
        self._beginning, self._more = beginning, more
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            try:
                while not connection.recv(65536).endswith(b"\r\n\r\n"):
                    pass
                connection.sendall(self._beginning)
                while self._more:
                    connection.sendall(self._more)
            except OSError:
                return

    def close(self):
        self._socket.close()


@contextmanager
def endless(beginning, more=b""):
    there = Endless(beginning, more)
    try:
        yield there.url
    finally:
        there.close()


@pytest.fixture
def slow_clock(monkeypatch):
    """Each look at it is twenty seconds after the one before."""
    monkeypatch.setattr(Bounded, "clock", staticmethod(itertools.count(0, 20).__next__))


@pytest.fixture(params=["google", "outlook"])
def client(request, tmp_path):
    """Asks for an address, by either provider's connections."""
    if request.param == "google":
        http = HttpOnce(TIMEOUT, trusted_authorities(None, tmp_path))
        yield lambda url: http.request(url)[1]
        http.close()
    else:
        wire = Wire(TIMEOUT, None, tmp_path)
        yield lambda url: wire.send(Question("GET", url, "Account client, reading", {})).body
        wire.close()


# --- time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-B: ", id="headers"),
        pytest.param(HEAD + b"Content-Length: 50000000\r\n\r\n", id="a body of known length"),
        pytest.param(HEAD + b"\r\n", id="a body to the end of the connection"),
    ],
)
def test_an_answer_that_keeps_coming_and_never_ends_is_given_up(client, slow_clock, beginning):
    with endless(beginning, b"a" * 512) as url, pytest.raises((TooSlow, Unavailable)) as failure:
        client(url)
    if isinstance(failure.value, ConnectorError):
        assert "its answer came too slowly" in str(failure.value)


def test_one_in_pieces_too(client, slow_clock):
    beginning = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    with endless(beginning, b"1\r\na\r\n") as url, pytest.raises((TooSlow, Unavailable)):
        client(url)


def test_what_takes_its_time_and_ends_is_read(client, monkeypatch):
    monkeypatch.setattr(Bounded, "clock", staticmethod(itertools.count(0, 5).__next__))
    with endless(HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}") as url:
        assert client(url) == b"{}"
        assert client(url) == b"{}"


def test_the_last_wait_is_no_longer_than_what_is_left():
    connection = Bounded("localhost", timeout=30)
    times = iter([0, 5, 45, 60])
    connection.clock = times.__next__
    connection._begin()
    assert [connection.wait(), connection.wait()] == [30, 15]
    with pytest.raises(TooSlow):
        connection.wait()


def test_an_answer_that_came_too_slowly_is_told_as_no_answer(services, slow_clock, server, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bounds, "WITHIN", 5)
    with pytest.raises(Unavailable, match="its answer came too slowly"):
        run(services)


# --- length ----------------------------------------------------------------------------------------------


@pytest.fixture
def short(monkeypatch):
    """A million bytes are too many."""
    for module in ("connectors.bounds", "connectors.google.wire", "connectors.outlook.wire"):
        monkeypatch.setattr(f"{module}.MOST_BYTES", 1_000_000)


@pytest.mark.parametrize("told", [b"", b"Content-Length: 9000000000000\r\n"])
def test_an_answer_that_is_too_long_is_given_up(short, client, told):
    with endless(HEAD + told + b"\r\n", b"a" * 65536) as url, pytest.raises((TooLong, BadAnswer)):
        client(url)


def packed(size, end=b""):
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb") as packing:
        packing.write(b" " * size + end)
    return content.getvalue()


def test_a_little_that_unpacks_to_far_too_much_is_given_up(short, tmp_path, services, server):  # noqa: F811
    bomb = packed(3_000_000)
    server.script = [(200, bomb, {"Content-Encoding": "gzip"})]
    with pytest.raises(BadAnswer, match="longer than any that makes sense"):
        run(services)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    wire = Wire(TIMEOUT, None, tmp_path)
    with endless(head + bomb) as url, pytest.raises(BadAnswer, match="longer than any that makes sense"):
        wire.send(Question("GET", url, "Account client, reading", {}))
    wire.close()


def test_what_repeats_itself_is_read_however_small_it_was_packed(services, server):  # noqa: F811
    """Hundreds of occurrences with the same long guest list: the length alone is bounded."""
    server.script = [(200, packed(12_000_000, b"{}"), {"Content-Encoding": "gzip"})]
    assert run(services) == {}


def test_one_of_google_s_that_is_too_long_is_told_as_such(short, services, server):  # noqa: F811
    server.script = [(200, b" " * 2_000_000 + b"{}", {})]
    with pytest.raises(BadAnswer, match="longer than any that makes sense"):
        run(services)
    assert len(server.seen) == 1


def test_a_body_that_ends_before_it_should_is_no_answer(services, server):  # noqa: F811
    cut = HEAD + b'Content-Length: 9\r\n\r\n{"a":'
    server.script = [cut] * 5
    with pytest.raises(Unavailable):
        run(services)
