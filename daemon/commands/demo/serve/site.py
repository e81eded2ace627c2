"""Which page an address leads to, and what comes of a form. One request at a time: the story has one clock."""

from __future__ import annotations

import logging
import re
import threading
from typing import Any

from daemon.bugs import where
from daemon.commands.demo.serve import dates, style
from daemon.commands.demo.serve.acts import Acts, Wrong
from daemon.commands.demo.serve.cast import CLIENT, WORK, Cast
from daemon.commands.demo.serve.diary import Diary
from daemon.commands.demo.serve.doc_page import doc_page, docs_page
from daemon.commands.demo.serve.frame import Page, bare, framed, page_of
from daemon.commands.demo.serve.invite_page import invite_page
from daemon.commands.demo.serve.ledger_page import ledger_page
from daemon.commands.demo.serve.papers import Shelf
from daemon.commands.demo.serve.report_page import report_file, report_page
from daemon.commands.demo.serve.told import Told
from daemon.commands.demo.serve.web import Answer, Request
from daemon.commands.demo.serve.week_page import Shown, week_page
from daemon.commands.demo.stage import Stage
from daemon.commands.demo.world import ZONE
from daemon.commands.stored import stored
from daemon.core.weeks import Week, week_named, week_of
from daemon.exits import Stopped
from daemon.render.markup import element
from daemon.store.files import StateError
from daemon.store.lock import Locked
from sandbox.google.errors import ApiError
from sandbox.microsoft.errors import GraphError

log = logging.getLogger(__name__)

_LOCAL = re.compile(r"/(?!/)[\w\-./?=&%~]*", re.ASCII)
_TOLD = re.compile(r"[?&]told=\d*")


class Missing(Exception):
    """There is no such page."""


class Site:
    """Keeps what was told in this session, so that a page can show what came of a form."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cast = Cast(stage.world)
        self._diary = Diary(stage, self._cast)
        self._shelf = Shelf(stage)
        self._acts = Acts(stage, self._cast, self._diary, self._shelf)
        self._told: list[Told] = []
        self._turn = threading.Lock()
        self._ended = False

    def end(self) -> None:
        """Waits for the request that is under way; from then on none is answered."""
        with self._turn:
            self._ended = True

    def answer(self, request: Request) -> Answer:
        with self._turn:
            if self._ended:
                return self.refused(503, "The demo has ended.")
            try:
                return self._act(request) if request.form is not None else self._page(request)
            except Missing:
                return self._sorry(404, "There is no such page", "What was here may have moved with time.")
            except Wrong as wrong:
                return self._sorry(422, "That can’t be done", str(wrong))
            except (ApiError, GraphError):
                return self._sorry(
                    409, "That can’t be done", "The calendar refused it, as the real one would."
                )
            except (Locked, StateError, Stopped) as error:
                return self._sorry(503, "Not now", str(error))
            except Exception as error:  # noqa: BLE001  # a page that says so, never a connection that breaks
                log.error("demo: a bug in prepd: %s", where(error))  # noqa: TRY400
                return self._sorry(500, "A bug in prepd", "This page can’t be made. The others can.")

    def refused(self, status: int, why: str) -> Answer:
        return Answer(bare("Not here", why), status)

    # --- pages ---------------------------------------------------------------------------------------------------

    def _page(self, request: Request) -> Answer:
        here = _TOLD.sub("", request.target).replace("/&", "/?", 1)
        match request.path:
            case ("style.css",):
                return Answer(style.sheet(), kind="text/css")
            case ("icon.svg",):
                return Answer(style.ICON, kind="image/svg+xml")
            case ("report.html",):
                page = report_file(self._stage.context("report"), self._week(request))
                return Answer(page, headers={"Content-Security-Policy": style.FILE_POLICY})
        return Answer(framed(self._shown(request, here), self._stage, here, self._news(request)))

    def _shown(self, request: Request, here: str) -> Page:
        match request.path:
            case ("",):
                return week_page(self._calendar(request), self._cast, here)
            case ("invite", account, event_id):
                return self._invite(account, event_id, here)
            case ("docs",):
                return docs_page(self._shelf)
            case ("doc", account, paper_id):
                paper = self._shelf.paper(account, paper_id)
                if paper is None:
                    raise Missing
                return doc_page(account, paper, here)
            case ("ledger",):
                return ledger_page(self._stage.context("history"), everything="all" in request.query)
            case ("report",):
                return report_page(self._stage.context("report"), self._week(request), self._shelf.page)
        raise Missing

    def _calendar(self, request: Request) -> Shown:
        week, only = self._week(request), request.query.get("calendar", "")
        if only not in ("", WORK, CLIENT):
            raise Missing
        records = stored(self._stage.context("history")).records.values()
        return Shown(
            week,
            self._stage.now,
            [i for i in self._diary.between(week.start, week.end) if not only or i.account == only],
            only,
            frozenset((record.account, record.event_id) for record in records),
            self._shelf.page,
        )

    def _invite(self, account: str, event_id: str, here: str) -> Page:
        invite = self._diary.one(account, event_id)
        if invite is None:
            raise Missing
        told: list[dict[str, Any]] = self._stage.ask("explain", event_id)["events"]
        return invite_page(invite, self._cast, self._shelf, told[0] if told else None, here)

    def _week(self, request: Request) -> Week:
        """The one that is asked for, or this one."""
        if "week" not in request.query:
            return week_of(dates.day(self._stage.now), ZONE)
        try:
            return week_named(request.query["week"], ZONE)
        except ValueError:
            raise Missing from None

    def _news(self, request: Request) -> Told | None:
        number = request.query.get("told", "")
        known = number.isascii() and number.isdigit() and len(number) < 7 and int(number) < len(self._told)
        return self._told[int(number)] if known else None

    # --- forms ---------------------------------------------------------------------------------------------------

    def _act(self, request: Request) -> Answer:
        form = request.form or {}
        if len(request.path) != 2 or request.path[0] != "act":
            raise Missing
        meant = self._diary.one(form.get("account", ""), form.get("event", ""))
        try:
            told = self._acts.do(request.path[1], form)
        except KeyError:
            raise Missing from None
        self._told.append(told)
        back = form.get("back", "/")
        back = _TOLD.sub("", back) if _LOCAL.fullmatch(back) else "/"
        if meant is not None and self._diary.one(meant.account, meant.id) is None:
            back = f"/?week={week_of(dates.day(meant.start), ZONE).name}"  # its own page is gone with it
        number = len(self._told) - 1
        return Answer(status=303, headers={"Location": f"{back}{'&' if '?' in back else '?'}told={number}"})

    def _sorry(self, status: int, title: str, why: str) -> Answer:
        way_back = element("p", element("a", "To the calendar", href="/"))
        page = page_of(title, element("h1", title), element("p", why, class_="lead"), way_back)
        return Answer(framed(page, self._stage, "/", None), status)
