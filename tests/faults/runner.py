"""prepd in processes of its own that end where they are told to.

This process loads everything once, has no threads, and forks for each order: a JSON line on stdin with `words` (a
command line), `now`, and what is to go wrong. One line answers it: how the process ended (negative: by which signal),
and, where it came to its end by itself, how many requests it sent and what it did to files.

    {"words": ["sync", …], "now": "2026-11-02T08:00:00+00:00", "die": ["request", 3, "before"]}
    {"words": […], "now": …, "die": ["file", 7]}        killed in place of the seventh operation (from 0)
    {"words": […], "now": …, "fail": [7, 28, true]}     it fails with that errno, and so do (true) all after it
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from datetime import datetime
from functools import partial

import pytest

from connectors.google.wire import HttpOnce
from connectors.outlook.wire import Wire
from connectors.retry import Retry
from daemon import cycle
from daemon.apply.desk import Desk
from daemon.commands.context import Context
from daemon.commands.main import main
from tests.store.disk import Disk

NEEDED = (
    "_strptime",
    "connectors.google.account",
    "connectors.google.documents",
    "connectors.outlook.account",
    "connectors.outlook.documents",
    "connectors.outlook.docx_read",
    "connectors.outlook.docx_write",
    "connectors.outlook.renewal",
    "daemon.accounts",
    "daemon.commands.clean",
    "daemon.commands.sync",
    "daemon.commands.terminal",
    "daemon.render.html",
    "daemon.render.markdown",
    "daemon.render.text",
    "daemon.round",
    "daemon.apply.template",
    "docx",
    "encodings.cp437",
    "encodings.utf_16_le",
    "googleapiclient.discovery_cache",
    "markdown_it",
    "msal",
    "tinydb",
    "zoneinfo._zoneinfo",
)
"""Loaded late by prepd, and here before anything forks."""

_WRITING = ("open", "write", "flush", "fsync", "link", "replace", "unlink")


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


class FailingDisk(Disk):
    """One on which an operation fails with an errno, and from then on all that need room or the right to write."""

    def __init__(self, patch, at, code, lasting):
        self._code, self._lasting = code, lasting
        super().__init__(patch, at)

    def _step(self, name, args):
        number = len(self.done)
        self.done.append((name, *args))
        if number == self._at or (self._lasting and number > self._at and self._writes(name, args)):
            raise OSError(self._code, os.strerror(self._code))

    @staticmethod
    def _writes(name, args):
        return name in _WRITING and not (name == "open" and len(args) > 1 and not args[1] & os.O_CREAT)


class Wires:
    """Counts the requests of both clients, and ends the process at one of them."""

    def __init__(self, at=None, when=""):
        self.sent, self._at, self._when = 0, at, when
        HttpOnce.request = self._counted(HttpOnce.request)
        Wire._exchange = self._counted(Wire._exchange)

    def _counted(self, real):
        def request(wire, *args, **more):
            self.sent += 1
            mine = self.sent
            if mine == self._at and self._when == "before":
                _die()
            answer = real(wire, *args, **more)
            if mine == self._at:
                _die()
            return answer

        return request


def run(order, told):
    """In the forked process: runs the command, and writes what it did to `told`."""
    now = datetime.fromisoformat(order["now"])
    real = Context.__init__
    Context.__init__ = lambda self, args, *more, clock=None: real(self, args, *more, clock=lambda: now)
    place = order.get("die") or [""]
    wires = Wires(*place[1:]) if place[0] == "request" else Wires()
    patch = pytest.MonkeyPatch()
    if failing := order.get("fail"):
        disk = FailingDisk(patch, *failing)
    else:
        disk = Disk(patch, place[1] if place[0] == "file" else None, _die)
    code = main(order["words"])
    sys.stdout.flush()
    done = [step[0] for step in disk.done]
    patch.undo()
    os.write(told, json.dumps({"requests": wires.sent, "files": done}).encode())
    return code


def fork(order):
    """Runs one order in a process of its own, and tells how that ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 70
        try:
            output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(output, 1)
            os.dup2(output, 2)
            code = run(order, writing)
        except BaseException:  # noqa: BLE001  # told in the log, and by the exit code
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return {"ended": os.waitstatus_to_exitcode(status), **(json.loads(told) if told else {})}


def serve(authorities):
    for name in NEEDED:
        importlib.import_module(name)
    Retry._pause = lambda self, seconds: True
    cycle.Desk = partial(Desk, sleep=lambda seconds: None)
    sys.modules["certifi"].where = lambda: authorities
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(fork(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
