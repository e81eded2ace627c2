"""What the lines of a story do: each sentence, and how it is carried out by its people at the emulated provider."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.core.ledger.marking import UserMark, find_one_on_one, marked
from daemon.core.model import By, Change, Kind
from daemon.store.store import Store
from tests.histories.story import MOMENT, moment

_ACTS = []


def act(sentence: str):
    """An act that is told like this. WHEN, WHO and TITLE stand for what they say."""
    pattern = (
        sentence.replace("WHEN", f"({MOMENT})").replace("WHO", r"([A-Z]\w+)").replace("TITLE", '"([^"]*)"')
    )

    def keep(function):
        _ACTS.append((re.compile(pattern), function))
        return function

    return keep


def carry_out(player, line: str) -> None:
    """:raises ValueError: nobody knows how to do this."""
    for pattern, function in _ACTS:
        if found := pattern.fullmatch(line):
            function(player, *found.groups())
            return
    raise ValueError(f"{player.story.file}: nobody knows how to do this: {line}")


ONE_EVENT = {"google": "*/events/*", "outlook": "*/me/events/*"}
"""Where a single event is asked for."""


@act(r"WHO schedules TITLE every week from WHEN(?: with WHO)?(?:, (\d+) times)?(, unanswered)?")
def _every_week(player, who, title, when, other, count, unanswered):
    rule = "FREQ=WEEKLY" + (f";COUNT={count}" if count else "")
    _schedule(player, who, title, when, other, unanswered, rule=rule)


@act(r"WHO schedules TITLE every other week from WHEN(?: with WHO)?")
def _every_other_week(player, who, title, when, other):
    _schedule(player, who, title, when, other, None, rule="FREQ=WEEKLY;INTERVAL=2")


@act(r"WHO schedules TITLE every Monday and Thursday from WHEN")
def _twice_a_week(player, who, title, when):
    _schedule(player, who, title, when, None, None, rule="FREQ=WEEKLY;BYDAY=MO,TH")


@act(r"WHO makes the series of WHEN repeat (every other week|every week|on Mondays only)")
def _repeat(player, who, when, how):
    series = player.series(who, when)
    if player.provider == "google":
        rule = {"every other week": ";INTERVAL=2", "on Mondays only": ";BYDAY=MO"}.get(how, "")
        player.person(who).change(series, recurrence=[f"RRULE:FREQ=WEEKLY{rule}"])
        return
    recurrence = player.person(who).event(series)["recurrence"]
    pattern = recurrence["pattern"] | {"interval": 1 + (how == "every other week")}
    if how == "on Mondays only":
        pattern["daysOfWeek"] = ["monday"]
    player.person(who).change(series, recurrence=recurrence | {"pattern": pattern})


@act(r"WHO schedules TITLE every week from WHEN by the clock of (\S+)")
def _every_week_elsewhere(player, who, title, when, zone):
    start = moment(when).astimezone(ZoneInfo(zone))
    player.person(who).schedule(title, start, guests=[player.person("Alex")], rule="FREQ=WEEKLY")


@act(r"WHO schedules TITLE on WHEN for WHO and WHO")
def _for_others(player, who, title, when, one, other):
    guests = [player.person(one), player.person(other)]
    player.ids[moment(when)] = player.person(who).schedule(title, moment(when), guests=guests, attends=False)


@act(r"WHO schedules TITLE on WHEN(?: with WHO)?(, unanswered)?")
def _once(player, who, title, when, other, unanswered):
    _schedule(player, who, title, when, other, unanswered)


def _schedule(player, who, title, when, other, unanswered, **more):
    guest = player.person(other or ("Dana" if who == "Alex" else "Alex"))
    player.ids[moment(when)] = player.person(who).schedule(
        title, moment(when), guests=[guest], accepted=unanswered is None, **more
    )


@act(r"WHO moves WHEN to WHEN")
def _move(player, who, when, to):
    event = player.event(who, when)
    player.person(who).move(event, moment(to))
    player.ids[moment(to)] = event


@act(r"WHO moves WHEN and all that follow to WHEN")
def _move_following(player, who, when, to):
    player.person(who).move_following(player.event(who, when), moment(to))


@act(r"WHO moves the series of WHEN to WHEN")
def _move_series(player, who, when, to):
    player.person(who).move_series(player.event(who, when), moment(to))


@act(r"WHO renames WHEN and all that follow to TITLE(?:, (\d+) times)?")
def _rename_following(player, who, when, title, count=None):
    field = "summary" if player.provider == "google" else "subject"
    rest = {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={count}"]} if count else {}
    player.person(who).move_following(player.event(who, when), **{field: title}, **rest)


@act(r"WHO (?:cancels|deletes) WHEN")
def _cancel(player, who, when):
    player.person(who).cancel(player.event(who, when))


@act(r"WHO (?:cancels|deletes) the series of WHEN")
def _cancel_series(player, who, when):
    player.person(who).cancel_series(player.series(who, when))


@act(r"WHO ends the series before WHEN")
def _end_series(player, who, when):
    player.person(who).end_series(player.event(who, when))


@act(r"WHO lets the series of WHEN go on")
def _go_on(player, who, when):
    player.person(who).change(player.series(who, when), recurrence=["RRULE:FREQ=WEEKLY"])


@act(r"WHO restores WHEN")
def _restore(player, who, when):
    player.person(who).change(player.ids[moment(when)], status="confirmed")


@act(r"WHO (accepts|declines) WHEN")
def _answer(player, who, answer, when):
    player.person(who).respond(player.event(who, when), {"accepts": "accepted"}.get(answer, "declined"))


@act(r"WHO (?:invites) WHO to WHEN")
def _invite(player, who, other, when):
    player.person(who).invite(player.event(who, when), player.person(other))


@act(r"WHO takes WHO off WHEN")
def _uninvite(player, who, other, when):
    player.person(who).uninvite(player.event(who, when), player.person(other))


@act(r"WHO gives WHEN to WHO instead of WHO")
def _give(player, who, when, to, instead):
    event = player.event(who, when)
    player.person(who).uninvite(event, player.person(instead))
    player.person(who).invite(event, player.person(to))


@act(r"WHO renames WHEN to TITLE")
def _rename(player, who, when, title):
    player.person(who).rename(player.event(who, when), title)


@act(r"WHO makes WHEN (\d+) minutes long")
def _length(player, who, when, minutes):
    player.person(who).move(player.event(who, when), minutes=int(minutes))


@act(r"WHO lets guests change WHEN")
def _modifiable(player, who, when):
    player.person(who).change(player.series(who, when), guestsCanModify=True)


@act(r"WHO marks WHEN (held|no-show|excused|cancelled|rescheduled)(?: by (me|them))?(?: to WHEN)?")
def _mark(player, who, when, kind, by, to):
    """As `prepd mark` does; WHEN is the time that the ledger gives it last."""
    assert who == "Alex"
    store = Store(player.world.state_folder)
    state, entries = store.state(), store.changes()
    (of,) = {c.one_on_one for c in entries if _last_time(c) == moment(when) and c.kind is not Kind.SCHEDULED}
    mark = UserMark(
        Kind(kind.replace("-", "_")), By(by) if by else None, moment(to) if to else None, player.world.now
    )
    record, change = marked(find_one_on_one(of, state.records, entries), mark)
    records = state.records | ({record.id: record} if record else {})
    store.commit(replace(state, records=records), [change])


def _last_time(change: Change) -> datetime:
    return (change.now_at or change.was).start


@act(r"the token expires")
def _expire(player):
    player.server.expire_sync_tokens()


@act(r"prepd (is switched off|is switched on|looks)")
def _switch(player, what):
    if what == "looks":
        player._look()
    else:
        player.on = what == "is switched on"


@act(r"a single look for an event that is gone is answered wrongly")
def _false_absence(player):
    reason = "notFound" if player.provider == "google" else "ErrorItemNotFound"
    player.server.faults.status(404, reason=reason, method="GET", path=ONE_EVENT[player.provider])


@act(r"looks for an event that is gone are not answered")
def _no_answer(player):
    player.server.faults.status(503, method="GET", path=ONE_EVENT[player.provider], times=1000)


@act(r"they are answered again")
def _answered_again(player):
    player.server.faults.clear()


@act(r"time goes by")
def _nothing(player):
    """A moment at which prepd only looks."""
