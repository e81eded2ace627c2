"""Writes docs/performance.md and docs/images/growth.svg from what benchmarks/run.py measured.

python benchmarks/page.py build/bench.json
"""

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from curves import Panel, picture

DOCS = Path(__file__).parents[1] / "docs"
LIBRARIES = (
    "google-api-python-client", "httplib2", "requests", "msgspec", "tinydb", "gcal_sync", "aiohttp", "pydantic", "O365",
)  # fmt: skip
PEERS = {"google": "gcal_sync", "outlook": "O365"}
CLIENTS = {"google": "google-api-python-client", "outlook": "requests"}
NAMES = {"google": "Google", "outlook": "Outlook"}
ALL_YEARS = "khal list, five years"
Found = dict[str, Any]

PAGE = """\
# Performance

Written by `make bench`, which measures all of this anew in less than ten minutes. What counts are ratios: whoever is
compared runs in turn (A B C A B C …) on the same machine, each run a process of its own, and the figures are medians of
the processor time (user and system) and the peak memory of whole processes. Another machine gives other milliseconds, and
much the same ratios.

{machine}

## In short

{verdicts}

## A first read of 10,000 events

Twenty kinds of events with 1 to 25 people, one in ten a 1:1, half of them with a text, as the sandbox renders them; served from
memory, over TLS, by a process of its own, the same bytes to everybody. *prepd* signs in, reads, parses, and says of each event
whether it is a 1:1. gcal_sync parses and stores them in memory, O365 makes its objects of them. *The client* is the
library that prepd itself reads with, which drops what it parsed; *the floor* is the standard library's connection with
msgspec as its parser. In brackets: what is left when the same process that only loads its modules is taken off.

What repeats, prepd reads once in a process: a guest, a body, a stamp, a title. These events repeat theirs as the occurrences
of series do; each text that is new takes some twenty microseconds more. Both clients parse with the standard library; prepd
has them leave that to msgspec, at Outlook an entry at a time. What a client takes alone is short, and swings by a third with what
else a small machine does; ratios to it swing along, as far as 1.4 at Outlook.

{reading}

{profiles}

## An idle cycle

A cycle in which nothing changed, with five years of history (20 1:1s a week) and 400 events on an emulated calendar that
answers back; in turn with the one request that it can't do without, through the same client.

{idle}

## Commits and reports

A commit of one change, in turn with the bare durable writing of the same bytes (a new file, synced, with a backup); and the
whole `prepd report`.

{commits}

{commit_note}

## Local commands

Whole commands over the same five years of 1:1s: 5,200 past ones and those to come. khal reads them as a folder of iCalendar
files, with its database up to date; `khal list` and `prepd agenda` show the next two weeks. {khal}

{local}

{local_note}

## The service at rest

`prepd run` after a first cycle of 10,000 events, at one cycle a minute, watched for {minutes:.0f} minutes.

{service}

## Growth

![Requests, processor time and memory of a first read by events and by accounts; commit, report and agenda by years of history](images/growth.svg)

{bends}
"""


def main() -> None:
    found: Found = json.loads(Path(sys.argv[1]).read_text())
    (DOCS / "performance.md").write_text(page(found))
    (DOCS / "images" / "growth.svg").write_text(growth(found))


def page(found: Found) -> str:
    checks = verdicts(found)
    return PAGE.format(
        machine=machine(),
        verdicts=table(["What", "Wanted", "Measured", ""], [[*c[:3], "yes" if c[3] else "**no**"] for c in checks]),
        reading=reading(found["reading"]),
        profiles=profiles(found["reading"]),
        idle=table(
            ["", "cycle", "request alone", "beyond it", "requests", "state file"],
            [
                [
                    NAMES[p], ms(i["cycle"]), ms(i["call"]), ms(i["beyond"]), f"{i['requests']:g}",
                    "unchanged" if i["unchanged"] else "changed",
                ]
                for p, i in found["idle"].items()
            ],
        ),
        commits=commits(found),
        commit_note=(
            "What grows with history is the one document that holds it: each commit reads it, checks it and writes it "
            "anew, which is what makes it safe. The ledger in it is never decoded for that, only carried along."
        ),
        khal=f"khal {khal()}." if khal() else "",
        local=local(found["local"]),
        local_note=local_note(found["local"]),
        minutes=found["service"]["minutes"],
        service=table(
            ["", ""],
            [
                ["memory", f"{found['service']['resident']:.0f} MiB (at most {found['service']['peak']:.0f})"],
                ["processor", f"{found['service']['core']:.3f} % of a core"],
            ],
        ),
        bends=bends(found),
    )  # fmt: skip


