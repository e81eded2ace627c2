"""Whether a unit of prepd's is in place, and runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from daemon.checks.verdict import Check
from daemon.systemd.installation import installed, manager_of
from daemon.systemd.systemctl import Unreachable, lingers, user
from daemon.systemd.unit_files import STARTED, Flavour


def unit_checks(environment: Mapping[str, str]) -> Iterator[Check]:
    found = [flavour for flavour in Flavour if installed(flavour, environment)]
    if not found:
        yield Check(
            "unit", True, "none is installed", "To let prepd run in the background: prepd service install"
        )
    for flavour in found:
        yield _unit(flavour, environment)
        if flavour is not Flavour.SYSTEM and not lingers():
            yield Check(
                "lingering",
                True,
                "the unit stops when you log out",
                f"To keep it running: sudo loginctl enable-linger {user()}",
            )


def _unit(flavour: Flavour, environment: Mapping[str, str]) -> Check:
    unit = STARTED[flavour]
    logs = f"journalctl {'' if flavour is Flavour.SYSTEM else '--user '}-u {unit} says why."
    try:
        state = manager_of(flavour, environment).state(unit)
    except Unreachable as error:
        return Check(
            "unit", False, f"{unit} is installed, but {error}", "Log in with a session of systemd's."
        )
    if state is None:
        return Check("unit", False, f"systemd does not know {unit}", "Run: prepd service install")
    if not state.runs:
        return Check("unit", False, f"{unit} does not run ({state.active}, {state.result})", logs)
    if not state.enabled:
        return Check("unit", True, f"{unit} runs, but will not start by itself", "Run: prepd service install")
    return Check("unit", True, f"{unit} runs")
