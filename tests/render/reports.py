"""Reports of several kinds, made by hand: Friday 30 October 2026, 16:00 in London.

Alex is the user, Dana the manager.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from daemon.core.model import By, Change, Gap, How, Kind, Person, Role, State, Times
from daemon.core.report.model import (
    AlmostFlag,
    Counts,
    PersonReport,
    RedFlag,
    Report,
    StripWeek,
    TrendWeek,
    Upcoming,
)
from daemon.core.weeks import week_of, weeks_to
from tests.build import record

LONDON = ZoneInfo("Europe/London")
MADE = datetime(2026, 10, 30, 16, tzinfo=LONDON).astimezone(UTC)
WEEK = week_of(date(2026, 10, 30), LONDON)
WEEKS = weeks_to(WEEK, LONDON)

DANA = Person("dana@example.com", "Dana", Role.MANAGER)
NOOR = Person("noor@client.example", "Noor", Role.MANAGER)
SAM = Person("sam@example.com", "Sam", Role.REPORT)
PRIYA = Person("priya@example.com", "Priya", Role.PEER)

RULE = "More than 2 cancellations by your manager within 90 days raise a red flag; there were 3."
WORDS = (
    "Dana, our 1:1s of 22 September, 6 October and 27 October did not take place. These meetings are important to me; "
    "when can we reschedule? I could do Mon 2 Nov 10:00, Tue 3 Nov 14:00 or Wed 4 Nov 09:30."
)


def at(text: str) -> datetime:
    """ "10-27 10:00", in London's time."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LONDON).astimezone(UTC)


def times(start: str, minutes: int = 30) -> Times:
    return Times(at(start), at(start) + timedelta(minutes=minutes))


def change(
    kind: Kind = Kind.CANCELLED, start: str = "10-27 10:00", by: By | None = By.THEM, **more
) -> Change:
    person = more.pop("person", DANA)
    fields = {"was": times(start), "notice_minutes": 17 * 60, "one_on_one": "k3qvd2m7a6bz"} | more
    return Change(
        id=f"{fields['one_on_one']}.1",
        account="work",
        person=person.email,
        name=person.name,
        kind=kind,
        noticed_at=at("10-26 17:00"),
        evidence="they organize it",
        by=by,
        **fields,
    )


def counts(held: int = 0, them: int = 0, me: int = 0, unknown: int = 0, **more) -> Counts:
    declined = {"them": more.pop("declined_them", 0), "me": more.pop("declined_me", 0)}
    return Counts(held, cancelled={"them": them, "me": me, "unknown": unknown}, declined=declined, **more)


_KINDS = {
    "h": Kind.HELD,
    "c": Kind.CANCELLED,
    "d": Kind.DECLINED,
    "m": Kind.RESCHEDULED,
    "n": Kind.NO_SHOW,
    "e": Kind.EXCUSED,
    "s": Kind.SCHEDULED,
    "x": Kind.NO_LONGER,
}


def weeks(text: str) -> tuple[StripWeek, ...]:
    """ "h h hc - …": twelve weeks, a letter for each 1:1."""
    return tuple(
        StripWeek(week, tuple(_KINDS[letter] for letter in word if letter in _KINDS))
        for week, word in zip(WEEKS, text.split(), strict=True)
    )


def person(who: Person = DANA, strip_of: str = "h h h h h h h h h h h h", **more) -> PersonReport:
    fields = {
        "week": counts(1),
        "window": counts(12),
        "last_held": at("10-29 10:00"),
        "days_since": 1,
        "streak": 12,
        "notice_minutes": None,
    } | more
    return PersonReport(who, strip=weeks(strip_of), **fields)


_RECORD = record()


def upcoming(who: Person = DANA, start: str = "11-03 10:00", **more) -> Upcoming:
    fields = {"title": "1:1 Alex / Dana", "state": State.STANDING} | more.pop("record", {})
    one = replace(
        record(), start=at(start), end=at(start) + timedelta(minutes=30), person=who.email, **fields
    )
    return Upcoming(
        one, who, **({"page_url": "https://docs.example.com/document/d/1a2b/edit#heading=h.x1"} | more)
    )


def flag(**more) -> RedFlag:
    dates = ("09-22 10:00", "10-06 10:00", "10-27 10:00")
    fields = {
        "person": DANA,
        "cancellations": tuple(change(start=d) for d in dates),
        "acts": 3,
        "rule": RULE,
        "words": WORDS,
        "free_times": (times("11-02 10:00"), times("11-03 14:00"), times("11-04 09:30")),
    }
    return RedFlag(**(fields | more))


def trend(*weeks: Counts) -> tuple[TrendWeek, ...]:
    filled = (*(Counts() for _ in range(12 - len(weeks))), *weeks)
    return tuple(TrendWeek(week, found) for week, found in zip(WEEKS, filled, strict=True))


def report(**more) -> Report:
    return Report(**({"week": WEEK, "zone": LONDON, "made_at": MADE} | more))