# --- what was wanted ------------------------------------------------------------------------------------


def verdicts(found: Found) -> list[tuple[str, str, str, bool]]:
    rows: list[tuple[str, str, str, bool]] = []

    def add(what: str, value: float, most: float, shown: str = "{:.2f} ×", wanted: str = "") -> None:
        rows.append((what, wanted or f"below {shown.format(most)}", shown.format(value), value < most))

    for provider, runs in found["reading"].items():
        prepd, peer, client = runs["prepd"], runs["peer"], runs["client"]
        name = f"10,000 events from {NAMES[provider]}"
        add(f"{name}: time, of {PEERS[provider]}'s", prepd["cpu"] / peer["cpu"], 0.5)
        own = prepd["cpu"] - client["cpu"]
        add(f"{name}: time beyond the client's, of {PEERS[provider]}'s", own / peer["cpu"], 0.5)
        add(f"{name}: time beyond the client's, of the client's", own / client["cpu"], 1.0)
        add(f"{name}: memory beyond the modules, of {PEERS[provider]}'s", above(prepd) / above(peer), 0.5)
    for provider, run in found["idle"].items():
        add(f"idle cycle at {NAMES[provider]}, beyond its request", run["beyond"], 5, "{:.1f} ms")
        quiet = run["requests"] == 1 and run["unchanged"]
        rows.append(
            (
                f"idle cycle at {NAMES[provider]}: requests; state file",
                "1; unchanged",
                f"{run['requests']:g}; {'un' if run['unchanged'] else ''}changed",
                quiet,
            )
        )
    add("commit with five years of history", found["commit"]["5"]["wall"], 50, "{:.0f} ms")
    local_ = found["local"]
    add("`prepd report` over five years", local_["prepd report, 5"]["cpu"], 500, "{:.0f} ms")
    if "khal list" in local_:
        compared = [(name, "khal list") for name in ("agenda", "status", "history Dana")]
        for name, other in [*compared, ("history", ALL_YEARS)]:
            ours, theirs = local_[f"prepd {name}"], local_[other]
            of = "`khal list`'s" + (" over the same five years" if other == ALL_YEARS else "")
            add(f"`prepd {name}`: time, of {of}", ours["cpu"] / theirs["cpu"], 0.5)
            add(f"`prepd {name}`: memory, of {of}", ours["peak"] / theirs["peak"], 1.0)
    add("the service at rest: memory", found["service"]["resident"], 80, "{:.0f} MiB")
    add("the service at rest: processor", found["service"]["core"], 0.1, "{:.3f} %")
    return rows


def above(run: Found) -> float:
    peak: float = run["peak"] - run["bare_peak"]
    return peak


# --- tables ---------------------------------------------------------------------------------------------


def reading(found: Found) -> str:
    rows = []
    for provider, runs in found.items():
        called = {
            "prepd": "prepd",
            "peer": PEERS[provider],
            "client": f"the client ({CLIENTS[provider]})",
            "floor": "the floor",
        }
        for who, name in called.items():
            run = runs[who]
            rows.append(
                [
                    NAMES[provider], name,
                    f"{run['cpu'] / 1000:.2f} s ({(run['cpu'] - run['bare_cpu']) / 1000:.2f})",
                    f"{run['cpu'] / runs['prepd']['cpu']:.2f}",
                    f"{run['peak']:.0f} MiB ({above(run):.0f})",
                ]
            )  # fmt: skip
    return table(["", "", "processor", "prepd = 1", "peak memory"], rows)


