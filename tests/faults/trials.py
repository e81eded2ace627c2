"""Plays a story with one thing going wrong at a time, lets prepd run on, and compares the end with the undisturbed."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from tests.faults.processes import KILLED
from tests.faults.stories import STORY

FINE = {"garbage": (0, 1, 75)}
"""How a command may end that was disturbed so: done, later, and (an error) where an answer makes no sense."""

REQUEST_FAULTS = (
    "dropped before",
    "dropped after",
    "429",
    "500",
    "503",
    "garbage",
    "dropped after, and all later ones",
    "429, and all later ones",
    "503, and all later ones",
    "garbage, and all later ones",
    "killed before",
    "killed after",
)
FILE_FAULTS = ("killed", "disk full from then on", "read-only from then on")
TORN = (0, 50, 99)
_LASTING = 10_000
_UNREAD = re.compile(
    r"untouched is 'None' instead of 'True'|The page is ready;.* instead of .*Nothing on it yet;"
)


class On(Enum):
    """What goes wrong."""

    REQUEST = "request"
    FILE = "file operation"
    STATE = "state file"


@dataclass(frozen=True)
class Trial:
    """One thing that goes wrong in a step's command, at which request (from 1) or operation on a file (from 0);
    or after it, with the state file.
    """

    step: str
    fault: str
    place: int
    on: On = field(default=On.REQUEST)

    def __str__(self):
        return f"{self.step}: {self.on.value} {self.place} {self.fault}"


@dataclass
class Tally:
    """How often each fault was tried, and the differences that it made."""

    tried: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


class Laboratory:
    """A stage, and the story played on it. `choose` says which of all trials are made."""

    def __init__(self, stage, choose=lambda trial: True):
        self.stage, self._choose = stage, choose
        self.tally = Tally()

    def play(self, steps=None) -> Tally:
        """Plays the story; tries what goes wrong at the named steps, or at all of them."""
        for step in STORY:
            step.act(self.stage)
            self.stage.provider.requests.clear()
            restore = self.stage.save()
            ended = self.stage.prepd(*step.words)
            assert ended.code == 0, f"{step.name} ends with {ended.code} undisturbed"
            assert ended.requests == len(self.stage.provider.requests), (
                "a request that the runner doesn't see"
            )
            go_on = self.stage.save()
            if steps is None or step.name in steps:
                wanted = list(self._ends(step))
                for trial in filter(self._choose, _trials(step, ended)):
                    (go_on if trial.on is On.STATE else restore)()
                    self._try(step, trial, wanted)
                go_on()
        return self.tally

    def _try(self, step, trial, wanted):
        code = self._disturbed(step, trial)
        self.tally.tried[f"{trial.on.value} {trial.fault}"] += 1
        if code not in _fine(trial):
            self.tally.differences.append(f"{trial}: ended with {code}")
        for found, end in zip(self._ends(step), wanted, strict=True):
            if found is not None and found == end:
                return
        told = differences(wanted[-1], found)
        self.tally.differences += [f"{trial}: {line}" for line in told if not _as_true(step, trial, line)]

    def _disturbed(self, step, trial) -> int:
        if trial.on is On.STATE:
            file = self.stage.state / "prepd.json"
            os.truncate(file, file.stat().st_size * trial.place // 100)
            return 0
        faults, nth = self.stage.provider.faults, trial.place
        fault, _, lasting = trial.fault.partition(", and all")
        times = _LASTING if lasting else 1
        more = {}
        if trial.on is On.FILE:
            code = errno.EROFS if "read-only" in fault else errno.ENOSPC
            more = {"fail": [nth, code, "from then on" in fault]}
            if fault == "killed":
                more = {"die": ["file", nth]}
        elif fault.startswith("killed"):
            more = {"die": ["request", nth, fault.split()[1]]}
        elif fault.startswith("dropped"):
            faults.drop(fault.split()[1], nth=nth, times=times)
        elif fault == "garbage":
            faults.garbage(nth=nth, times=times)
        else:
            wait = {"retry_after": 1} if fault == "429" else {}
            faults.status(int(fault), nth=nth, times=times, **wait)
        code = self.stage.prepd(*step.words, **more).code
        faults.clear()
        return code

    def _ends(self, step):
        """What is to be seen after each of the commands that run on, but the first: that one does what was left, and
        only the next one looks at it.
        """
        for number, (minutes, words) in enumerate(step.after):
            self.stage.clock.advance(minutes=minutes)
            ended = self.stage.prepd(*words)
            last = {"requests at rest": ended.requests, "ended": ended.code}
            yield {**self.stage.seen(), **last} if number else None


def _as_true(step, trial, difference) -> bool:
    """Whether the fault is what is told: a page that could not be read, a gap that went with the torn file."""
    if trial.on is On.STATE and difference.startswith("/state/gaps "):
        return True
    return step.as_known and _UNREAD.search(difference) is not None


def _fine(trial) -> tuple[int, ...]:
    if trial.fault.startswith("killed"):
        return (KILLED,)
    if trial.on is On.FILE:
        # 78 where not even the sign-in or the list of authorities can be kept
        return (0, 1, 75, 78)
    return FINE.get(trial.fault.partition(",")[0], (0, 75))


def _trials(step, ended) -> Iterator[Trial]:
    for place in range(1, ended.requests + 1):
        for fault in REQUEST_FAULTS:
            yield Trial(step.name, fault, place)
    for place in range(len(ended.files)):
        for fault in FILE_FAULTS:
            yield Trial(step.name, fault, place, On.FILE)
    for percent in TORN:
        yield Trial(step.name, "torn off at % of its length", percent, On.STATE)


def differences(wanted, found, path="") -> Iterator[str]:
    """Where two pictures of the end differ, in words short enough to be read."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in sorted(wanted.keys() | found.keys()):
            yield from differences(wanted.get(name), found.get(name), f"{path}/{name}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{path}/{number}")
    elif wanted != found:
        one, other = str(wanted), str(found)
        same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        near = slice(max(0, same - 60), same + 240)
        yield f"{path} is {other[near]!r} instead of {one[near]!r}"
