"""`prepd service install`, `uninstall` and `status`: the units, put in place for this machine and taken away again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.exits import Exit, Stopped

if TYPE_CHECKING:
    from daemon.systemd.installation import Installation
    from daemon.systemd.unit_files import Flavour


def configure(parser: argparse.ArgumentParser, _verb: str, common: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(title="verbs", metavar="VERB")
    install = acts.add_parser("install", help="put the unit in place and start it", parents=[common])
    install.add_argument(
        "--system", action="store_true", help="for the whole machine, as a user of its own (needs root)"
    )
    install.add_argument(
        "--timer", action="store_true", help="look every five minutes instead of staying in the background"
    )
    install.add_argument(
        "--dry-run", action="store_true", help="show what would be written, and write nothing"
    )
    install.add_argument("--force", action="store_true", help="also over a unit that was changed by hand")
    install.set_defaults(run=_told(_install))
    uninstall = acts.add_parser("uninstall", help="stop it and take the unit away", parents=[common])
    uninstall.add_argument("--system", action="store_true", help="the one of the whole machine")
    uninstall.add_argument("--force", action="store_true", help="also a unit that was changed by hand")
    uninstall.set_defaults(run=_told(_uninstall))
    status = acts.add_parser("status", help="whether it runs", parents=[common])
    status.set_defaults(run=_told(_status))


def _told(verb: Callable[[Context], Exit]) -> Callable[[Context], Exit]:
    """With what systemd may answer turned into sentences."""

    def told(context: Context) -> Exit:
        with _failures():
            return verb(context)

    return told


@contextmanager
def _failures() -> Iterator[None]:
    from daemon.systemd.systemctl import Failed, Unreachable

    try:
        yield
    except Unreachable as error:
        raise Stopped(str(error)) from error
    except Failed as error:
        raise Stopped(f"systemd refused: {error}") from error
    except PermissionError as error:
        raise Stopped(
            f"{error.filename} can't be written: run this as root, like: sudo prepd service …"
        ) from error


def _flavour(context: Context) -> Flavour:
    from daemon.systemd.unit_files import Flavour

    if context.args.system and context.args.timer:
        raise Stopped("--timer is for your own account: leave out --system or --timer.", Exit.USAGE)
    return Flavour.SYSTEM if context.args.system else Flavour.TIMER if context.args.timer else Flavour.USER


def _install(context: Context) -> Exit:
    from daemon.systemd.installation import installation
    from daemon.systemd.unit_files import Flavour

    flavour = _flavour(context)
    given = (getattr(context.args, "config", None), getattr(context.args, "state_dir", None))
    wanted = installation(flavour, given, context.environment, sys.argv[0])
    if context.args.dry_run:
        for file, text in wanted.files:
            context.terminal.line(f"# {file}")
            print(text)
        return Exit.OK
    manager = wanted.manager(context.environment)
    for flavour_before in wanted.replaces(manager):
        context.terminal.paragraph(f"The {flavour_before.value} unit is taken away: one of them is enough.")
    for line in wanted.put(manager, force=context.args.force):
        context.terminal.paragraph(line)
    _show_next(context, wanted, lingering=flavour is not Flavour.SYSTEM)
    return Exit.OK


def _show_next(context: Context, done: Installation, *, lingering: bool) -> None:
    from daemon.systemd.systemctl import lingers, user

    if lingering and not lingers():
        context.terminal.paragraph(
            f"It stops when you log out. To keep it running: sudo loginctl enable-linger {user()}"
        )
    if proxy := next((v for v in _PROXIES if context.environment.get(v)), None):
        context.terminal.paragraph(
            f"{proxy} is set here, and a unit knows nothing of it: docs/service.md tells how to say so (Proxies)."
        )
    if done.as_its_user:
        context.terminal.paragraph("The command line as its user, on its state (to sign in, most of all):")
        print(f"  {done.as_its_user} auth login ACCOUNT --no-browser", flush=True)


_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def _uninstall(context: Context) -> Exit:
    from daemon.systemd.installation import installed, remove
    from daemon.systemd.unit_files import Flavour

    flavours = (Flavour.SYSTEM,) if context.args.system else (Flavour.USER, Flavour.TIMER)
    found = [flavour for flavour in flavours if installed(flavour, context.environment)]
    if not found:
        context.terminal.paragraph("No unit of prepd is installed.")
        return Exit.OK
    for flavour in found:
        for line in remove(flavour, context.environment, force=context.args.force):
            context.terminal.paragraph(line)
    context.terminal.paragraph("What it wrote is still there: docs/service.md tells how to remove all of it.")
    return Exit.OK


def _status(context: Context) -> Exit:
    from daemon.systemd.installation import installed, manager_of
    from daemon.systemd.systemctl import Unreachable
    from daemon.systemd.unit_files import STARTED, Flavour

    found = [flavour for flavour in Flavour if installed(flavour, context.environment)]
    if not found:
        context.terminal.paragraph("No unit of prepd is installed. To install one: prepd service install")
        return Exit.ERROR
    code = Exit.OK
    for flavour in found:
        try:
            state = manager_of(flavour, context.environment).state(STARTED[flavour])
        except Unreachable as error:
            context.terminal.paragraph(f"{STARTED[flavour]} ({flavour.value}): installed. {error}")
            code = Exit.ERROR
            continue
        if state is None or not state.runs:
            code = Exit.ERROR
        for line in _lines(flavour, STARTED[flavour], state):
            context.terminal.paragraph(line)
    return code


def _lines(flavour: Flavour, unit: str, state: object) -> Iterator[str]:
    from daemon.systemd.systemctl import UnitState

    if not isinstance(state, UnitState):
        yield f"{unit} ({flavour.value}): its file is there, but systemd does not know it: systemctl daemon-reload"
        return
    how = {"active": "runs", "failed": f"failed ({state.result}, status {state.exit_code})"}
    enabled = "" if state.enabled else ", and does not start by itself (not enabled)"
    restarts = f", restarted {state.restarts} times" if state.restarts else ""
    yield f"{unit} ({flavour.value}): {how.get(state.active, state.active)}{restarts}{enabled}"
    if state.status:
        yield state.status
    if state.active == "failed":
        yield f"The log says why: journalctl {'' if flavour == 'system' else '--user '}-u {unit}"