def profiles(found: Found) -> str:
    lines = [
        "Where prepd's own time goes (cProfile, waiting left out; what is built into Python counts for who calls it):",
        "",
    ]
    for provider, runs in found.items():
        shares = ", ".join(f"{module} {share:.0%}" for module, share in runs["profile"].items())
        lines.append(f"- {NAMES[provider]}: {shares}")
    over = [p for p, runs in found.items() if runs["prepd"]["cpu"] > 2 * runs["client"]["cpu"]]
    if over:
        own = [
            f"{(found[p]['prepd']['cpu'] - found[p]['client']['cpu']) / found[p]['peer']['cpu']:.0%} of {PEERS[p]}'s whole time"
            for p in over
        ]
        lines.append("")
        lines.append(
            f"At {' and '.join(NAMES[p] for p in over)}, what prepd takes beyond the client ({', '.join(own)}) is more than the client takes. The profile shows why: the rest is "
            "one pass of plain Python over each field of each event, which is how foreign JSON is checked without an "
            "entry ever failing the others, and one hash of each body, which is how somebody's hand on an invite is told later."
        )
    for provider, runs in found.items():
        if above(runs["prepd"]) > above(runs["peer"]) / 2:
            lines.append("")
            lines.append(
                f"Of prepd's {above(runs['prepd']):.1f} MiB at {NAMES[provider]}, {above(runs['client']):.1f} are what the client takes to read and "
                f"drop the same pages: connections, the usual authorities, and a page at a time. {PEERS[provider]} takes {above(runs['peer']):.1f}, on the same client."
            )
    return "\n".join(lines)


def commits(found: Found) -> str:
    rows = []
    for years, run in found["commit"].items():
        report = found["local"][f"prepd report, {years}"]
        rows.append(
            [
                f"{years} years" if years != "1" else "1 year", f"{run['megabytes']:.1f} MB", ms(run["cpu"]), ms(run["wall"]),
                ms(run["bare_wall"]), ms(report["cpu"]), f"{report['peak']:.0f} MiB",
            ]
        )  # fmt: skip
    heads = [
        "history",
        "state",
        "commit: processor",
        "commit: elapsed",
        "bare writing: elapsed",
        "report: processor",
        "report: memory",
    ]
    return table(heads, rows)


def local(found: Found) -> str:
    names = [n for n in found if "," not in n or n in ("prepd report, 5", ALL_YEARS)]
    first = found.get("khal list", found["python"])["cpu"]
    rows = [
        [
            f"`{n.replace(', 5', '')}`",
            ms(found[n]["cpu"]),
            f"{found[n]['cpu'] / first:.2f}",
            f"{found[n]['peak']:.0f} MiB",
        ]
        for n in names
        if n != "python"
    ]
    rows.append(
        [
            "Python doing nothing",
            ms(found["python"]["cpu"]),
            f"{found['python']['cpu'] / first:.2f}",
            "",
        ]
    )
    return table(["", "processor", "khal = 1" if "khal list" in found else "", "peak memory"], rows)


def local_note(found: Found) -> str:
    if ALL_YEARS not in found:
        return ""
    half, notes = found["khal list"]["cpu"] / 2, []
    beyond = {
        n: found[f"prepd {n}"]["cpu"] - found["prepd agenda"]["cpu"]
        for n in ("history Dana", "status", "report, 5")
    }
    if found["prepd history Dana"]["cpu"] >= half:
        notes.append(
            "`prepd history Dana` shows five years with one person, of which khal's two weeks are no match: it takes "
            f"{beyond['history Dana']:.0f} ms more than `prepd agenda`, which are the reading of the whole ledger (11,700 entries, checked "
            "and made into values, since a name is looked for in all of them) and the printing of a twentieth of it. Beside the same "
            "five years of khal's, the whole `prepd history` is the comparison."
        )
    if found["prepd status"]["cpu"] >= half:
        notes.append(
            f"`prepd status` takes {beyond['status']:.0f} ms more than the agenda: it reads the sign-ins too."
        )
    if found["prepd report, 5"]["cpu"] >= half:
        notes.append(
            f"`prepd report` takes {beyond['report, 5']:.0f} ms more than the agenda: it reads the whole ledger, as a streak or a "
            "red flag may begin in any week of it, and says how each of 5,200 1:1s ended."
        )
    return " ".join(notes)


