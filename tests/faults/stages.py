"""Where a story is played: a provider, the people on it, prepd's folder; and what is to be seen there at its end."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from connectors.outlook.parse import mark_of
from daemon.accounts import google_settings, outlook_settings
from daemon.config import load
from daemon.paths import ready
from daemon.store.heartbeat import read_heartbeat
from daemon.store.store import Store
from sandbox.google.docs_text import text_of
from tests import google_account, outlook_account
from tests.faults.snapshot import Snapshot
from tests.outlook_world import in_outlooks_config
from tests.world import LONDON, in_config

PEOPLE = """
[[person]]
email = "dana@example.com"
name = "Dana"
role = "manager"

[report]
deliver = ["file", "calendar"]
"""


_MADE = re.compile(r"Made \w{3} +\d+ \w{3} +\d\d:\d\d")


class Stage:
    """Alex uses prepd; Dana and Sam meet Alex. It is Monday 2 November 2026, 08:00 in London."""

    account = ""

    def __init__(self, provider, folder, processes):
        self.provider, self.folder, self.processes = provider, folder, processes
        self.clock = provider.clock
        self.alex, self.dana, self.sam = (
            provider.account(f"{name}@example.com", name=full, time_zone="Europe/London")
            for name, full in (("alex", "Alex Kim"), ("dana", "Dana Reyes"), ("sam", "Sam Ortiz"))
        )
        self.state, self._saved = folder / "state", 0
        ready(self.state)
        file = folder / "config.toml"
        network = f'[network]\nca_bundle = "{provider.ca_path}"\ntimeout = "5s"\n'
        file.write_text(f'timezone = "Europe/London"\n{self._account()}{network}{PEOPLE}')
        self._where = ["--config", str(file), "--state-dir", str(self.state)]
        self.config = load(file)
        self.sign_in()

    # --- acting ----------------------------------------------------------------------------------------------

    def words(self, *words):
        return [*words, *self._where]

    def prepd(self, *words, **fault):
        return self.processes.run(self.words(*words), self.clock.now(), **fault)

    def save(self) -> Callable[[], None]:
        """:returns: what brings all of it back to where it is now."""
        self._saved += 1
        there, kept = Snapshot(self.provider), self.folder / f"kept-{self._saved}"
        shutil.copytree(self.state, kept)

        def restore():
            there.restore()
            shutil.rmtree(self.state)
            shutil.copytree(kept, self.state)

        return restore

    # --- looking ---------------------------------------------------------------------------------------------

    def seen(self) -> dict:
        """Everything that matters at the end, without what must differ: times of writing, ids given at random."""
        plain = self._plainly()
        return self.seen_there() | {
            "ledger": sorted(
                (plain(_but(asdict(c), "noticed_at", "notice_minutes")) for c in self.ledger()),
                key=lambda c: c["id"],
            ),
            "state": plain(self._state()),
            "reports": sorted(p.name for p in self.state.glob("reports/*")),
            "pending": [asdict(p) for p in read_heartbeat(self.state).pending],
        }

    def seen_there(self) -> dict:
        """The part of it that is at the provider."""
        plain = self._plainly()
        since, until = self.clock.now() - timedelta(weeks=4), self.clock.now() + timedelta(days=45)
        return {
            "alex": [plain(self._event(e)) for e in self.alex.events(since, until)],
            "dana": [plain(self._event(e)) for e in self.dana.events(since, until)],
            "documents": plain(self._documents()),
            "folders": sorted(self.provider.folders().values()),
            "mails by prepd": len(self.provider.mailbox.sent_by_clients()),
            "mails": len(self.provider.mailbox),
        }

    def _plainly(self) -> Callable[[object], object]:
        names = self._names()

        def plain(value):
            text = json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
            for name, meaning in names.items():
                text = text.replace(name, json.dumps(meaning, ensure_ascii=False)[1:-1])
            return json.loads(_MADE.sub("Made then", text))

        return plain

    @staticmethod
    def local(moment):
        return moment.astimezone(LONDON).strftime("%m-%d %H:%M")

    def ledger(self):
        return Store(self.state).changes()

    def _state(self):
        state = Store(self.state).state()
        made = state.artefacts
        return {
            "records": _each(state.records, "first_seen", "closed_at", *self.random_of_meetings),
            "slots": _each(made.slots, "etag", "text_hash", "body_digest", *self.random),
            "links": _each(made.links, "left_at", "fingerprint"),
            "docs": _each(made.docs),
            "pages": _each(made.pages, "opened_at", "digest"),
            "deliveries": sorted((d.to, d.week) for d in state.deliveries),
            "report events": sorted(state.report_events),
            "left": [*state.intents, *state.attempts],
            # Those in which an account could not be read are as true as the fault.
            "gaps": [g.reason for g in state.gaps if g.account is None],
            "paused": state.meta.paused,
        }


class OnGoogle(Stage):
    random = random_of_meetings = ()

    def _account(self):
        self.provider.write_client_secrets(self.folder / "client.json")
        return in_config(self.provider)

    def sign_in(self):
        settings = google_settings(self.config, self.config.account[0], ready(self.state))
        signed_in = google_account.signed_in(self.provider, self.alex, self.folder)
        settings.token_file.parent.mkdir(mode=0o700)
        shutil.move(signed_in.token_file, settings.token_file)

    def at(self, when):
        """The id of the meeting that begins then ("11-03 10:00") on Alex's calendar."""
        return next(e["id"] for e in self.alex.events() if self.start(e) == when and not self.is_ours(e))

    def slot(self, when):
        return next(e["id"] for e in self.alex.events() if self.start(e) == when and self.is_ours(e))

    def page(self):
        return next(d for d in self.provider.documents() if "Dana" in d.title)

    def note(self, text):
        """Alex types an action item on the page for the next 1:1 with Dana."""
        self.page().append(text, under="Action items")

    def write(self, event_id, text):
        """Alex types in an event."""
        self.alex.change(event_id, description=text)

    def text(self, event_id):
        return self.alex.event(event_id)["description"]

    def is_ours(self, event):
        return "prepd" in event.get("extendedProperties", {}).get("private", {})

    def start(self, event):
        return self.local(datetime.fromisoformat(event["start"]["dateTime"]))

    def _event(self, event):
        event = _but(event, "etag", "updated", "created", "htmlLink")
        marks = event.get("extendedProperties", {}).get("private", {})
        if "prepd" in marks:
            event["extendedProperties"] = {"private": _but(marks, "prepd"), "mark": _mark(marks["prepd"])}
        return event

    def _names(self):
        """Documents by their titles, and the places that links lead to by what stands there."""
        papers = self.provider.documents()
        headings = {}
        for paper in papers:
            body = paper._body
            for start, end, paragraph in body.spans():
                if there := paragraph.style.get("headingId"):
                    headings[there] = f"heading {text_of(body.text[start - 1 : end - 2])}"
        return {paper.id: paper.title for paper in papers} | headings

    def _documents(self):
        return sorted([d.title, d.text, d.shared_with, d.trashed] for d in self.provider.documents())