def ordinary(**more) -> Report:
    """Four people, a red flag, one nearly, and something in every section."""
    mine = change(Kind.CANCELLED, "10-15 14:00", By.ME, person=SAM, notice_minutes=50)
    fields = {
        "people": (
            person(
                DANA,
                "- - h h h c h c m h h c",
                week=counts(0, 1),
                window=counts(7, 3, moved=1),
                streak=0,
                last_held=at("10-22 11:00"),
                days_since=8,
                notice_minutes=17 * 60,
            ),
            person(NOOR, "- - - h h h h n h h c h", window=counts(7, unknown=1, no_show=1), streak=1),
            person(
                SAM, "h h h h h h h h h c x h", window=counts(10, me=1), streak=1, own=(mine,), week=counts(1)
            ),
            person(
                PRIYA,
                "h h - d h h c h h hh m h",
                window=counts(9, 1, moved=1, rebooked=1, declined_me=1),
                advice="2 of your last 11 fell through: every two weeks, and held, may serve you both better.",
                own=(change(Kind.DECLINED, "09-02 15:00", By.ME, person=PRIYA, notice_minutes=2880),),
                open_to_rebooking=(change(person=PRIYA, start="10-28 14:00"),),
                streak=4,
            ),
        ),
        "red_flags": (flag(),),
        "almost": (
            AlmostFlag(
                NOOR, (change(start="10-16 11:00", by=By.UNKNOWN, person=NOOR),), RULE.replace("3", "2")
            ),
        ),
        "trend": trend(
            counts(2),
            counts(2),
            counts(3),
            counts(3, declined_me=1),
            counts(4),
            counts(3, 1),
            counts(3, 1, no_show=1),
            counts(3, 1, moved=1),
            counts(4, moved=1),
            counts(3, me=1, rebooked=1),
            counts(3, unknown=1),
            counts(3, 1, moved=1),
        ),
        "since_last": (
            change(
                Kind.RESCHEDULED,
                "10-21 15:00",
                person=PRIYA,
                how=How.REBOOKED,
                now_at=times("10-23 15:00"),
                corrects="k3qvd2m7a6bz.0",
            ),
        ),
        "gaps": (Gap("client", at("10-20 09:00"), at("10-20 14:00"), "the sign-in expired"),),
        "troubles": ("client: the sign-in expired. Sign in with: prepd auth login client",),
        "upcoming": (
            upcoming(
                DANA,
                untouched=True,
                topics_due=at("11-02 10:00"),
                open_items=("Ask Finance about a second hire", "Draft the Berlin plan"),
                career_check=True,
            ),
            upcoming(PRIYA, "11-04 15:00", untouched=False, topics_due=at("11-03 15:00")),
            upcoming(SAM, "11-05 14:00", untouched=None, topics_due=at("11-04 14:00")),
            upcoming(DANA, "11-05 16:00", page_url=None),
            upcoming(
                NOOR, "11-06 11:00", record={"state": State.DECLINED, "closed_by": By.THEM}, page_url=None
            ),
        ),
    }
    return report(**(fields | more))


def quiet(**more) -> Report:
    """Nothing was due this week; it went well before."""
    week = counts()
    people = (
        person(DANA, "h h h h h h h h h h h -", week=week, window=counts(11), streak=11, days_since=10),
    )
    return report(
        **({"people": people, "trend": trend(*[counts(1)] * 11, week), "upcoming": (upcoming(),)} | more)
    )


def first_week() -> Report:
    """Nothing of the past is known yet."""
    blank = person(
        DANA, " ".join("-" * 12), week=counts(), window=counts(), streak=0, last_held=None, days_since=None
    )
    return report(people=(blank,), trend=trend(), upcoming=(upcoming(untouched=True),))


@cache
def crowd(number: int) -> Report:
    """Many people, and every seventh cancelled this week."""
    people = []
    for n in range(number):
        who = Person(f"p{n}@example.com", f"Person {n}", Role.OTHER)
        fell = n % 7 == 0
        people.append(
            person(
                who,
                week=counts(not fell, int(fell)),
                window=counts(11, 1),
                own=(change(by=By.ME, person=who),),
            )
        )
    coming = tuple(upcoming(p.person, "11-03 10:00") for p in people)
    return report(people=tuple(people), upcoming=coming, trend=trend(*[counts(number)] * 12))


def hostile(text: str) -> Report:
    """An ordinary report in which this text stands wherever somebody else's can."""
    who = Person("dana@example.com", text, Role.MANAGER)
    told = change(person=who)
    one = person(
        who, window=counts(1), own=(replace(told, by=By.ME),), open_to_rebooking=(told,), advice=text
    )
    return report(
        people=(one,),
        red_flags=(flag(person=who, rule=text, words=text),),
        almost=(AlmostFlag(who, (replace(told, by=By.UNKNOWN),), text),),
        trend=trend(counts(1)),
        since_last=(told,),
        gaps=(Gap(text, at("10-20 09:00"), None, text),),
        troubles=(text,),
        upcoming=(upcoming(who, record={"title": text}, untouched=True, open_items=(text,)),),
    )