def bends(found: Found) -> str:
    grown = found["growth"]

    def of(provider: str, name: str, field: str) -> float:
        value: float = grown[f"{provider} {name}"][field]
        return value

    per = {p: (of(p, "events 100000", "cpu") - of(p, "events 1000", "cpu")) / 99_000 * 1000 for p in NAMES}
    more = of("google", "events 100000", "peak") - of("google", "events 1000", "peak")
    each = (of("google", "accounts 50", "peak") - of("google", "accounts 1", "peak")) / 49
    each_outlook = (of("outlook", "accounts 50", "peak") - of("outlook", "accounts 1", "peak")) / 49
    spent = (of("google", "accounts 50", "cpu") - of("google", "accounts 1", "cpu")) / 49
    return (
        f"Requests grow with the pages that the providers cut a calendar into (500 events at Google, 200 at Outlook). Time is the "
        f"start-up up to a few thousand events, and then a straight line: {per['google']:.0f} µs for each event at Google, "
        f"{per['outlook']:.0f} µs at Outlook. Memory is bent by what is kept, not by what is read: one page at a time, and of it the "
        f"1:1s and the taken times, {more:.0f} MiB more for 100,000 events than for 1,000. An account more costs "
        f"{each:.1f} MiB and {spent:.0f} ms at Google, where each has a client built from Google's API descriptions and a TLS "
        f"context of its own, and {each_outlook:.1f} MiB at Outlook; eight are read at a time. With the years, what grows is the one state document that every "
        f"commit writes and every command reads."
    )


def growth(found: Found) -> str:
    grown = found["growth"]

    def panel(title: str, by: str, field: str, scale: float = 1) -> Panel:
        lines = {
            NAMES[p]: [
                (float(key.split()[2]), run[field] / scale)
                for key, run in grown.items()
                if key.startswith(f"{p} {by}")
            ]
            for p in NAMES
        }
        return Panel(title, by, lines, logarithmic=by == "events")

    years = [(float(y), run["wall"]) for y, run in found["commit"].items()]
    rows = [
        [panel(f"{what}", by, field, scale) for what, field, scale in (
            ("requests", "requests", 1), ("processor, seconds", "cpu", 1000), ("peak memory, MiB", "peak", 1))]
        for by in ("events", "accounts")
    ]  # fmt: skip
    by_year = [
        [(float(y), found["local"][f"{name}, {y}"]["cpu"]) for y in found["commit"]]
        for name in ("prepd report", "prepd agenda")
    ]
    rows.append(
        [
            Panel("commit, ms elapsed", "years of history", {"commit": years}),
            Panel("prepd report, ms", "years of history", {"report": by_year[0]}),
            Panel("prepd agenda, ms", "years of history", {"agenda": by_year[1]}),
        ]
    )
    description = bends(found)
    return picture(rows, "How prepd grows with events, accounts and years", description)


# --- the machine ----------------------------------------------------------------------------------------


def machine() -> str:
    fields: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    cores = Path("/proc/cpuinfo").read_text().count("processor\t")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    load = Path("/proc/loadavg").read_text().split()[0]
    versions = ", ".join(f"{name} {version}" for name in LIBRARIES if (version := _version(name)))
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}: {fields.get('model name', platform.machine())}, {cores} cores, {memory:.0f} GiB of "
        f"memory, {platform.system()} {platform.release().split('-')[0]}, {platform.python_implementation()} {platform.python_version()}; {versions}. "
        f"Load at the end {load}, what was measured included."
    )


def khal() -> str:
    """The version of khal that is compared with, from its pins."""
    pins = Path(__file__).with_name("requirements-khal.txt")
    for line in pins.read_text().splitlines() if pins.exists() else ():
        if line.startswith("khal=="):
            return line.split("==")[1].split()[0]
    return ""


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def ms(value: float) -> str:
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


if __name__ == "__main__":
    main()