class OnOutlook(Stage):
    random = ("event_id",)
    random_of_meetings = ("url",)
    """Rounds tell the address of the series, lists that of the date: which one is on record is chance."""

    def _account(self):
        return in_outlooks_config(self.provider)

    def sign_in(self):
        wanted = outlook_settings(self.config, self.config.account[0], ready(self.state))
        more = {name: getattr(wanted, name) for name in ("documents", "sharing", "calendars", "token_file")}
        outlook_account.signed_in(self.provider, self.alex, self.folder, **more)

    def at(self, when):
        return next(e["id"] for e in self.alex.events() if self.start(e) == when and not self.is_ours(e))

    def slot(self, when):
        return next(e["id"] for e in self.alex.events() if self.start(e) == when and self.is_ours(e))

    def note(self, text):
        page = [f for f in self.provider.documents() if "Dana" in f.path][-1]
        page.append(text, under="Action items")

    def write(self, event_id, text):
        self.alex.write_body(event_id, text)

    def text(self, event_id):
        return self.alex.event(event_id)["body"]["content"]

    def is_ours(self, event):
        return mark_of(self.alex.event(event["id"])) is not None

    def start(self, event):
        return self.local(datetime.fromisoformat(event["start"]["dateTime"][:19] + "+00:00"))

    def _event(self, event):
        if not (event["attendees"]):
            event = self.alex.event(event["id"])
        mark = mark_of(event)
        event = _but(
            event,
            "id",
            "@odata.etag",
            "changeKey",
            "createdDateTime",
            "lastModifiedDateTime",
            "iCalUId",
            "uid",
            "webLink",
            "singleValueExtendedProperties",
        )
        return event | {"mark": _mark(mark) if mark else None}

    def _names(self):
        return {paper.id: paper.path for paper in self.provider.documents()} | self.provider.folders()

    def _documents(self):
        return sorted([d.path, d.text, d.shared_with] for d in self.provider.documents())


def _but(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


def _each(values, *names):
    return {key: _but(asdict(value), *names) for key, value in sorted(values.items())}


def _mark(text):
    """Without the hash of the text, in which the page's address stands."""
    return re.sub(r" \S+$", "", text)
