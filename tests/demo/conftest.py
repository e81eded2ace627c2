"""The demo's story, played once, and served: the tests of its pages share it, and each works on an event of its own."""

from __future__ import annotations

import http.client
import re
import threading
from urllib.parse import urlencode

import pytest

from daemon.commands.demo.serve.site import Site
from daemon.commands.demo.serve.web import Server
from daemon.commands.demo.stage import Stage
from daemon.commands.demo.story import AFTER, WEEKS, play


class Visitor:
    """Speaks plain HTTP to the pages, as a browser without JavaScript does."""

    def __init__(self, port: int, stage: Stage) -> None:
        self.port, self.stage = port, stage
        self.host = f"127.0.0.1:{port}"

    def send(self, method, path, body=None, **headers):
        """Status, headers and text; a header given as None is left out."""
        named = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in named.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None and "Content-Length" not in named:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8")
        finally:
            connection.close()

    def get(self, path):
        status, _, text = self.send("GET", path)
        assert status == 200, text
        return text

    def post(self, path, /, fields, **headers):
        given = {
            "Origin": f"http://{self.host}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", path, urlencode(fields).encode(), **given)

    def act(self, name, **fields):
        """Sends a form, and reads the page that it leads to."""
        status, headers, text = self.post(f"/act/{name}", fields)
        assert status == 303, text
        return self.get(headers["Location"])

    def invite(self, title, week="2026-W45"):
        """The path of the first invite with this title in a week."""
        page = self.get(f"/?week={week}")
        links = re.findall(r'href="(/invite/[^"]+)"><span class="clock">[^<]*</span> <strong>([^<]*)', page)
        return next(path for path, shown in links if title in shown)


@pytest.fixture(scope="session")
def visitor(tmp_path_factory):
    with Stage(tmp_path_factory.mktemp("demo")) as stage:
        for account in stage.config.account:
            stage.sign_in(account.name)
        for week in WEEKS:
            for scene in week.scenes:
                play(scene, stage)
        stage.live_until(AFTER)
        site = Site(stage)
        server = Server(site, 0)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield Visitor(server.server_address[1], stage)
        server.shutdown()
        server.server_close()
        site.end()
        thread.join()
        assert stage.google.bugs == []
        assert stage.microsoft.bugs == []
        boxes = (stage.google.mailbox, stage.microsoft.mailbox)
        assert [mail for box in boxes for mail in box.sent_by_clients()] == []
