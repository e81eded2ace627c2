"""Whatever people do, a client that follows the rules ends up with what the calendar shows."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.microsoft.errors import GraphError

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 2, 9, tzinfo=LONDON)
WINDOW = {"startDateTime": "2026-11-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z"}


class Copy:
    """What a client keeps: rows by id. A round that has a series' master has the whole series."""

    def __init__(self):
        self.rows = {}

    def take(self, rows):
        whole = {row["id"] for row in rows if row.get("type") == "seriesMaster"}
        self.rows = {name: row for name, row in self.rows.items() if row.get("seriesMasterId") not in whole}
        for row in rows:
            if "@removed" in row:
                self.rows.pop(row["id"], None)
            elif row["type"] != "seriesMaster":
                self.rows[row["id"]] = row

    def shown(self):
        return sorted((row["start"]["dateTime"], row["id"]) for row in self.rows.values())


def act(dice, dana, alex, known):
    event = dice.choice(known)
    try:
        instance = dice.choice(dana.instances(event) or [event])
        match dice.randrange(8):
            case 0:
                known.append(dana.schedule("1:1", START + timedelta(days=dice.randrange(40)), guests=[alex]))
            case 1:
                known.append(
                    dana.schedule(
                        "1:1", START + timedelta(days=dice.randrange(9)), guests=[alex], weekly=True
                    )
                )
            case 2:
                dana.move(instance, START + timedelta(days=dice.randrange(40), hours=dice.randrange(8)))
            case 3:
                dana.move_series(event, START + timedelta(days=dice.randrange(9)))
            case 4:
                dana.rename(dice.choice([event, instance]), "Other")
            case 5:
                dana.cancel(instance)
            case 6:
                alex.delete(instance)
            case 7:
                alex.respond(instance, dice.choice(["accepted", "declined"]))
    except GraphError:
        pass  # not everything is allowed, or still there


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("person", ["alex", "dana"])
def test_a_client_agrees_with_the_calendar(microsoft, graph, alex, dana, seed, person):
    dice = random.Random(seed)
    microsoft.clock.set(datetime(2026, 11, 2, tzinfo=UTC))
    microsoft.settings.deleted_occurrence = dice.choice(["series_resent", "removed"])
    microsoft.settings.exception_id = dice.choice(["kept", "new"])
    microsoft.settings.exception_resends_series = dice.choice([True, False])
    microsoft.settings.false_removed = dice.choice([True, False])
    microsoft.settings.delta_repeats = dice.choice([True, False])
    client = graph({"alex": alex, "dana": dana}[person])
    known = [dana.schedule("1:1", START, guests=[alex], weekly=True)]
    copy = Copy()
    rows, link = client.round(client.november)
    copy.take(rows)
    for _ in range(25):
        for _ in range(dice.randrange(1, 3)):
            act(dice, dana, alex, known)
        rows, link = client.round(link)
        copy.take(rows)
        view = client.get("/me/calendarView", **WINDOW, **{"$top": "1000"})["value"]
        assert copy.shown() == sorted((row["start"]["dateTime"], row["id"]) for row in view)
