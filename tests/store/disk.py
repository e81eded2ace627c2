"""A disk on which every operation is counted, and the one asked for goes wrong."""

from __future__ import annotations

import os

OPERATIONS = ("open", "unlink", "link", "replace", "fsync", "close")


class Killed(BaseException):
    """The process ended here."""


class Disk:
    """Counts what is done to files; `fail` is called in place of operation number `at`."""

    def __init__(self, monkeypatch, at=None, fail=None):
        self.done, self._at, self._fail = [], at, fail
        for name in OPERATIONS:
            monkeypatch.setattr(os, name, self._counted(name, getattr(os, name)))
        self._fdopen = os.fdopen
        monkeypatch.setattr(os, "fdopen", self._opened)

    def _step(self, name, args):
        number = len(self.done)
        self.done.append((name, *args))
        if number == self._at:
            self._fail()

    def _counted(self, name, real):
        def operation(*args, **more):
            self._step(name, args)
            return real(*args, **more)

        return operation

    def _opened(self, *args, **more):
        return _Paper(self._fdopen(*args, **more), self._step)


class _Paper:
    """A file that can be torn: half of what is written gets there before the failure."""

    def __init__(self, file, step):
        self._file, self._step = file, step

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def write(self, content):
        self._file.write(content[: len(content) // 2])
        self._step("write", (len(content),))
        self._file.write(content[len(content) // 2 :])

    def fileno(self):
        return self._file.fileno()

    def flush(self):
        self._step("flush", ())
        self._file.flush()
